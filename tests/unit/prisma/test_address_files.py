# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that hold a registration address: for their owner alone, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import address_files
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import (
    check_place,
    read_address,
    remove,
    write_address,
    write_private,
    write_qr,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput

ADDRESS = "https://home.example.com/register/0123456789"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _open_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_file_and_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p1.txt"
    write_address(str(path), ADDRESS)
    assert path.read_text() == ADDRESS + "\n"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert read_address(str(path)) == ADDRESS
    assert [item.name for item in path.parent.iterdir()] == ["p1.txt"]


def test_a_file_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    for content in (ADDRESS + "\n", "another"):
        path.write_text(content)
        path.chmod(0o666)
        write_address(str(path), ADDRESS)
        assert (path.read_text(), mode(path)) == (ADDRESS + "\n", 0o600)


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    write_address(str(path), ADDRESS)
    before = path.stat()
    write_address(str(path), ADDRESS)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", [ADDRESS + "\n", "theirs"])
def test_a_link_in_the_files_place_is_replaced_not_followed(tmp_path: Path, content: str) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "p1.txt"
    theirs.write_text(content)
    theirs.chmod(0o644)
    path.symlink_to(theirs)
    write_address(str(path), ADDRESS)
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


def test_spent_files_go(tmp_path: Path) -> None:
    path = tmp_path / "p1.txt"
    path.write_text(ADDRESS)
    remove(str(path), None, "", str(tmp_path / "never.txt"))
    assert not path.exists()
