# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant is proven anew once a session has ended, also for devices, and by the task after one that failed."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.tenant import Tenant
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import PrismaError
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionStore
from unit.prisma.run_store import RunStore
from unit.prisma.tenant_loopback import TenantBench
from unit.prisma.test_right_site import SOUTHERN
from unit.web.loopback import Answer, Asked

ELSEWHERE = "belongs to the tenant 'south', declared is 'alpha'"


def tenant_of(bench: TenantBench, store: SessionStore, **options: str | None) -> Tenant:
    """Return the tenant as a task of the run with this memory has it."""
    return Tenant.of(bench.request(bench.info, store, check=False, **options))


def go_south(bench: TenantBench, *failing: str) -> None:
    """End the session, and have the next one be at another tenant; these paths are not answered."""

    def override(asked: Asked) -> Answer | None:
        if asked.path in failing:
            return Answer(503)
        return SOUTHERN if asked.path == "/me" and bench.site.tokens else None

    bench.site.tokens.clear()
    bench.site.override = override


def test_nothing_is_read_of_the_tenant_that_a_new_sign_in_leads_to(tenant: TenantBench) -> None:
    found = tenant_of(tenant, RunStore())
    found.prove()
    go_south(tenant)
    before = len(tenant.reads())
    with pytest.raises(PrismaError, match=ELSEWHERE):
        found.session.read("people")
    assert len(tenant.reads()) == before + 1, "the one that found the session ended"


@pytest.mark.parametrize("failing", ["/token", "/me"])
def test_what_an_earlier_task_has_proven_says_nothing_of_a_later_session(tenant: TenantBench, failing: str) -> None:
    """Given a task that finds the session ended, and whose own sign-in or proof fails."""
    store = RunStore()
    tenant_of(tenant, store).prove()
    go_south(tenant, failing)
    with pytest.raises(PrismaError):
        tenant_of(tenant, store).session.read("people")
    go_south(tenant)
    with pytest.raises(PrismaError, match=ELSEWHERE):
        tenant_of(tenant, store).prove()


def test_a_sign_in_is_of_one_tenant_and_a_token_that_was_there_before_of_whoever_has_it(tenant: TenantBench) -> None:
    store = RunStore()
    own = [tenant_of(tenant, store, tenant=name).session.key for name in ("alpha", "beta")]
    token = {"client_id": None, "client_secret": None, "bearer_token": "a-token-of-a-browser"}
    shared = [tenant_of(tenant, store, tenant=name, **token).session.key for name in ("alpha", "beta")]
    assert (len(set(own)), len(set(shared))) == (2, 1)
