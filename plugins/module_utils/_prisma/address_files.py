# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration addresses on their way to a person or to the claiming task: files of mode 0600 and QR codes.

An address file has two lines, the address and C(serial: NUMBER): a host of the inventory may get another printer.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import tempfile
import typing as t
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from .._decide.address import LONGEST, host_of
from .._decide.serial_number import LONGEST_SERIAL_NUMBER, canonical_serial, is_serial_number, same_serial
from .._decide.text import printable
from .._web.errors import BadInput
from .._web.libraries import on_demand

QR_KINDS = {".svg": "svg", ".png": "png"}
_SERIAL = "serial: "
ROOM = {"address_file": 4 * (LONGEST + LONGEST_SERIAL_NUMBER) + len(_SERIAL) + 2, "qr_path": 16 * 1024}
"""Bytes that a file needs: the longest address and serial number in UTF-8; a QR code of an address of usual length."""

ADDRESS, ENCRYPTED_ADDRESS, QR_CODE = ".address", ".address.vault", ".svg"
"""How the files of a host end."""

_LONGEST_NAME = 200
"""Bytes of a file name. File systems take 255; the temporary file beside it has a longer name."""


def host_file(folder: str, host: str, suffix: str) -> str:
    """Return the path of the file of a host in ``folder``, whatever the inventory calls the host.

    What a file name cannot hold is percent-encoded, and a name that is too long is cut and ends in its checksum: no
    name leads out of ``folder`` or makes a folder, and no two hosts have the same file.
    """
    name = "".join(character if _may_stand(character) else _encoded(character) for character in host)
    if name.startswith("."):  # no hidden file, and not "." or ".."
        name = f"%2E{name[1:]}"
    if len(name.encode() + suffix.encode()) > _LONGEST_NAME:
        checksum = hashlib.sha256(host.encode(errors="surrogatepass")).hexdigest()[:32]
        room = _LONGEST_NAME - len(f"%~{checksum}{suffix}")
        name = f"{name.encode()[:room].decode(errors='ignore')}%~{checksum}"  # "%~" is in no encoded name
    return os.path.join(folder, name + suffix)


def host_files(folder: str, host: str) -> list[str]:
    """Return the paths of all files in ``folder`` that may hold the registration address of a host."""
    return [host_file(folder, host, suffix) for suffix in (ADDRESS, ENCRYPTED_ADDRESS, QR_CODE)]


def _may_stand(character: str) -> bool:
    return character.isprintable() and character not in "/\\%$"  # $: Ansible expands variables in an option's path


def _encoded(character: str) -> str:
    return quote(character, safe="", errors="surrogatepass")


def check_place(path: str, option: str, suffixes: tuple[str, ...] = (), *, links: bool = True) -> None:
    """Raise :class:`BadInput` where a file cannot be written at ``path``; ``option`` is what the message names.

    ``links``: a symbolic link may stand there. It is replaced and never followed.
    """
    if suffixes and Path(path).suffix.lower() not in suffixes:
        raise BadInput(f"{option} {path!r} must end in {' or '.join(suffixes)}")
    try:
        if Path(path).is_symlink() and not links:
            raise BadInput(
                f"{option} {path!r} is a symbolic link, which is not followed", advice="Remove it and run again."
            )
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


class Reservation:
    """Room for a file, written and synced to the disk beside the place where the file will be."""

    def __init__(self, path: str, size: int) -> None:
        self._target = Path(path)
        self._target.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{self._target.name}.", dir=self._target.absolute().parent)
        self._temporary: Path | None = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(b"\n" * size)
                _sync(file)
        except BaseException:
            self.release()
            raise

    def fill(self, content: bytes) -> None:
        """Make this the content of the file, whole or not at all."""
        if self._temporary is None:
            raise AssertionError("a reservation is filled once")
        with self._temporary.open("r+b") as file:
            file.write(content)
            file.truncate()
            _sync(file)
        os.replace(self._temporary, self._target)
        self._temporary = None

    def release(self) -> None:
        """Give up the room, unless it was filled."""
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None


