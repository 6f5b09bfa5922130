"""Running the program."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Union

from ftlint._binary import find_ftlint_bin
from ftlint._report import VERSION, Report, parse

Path = Union[str, "os.PathLike[str]"]
Paths = Union[Path, Sequence[Path]]
Strings = Union[str, Sequence[str]]


class FtlintError(Exception):
    """The program could not run, or printed no report.

    A file cannot be read, a flag makes no sense, or is one for the command line alone.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def lint(
    *paths: Path,
    model: str | None = None,
    target: str | None = None,
    validation: Paths = (),
    select: Strings = (),
    ignore: Strings = (),
    tokens: bool = True,
    args: Strings = (),
) -> Report:
    """Lint files of fine-tuning data, and return all that was found.

    What takes several values takes one as well: ``select="FT104"`` is ``select=["FT104"]``.

    Args:
        paths: files, or folders that stand for the files in them.
        model: the model that is to be trained, which tells the cost.
        target: the provider that the data is for.
        validation: the validation files: no example of them may stand in ``paths``.
        select: rules to run, by code, prefix, name or group; the default set if empty.
        ignore: rules to leave out.
        tokens: whether tokens are counted.
        args: further arguments for the program. Those that have it print anything but the report, such as
            ``--diff``, are for the command line alone.

    Raises:
        FtlintError: the program could not run, or not to its end, or printed no report.
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
        # As one argument, for a value that starts with a hyphen.
        command += [f"{flag}={value}" for value in _several(values)]
    if not tokens:
        command.append("--no-tokens")
    further = _several(args)
    command += [*further, "--", *_several(paths)]
    environment = {key: value for key, value in os.environ.items() if key != "FTLINT_OUTPUT_FORMAT"}
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    if run.returncode not in (0, 1):
        message = run.stderr.decode("utf-8", "replace").strip()
        raise FtlintError(message or f"ftlint ended with exit code {run.returncode}", run.returncode)
    try:
        return parse(json.loads(run.stdout), run.returncode)
    except ValueError as error:
        # From JSON as well as from `parse`.
        raise FtlintError(_no_report(further), run.returncode) from error


def _no_report(args: list[str]) -> str:
    """Why there is no report on standard output."""
    message = f"ftlint printed no JSON report of version {VERSION}"
    if args:
        message += (
            f" with the arguments {' '.join(args)!r}: leave out what writes it to a file or prints something else "
            "(--output-file, --diff, --statistics, --show-files, --show-settings)"
        )
    return message


def _several(values: Paths) -> list[str]:
    """``values`` as a list. A single one is not taken letter by letter."""
    if isinstance(values, (str, os.PathLike)):
        values = [values]
    return [os.fspath(value) for value in values]
