# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers of one run that take a tenant's last licence at once: one of them gets it."""

from __future__ import annotations

import contextlib
import threading
from typing import Any, cast

from ansible_collections.printops.prisma.plugins.module_utils._decide.licences import Subscriptions
from ansible_collections.printops.prisma.plugins.module_utils._prisma.device_licences import licences_in_turn
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request
from ansible_collections.printops.prisma.plugins.module_utils._prisma.tenant import Tenant
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import LicenceRefused
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.web.tiny import build

DASHBOARD = "prismalytics-dashboard"


class OneLicence:
    """A tenant as far as its subscriptions are concerned; ``left`` is None where it does not say."""

    url = "https://home.example.com/"

    def __init__(self, left: int | None) -> None:
        self.session = self.client = self
        self.left = left

    def subscriptions(self, max_age: float = 0) -> Subscriptions:
        return Subscriptions([{"application": DASHBOARD, "available": self.left, "permanent": False}])

    def paused_deadline(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


def enabled_by_two(tenant: OneLicence) -> int:
    """Return how many of two printers are enabled, each of which waits a moment for the other before it writes."""
    store, both, enabled = ThreadStore(SharedStore(slots=4, slot_size=200)), threading.Barrier(2), []

    def enable() -> None:
        options: Any = {"tenant": "alpha", "assign_licence": False, "assign_licences_of": ()}
        request = Request(options=options, profile=build(), printer="p", store=store)
        with (
            contextlib.suppress(LicenceRefused),
            licences_in_turn(request, cast(Tenant, tenant), {"applications": []}, {DASHBOARD: True}),
        ):
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(0.3)
            tenant.left = None if tenant.left is None else tenant.left - 1
            enabled.append(True)

    threads = [threading.Thread(target=enable) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(enabled)


def test_the_last_licence_is_taken_once() -> None:
    """A tenant that uses more devices than its licence allows is blocked as a whole (domain.md, "Licences")."""
    assert enabled_by_two(OneLicence(1)) == 1


def test_where_nothing_is_counted_nobody_waits() -> None:
    assert enabled_by_two(OneLicence(None)) == 2