def _sync(file: t.BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def reserved(path: str, size: int) -> Iterator[Reservation]:
    """Reserve ``size`` bytes for the file at ``path``; what is not filled in the end is given up.

    Raises :class:`BadInput` where there is no room, or the system refuses.
    """
    with as_bad_input(path):
        reservation = Reservation(path, size)
    try:
        yield reservation
    finally:
        reservation.release()


@contextmanager
def as_bad_input(path: str) -> Iterator[None]:
    """Raise what the system says as :class:`BadInput`."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path!r} cannot be written: {error.strerror or error}") from error


def write_private(path: str, content: bytes, room: Reservation | None = None) -> None:
    """Write ``content`` to ``path`` with mode 0600, whole or not at all. The same content is left alone.

    ``room`` is what was reserved for it. A folder that is missing is made with mode 0700. Raises :class:`BadInput`
    where the system refuses.
    """
    target = Path(path)
    with as_bad_input(path):
        if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
            target.chmod(0o600)
        elif room is not None:
            room.fill(content)
        else:
            new = Reservation(path, 0)
            try:
                new.fill(content)
            finally:
                new.release()


def remove(*paths: str | None) -> None:
    """Remove files that held an address which is spent. Raises :class:`BadInput` where the system refuses."""
    for path in filter(None, paths):
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            raise BadInput(
                f"{path!r} cannot be removed: {error.strerror or error}", advice="Remove it yourself, and run again."
            ) from error


@dataclass(frozen=True)
class KeptAddress:
    """What an address file holds. ``serial``: of the printer whose address it is; empty if the file does not say."""

    address: str
    serial: str = ""

    @classmethod
    def of_text(cls, text: str) -> KeptAddress | None:
        """Return what the content of a file says, None if it is blank."""
        address, *more = text.strip().splitlines() or [""]
        serials = [line.removeprefix(_SERIAL) for line in more if line.startswith(_SERIAL)]
        serial = next(filter(is_serial_number, serials), "")
        return cls(address.strip(), canonical_serial(serial)) if address else None

    @property
    def text(self) -> str:
        """The content of its file."""
        return f"{self.address}\n{_SERIAL}{canonical_serial(self.serial)}\n" if self.serial else f"{self.address}\n"


def write_address(path: str, address: str, serial: str, room: Reservation | None = None) -> None:
    """Write the registration address of the printer with this serial number."""
    write_private(path, KeptAddress(address, serial).text.encode(), room)


def read_address(path: str) -> str | None:
    """Return the address in a file, whatever printer it is of; None if there is none. Raises as :func:`read_kept`."""
    kept = read_kept(path)
    return kept.address if kept is not None else None


def address_of_printer(path: str, serial: str | None) -> str | None:
    """Return the address in a file, for the printer with this serial number; None if there is none.

    Raises :class:`BadInput` if it is of another printer, which has got the host's name in another run, and as
    :func:`read_kept`.
    """
    kept = read_kept(path)
    if kept is not None and kept.serial and serial and not same_serial(kept.serial, serial):
        raise BadInput(
            f"the registration address in {path!r} is of the printer {kept.serial}, not of {serial}",
            advice="Another run has written it meanwhile. Run again.",
        )
    return kept.address if kept is not None else None


def read_kept(path: str) -> KeptAddress | None:
    """Return what a file that :func:`write_address` made holds; None if there is no file.

    Raises :class:`BadInput` for anything else than a small ordinary file of UTF-8. Links are not followed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would be waited for
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise BadInput(f"address_file {path!r} is not an ordinary file")
            content = file.read(ROOM["address_file"] + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        why = "it is a symbolic link, which is not followed" if error.errno == errno.ELOOP else error.strerror
        raise BadInput(f"address_file {path!r} cannot be read: {why}") from error
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"address_file {path!r} cannot be read: it is no text") from error
    if len(content) > ROOM["address_file"]:
        raise BadInput(f"address_file {path!r} cannot be read: it is larger than any address")
    return KeptAddress.of_text(text)


def write_qr(path: str, address: str, room: Reservation | None = None, *, owner: str = "") -> bool:
    """Draw ``address`` as a QR code, as SVG or PNG by the ending of ``path``.

    An SVG shows the host below the code, and ``owner``: name and serial number of the printer.

    Return False, and write nothing, if the address is too long for a QR code.
    """
    segno = on_demand("segno")
    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        return False
    drawn = io.BytesIO()
    kind = QR_KINDS[Path(path).suffix.lower()]
    code.save(drawn, kind=kind, scale=6)
    content = drawn.getvalue()
    captions = [printable(text, _LONGEST_CAPTION) for text in (owner, host_of(address)) if text]
    write_private(path, _with_captions(content, captions) if kind == "svg" else content, room)
    return True


_CAPTION_HEIGHT = 28
_LONGEST_CAPTION = 100


def _with_captions(drawn: bytes, captions: Sequence[str]) -> bytes:
    """Return an SVG with ``captions`` below it: whose code it is, and where it leads."""
    start = drawn.index(b"<svg")
    inner = drawn[start:].decode()
    width, height = (int(inner.split(f'{name}="', 1)[1].split('"', 1)[0]) for name in ("width", "height"))
    texts = "".join(
        f'<text x="{width / 2:g}" y="{height + (number + 0.5) * _CAPTION_HEIGHT:g}" text-anchor="middle" '
        f'font-family="monospace" font-size="{min(16.0, width / (0.62 * max(len(text), 1))):.1f}">{escape(text)}</text>'
        for number, text in enumerate(captions)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + len(captions) * _CAPTION_HEIGHT}">'
        f"{inner.strip()}{texts}</svg>\n"
    ).encode()
