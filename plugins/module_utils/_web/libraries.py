# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file that imports third-party libraries: guarded, eager, with the minimum version in the message.

The one exception is ``idna``, which ``_decide/domain_labels.py`` imports and this file reports with the others.

Eager, because what the parent process has imported before it forks costs its workers nothing. Guarded, because
Ansible's sanity tests import every plugin in an environment without them.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import shlex
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

from .._decide import domain_labels
from .errors import MissingLibrary

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements" / "runtime.txt"
"""The file from which pip installs all of them, where the collection is installed."""
MINIMUM = {
    "httpx": "0.27",
    "idna": "3.4",
    "PyYAML": "6.0",
    "jmespath": "1.0",
    "oauthlib": "3.2",
    "regex": "2022.10",
    "turbohtml": "1.15",
}
"""What running a task needs, wherever it runs. Distribution name to minimum version."""

MINIMUM_CONTROL_NODE = {
    "cryptography": "42",
    "ijson": "3.2",
    "jsonschema": "4.20",
    "openpyxl": "3.1",
    "reportlab": "4.0",
    "segno": "1.6",
}
"""What only some work needs and imports: showing a certificate, reading a recording, validating a profile, reading and
writing XLSX, drawing labels, drawing a QR code."""

_missing: dict[str, str] = {"idna": domain_labels.IMPORT_ERROR} if domain_labels.IMPORT_ERROR else {}


class _Absent:
    """Stands for a library that cannot be imported, so that classes may be derived and names bound without it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> type:
        return type(attribute, (Exception,), {})


def _note_absence(distribution: str, error: ImportError, *names: str) -> None:
    _missing[distribution] = str(error)
    for name in names:
        globals()[name] = _Absent(name)


try:
    import yaml
except ImportError as error:  # pragma: no cover - the environment decides
    _note_absence("PyYAML", error, "yaml")


@contextlib.contextmanager
def _left_out(name: str) -> Iterator[None]:
    """Let the import of a module fail, of which a package says itself that it can do without."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = t.cast(t.Any, None)
    try:
        yield
    finally:
        del sys.modules[name]


for _name in ("httpx", "httpcore"):
    # At INFO, the level of Ansible's log file (log_path), httpx writes each address: a registration's, a code of OAuth.
    logging.getLogger(_name).setLevel(logging.WARNING)

try:
    import httpcore

    with _left_out("httpx._main"):  # its command line, and so click, pygments and rich: 0.1 s that no run needs
        import httpx
except ImportError as error:  # pragma: no cover
    _note_absence("httpx", error, "httpcore", "httpx")

try:
    import jmespath
    import jmespath.exceptions
    import jmespath.visitor
except ImportError as error:  # pragma: no cover
    _note_absence("jmespath", error, "jmespath")

try:
    import oauthlib.oauth2
except ImportError as error:  # pragma: no cover
    _note_absence("oauthlib", error, "oauthlib")

try:
    import regex
except ImportError as error:  # pragma: no cover
    _note_absence("regex", error, "regex")

try:
    import turbohtml
except ImportError as error:  # pragma: no cover
    _note_absence("turbohtml", error, "turbohtml")


def require(*names: str) -> None:
    """Raise :class:`MissingLibrary` if one of the named distributions (default: all of MINIMUM) is missing."""
    wanted = {**MINIMUM, **MINIMUM_CONTROL_NODE}
    lacking = [name for name in (names or tuple(MINIMUM)) if name in _missing]
    if not lacking:
        return
    # all of them at once, so that the next task does not lack another one; a module that runs elsewhere has no file
    named = " ".join(f"'{name}>={wanted[name]}'" for name in lacking)
    pip = f"-r {shlex.quote(str(REQUIREMENTS))}" if REQUIREMENTS.is_file() else named
    raise MissingLibrary(
        f"Python libraries are missing for {sys.executable}: "
        + ", ".join(f"{name} {wanted[name]} or newer ({_missing[name]})" for name in lacking),
        advice=f"Install them for that interpreter: {sys.executable} -m pip install {pip}",
    )


def on_demand(name: str) -> t.Any:
    """Return a library of MINIMUM_CONTROL_NODE, or a module of it; raise :class:`MissingLibrary`.

    An action imports it before the fork.
    """
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: some read a file of the home folder, which may be none
        distribution = name.partition(".")[0]
        _missing[distribution] = str(error)
        require(distribution)
        raise  # pragma: no cover - require has raised


__all__ = [
    "MINIMUM",
    "MINIMUM_CONTROL_NODE",
    "httpcore",
    "httpx",
    "jmespath",
    "oauthlib",
    "on_demand",
    "regex",
    "require",
    "turbohtml",
    "yaml",
]
