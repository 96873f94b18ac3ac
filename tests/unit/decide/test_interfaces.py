# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice at a cloud: it names the cloud and its variables, and sends nobody to the printer."""

from __future__ import annotations

import re

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.interfaces import (
    INTERFACE_NAMES,
    advice_at,
    password_variable,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import (
    ADVICE,
    NOT_RECOGNISED_ADVICE,
    UNKNOWN_HOST_ADVICE,
    Outcome,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import Responsible, responsible
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.known import known_variables

OTHERS = sorted(set(INTERFACE_NAMES) - {"controller"})
OF_PRINTER = re.compile(r"printops_(host|port|base_path|serial|username|password|ca_path|tls_fingerprint|http_proxy)\b")


@pytest.mark.parametrize("interface", ["tenant", "site"])
@pytest.mark.parametrize(
    ("outcome", "advice"),
    [
        ("unreachable", ADVICE[Outcome.UNREACHABLE]),
        ("unreachable", UNKNOWN_HOST_ADVICE),
        ("untrusted_certificate", ADVICE[Outcome.UNTRUSTED_CERTIFICATE]),
        ("auth_failed", ADVICE[Outcome.AUTH_FAILED]),
        ("password_change", ADVICE[Outcome.PASSWORD_CHANGE]),
        ("unsupported", NOT_RECOGNISED_ADVICE),
        ("failed", ADVICE[Outcome.FAILED]),
    ],
)
def test_a_cloud_that_fails_is_for_whoever_runs_the_playbook(interface: str, outcome: str, advice: str) -> None:
    given = advice_at(interface, advice)
    assert responsible(outcome, given) is Responsible.OPERATOR
    assert INTERFACE_NAMES[interface] in given or f"printops_{interface}_" in given
    assert OF_PRINTER.findall(given) == []
    assert advice_at("controller", advice) == advice
    assert OF_PRINTER.search(advice) or outcome == "failed"


@pytest.mark.parametrize("interface", OTHERS)
def test_the_variables_of_an_advice_exist(interface: str) -> None:
    texts = [advice_at(interface, advice) for advice in (*ADVICE.values(), UNKNOWN_HOST_ADVICE, NOT_RECOGNISED_ADVICE)]
    named = set(re.findall(r"printops_[a-z_]+", " ".join([*texts, password_variable(interface)])))
    assert named
    assert named <= known_variables().keys()


def test_an_advice_of_its_own_stays() -> None:
    assert advice_at("tenant", "Delete it in PRISMA Home.") == "Delete it in PRISMA Home."
    assert advice_at("tenant", ADVICE[Outcome.BUSY]) == ADVICE[Outcome.BUSY]
