# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that some tests need and that pip does not install: where they are, and which Debian package has them.

The only list of them. A test says ``@pytest.mark.needs_program("squid")`` and is skipped where squid is missing, with
one line per program at the end of the run. ``python3 tests/support/programs.py`` prints the packages that are missing.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where servers lie, which the PATH of an ordinary user leaves out."""


@dataclass(frozen=True)
class Program:
    """How to find a program, and the Debian packages that bring it.

    ``names``: any one of these on PATH or among the system's folders. ``files``: patterns of absolute paths, of which
    every one must match. ``library``: the name that the dynamic linker knows it by.
    """

    packages: tuple[str, ...]
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    library: str = ""

    def find(self) -> str | None:
        """Return the path of the program (of a library: its name), or None if anything of it is missing."""
        found = [_first_file(pattern) for pattern in self.files]
        if self.names:
            path = os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_FOLDERS))
            found.append(next((each for name in self.names if (each := shutil.which(name, path=path))), None))
        if self.library:
            found.append(ctypes.util.find_library(self.library))
        return None if None in found else found[-1]


def _first_file(pattern: str) -> str | None:
    return next((str(path) for path in sorted(Path("/").glob(pattern.lstrip("/")))), None)


PAM_MATRIX = "/usr/lib/*/pam_wrapper/pam_matrix.so"
CUPS_WRAPPERS = ("/usr/lib/*/libpam_wrapper.so", "/usr/lib/*/libnss_wrapper.so")
PROGRAMS: Mapping[str, Program] = {
    "chromium": Program(("chromium",), names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")),
    "cups": Program(
        ("cups", "libpam-wrapper", "libnss-wrapper"),
        names=("cupsd",),
        files=("/usr/lib/cups/cgi-bin/admin.cgi", PAM_MATRIX, *CUPS_WRAPPERS),
    ),
    "jq": Program(("jq",), names=("jq",)),
    "libzbar": Program(("libzbar0",), library="zbar"),
    "pdftoppm": Program(("poppler-utils",), names=("pdftoppm",)),
    "mitmdump": Program(("mitmproxy",), names=("mitmdump",)),
    "npm": Program(("npm",), names=("npm",)),
    "shellcheck": Program(("shellcheck",), names=("shellcheck",)),
    "squid": Program(("squid",), names=("squid",)),
    "ssh": Program(("openssh-client",), names=("ssh",)),
    "sshd": Program(("openssh-server",), names=("sshd",)),
    "transmission-daemon": Program(("transmission-daemon",), names=("transmission-daemon",)),
}


def missing(name: str) -> str | None:
    """Return why a test cannot use the program, with what to install, or None if it is there."""
    program = PROGRAMS[name]
    if program.find() is not None:
        return None
    plural = "s" if len(program.packages) > 1 else ""
    return f"{name} is not installed (Debian package{plural} {', '.join(program.packages)})"


def path_of(name: str) -> str:
    """Return the path of a program. Raises LookupError, which says what to install, where it is missing."""
    found = PROGRAMS[name].find()
    if found is None:
        raise LookupError(missing(name))
    return found


def file_of(name: str, pattern: str) -> str:
    """Return the first file that matches one of the program's ``files``."""
    if pattern not in PROGRAMS[name].files or (found := _first_file(pattern)) is None:
        raise LookupError(f"{name} has no file {pattern}")
    return found


if __name__ == "__main__":
    for each in PROGRAMS.values():
        if each.find() is None:
            print(*each.packages, sep="\n")
