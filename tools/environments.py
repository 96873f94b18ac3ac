# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes virtual environments beside the developers' one, under .cache, from pinned requirements.

Knows interpreters, pip and uv; knows nothing of what is installed. An environment is made anew when its requirements
or its Python change.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from lock import locked

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".cache" / "environments"
UV = Path(sys.executable).with_name("uv")


def find_python(version: str) -> Path | None:
    """Return an interpreter of this version, such as C(3.12), from PATH or from pyenv; None if there is none.

    pyenv's shims are left out: they exist for versions that are not chosen, and break Ansible's own discovery.
    """
    name = f"python{version}"
    folders = [
        folder for folder in os.environ.get("PATH", "").split(os.pathsep) if not folder.rstrip("/").endswith("shims")
    ]
    found = shutil.which(name, path=os.pathsep.join(folders))
    candidates = [Path(found)] if found else []
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += sorted(pyenv.glob(f"{version}*/bin/{name}"), key=_release_of, reverse=True)
    return next((path for path in candidates if _runs(path, version)), None)


def _release_of(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parents[1].name)]


def _runs(python: Path, version: str) -> bool:
    """Return whether this is an interpreter of that version which can make environments."""
    program = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def environment(name: str, requirements: Path, python: Path | None = None) -> Path:
    """Return the folder of the programs of an environment with exactly these requirements; make it if needed.

    ``python``: the interpreter, by default the one that runs this.
    """
    python = python or Path(sys.executable)
    version = subprocess.run([python, "-VV"], capture_output=True, text=True, check=True).stdout
    wanted = hashlib.sha256(f"{version}{requirements.read_text(encoding='utf-8')}".encode()).hexdigest()
    folder = FOLDER / name
    ready = folder / ".ready"
    with locked(FOLDER / f"{name}.lock", f"the environment {folder.relative_to(ROOT)}"):
        if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
            return folder / "bin"
        print(f"making the environment {folder.relative_to(ROOT)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True)
        _install(folder / "bin" / "python", requirements)
        subprocess.run([folder / "bin" / "python", "-m", "compileall", "-q", folder / "lib"], check=False)
        ready.write_text(wanted, encoding="utf-8")
    return folder / "bin"


def _install(python: Path, requirements: Path) -> None:
    """Install with uv, or with pip, whose configuration may name the only index there is."""
    fast: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", python, "-r", requirements]
    if UV.exists() and subprocess.run(fast, check=False).returncode == 0:
        return
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        requirements,
    ]
    subprocess.run(pip, check=True)
