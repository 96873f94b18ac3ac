# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recorder says at its end: the line that uses a proven profile, and never to use one that is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import RecorderOptions, next_steps

UNTRUSTED = ["sign_in UNTRUSTED_CERTIFICATE: the certificate is not trusted"]


def steps(
    *, interface: str = "controller", profile: str = "/site/profiles/our.yml", base_path: str = "/", **result: Any
) -> list[str]:
    options = RecorderOptions("https://press.example.com/", interface, "our", profile)
    return next_steps(options, {"proven": True, "complete": True, "live": [], "base_path": base_path, **result})


@pytest.mark.parametrize(
    "result", [{"complete": False}, {"complete": True}, {"complete": True, "live": UNTRUSTED}], ids=str
)
def test_a_profile_that_is_not_proven_must_not_be_used(result: dict[str, Any]) -> None:
    first, then = steps(proven=False, **result)
    assert first == "The profile is not proven: /site/profiles/our.yml. Do not use it yet."
    assert "printops_profile" not in first + then
    assert ("printops_ca_path" in then) == ("live" in result)


@pytest.mark.parametrize(
    ("interface", "line"),
    [
        ("controller", "printops_profile: our"),
        ("tenant", "printops_tenant_profile: our"),
        ("site", "printops_site_profile: our"),
    ],
)
def test_a_proven_profile_comes_with_the_line_that_uses_it(interface: str, line: str) -> None:
    assert line in steps(interface=interface)


def test_a_file_that_is_not_found_by_its_id_is_named_by_its_path() -> None:
    assert "printops_profile: /site/our.yml" in steps(profile="/site/our.yml")
    assert "printops_profile: /site/profiles/other.yml" in steps(profile="/site/profiles/other.yml")


def test_the_path_of_the_interface_is_a_line_of_its_own() -> None:
    assert steps(base_path="/printer-1/")[-1] == "printops_base_path: /printer-1/"
    assert not any("base_path" in step for step in steps())


def test_any_other_interface_has_no_variable() -> None:
    (step,) = steps(interface="other")
    assert "web_read" in step
    (step,) = steps(interface="other", base_path="/cups/")
    assert step.endswith("with the url https://press.example.com/cups/")
