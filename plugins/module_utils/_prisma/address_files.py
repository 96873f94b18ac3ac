# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration addresses on their way to a person or to the claiming task: files of mode 0600 and QR codes."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from .._web.errors import BadInput
from .._web.libraries import on_demand

QR_KINDS = {".svg": "svg", ".png": "png"}


def check_place(path: str, option: str, suffixes: tuple[str, ...] = ()) -> None:
    """Raise :class:`BadInput` where a file cannot be written at ``path``; ``option`` is what the message names."""
    if suffixes and Path(path).suffix.lower() not in suffixes:
        raise BadInput(f"{option} {path!r} must end in {' or '.join(suffixes)}")
    try:
        _check_place(Path(path), f"{option} {path!r}", option)
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise BadInput(f"{option} {path!r} cannot be written: {error.strerror or error}") from error


def _check_place(target: Path, named: str, option: str) -> None:
    if target.is_dir():
        raise BadInput(f"{named} is a folder")
    if target.exists() and not target.is_file():  # as root, /dev/null itself would be replaced
        raise BadInput(f"{named} is not an ordinary file")
    folder = next(parent for parent in target.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise BadInput(f"{option}: nothing can be written to {str(folder)!r}")


def write_private(path: str, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600, whole or not at all. The same content is left alone.

    A folder that is missing is made with mode 0700. Raises :class:`BadInput` where the system refuses.
    """
    try:
        _write_private(Path(path), content)
    except OSError as error:
        raise BadInput(f"{path!r} cannot be written: {error.strerror or error}") from error


def _write_private(target: Path, content: bytes) -> None:
    target.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        target.chmod(0o600)
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove(*paths: str | None) -> None:
    """Remove files that held an address which is spent."""
    for path in paths:
        if path:
            Path(path).unlink(missing_ok=True)


def write_address(path: str, address: str) -> None:
    """Write a registration address, one line."""
    write_private(path, address.encode() + b"\n")


def read_address(path: str) -> str | None:
    """Return the address in a file that :func:`write_address` made; None if there is no file."""
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"address_file {path!r} cannot be read: {error.__class__.__name__}") from error


def write_qr(path: str, address: str) -> None:
    """Draw ``address`` as a QR code, as SVG or PNG by the ending of ``path``."""
    drawn = io.BytesIO()
    code = on_demand("segno").make(address, error="m", micro=False)
    code.save(drawn, kind=QR_KINDS[Path(path).suffix.lower()], scale=6)
    write_private(path, drawn.getvalue())
