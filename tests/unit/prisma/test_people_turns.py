# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that change people one after the other: what another one did meanwhile is in the plan."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Result
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.prisma.site_loopback import SiteBench

JO, SAM = "jo@example.com", "sam@example.com"


def test_whom_another_task_has_removed_meanwhile_is_not_removed_again(bench: SiteBench) -> None:
    bench.run(USER, people=[JO, SAM])
    sent = len(bench.writes)

    def another(_result: Result) -> bool:
        for name in bench.site.rules.where(JO):
            bench.site.rules.remove(name, JO)
        return True

    bench.begin_changes = another
    done = bench.run(USER, people=[JO, SAM], state="absent", max_removals=2)
    assert done["outcome"] == "applied", done
    assert {each.rpartition(" ")[2] for each in bench.writes[sent:]} == {SAM}
    assert {step["person"] for step in done["plan"]["steps"]} == {SAM}
