"""What a run found, as ``ftlint --output-format json`` prints it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

VERSION = 1
"""The version of the JSON report that this module reads. Fields may be added to it; none changes."""

T = TypeVar("T")


def _read(kind: type[T], data: Mapping[str, Any], **parts: Any) -> T:
    """Make a dataclass of what it knows of ``data``; keys that a newer program adds are left out."""
    known = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in data.items() if key in known and key not in parts}, **parts)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where.

    Lines, columns and examples count from 1, columns in code points. Bytes count from 0, from the
    start of the file. What has no place in a line is ``None``.
    """

    path: str
    code: str
    """The code of the rule: ``FT104``."""
    rule: str
    """The name of the rule: ``unknown-role``."""
    level: str
    """``error`` or ``warning``."""
    message: str
    help: str
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None
    byte_start: int | None = None
    byte_end: int | None = None
    pointer: str | None = None
    """The JSON pointer into the line: ``/messages/3/role``."""
    example: int | None = None
    fix: str | None = None
    """How safely ``--fix`` can mend it: ``safe`` or ``unsafe``; ``None`` if it cannot."""

    def __str__(self) -> str:
        place = [self.path] if self.line is None else [self.path, str(self.line), str(self.column)]
        return f"{':'.join(place)}: {self.code} {self.rule} {self.message}"


@dataclass(frozen=True)
class Tokens:
    """The tokens of a file."""

    encoding: str
    total: int
    answers: int
    """Those of the answers that are trained."""
    longest: int
    longest_line: int
    estimate: list[str] = field(default_factory=list)
    """Why the figures are estimates; empty if they are exact."""


@dataclass(frozen=True)
class RuleCount:
    """How often a rule found something in a file."""

    code: str
    rule: str
    level: str
    count: int


@dataclass(frozen=True)
class FixCount:
    """How many findings of a rule ``--fix`` has mended in a file."""

    code: str
    rule: str
    count: int


@dataclass(frozen=True)
class FileReport:
    """What came of one file."""

    path: str
    bytes: int
    lines: int
    examples: int
    formats: list[str]
    errors: int
    warnings: int
    tokens: Tokens | None
    rules: list[RuleCount]
    job: dict[str, Any] | None = None
    """What the file would train and cost, if a model or a price was given."""
    complete: bool = True
    """Whether it was read to its end; if not, all figures are of what was read."""
    known: int = 0
    """Findings that the baseline knows; they are in no other count."""
    fixed: list[FixCount] = field(default_factory=list)
    """What was mended, if ``--fix`` is among the arguments."""


@dataclass(frozen=True)
class Report:
    """What came of a run."""

    findings: list[Finding]
    files: list[FileReport]
    exit_code: int
    """0 if nothing is at level error, 1 if something is."""
    raw: dict[str, Any] = field(repr=False)
    """The whole report as the program printed it."""

    @property
    def ok(self) -> bool:
        """Whether the run counts as passed: nothing at level error, nor over a limit that was set."""
        return self.exit_code == 0

    @property
    def errors(self) -> list[Finding]:
        """The findings at level error."""
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The findings at level warning."""
        return [finding for finding in self.findings if finding.level == "warning"]

    @property
    def tokens(self) -> int | None:
        """The tokens of all files; ``None`` if they were not counted."""
        tokens: int | None = self.raw["summary"]["tokens"]
        return tokens


def parse(data: Any, exit_code: int) -> Report:
    """Read a report.

    Raises:
        ValueError: it is something else, or of a version that this module does not know.
    """
    if not isinstance(data, dict) or "findings" not in data:
        raise ValueError("expected a report, found other JSON")
    if data.get("version") != VERSION:
        raise ValueError(f"expected version {VERSION} of the report, found {data.get('version')!r}")
    files = [
        _read(
            FileReport,
            file,
            tokens=_read(Tokens, file["tokens"]) if file.get("tokens") else None,
            rules=[_read(RuleCount, count) for count in file["rules"]],
            fixed=[_read(FixCount, count) for count in file.get("fixed", [])],
        )
        for file in data["files"]
    ]
    findings = [_read(Finding, finding) for finding in data["findings"]]
    return Report(findings=findings, files=files, exit_code=exit_code, raw=data)
