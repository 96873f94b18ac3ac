# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once on one site or tenant: no plan that was made on an older state removes anybody."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from unit.prisma.site_loopback import SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.prisma.test_site_people import APPLIED, JO, SAM, outcome
from unit.web.loopback import Answer, Asked


@pytest.mark.parametrize("change", ["gone", "appeared"])
def test_a_plan_on_an_older_state_removes_nobody(bench: SiteBench, change: str) -> None:
    """Between the reading and the first removal another run changes the lists: nobody loses anything by this plan."""
    for who in (JO, SAM):
        bench.put(who)
    declared = bench.declared(JO, guardrails={"max_removal_percent": 100})
    planned = bench.run(ACCESS, check=True, declared=declared)
    readings = []

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/people/dashboard":
            readings.append(asked)
            if len(readings) == 2:  # the first was for the plan
                for people in bench.site.rules.lists.values():
                    people.pop(JO, None)
                if change == "appeared":
                    bench.put(JO)
                    bench.put("zoe@example.com")
        return None

    bench.site.override = override
    result = bench.run(ACCESS, declared=declared, plan_sha256=planned["plan_sha256"])
    assert outcome(result) == (True, "busy", False), result
    assert "is not what the plan was made on" in result["msg"]
    assert "Nobody was removed" in result["msg"]
    assert bench.writes == []
    bench.site.override = lambda asked: None
    assert outcome(bench.run(ACCESS, declared=declared)) == APPLIED


def test_a_second_writer_after_an_addition_is_an_unplanned_change(cloud: SiteBench | TenantBench) -> None:
    """Whom the other run adds is new, and nobody is removed by a plan that does not know them."""
    cloud.put(JO)

    def override(asked: Asked) -> Answer | None:
        if cloud.writes and not asked.path.startswith(cloud.adding):
            cloud.site.override = lambda asked: None
            cloud.put("zoe@example.com")
        return None

    cloud.site.override = override
    declared = cloud.declared(SAM, guardrails={"max_removal_percent": 100})
    result = cloud.run(cloud.access, declared=declared)
    assert outcome(result) == (True, "unplanned_change", True), result
    assert {one["person"] for one in result["unexpected"]} == {"zoe@example.com"}
    assert not any(write.startswith("remove") for write in cloud.writes)
