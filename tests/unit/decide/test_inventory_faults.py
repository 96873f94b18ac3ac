# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt names: which variable, tag or pattern was meant, and what is left alone."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.inventory_faults import (
    closest,
    hint_of_undefined,
    meant_variable,
    named_hosts,
    no_host,
    wrong_tags,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.tags import TAGS
from ansible_collections.printops.prisma.plugins.plugin_utils._inventory.known import known_names
from hypothesis import given
from hypothesis import strategies as st


@given(st.sampled_from(sorted(known_names())), st.integers(min_value=0), st.sampled_from("abcxyz"))
def test_a_name_with_one_wrong_letter_is_like_a_known_one(name: str, at: int, letter: str) -> None:
    at = len("printops_") + at % max(1, len(name) - len("printops_"))
    misspelt = name[:at] + letter + name[at + 1 :]
    meant = meant_variable(misspelt, known_names())
    assert meant is not None
    assert closest(misspelt, [name, meant], 0.8)


@pytest.mark.parametrize("name", ["printops_colour", "onboard_nothing_of_the_kind", "printops_vault_north"])
def test_another_name_is_like_none(name: str) -> None:
    assert meant_variable(name, known_names()) is None


@pytest.mark.parametrize(("tag", "meant"), [("prxy", "proxy"), ("clam", "claim"), ("regsiter", "register")])
def test_a_tag_like_that_of_a_step_is_serious(tag: str, meant: str) -> None:
    (fault,) = wrong_tags("--tags", [tag], TAGS)
    assert fault.serious
    assert f"--tags {tag} names no step of the role onboard: did you mean {meant}?" in fault.what


def test_other_tags() -> None:
    assert list(wrong_tags("--tags", ["all", "always", "proxy", "never"], TAGS)) == []
    (fault,) = wrong_tags("--skip-tags", ["dns"], TAGS)
    assert not fault.serious


def test_a_pattern_without_hosts_names_the_group_that_was_meant() -> None:
    fault = no_host("prnters", None, ["all", "ungrouped", "printers", "press-01"])
    assert fault.serious
    assert "onboard_hosts=prnters matches no host of the inventory: did you mean printers?" in fault.what
    assert "within --limit press-09" in no_host("printers", "press-09", ["printers"]).what
    empty = no_host("all", None, ["all", "ungrouped"])
    assert (empty.what, "with -i" in empty.advice) == ("the inventory is empty", True)
    broken = no_host("all", None, ["all", "ungrouped"], unread=["/site/inventori.yml"])
    assert broken.what == "the inventory is empty: /site/inventori.yml could not be read"
    assert "The warnings above say why" in broken.advice


def test_hosts_are_named_up_to_three() -> None:
    assert named_hosts(["a", "b"], 2) == "a, b"
    assert named_hosts(["a", "b", "c", "d"], 9) == "a, b, c and 1 more of 9 hosts"
    assert named_hosts(["a", "b", "c", "d"], 4) == "all 4 hosts"


@pytest.mark.parametrize(
    ("undefined", "known", "hint"),
    [
        ("vault_printops_pasword", ["vault_printops_password"], "Did you mean vault_printops_password?"),
        ("vault_printops_tenant_password", ["vault_printops_site_password", "vault_printops_password"], ""),
        (
            "vault_printops_tenant_password",
            ["printops_tenant_password", "inventory_hostname"],
            "No variable begins with vault_: is group_vars/all/vault.yml there?",
        ),
        ("inventory_hostnam", ["inventory_hostname"], "Did you mean inventory_hostname?"),
        ("printops_seral", ["printops_serial"], "Did you mean printops_serial?"),
        ("something", ["inventory_hostname"], ""),
    ],
)
def test_what_is_undefined_is_compared_with_what_is_there(undefined: str, known: list[str], hint: str) -> None:
    assert hint_of_undefined(f"Error: '{undefined}' is undefined", known) == hint
    assert hint_of_undefined("object of type 'dict' has no attribute 'x'", known) == ""
