# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that hold a registration address: for their owner alone, whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ansible.module_utils.common.validation import check_type_path
from ansible_collections.printops.prisma.plugins.module_utils._decide.address import LONGEST
from ansible_collections.printops.prisma.plugins.module_utils._decide.serial_number import LONGEST_SERIAL_NUMBER
from ansible_collections.printops.prisma.plugins.module_utils._prisma import address_files
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import (
    ROOM,
    KeptAddress,
    address_of_printer,
    check_place,
    host_file,
    read_address,
    read_kept,
    remove,
    reserved,
    write_address,
    write_private,
    write_qr,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from hypothesis import example, given
from hypothesis import strategies as st

ADDRESS = "https://home.example.com/register/0123456789"
SERIAL = "SN-1"
TEXT = f"{ADDRESS}\nserial: {SERIAL}\n"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _open_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_file_and_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p1.txt"
    write_address(str(path), ADDRESS, SERIAL)
    assert path.read_text() == TEXT
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert read_address(str(path)) == ADDRESS
    assert [item.name for item in path.parent.iterdir()] == ["p1.txt"]


def test_an_address_is_kept_with_the_serial_number_of_its_printer(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    write_address(str(path), ADDRESS, f" {SERIAL.lower()} ")
    assert (path.read_text(), read_kept(str(path))) == (TEXT, KeptAddress(ADDRESS, SERIAL))
    for text, kept in (
        (f"{ADDRESS}\n", KeptAddress(ADDRESS)),
        (f" {ADDRESS}\r\nserial: sn-1\r\n", KeptAddress(ADDRESS, SERIAL)),
    ):
        path.write_bytes(text.encode())
        assert read_kept(str(path)) == kept
    longest = KeptAddress("ü" * LONGEST, "Ü" * LONGEST_SERIAL_NUMBER)
    write_address(str(path), longest.address, longest.serial)
    assert (read_kept(str(path)), path.stat().st_size <= ROOM["address_file"]) == (longest, True)


def test_a_file_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    for content in (TEXT, "another"):
        path.write_text(content)
        path.chmod(0o666)
        write_address(str(path), ADDRESS, SERIAL)
        assert (path.read_text(), mode(path)) == (TEXT, 0o600)


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    write_address(str(path), ADDRESS, SERIAL)
    before = path.stat()
    write_address(str(path), ADDRESS, SERIAL)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", [ADDRESS + "\n", "theirs"])
def test_a_link_in_the_files_place_is_replaced_not_followed(tmp_path: Path, content: str) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "p1.txt"
    theirs.write_text(content)
    theirs.chmod(0o644)
    path.symlink_to(theirs)
    write_address(str(path), ADDRESS, SERIAL)
    assert not path.is_symlink()
    assert mode(path) == 0o600
    assert (theirs.read_text(), mode(theirs)) == (content, 0o644)


def test_whoever_fails_half_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p1.txt"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadInput, match="No space left"):
        write_private(str(path), b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("place", "what"),
    [("folder", "is a folder"), ("file/below", "nothing can be written to"), ("file/far/below", "nothing can be")],
)
def test_a_place_that_cannot_be_is_told_before(tmp_path: Path, place: str, what: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=what) as caught:
        check_place(str(tmp_path / place), "address_file")
    assert "address_file" in str(caught.value)


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in ("/dev/null", str(tmp_path / "pipe")):
        with pytest.raises(BadInput, match="not an ordinary file"):
            check_place(place, "address_file")


def test_a_place_that_can_be(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("")
    for place in ("old.txt", "new.txt", "new/and/newer.txt"):
        check_place(str(tmp_path / place), "address_file")
    assert [item.name for item in tmp_path.iterdir()] == ["old.txt"]


def test_a_qr_code_is_svg_or_png(tmp_path: Path) -> None:
    for name, begins in (("a.svg", b"<?xml"), ("a.PNG", b"\x89PNG")):
        check_place(str(tmp_path / name), "qr_path", tuple(address_files.QR_KINDS))
        write_qr(str(tmp_path / name), ADDRESS)
        assert (tmp_path / name).read_bytes().startswith(begins)
        assert mode(tmp_path / name) == 0o600
    with pytest.raises(BadInput, match=r"qr_path .* must end in \.svg or \.png"):
        check_place(str(tmp_path / "a.jpg"), "qr_path", tuple(address_files.QR_KINDS))


def test_the_same_address_gives_the_same_code(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    write_qr(str(path), ADDRESS)
    first = path.stat().st_ino
    write_qr(str(path), ADDRESS)
    assert path.stat().st_ino == first


def test_no_file_or_an_empty_one_is_no_address_and_a_broken_one_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    assert read_address(str(path)) is None
    path.write_text(" \n")
    assert read_address(str(path)) is None
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="cannot be read") as caught:
        read_address(str(path))
    assert str(path) in str(caught.value)
    with pytest.raises(BadInput):
        read_address(str(tmp_path))


def test_an_address_is_for_no_other_printer_than_its_own(tmp_path: Path) -> None:
    """Another run may have found another printer under the same name, and have written the file meanwhile."""
    path = str(tmp_path / "p1.address")
    assert address_of_printer(path, "SN1") is None
    write_address(path, ADDRESS, "SN1")
    assert address_of_printer(path, " sn1") == address_of_printer(path, None) == ADDRESS
    with pytest.raises(BadInput, match="is of the printer SN1, not of SN2"):
        address_of_printer(path, "SN2")
    (tmp_path / "p1.address").write_text(f"{ADDRESS}\n")
    assert address_of_printer(path, "SN2") == ADDRESS, "it does not say of which printer it is"


def test_spent_files_go(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    path.write_text(ADDRESS)
    remove(str(path), None, "", str(tmp_path / "never.txt"))
    assert not path.exists()


HOSTS = [
    "p1", "P1", "x/../p1", "../../escape", "/absolute", "with/slash", "with%2Fslash", "back\\slash", ".", "..",
    ".hidden", "%2Ehidden", "press 07", "fd00::1", "b\u00fcro", "tab\tname", "\u202egnp.exe", "\x00", "\udcff",
    "press$HOME", "$HOME", "h" * 300, "h" * 301, "\u00fc" * 300, "h" * 190, "",
]  # fmt: skip


def test_each_host_has_a_file_of_its_own_in_the_folder(tmp_path: Path) -> None:
    paths = {host_file(str(tmp_path), host, suffix) for host in HOSTS for suffix in (".address", ".svg")}
    assert len(paths) == 2 * len(HOSTS)
    for path in paths:
        assert Path(path).parent == tmp_path
        assert check_type_path(path) == path, "the option of a task has another"
        assert not Path(path).name.startswith(".") or Path(path).name in (".address", ".svg")
        write_private(path, path.encode())
    assert {Path(path).read_bytes() for path in paths} == {path.encode() for path in paths}
    assert {str(path) for path in tmp_path.iterdir()} == paths


def test_an_ordinary_name_is_the_name_of_the_file() -> None:
    for host in ("p1", "press-07.example.com", "press 07", "b\u00fcro"):
        assert host_file("here", host, ".address") == f"here/{host}.address"


@given(st.lists(st.text(max_size=300), min_size=2, max_size=2, unique=True))
@example(["a/b", "a%2Fb"])
@example(["%", "%25"])
@example([".a", "%2Ea"])
@example(["h" * 300, "h" * 192 + "%~" + "0" * 32])
def test_no_two_hosts_have_the_same_file(hosts: list[str]) -> None:
    first, second = (host_file("folder", host, ".address") for host in hosts)
    assert first != second
    for path in (first, second):
        assert os.path.dirname(path) == "folder"
        assert len(os.path.basename(path).encode()) <= 200


def test_room_is_on_the_disk_before_it_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p1.address"
    path.parent.mkdir()
    path.write_text("old")
    with reserved(str(path), 5000) as room:
        assert path.read_text() == "old", "an address that is known is kept until there is another"
        (waiting,) = set(path.parent.iterdir()) - {path}
        assert (waiting.stat().st_size, mode(waiting)) == (5000, 0o600)
        write_address(str(path), ADDRESS, SERIAL, room)
    assert (path.read_text(), mode(path)) == (TEXT, 0o600)
    assert list(path.parent.iterdir()) == [path]


def test_room_that_is_not_filled_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "p1.address"
    with pytest.raises(ValueError, match="no address came"), reserved(str(path), 10):
        raise ValueError("no address came")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told_when_it_is_reserved(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))  # what the system refuses to write, as a full disk
    try:
        with pytest.raises(BadInput, match="cannot be written: File too large"), reserved(str(tmp_path / "a"), 5000):
            raise AssertionError("nothing is done without room")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "p1.address"
    theirs.write_text(ADDRESS)
    for target in (theirs, tmp_path / "missing"):
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        with pytest.raises(BadInput, match="symbolic link"):
            read_address(str(path))
        with pytest.raises(BadInput, match="symbolic link"):
            check_place(str(path), "address_file", links=False)
        check_place(str(path), "report")
    assert theirs.read_text() == ADDRESS


def test_what_is_no_small_ordinary_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_text("a" * 9000)
    for name, why in (("pipe", "not an ordinary file"), ("large", "larger than any address")):
        with pytest.raises(BadInput, match=why):
            read_address(str(tmp_path / name))


def test_an_svg_shows_printer_and_host_and_not_the_address(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert write_qr(
        str(path), "https://HOME.example.com:8443/register/0123456789?a=b&c=<d>", owner="<press-01>  42\x1b"
    )
    text = path.read_text()
    assert ">home.example.com</text>" in text
    assert r">&lt;press-01&gt;  42\x1b</text>" in text
    assert "0123456789" not in text
    ElementTree.fromstring(text)


def test_an_address_too_long_for_a_code_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert not write_qr(str(path), ADDRESS + "\u5370" * 1500)
    assert not path.exists()


def test_a_file_that_cannot_be_removed_is_named_and_no_defect(tmp_path: Path) -> None:
    """Given one of another user in a shared folder; here a folder stands for it."""
    (tmp_path / "address").mkdir()
    with pytest.raises(BadInput, match=r"address' cannot be removed: ") as caught:
        remove(str(tmp_path / "other"), None, str(tmp_path / "address"))
    assert caught.value.advice == "Remove it yourself, and run again."
