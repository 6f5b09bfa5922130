"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sysconfig


def find_ftlint_bin() -> str:
    """Return the path of the ``ftlint`` program that belongs to this package.

    The folders are searched in which installers put programs: that of this environment, of
    ``pip install --user``, and of ``pip install --target``. An ``ftlint`` elsewhere on ``PATH`` is
    taken only if there is none of these.

    Raises:
        FileNotFoundError: there is no such program.
    """
    name = "ftlint" + (sysconfig.get_config_var("EXE") or "")
    user = sysconfig.get_preferred_scheme("user")
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", scheme=user)]
    package = os.path.dirname(os.path.abspath(__file__))
    folders.append(os.path.join(os.path.dirname(package), "bin"))
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    found = shutil.which("ftlint")
    if found is None:
        raise FileNotFoundError(f"there is no {name} in {', '.join(folders)}, nor on the path")
    return found
