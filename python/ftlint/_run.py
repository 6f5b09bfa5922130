"""Running the program."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Union

from ftlint._binary import find_ftlint_bin
from ftlint._report import Report, parse

Path = Union[str, "os.PathLike[str]"]


class FtlintError(Exception):
    """The program could not run: a file that cannot be read, a flag that makes no sense."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def lint(
    *paths: Path,
    model: str | None = None,
    target: str | None = None,
    validation: Sequence[Path] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    tokens: bool = True,
    args: Sequence[str] = (),
) -> Report:
    """Lint files of fine-tuning data, and return all that was found.

    Args:
        paths: files, or folders that stand for the files in them.
        model: the model that is to be trained, which tells the cost.
        target: the provider that the data is for.
        validation: files to validate with: no example may stand in both.
        select: rules to run, by code, prefix, name or group; the default set if empty.
        ignore: rules to leave out.
        tokens: whether tokens are counted.
        args: further arguments for the program.

    Raises:
        FtlintError: the program could not run, or not to its end.
        FileNotFoundError: there is no such program.
        ValueError: no path was given.
    """
    if not paths:
        raise ValueError("no file was named")
    command = [find_ftlint_bin(), "--output-format", "json", "--no-progress"]
    for flag, value in (("--model", model), ("--target", target)):
        if value is not None:
            command += [flag, value]
    for flag, values in (("--validation", validation), ("--select", select), ("--ignore", ignore)):
        for item in values:
            command += [flag, os.fspath(item)]
    if not tokens:
        command.append("--no-tokens")
    command += [*args, "--", *_names(paths)]
    environment = {key: value for key, value in os.environ.items() if key != "FTLINT_OUTPUT_FORMAT"}
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    if run.returncode not in (0, 1):
        message = run.stderr.decode("utf-8", "replace").strip()
        raise FtlintError(message or f"ftlint ended with exit code {run.returncode}", run.returncode)
    return parse(json.loads(run.stdout), run.returncode)


def _names(paths: Sequence[Path]) -> list[str]:
    return [os.fspath(path) for path in paths]
