# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products of other projects with users, settings and tokens against forged requests, from the package index.

Each runs as a program of its own, in the environment of requirements/products.txt. Knows no profile and no page.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest
import trustme
from foreign.servers import free_port, running

HERE = Path(__file__).resolve().parent
REQUIREMENTS = environments.ROOT / "requirements" / "products.txt"
USER = "administrator"
PASSWORD = "a p/ss wörd&+%"


@dataclass(frozen=True)
class Product:
    """A running product. ``path`` is where a person begins."""

    name: str
    url: str
    ca_path: str


@contextlib.contextmanager
def product(name: str, path: str, root: Path, people: Sequence[str]) -> Iterator[Product]:
    """Run a product with these users beside its administrator. Skips the test if the products cannot be installed."""
    try:
        programs = environments.environment("products", REQUIREMENTS)
    except (subprocess.CalledProcessError, OSError):
        pytest.skip("the products of requirements/products.txt cannot be installed (no package index)")
    ca, port = trustme.CA(), free_port()
    leaf = ca.issue_cert("localhost")
    ca.cert_pem.write_to_path(root / "ca.pem")
    leaf.private_key_pem.write_to_path(root / "key.pem")
    leaf.cert_chain_pems[0].write_to_path(root / "chain.pem")
    files = [str(root / each) for each in ("chain.pem", "key.pem")]
    program = str(HERE / f"{name}.py")
    command = [str(programs / "python"), program, str(root), str(port), *files, USER, PASSWORD, *people]
    with running(command, port, root / "log", {"PYTHONDONTWRITEBYTECODE": "1"}):
        yield Product(name, f"https://localhost:{port}/{path}", str(root / "ca.pem"))
