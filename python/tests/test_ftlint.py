"""The package as it was installed: the program on the path, the report as objects."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.resources
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import ftlint

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "report.json"
GOOD = '{"messages":[{"role":"user","content":"2+%d"},{"role":"assistant","content":"%d"}]}\n'


class Lint(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_a_good_file_passes(self) -> None:
        path = self.write("good.jsonl", "".join(GOOD % (n, n + 2) for n in range(60)))
        report = ftlint.lint(path)
        self.assertTrue(report.ok)
        self.assertEqual(report.findings, [])
        self.assertEqual(report.files[0].examples, 60)
        assert report.files[0].tokens is not None
        self.assertEqual(report.files[0].tokens.encoding, "o200k_base")
        self.assertEqual(report.tokens, report.files[0].tokens.total)

    def test_a_bad_line_is_found_at_its_place(self) -> None:
        bad = GOOD.replace('"user"', '"usr"')
        path = self.write("bad.jsonl", bad % (0, 2) + "".join(GOOD % (n, n + 2) for n in range(60)))
        report = ftlint.lint(path, tokens=False)
        self.assertFalse(report.ok)
        (finding,) = report.errors
        self.assertEqual((finding.code, finding.rule, finding.line), ("FT104", "unknown-role", 1))
        self.assertEqual(finding.pointer, "/messages/0/role")
        data = path.read_bytes()
        self.assertEqual(data[finding.byte_start : finding.byte_end], b'"usr"')
        self.assertIn("FT104 unknown-role", str(finding))
        self.assertIsNone(report.tokens)

    def test_what_cannot_run_is_an_exception(self) -> None:
        with self.assertRaises(ftlint.FtlintError) as caught:
            ftlint.lint(self.folder / "missing.jsonl")
        self.assertEqual(caught.exception.exit_code, 2)
        self.assertIn("missing.jsonl", str(caught.exception))
        with self.assertRaises(ftlint.FtlintError):
            ftlint.lint(self.write("f.jsonl", ""), args=["--no-such-flag"])
        with self.assertRaises(ValueError):
            ftlint.lint()

    def test_arguments_that_leave_no_report_are_an_exception(self) -> None:
        path = self.write("f.jsonl", "\n" + GOOD % (1, 3))
        elsewhere = str(self.folder / "x")
        for args in (
            ["-o", elsewhere],
            [f"--output-file={elsewhere}"],
            ["--statistics"],
            ["--show-files"],
            ["--show-settings"],
            ["--version"],
        ):
            with self.subTest(args), self.assertRaises(ftlint.FtlintError) as caught:
                ftlint.lint(path, args=args)
            self.assertIn("printed no JSON report", str(caught.exception))
            self.assertIn(" ".join(args), str(caught.exception))
            self.assertIn(caught.exception.exit_code, (0, 1))
        # A diff is no report.
        with self.assertRaises(ftlint.FtlintError) as caught:
            ftlint.lint(path, args=["--diff"])
        self.assertIn("--diff", str(caught.exception))
        self.assertEqual(caught.exception.exit_code, 2)
        # Here that flag is where the fixed data go.
        report = ftlint.lint(path, args=["--fix", "-o", str(self.folder / "fixed.jsonl")])
        self.assertEqual(report.files[0].fixed, [ftlint.FixCount("FT006", "blank-line", 1)])

    def test_one_value_is_as_good_as_a_list_of_one(self) -> None:
        good = self.write("good.jsonl", "".join(GOOD % (n, n + 2) for n in range(60)))
        bad = self.write("bad.jsonl", GOOD.replace('"user"', '"usr"') % (0, 2))
        for one, several in (("FT104", ["FT104"]), ("FT104,FT407", ["FT104", "FT407"])):
            report = ftlint.lint(str(bad), select=one, args="--no-tokens")
            self.assertEqual(report, ftlint.lint(bad, select=several, args=["--no-tokens"]))
            self.assertEqual(report.findings[0].code, "FT104")
            self.assertIsNone(report.tokens)
        self.assertEqual(ftlint.lint(bad, ignore="ALL").findings, [])
        for validation in (good, str(good), [good], (str(good),)):
            report = ftlint.lint(good, validation=validation, select="same-file-twice")
            self.assertEqual([finding.code for finding in report.findings], ["FT506"])

    def test_findings_say_how_they_are_mended_and_files_what_was(self) -> None:
        path = self.write("bad.jsonl", "\n" + GOOD.replace("{", '{"source":"x",', 1) % (0, 2))
        report = ftlint.lint(path, select=["blank-line", "unknown-key", "too-few-examples"])
        self.assertEqual(
            {f.rule: f.fix for f in report.findings},
            {"blank-line": "safe", "unknown-key": "unsafe", "too-few-examples": None},
        )
        self.assertEqual(report.files[0].fixed, [])
        report = ftlint.lint(path, select="blank-line", args="--fix")
        self.assertEqual(report.files[0].fixed, [ftlint.FixCount("FT006", "blank-line", 1)])
        self.assertTrue(path.read_text(encoding="utf-8").startswith("{"))

    def test_files_count_what_the_baseline_knows(self) -> None:
        path = self.write("bad.jsonl", GOOD.replace('"user"', '"usr"') % (0, 2))
        self.assertEqual(ftlint.lint(path, select="FT104").files[0].known, 0)
        known = self.folder / "known.txt"
        for flag in ("--write-baseline", "--baseline"):
            report = ftlint.lint(path, select="FT104", args=[flag, str(known)])
            self.assertEqual((report.findings, report.files[0].known), ([], 1))

    def test_a_file_called_like_a_flag_is_a_file(self) -> None:
        path = self.write("--model", GOOD % (1, 3))
        command = [sys.executable, "-c", "import ftlint; print(ftlint.lint('--model').files[0].path)"]
        run = subprocess.run(command, cwd=path.parent, stdout=subprocess.PIPE, check=True)
        self.assertEqual(run.stdout.decode().strip(), "--model")

    def test_the_module_is_the_program(self) -> None:
        run = subprocess.run([sys.executable, "-m", "ftlint", "--version"], stdout=subprocess.PIPE, check=True)
        self.assertEqual(run.stdout.decode().strip(), f"ftlint {ftlint.__version__}")

    def test_the_package_has_its_version_and_its_types(self) -> None:
        version: str = ftlint.__version__
        self.assertEqual(version, importlib.metadata.version("ftlint"))
        self.assertTrue(importlib.resources.files("ftlint").joinpath("py.typed").is_file())
        for name in ftlint.__all__:
            self.assertTrue(hasattr(ftlint, name), name)

    def test_without_metadata_the_version_is_unknown(self) -> None:
        # Without the packages of the environment: only the modules themselves.
        shutil.copytree(Path(ftlint.__file__).parent, self.folder / "ftlint")
        command = [sys.executable, "-S", "-c", "import ftlint; print(ftlint.__version__)"]
        run = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, check=True)
        self.assertEqual(run.stdout.decode().strip(), "0+unknown")


class Schema(unittest.TestCase):
    def test_the_objects_have_the_fields_of_the_schema(self) -> None:
        definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
        file = definitions["file"]["properties"]
        described: list[tuple[type[Any], Any]] = [
            (ftlint.Finding, definitions["finding"]),
            (ftlint.FileReport, definitions["file"]),
            (ftlint.Tokens, file["tokens"]),
            (ftlint.RuleCount, definitions["rule_count"]),
            (ftlint.FixCount, file["fixed"]["items"]),
        ]
        for kind, schema in described:
            with self.subTest(kind.__name__):
                fields = dataclasses.fields(kind)
                self.assertEqual({field.name for field in fields}, set(schema["properties"]))
                # What may be left out must not have to be there.
                needed = {f.name for f in fields if f.default is f.default_factory is dataclasses.MISSING}
                self.assertLessEqual(needed, set(schema["required"]))


if __name__ == "__main__":
    unittest.main()
