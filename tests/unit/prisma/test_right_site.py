# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""People of another site or tenant than the declared one: nobody there is compared, added or removed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.prisma.site_loopback import SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.prisma.test_site_people import JO, outcome


def test_an_audit_of_the_wrong_site_or_tenant_compares_nothing(cloud: SiteBench | TenantBench) -> None:
    """In sync or not: these are other people than those of the file."""
    name = "site" if isinstance(cloud, SiteBench) else "tenant"
    for declared in (cloud.declared(), cloud.declared(JO)):
        south: dict[str, Any] = {name: "south"}
        result = cloud.run(cloud.access, declared={**declared, "mode": "audit", **south}, **south)
        assert (result["failed"], result["outcome"]) == (True, "guardrail_refused"), result
    assert cloud.writes == []


def test_a_site_whose_name_the_profile_does_not_read_is_never_called_the_declared_one(bench: SiteBench) -> None:
    """Given the session of another site's administrator at the same portal, nobody is removed there."""
    del bench.source["read"]["account"]["fields"]["site"]
    bench.put(JO)
    found = bench.run(INFO)
    assert (found["outcome"], found["site"], "site" in found["declared"]) == ("in_sync", None, False)
    assert any("nothing proves" in text for text in found["warnings"])
    host = bench.server.url.split("/")[2].partition(":")[0]
    for site in (host, "north"):
        result = bench.run(ACCESS, declared=bench.declared(guardrails={"allow_empty": True}), site=site)
        assert (outcome(result), bench.writes) == ((True, "guardrail_refused", False), []), result
        assert "right_site" in result["reason"]
        assert bench.run(USER, people=[JO], state="absent", site=site)["outcome"] == "guardrail_refused"
    unnamed = bench.run(ACCESS, declared=found["declared"])
    assert (unnamed["outcome"], unnamed["site"]) == ("in_sync", None)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_name_is_never_that_of_the_site(bench: SiteBench, blank: str) -> None:
    """Whatever lets it through: a blank name proves nothing, so it is not taken for a site that nobody has named."""
    bench.put(JO)
    for result in (
        bench.run(USER, people=[JO], state="absent", site=blank),
        bench.run(ACCESS, declared=bench.declared(), site=blank),
        bench.run(INFO, site=blank),
    ):
        assert result["failed"], result
    refused = bench.run(ACCESS, declared=bench.declared(site="north"), site=blank)
    assert refused["outcome"] == "bad_input"
    assert bench.writes == []
