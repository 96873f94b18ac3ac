# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a batch: every line is on the disk at once, private, whole, and of this run only."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.journal import Journal


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_note_is_a_line_that_is_there_at_once(tmp_path: Path) -> None:
    """With the kernel, not in a buffer of the process: there also when that is killed."""
    path = tmp_path / "journal.jsonl"
    journal = Journal(str(path))
    assert path.read_text() == ""
    journal.note("p1", "begins", phase="prepare")
    assert [(line["printer"], line["what"], line["phase"]) for line in lines(path)] == [("p1", "begins", "prepare")]
    journal.note("drückér-é", "ends", outcome="onboarded")
    assert lines(path)[1]["printer"] == "drückér-é"
    assert "drückér-é" in path.read_text(encoding="utf-8")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["at"]) for line in lines(path))
    journal.close()


def test_a_line_stays_a_line_whatever_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(str(path))
    journal.note("p1\nforged\u2028", "ends", outcome='a "quoted"\r\nword')
    journal.note("p2", "ends")
    journal.close()
    assert path.read_bytes().count(b"\n") == 2
    assert [json.loads(line)["printer"] for line in path.read_bytes().split(b"\n")[:2]] == ["p1\nforged\u2028", "p2"]


def test_a_name_in_another_encoding_stops_no_run(tmp_path: Path) -> None:
    """Given an inventory in Latin-1, then Ansible has its bytes as lone surrogates, which are no UTF-8."""
    journal = Journal(str(tmp_path / "journal"))
    journal.note("b\udcfcro-3", "begins")
    journal.close()
    assert [line["printer"] for line in lines(tmp_path / "journal")] == ["b?ro-3"]
    assert journal.trouble is None


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_only_its_owner_reads_it_and_its_new_folders(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "new" / "journal"
    before = os.umask(umask)
    try:
        Journal(str(path)).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_each_run_begins_a_new_file_that_was_nobody_s_before(tmp_path: Path) -> None:
    """A file of mode 0644 would stay one, and a link would lead somewhere else."""
    path, elsewhere = tmp_path / "journal", tmp_path / "elsewhere"
    path.write_text("of the run before\n")
    path.chmod(0o644)
    with path.open() as still_open:
        Journal(str(path)).note("p1", "begins")
        assert still_open.read() == "of the run before\n"
    assert len(lines(path)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    elsewhere.write_text("not ours")
    path.unlink()
    path.symlink_to(elsewhere)
    Journal(str(path)).note("p2", "begins")
    assert elsewhere.read_text() == "not ours"
    assert not path.is_symlink()
    assert [line["printer"] for line in lines(path)] == ["p2"]


@pytest.mark.parametrize("path", [None, ""])
def test_without_a_path_it_keeps_nothing(path: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    journal = Journal(path)
    journal.note("p1", "begins")
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_after_its_end_nothing_is_written_and_nothing_fails(tmp_path: Path) -> None:
    """A thread that was left at work when the run was stopped may still want to tell something."""
    path = tmp_path / "journal"
    journal = Journal(str(path))
    journal.note("p1", "begins")
    journal.close()
    journal.note("p1", "ends")
    journal.close()
    assert [line["what"] for line in lines(path)] == ["begins"]


def test_where_it_cannot_be_written_is_told_before_anything_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    pipe = tmp_path / "pipe"  # no device of the machine: as root, code that is wrong would replace it
    os.mkfifo(pipe)
    for path in (tmp_path, tmp_path / "file" / "journal", pipe, tmp_path / ("x" * 300)):
        with pytest.raises(BadInput, match="journal"):
            Journal(str(path))
    monkeypatch.setattr(os, "replace", Mock(side_effect=OSError(errno.ENOSPC, "no space left")))
    with pytest.raises(BadInput, match="no space left"):
        Journal(str(tmp_path / "journal"))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "pipe"]
    assert pipe.is_fifo()


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(str(path))

    def work(name: str) -> None:
        for number in range(100):
            journal.note(name, "x" * (number * 40), number=number)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    journal.close()
    for name in "abcdefgh":
        assert [line["number"] for line in lines(path) if line["printer"] == name] == list(range(100))


def test_a_later_wave_appends_to_the_journal_of_its_run(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "journal", tmp_path / "elsewhere"
    for number, appends in ((1, False), (2, True), (3, True)):
        journal = Journal(str(path), appends=appends)
        journal.note(f"p{number}", "begins")
        journal.close()
    assert [line["printer"] for line in lines(path)] == ["p1", "p2", "p3"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    elsewhere.write_text("not ours")
    path.symlink_to(elsewhere)
    with pytest.raises(BadInput, match="journal"):
        Journal(str(path), appends=True)
    assert elsewhere.read_text() == "not ours"


def test_a_full_disk_stops_no_run_but_is_noted(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal"))
    journal.close()
    journal._file = os.fdopen(os.open("/dev/full", os.O_WRONLY), "a", buffering=1)
    journal.note("p1", "begins")
    journal.note("p1", "ends")
    journal.close()
    assert journal.trouble == f"the journal {tmp_path / 'journal'} is not whole: No space left on device"


def test_runs_that_begin_at_the_same_moment_each_have_a_journal(tmp_path: Path) -> None:
    path = str(tmp_path / "journal.jsonl")
    with ThreadPoolExecutor(16) as threads:
        for journal in threads.map(lambda _number: Journal(path), range(400)):
            journal.close()
    assert [each.name for each in tmp_path.iterdir()] == ["journal.jsonl"]
