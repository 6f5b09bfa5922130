#!/usr/bin/env python3
"""Measures the whole of ftlint beside what a user would take instead, and prints the table of the README.

    cargo build --release && python3 benches/compare.py [--quick] [--json] [FILE...]

All are measured in one run, one after the other in each round, on a file that is in the page cache; what is printed is
the median of the ratios within a round. Machines differ, and so does one machine from hour to hour: compare only
figures of one run. Without FILE two files are made up, the same each time: chat lines, and lines with tools.

The peers come from PyPI, at pinned versions, into a virtual environment in the cache folder of the user (or --cache).
A peer that cannot be had is named and left out. tiktoken needs its vocabulary, which this script takes from the sources
of the crate tiktoken-rs where cargo keeps them (`cargo fetch`), or from the folder TIKTOKEN_CACHE_DIR.
Needs Python 3.10 and nothing else.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

# Packages that are taken as they are, and what llmcomp needs of the packages that it names: all of them are gigabytes.
PINNED = {
    "tiktoken": ["tiktoken==0.14.0"],
    "together": ["together==2.14.0"],
    "jsonvet": ["jsonvet==3.1.1"],
    "llmcomp": ["--no-deps", "llmcomp==1.6.0"],
}
NEEDED_BY_LLMCOMP = ["backoff", "filelock", "numpy", "openai", "pandas", "pyyaml", "requests", "tqdm", "matplotlib"]

VOCABULARY = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"

# What chat lines look like, for validators that know JSON Schema but no format.
SCHEMA = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["messages"],
  "properties": {
    "tools": {"type": "array"}, "parallel_tool_calls": {"type": "boolean"},
    "messages": {"type": "array", "minItems": 1, "contains": {"properties": {"role": {"const": "assistant"}}},
      "items": {"type": "object", "required": ["role"],
        "properties": {
          "role": {"enum": ["system", "developer", "user", "assistant", "tool"]},
          "content": {"type": ["string", "array", "null"]}, "name": {"type": "string"},
          "weight": {"enum": [0, 1]}, "tool_call_id": {"type": "string"},
          "tool_calls": {"type": "array", "minItems": 1, "items": {"type": "object",
            "required": ["id", "type", "function"], "properties": {"id": {"type": "string"},
              "type": {"const": "function"}, "function": {"type": "object", "required": ["name", "arguments"],
                "properties": {"name": {"type": "string"}, "arguments": {"type": "string"}}}}}}
        }, "anyOf": [{"required": ["content"]}, {"required": ["tool_calls"]}]}}
  }}
"""

JSON_LOADS = """
import json, sys
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        json.loads(line)
"""

# The checks that OpenAI's cookbook describes for chat data, written anew: the type of a line, its messages, their keys
# and roles, their content, an answer. The second part counts tokens as it describes them.
RULES = """
import collections, json, sys
ROLES = ("system", "developer", "user", "assistant", "function", "tool")
KEYS = {"role", "content", "name", "function_call", "weight", "tool_calls", "tool_call_id", "refusal"}

def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]

def check(examples):
    errors = collections.Counter()
    for example in examples:
        if not isinstance(example, dict):
            errors["not an object"] += 1
            continue
        messages = example.get("messages")
        if not messages or not isinstance(messages, list):
            errors["no messages"] += 1
            continue
        answered = False
        for message in messages:
            if "role" not in message or "content" not in message and "tool_calls" not in message:
                errors["a key is missing"] += 1
            if not KEYS.issuperset(message):
                errors["an unknown key"] += 1
            role, content = message.get("role"), message.get("content")
            if role not in ROLES:
                errors["an unknown role"] += 1
            if not isinstance(content, (str, list)) and not message.get("tool_calls") and not message.get("function_call"):
                errors["no content"] += 1
            answered = answered or role == "assistant"
        if not answered:
            errors["no answer"] += 1
    return errors

examples = read(sys.argv[1])
print(dict(check(examples)))
"""

