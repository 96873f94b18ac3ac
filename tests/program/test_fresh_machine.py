# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that offers little: no environment, no home, no compiler, one address, a space in the folder's name."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pytest
from collection_tree import source_files
from simulator.listening import HOST, host_of_its_own
from support.simulation import FLEETS

ROOT = Path(__file__).resolve().parents[2]
NO_HOME = "/dev/null"
"""A home that nobody can write to, not even root."""
INDEX = ("PIP_", "UV_", "SSL_", "http", "HTTP", "no_proxy", "NO_PROXY")
"""How the variables begin that say how this machine reaches its package index."""
PACKAGES = {
    "an old Python": ("3.10", 0, ("3.11 or newer is needed", "python3 (Debian, Fedora)", "python@3.13 (Homebrew")),
    "no Python": ("", 0, ("3.11 or newer is needed", "python3 (Debian, Fedora)", "python@3.13 (Homebrew")),
    "no venv": ("3.13", 1, ("makes no environments", "python3-venv (Debian)", "python3 (Fedora)", "python@3.13 (")),
}
"""What a Python says its version is, how its import of venv ends, and what make says of it."""


@pytest.fixture
def bare() -> dict[str, str]:
    """The environment of a fresh shell."""
    index = {name: value for name, value in os.environ.items() if name.startswith(INDEX)}
    return {**index, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": NO_HOME, "LANG": "C.UTF-8"}


def copy_source(folder: Path) -> Path:
    """Copy the source to a folder with a space in its name, in this one, and return it."""
    made = folder / "a folder"
    for name in source_files():
        if (ROOT / name).exists():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name, follow_symlinks=False)
    return made


def as_nobody() -> dict[str, Any]:
    """Return the arguments of subprocess for an ordinary user."""
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def python_of_everybody() -> str | None:
    """Return a Python that an ordinary user can make environments with; None if this is one, or root finds none."""
    program = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    for path in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3") if os.geteuid() == 0 else ():
        with contextlib.suppress(OSError):
            done = subprocess.run([path, "-c", program], env={}, capture_output=True, check=False, **as_nobody())
            if done.returncode == 0:
                return path
    return None


def make(folder: Path, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run make and return how it ended; both streams are in its standard output."""
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1100,
        check=False,
        **how,
    )


def test_the_simulator_needs_no_home_and_one_address(tmp_path: Path, bare: dict[str, str]) -> None:
    """proxy.py makes a folder in the home unless it is kept from it; macOS has no 127.0.0.2."""
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "simulator", "serve", "--fleet", str(FLEETS / "access.yml")]
    process = subprocess.Popen(
        [*command, "--state", str(tmp_path / "state"), "--ready", str(ready)],
        env={**bare, "PYTHONPATH": str(ROOT / "tests"), "SIMULATOR_ONE_ADDRESS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if ready.exists():
                break
        assert ready.exists(), "".join(lines)
        found = json.loads(ready.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.communicate(timeout=30)
    home, sites = found["home"], found["sites"]
    urls = [home["oidc"]["issuer"], *home["regions"].values(), sites["url"], sites["oidc"]["issuer"]]
    assert {urlsplit(url).hostname for url in urls} == {HOST}


def test_an_address_that_the_machine_does_not_have_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMULATOR_ONE_ADDRESS", raising=False)
    assert host_of_its_own("192.0.2.1") == HOST  # RFC 5737: an address for documentation, which no machine has
    assert host_of_its_own(HOST) == HOST


@pytest.mark.parametrize("lacking", PACKAGES)
@pytest.mark.parametrize("target", ["demo", "test"])
def test_a_missing_package_is_named(lacking: str, target: str, tmp_path: Path, bare: dict[str, str]) -> None:
    """The folder has the Makefile and nothing that it could install."""
    version, code, said = PACKAGES[lacking]
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("bootstrap", "demo", "dev", "runtime"):
        (tmp_path / "requirements" / f"{name}.txt").touch()
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) echo {version};; *ensurepip*) exit {code};; *) exit 9;; esac\n'
    )
    python.chmod(0o755)
    given = python if version else tmp_path / "no-python"
    done = make(tmp_path, target, f"PYTHON={given}", env=bare)
    assert done.returncode == 2
    for words in said:
        assert words in done.stdout
    assert not list(tmp_path.rglob(".ready*"))


def test_as_many_tests_run_side_by_side_as_there_are_cores_and_one_more(bare: dict[str, str]) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    online = os.cpu_count() or cores
    done = make(ROOT, "--dry-run", "test", f"PYTHON={sys.executable}", env=bare)
    assert any(f"-m pytest -n {number + 1} " in done.stdout for number in (cores, online)), done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_demo_runs_on_a_fresh_machine(bare: dict[str, str]) -> None:
    """As an ordinary user, if there is a Python for one.

    Its environment is made from the package index; a package that had to be compiled would fail.
    """
    python = python_of_everybody()
    without_compiler = {"CC": "false", "CXX": "false", "CARGO": "false"}
    env = {**bare, **without_compiler, "SIMULATOR_ONE_ADDRESS": "1"}
    with TemporaryDirectory(prefix="fresh-machine-") as temporary:  # pytest's own folders are closed to other users
        copied = copy_source(Path(temporary))
        if python:
            for path in (Path(temporary), *Path(temporary).rglob("*")):
                shutil.chown(path, "nobody")
        user = as_nobody() if python else {}
        done = make(copied, f"PYTHON={python or sys.executable}", "demo", env=env, **user)
        assert done.returncode == 0, done.stdout
        assert not (copied / ".venv").exists()


@pytest.mark.slow
def test_tests_run_in_a_folder_with_a_space_from_an_empty_environment(tmp_path: Path, bare: dict[str, str]) -> None:
    """The environment with the tools is this one: that it can be made is shown by every other machine."""
    copied, programs = copy_source(tmp_path), Path(sys.executable).parent
    (copied / ".venv").symlink_to(programs.parent)
    ready = copied / ".venv" / f".ready-{sys.version_info.major}.{sys.version_info.minor}"
    if not ready.exists():
        pytest.skip(f"{programs.parent} was not made by make venv")
    arguments = (f"PYTHON={sys.executable}", f"--assume-old={os.path.relpath(ready, copied)}", "JOBS=1")
    files = "TESTS=tests/unit/test_matrix.py tests/unit/plugin_utils/inventory/test_check.py"
    done = make(copied, *arguments, files, "test", env=bare)
    assert done.returncode == 0, done.stdout
