# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording with a page that was made to be costly is drafted or refused in bounded time, whatever else it holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, UnexpectedPage
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import draft
from unit.recording.hars import entry, read

pytestmark = pytest.mark.slow

COSTLY = {
    "attributes of one tag": "<input " + "".join(f"a{number}=1 " for number in range(700_000)) + ">",
    "links below a long base": "<base href='/" + "a/" * 50_000 + "'>" + "<a href=x>" * 100_000,
    "tables within tables": "<table><tr><td>" * 30_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_page_is_drafted_or_refused_soon(tmp_path: Path, name: str) -> None:
    began = time.process_time()
    recording = read(tmp_path, entry("/device"), entry("/costly", COSTLY[name]))
    try:
        text = draft(recording, interface="controller", id="mine", decisions={}).text
    except (BadInput, UnexpectedPage) as error:
        text = str(error)
    assert len(text) < 100_000
    assert time.process_time() - began < 20
