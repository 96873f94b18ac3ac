# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the importer of Galaxy and Automation Hub on a tarball, and reads its output: any warning is a failure.

It has an environment of its own (requirements/importer.txt). It runs ansible-lint, which has three minutes there, so a
busy machine is a failure, too; ansible-test is for make matrix.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from environments import ROOT, environment

SETTINGS = "[galaxy-importer]\nRUN_ANSIBLE_DOC = True\nRUN_ANSIBLE_LINT = True\nRUN_ANSIBLE_TEST = False\n"
COMPLAINT = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b|Traceback", re.MULTILINE)
SUCCESS = "Importer processing completed successfully"


def complaints(returncode: int, output: str) -> list[str]:
    """Return what the importer has against the tarball, as lines of its output; its exit code alone does not say."""
    found = [line for line in output.splitlines() if COMPLAINT.search(line)]
    if returncode or SUCCESS not in output:
        found.append(f"it ended with {returncode}, and {'said' if SUCCESS in output else 'did not say'}: {SUCCESS}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Check the tarball that the arguments name; show the importer's output, and return 1 for a complaint."""
    (tarball,) = arguments
    programs = environment("importer", ROOT / "requirements" / "importer.txt")
    with TemporaryDirectory() as folder:
        settings = Path(folder) / "galaxy-importer.cfg"
        settings.write_text(SETTINGS, encoding="utf-8")
        path = os.pathsep.join([str(programs), os.environ["PATH"]])
        done = subprocess.run(
            [programs / "python", "-m", "galaxy_importer.main", Path(tarball).resolve()],
            cwd=folder,
            env={**os.environ, "PATH": path, "GALAXY_IMPORTER_CONFIG": str(settings), "ANSIBLE_HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    found = complaints(done.returncode, done.stdout)
    print(done.stdout)
    print(*(f"importer: {line}" for line in found or ["no error, no warning"]), sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
