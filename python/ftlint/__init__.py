"""Lint LLM fine-tuning data from Python.

The work is done by the ``ftlint`` program, which this package puts on the path::

    import ftlint

    report = ftlint.lint("train.jsonl")
    for finding in report.errors:
        print(f"{finding.path}:{finding.line}: {finding.message}")

Nothing is sent anywhere, and no file is changed unless ``--fix`` is among the arguments.
"""

from importlib import metadata as _metadata

from ftlint._binary import find_ftlint_bin
from ftlint._report import FileReport, Finding, FixCount, Report, RuleCount, Tokens
from ftlint._run import FtlintError, lint

__all__ = [
    "FileReport",
    "Finding",
    "FixCount",
    "FtlintError",
    "Report",
    "RuleCount",
    "Tokens",
    "__version__",
    "find_ftlint_bin",
    "lint",
]

try:
    __version__: str = _metadata.version("ftlint")
except _metadata.PackageNotFoundError:
    # Imported from a folder of sources, without an installed package that has a version.
    __version__ = "0+unknown"
