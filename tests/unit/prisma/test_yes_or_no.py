# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a controller shows yes or no, a profile must read true or false: the texts "0" and "No" count as true."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.controller import Controller
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading


def controller(enabled: Any) -> Controller:
    made = object.__new__(Controller)
    proxy = Reading({"enabled": enabled, "host": "", "port": None})
    rows = Reading(rows=({"application": "remote-match", "enabled": enabled},))
    read = {"proxy": proxy, "applications": rows}
    fields = SimpleNamespace(fields={})
    profile = SimpleNamespace(id="our-sra", writes={}, reads={"proxy": fields})
    made.session = cast("Any", SimpleNamespace(profile=profile, read=read.__getitem__))
    return made


@pytest.mark.parametrize("shown", ["0", "No", 0, None])
def test_what_is_neither_true_nor_false_is_refused_with_its_key(shown: Any) -> None:
    with pytest.raises(UnexpectedPage, match=rf"profile our-sra reads {shown!r} .*: read\.proxy\.fields\.enabled"):
        controller(shown).proxy()
    with pytest.raises(UnexpectedPage, match=r"read\.applications\.fields\.enabled"):
        controller(shown).applications()


def test_true_and_false_are_taken() -> None:
    assert [controller(on).proxy().enabled for on in (True, False)] == [True, False]
