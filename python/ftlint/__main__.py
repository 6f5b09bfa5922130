"""``python -m ftlint``: the program itself."""

from __future__ import annotations

import os
import subprocess
import sys

from ftlint._binary import find_ftlint_bin


def main() -> int:
    command = [find_ftlint_bin(), *sys.argv[1:]]
    if os.name == "posix":
        # The program takes the place of Python: signals and exit codes are its own.
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