COUNTING = RULES + """
import tiktoken
encoding = tiktoken.get_encoding("o200k_base")

def tokens(messages):
    count = 3
    for message in messages:
        count += 3
        for key, value in message.items():
            if isinstance(value, str):
                count += len(encoding.encode(value, disallowed_special=()))
            if key == "name":
                count += 1
    return count

def answers(messages):
    said = (message.get("content") for message in messages if message.get("role") == "assistant")
    return sum(len(encoding.encode(text, disallowed_special=())) for text in said if isinstance(text, str))

lengths = [tokens(example["messages"]) for example in examples]
print(sum(lengths), max(lengths), sum(answers(example["messages"]) for example in examples))
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


class Peers:
    """The environment in which the peers are."""

    def __init__(self, cache):
        self.folder = cache / "venv"
        self.bin = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / ("python.exe" if os.name == "nt" else "python")
        self.missing = {}
        if not self.python.exists():
            say(f"making an environment in {self.folder}")
            try:
                venv.create(self.folder, with_pip=True)
            except (OSError, subprocess.CalledProcessError) as error:
                say(f"no environment could be made: {error}")
        for name, packages in PINNED.items():
            if self.version(name) == packages[-1].split("==")[1]:
                continue
            say(f"installing {packages[-1]}")
            steps = [packages] + ([NEEDED_BY_LLMCOMP + PINNED["tiktoken"]] if name == "llmcomp" else [])
            for step in steps:
                if not self.pip(step):
                    self.missing[name] = f"{packages[-1]} could not be installed"

    def pip(self, packages):
        command = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        try:
            run = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            say(f"pip: {error}")
            return False
        if run.returncode:
            say(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "pip failed")
        return run.returncode == 0

    def version(self, name):
        code = f"import importlib.metadata as m; print(m.version({name!r}))"
        try:
            run = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
        except OSError:
            return None
        return run.stdout.strip() if run.returncode == 0 else None


def vocabulary(cache):
    """The folder in which tiktoken finds its vocabulary, or None."""
    name = hashlib.sha1(VOCABULARY.encode()).hexdigest()
    given = os.environ.get("TIKTOKEN_CACHE_DIR")
    if given and (Path(given) / name).exists():
        return Path(given)
    folder = cache / "vocabularies"
    if (folder / name).exists():
        return folder
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    found = sorted(cargo.glob("registry/src/*/tiktoken-rs-*/assets/o200k_base.tiktoken"))
    if not found:
        say("no vocabulary for tiktoken: `cargo fetch` puts tiktoken-rs where it is looked for,")
        say(f"or put {VOCABULARY} as {name} into the folder TIKTOKEN_CACHE_DIR")
        return None
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found[-1], folder / name)
    return folder


def chat_lines(target, size, tools):
    """Chat lines, or lines with tools, the same for the same size."""
    rng = random.Random(7)
    words = (
        "the of and to in is that for it as was with be by on not he his but at are this have from or had an they "
        "which one you were her all she there would their we him been has when who will more no if out so said what "
        "up its about into than them can only other new some could time these two may then do first any my now such "
        "like our over man me even most made after also did many before must through years where much your way well "
        "fine-tuning model's answer, question? yes. however; because São naïve 12 2,400 \"quoted\" function(x) 数据"
    ).split()

    def text(low, high):
        drawn = rng.choices(words, k=rng.randint(low, high))
        return " ".join(drawn).capitalize() + rng.choice([".", "?", "!", ".\n\nSo:\n- one\n- two\n"])

    schema = {"type": "object", "properties": {"city": {"type": "string", "description": "Where to look."},
              "days": {"type": "integer", "description": "How many days."}}, "required": ["city"]}
    names = ["forecast", "timetable", "search_places", "exchange_rate"]
    declared = [{"type": "function", "function": {"name": name, "description": f"Gives the {name}.",
                 "parameters": schema}} for name in names]
    written, number = 0, 0
    with open(target, "w", encoding="utf-8", newline="\n") as file:
        while written < size:
            number += 1
            messages = [{"role": "system", "content": "You are a helpful assistant."}] if rng.random() < 0.5 else []
            for _ in range(rng.choice([1, 1, 1, 2, 4])):
                messages.append({"role": "user", "content": f"{text(8, 80)} ({number})"})
                if tools:
                    call = {"city": rng.choice(["Bonn", "Graz", "Lyon", "Zürich"]), "days": rng.randint(1, 9)}
                    function = {"name": rng.choice(names), "arguments": json.dumps(call)}
                    id = f"call_{number}_{len(messages)}"
                    messages.append({"role": "assistant", "content": None,
                                     "tool_calls": [{"id": id, "type": "function", "function": function}]})
                    messages.append({"role": "tool", "tool_call_id": id, "content": text(5, 40)})
                messages.append({"role": "assistant", "content": text(30, 300)})
            example = {"messages": messages, **({"tools": declared} if tools else {})}
            written += file.write(json.dumps(example, ensure_ascii=False) + "\n")


class Tool:
    """Something that is measured: its name, its command, and whether it counts tokens."""

    def __init__(self, name, command, tokens=False, environment=None):
        self.name, self.tokens, self.failed = name, tokens, None
        self.command = [str(part) for part in command]
        self.environment = {**os.environ, **(environment or {})}

    def time(self, file, patience):
        """Seconds that it takes, or None if it fails."""
        start = time.perf_counter()
        try:
            run = subprocess.run([part.replace("{}", str(file)) for part in self.command], env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 timeout=patience)
        except OSError as error:
            self.failed = str(error)
            return None
        except subprocess.TimeoutExpired:
            self.failed = f"took more than {patience:.0f} s"
            return None
        seconds = time.perf_counter() - start
        # 1: something was found in the data.
        if run.returncode not in (0, 1) or b"Traceback" in run.stderr:
            lines = run.stderr.decode(errors="replace").strip().splitlines()
            self.failed = f"exit code {run.returncode}: {lines[-1] if lines else 'no message'}"
            return None
        return seconds


def first_line(command):
    try:
        run = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return None
    lines = (run.stdout or run.stderr).strip().splitlines()
    return lines[0].strip() if run.returncode == 0 and lines else None


def tools(arguments, cache, scratch):
    """All that can be measured here; what cannot is said."""
    version = first_line([str(arguments.ftlint), "--version"])
    if not version:
        sys.exit(f"{arguments.ftlint} is not there or does not run: `cargo build --release`, or --ftlint FILE")
    lint = [arguments.ftlint, "--no-progress", "--isolated", "{}"]
    ours = [Tool(f"{version} --no-tokens", [*lint, "--no-tokens"]), Tool(version, lint, tokens=True)]
    found, missing = [], []
    peers = Peers(cache)
    here = sys.version.split()[0]
    scripts = {}
    for name, code in [("loads", JSON_LOADS), ("rules", RULES), ("counting", COUNTING)]:
        scripts[name] = scratch / f"{name}.py"
        scripts[name].write_text(code, encoding="utf-8")
    schema = scratch / "chat.schema.json"
    schema.write_text(SCHEMA, encoding="utf-8")

    if shutil.which("wc"):
        found.append(Tool("`wc -l`", ["wc", "-l", "{}"]))
    else:
        missing.append("wc is not on the PATH")
    jsonvet = peers.bin / "jsonvet"
    if peers.version("jsonvet"):
        named = f"jsonvet {peers.version('jsonvet')}"
        found.append(Tool(f"{named}, which checks JSON but knows no format", [jsonvet, "{}"]))
    jq = shutil.which("jq")
    if jq:
        found.append(Tool(f"`jq empty`, {first_line([jq, '--version'])}", [jq, "empty", "{}"]))
    else:
        missing.append("jq is not on the PATH")
    found.append(Tool(f"a Python {here} loop of `json.loads`", [sys.executable, scripts["loads"], "{}"]))
    found.append(Tool("a Python script with the checks of OpenAI's cookbook", [sys.executable, scripts["rules"], "{}"]))
    if peers.version("together"):
        command = [peers.bin / "together", "files", "check", "{}"]
        found.append(Tool(f"`together files check` {peers.version('together')}", command))
    if peers.version("jsonvet"):
        command = [jsonvet, "--schema", schema, "{}"]
        found.append(Tool(f"{named} with a JSON Schema of chat lines", command))
    folder = vocabulary(cache)
    offline = {"TIKTOKEN_CACHE_DIR": str(folder)} if folder else {}
    if folder and peers.version("tiktoken"):
        named = f"the cookbook's checks and counts, with tiktoken {peers.version('tiktoken')}"
        found.append(Tool(named, [peers.python, scripts["counting"], "{}"], True, offline))
    if folder and peers.version("llmcomp"):
        command = [peers.bin / "llmcomp-validate-file", "{}"]
        found.append(Tool(f"`llmcomp-validate-file` {peers.version('llmcomp')}", command, True, offline))
    missing += peers.missing.values()
    if not folder:
        missing.append("no vocabulary for tiktoken: nothing that counts tokens is compared")
    return ours, found, missing


def measure(file, ours, peers, rounds, patience):
    """The times of all tools, round by round."""
    times = {tool: [] for tool in ours + peers}
    file.read_bytes()  # so that it is in the page cache
    for tool in ours + peers:
        tool.time(file, patience)  # once for nothing: programs are in the cache as well then
        if tool.failed:
            say(f"  {tool.name} is left out: {tool.failed}")
    for number in range(rounds):
        for tool in times:
            if not tool.failed:
                seconds = tool.time(file, patience)
                if tool.failed:
                    say(f"  {tool.name} is left out: {tool.failed}")
                else:
                    times[tool].append(seconds)
        say(f"  round {number + 1} of {rounds}")
    return {tool: seconds for tool, seconds in times.items() if not tool.failed}


def ratio(mine, theirs):
    return statistics.median(other / one for one, other in zip(mine, theirs))


def rounded(value):
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 20 else f"{value:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="JSON Lines of chats [default: made up]")
    parser.add_argument("--ftlint", type=Path, help="the binary [default: that of `cargo build --release`]")
    parser.add_argument("--quick", action="store_true", help="20 MB and 3 rounds instead of 200 MB and 7")
    parser.add_argument("--megabytes", type=int, help="size of the files; one that is given is repeated up to it")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--patience", type=float, default=600, help="seconds that a tool may take for a file")
    parser.add_argument("--cache", type=Path, help="where the peers are kept from run to run")
    parser.add_argument("--json", action="store_true", help="all times as JSON instead of the table")
    arguments = parser.parse_args()
    rounds = arguments.rounds or (3 if arguments.quick else 7)
    size = (arguments.megabytes or (20 if arguments.quick else 200)) * 1_000_000
    if not arguments.ftlint:
        target = Path(os.environ.get("CARGO_TARGET_DIR") or Path(__file__).parent.parent / "target")
        arguments.ftlint = target / "release" / ("ftlint.exe" if os.name == "nt" else "ftlint")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = (arguments.cache or home / "ftlint-compare").absolute()
    cache.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        ours, peers, missing = tools(arguments, cache, scratch)
        for text in missing:
            say(f"left out: {text}")
        files = []
        for number, path in enumerate(arguments.files):
            target = scratch / f"{number}-{path.name}"
            data = path.read_bytes()
            if not data:
                sys.exit(f"{path} is empty")
            data += b"" if data.endswith(b"\n") else b"\n"
            target.write_bytes(data * max(1, size // len(data)))
            files.append((path.name, target))
        if not files:
            for name, with_tools in [("chat.jsonl", False), ("tools.jsonl", True)]:
                chat_lines(scratch / name, size, with_tools)
                files.append((name, scratch / name))
        results = []
        for name, path in files:
            say(f"{name}: {path.stat().st_size / 1e6:.0f} MB")
            for tool in ours + peers:
                tool.failed = None
            results.append((name, path.stat().st_size, measure(path, ours, peers, rounds, arguments.patience)))

    if arguments.json:
        rows = [{"file": name, "bytes": size, "tool": tool.name, "counts_tokens": tool.tokens, "seconds": seconds}
                for name, size, times in results for tool, seconds in times.items()]
        print(json.dumps({"cores": os.cpu_count(), "missing": missing, "runs": rows}, indent=2))
        return
    sizes = " and ".join(f"{size / 1e6:.0f} MB of `{name}`" for name, size, _ in results)
    print(f"{os.cpu_count()} cores, {sizes}, wall times as ratios within one run (medians of {rounds}):\n")
    for mine, tokens in [(ours[0], False), (ours[1], True)]:
        if any(mine not in times for _, _, times in results):
            say(f"{mine.name} failed, so nothing is compared with it")
            continue
        print(f"| beside `{mine.name}` | " + " | ".join(f"its time on `{name}`" for name, _, _ in results) + " |")
        print("|---|" + "---|" * len(results))
        speed = [f"{size / statistics.median(times[mine]) / 1e6:,.0f} MB/s" for _, size, times in results]
        print("| itself | " + " | ".join(speed) + " |")
        others = [ours[1]] if not tokens else []
        for tool in others + [peer for peer in peers if peer.tokens == tokens]:
            cells = [rounded(ratio(times[mine], times[tool])) + " ×" if tool in times else "failed"
                     for _, _, times in results]
            name = "the same with tokens" if tool is ours[1] else tool.name
            print(f"| {name} | " + " | ".join(cells) + " |")
        print()


if __name__ == "__main__":
    main()
