# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts pip's bootstrap where ansible-test looks for it. Knows that cache; knows nothing of the tests that need it.

ansible-test downloads get-pip from one host of its own, which closed networks do not reach, though they do reach a
package index. There, the same version of pip comes from the index, with a bootstrap script of the same behaviour.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from importlib.resources import files
from pathlib import Path

OFFICIAL = "https://ci-files.testing.ansible.com/ansible-test/get-pip-{version}.py"
PATIENCE = 5.0
"""Seconds to wait for the official file: what takes longer is a network that swallows packets."""

SUBSTITUTE = '''\
"""Installs pip from the wheel beside this file: stands in for get-pip where its host is out of reach."""

import os
import sys

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "{wheel}"))

from pip._internal.cli.main import main

arguments = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--no-index", "--find-links", folder] + arguments))
'''


def wanted_packages() -> dict[str, str]:
    """What the installed ansible-test puts into its environments, by name: pip, and before 2.17 more."""
    source = files("ansible_test").joinpath("_internal", "python_requirements.py").read_text(encoding="utf-8")
    found = re.search(r"default_packages = dict\((.*?)\)", source, re.DOTALL)
    packages = dict(re.findall(r"""(\w+)=['"]([0-9.]+)['"]""", found[1] if found else ""))
    if "pip" not in packages:
        raise SystemExit("this ansible-test does not say which pip it wants where tools/pip_bootstrap.py looks for it")
    return packages


def prime(home: Path) -> None:
    """See to it that the cache under this home folder has the bootstrap that the installed ansible-test wants."""
    packages = wanted_packages()
    version = packages["pip"]
    cache = home / ".ansible" / "test" / "cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    cache.mkdir(parents=True, exist_ok=True)
    arriving = script.with_suffix(".arriving")
    try:
        with urllib.request.urlopen(OFFICIAL.format(version=version), timeout=PATIENCE) as answer:
            arriving.write_bytes(answer.read())
    except OSError as error:
        print(f"pip's bootstrap is out of reach ({error}); taking pip {version} from the package index", flush=True)
        _from_index(packages, cache, arriving)
    arriving.replace(script)


def _from_index(packages: dict[str, str], cache: Path, script: Path) -> None:
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wanted = [f"{name}=={version}" for name, version in packages.items()]
    subprocess.run([*download, "--only-binary", ":all:", "--dest", str(cache), *wanted], check=True)
    (wheel,) = cache.glob(f"pip-{packages['pip']}-*.whl")
    script.write_text(SUBSTITUTE.format(wheel=wheel.name), encoding="utf-8")
