# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""web_write where the list does not show what was sent: it may come later, or another row has it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.web_write import TASK as WRITE
from unit.prisma.test_web import LOGIN, Web, web

__all__ = ["web"]


@pytest.mark.parametrize("refused", [True, False])
def test_a_removal_that_does_not_show_may_be_done_later_unless_it_was_refused(web: Web, refused: bool) -> None:
    """So that it counts as a change, after which nothing more is removed in the run (tests/unit/action)."""
    web.site.heeds = False
    if refused:
        web.source["write"]["remove_user"]["problems"] = [{"when": "ids.said", "outcome": "failed", "text": "ids.said"}]
    gone: dict[str, Any] = {"inputs": {"self": "ob@example.com"}, "expect": {"done": "ob@example.com"}}
    result = web.run(WRITE, write="remove_user", state="absent", **gone)
    assert (result.get("failed"), result["changed"], len(web.writes)) == (True, not refused, 1), result


def test_what_another_row_got_instead_is_named(web: Web) -> None:
    """Given a profile that always writes to the neighbour; it is no other session that is busy there."""
    form = {"who": "bob@example.com", "pin": "${pin}"}
    add = {"inputs": ["done", "pin"], "steps": [{"send": "POST", "path": "users", "form": form}], "verify": "users"}
    web.source["write"]["add_user"] = add
    del web.source["redact"]
    result = web.run(WRITE, write="add_user", inputs={"done": "ob@example.com", "pin": "admin"})
    assert (result.get("failed"), result["changed"], result["outcome"]) == (True, True, "failed"), result
    assert "a new row: done 'bob@example.com', pin 'admin'; no more: done 'bob@example.com', pin ''" in result["reason"]


def test_of_two_that_differ_by_case_alone_none_is_removed(web: Web) -> None:
    """Else the next run, which finds the other one, would remove that as well."""
    web.site.users |= {"Jo@example.com": "", "jo@example.com": ""}
    gone: dict[str, Any] = {"inputs": {"self": "jo@example.com"}, "expect": {"done": "jo@example.com"}}
    for check in (True, False):
        result = web.run(WRITE, check=check, write="remove_user", state="absent", **gone)
        assert (result.get("failed"), result["changed"], web.writes) == (True, False, []), result
        assert "done 'Jo@example.com' and done 'jo@example.com' are there" in result["msg"]


@pytest.mark.parametrize("heeds", [True, False])
def test_a_write_whose_answer_ends_the_session_is_read_back_before_it_is_sent_again(web: Web, heeds: bool) -> None:
    """Given a profile that names no read, and an answer with fields; the task names the read."""
    del web.source["write"]["add_user"]["verify"]
    web.site.heeds, web.site.says = heeds, LOGIN
    given: dict[str, Any] = {"inputs": {"done": "zoe@example.com", "host": "x", "pin": ""}}
    result = web.run(WRITE, write="add_user", read="users", expect={"done": "zoe@example.com"}, **given)
    assert (result.get("failed", False), result["changed"], web.writes) == (not heeds, True, ["/users"]), result
