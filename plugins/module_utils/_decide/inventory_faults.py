# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables of an inventory, judged by their names and by what hosts share. Pure.

Whether a single value is valid is not decided here: argument specs say that.
"""

from __future__ import annotations

import difflib
import re
import typing as t
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .serial_number import canonical_serial
from .text import printable

PREFIXES = ("printops_", "onboard_")
"""Variables that begin like this are the collection's, or are taken for misspelt ones."""
SPECIAL_TAGS = frozenset({"all", "always", "never", "tagged", "untagged"})
"""Tags that Ansible itself defines."""
_ALIKE = 0.8
"""Names with at least this ratio of difflib are spellings of one word: one or two wrong letters in a usual name."""
_ALIKE_WORD = 0.6
"""The same for short words such as tags and values of a closed list."""
_ALMOST = 0.9
"""Above it names differ by a slip: vault_printops_site_password is not meant by vault_printops_tenant_password."""
_OF_VAULT = "vault_"
"""How the names of what stands in a vault begin, by Ansible's custom."""
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
"""What Ansible says of a template that names a variable which is not there."""
_NAMED_HOSTS = 3
_NAME = 60
"""Characters of a name in a message."""
_LONGEST_PATH = 200
"""Characters of a path in a message."""


@dataclass(frozen=True)
class InventoryFault:
    """One fault, with all hosts that have it. ``where`` is file and line, if they are known."""

    serious: bool
    what: str
    advice: str
    hosts: tuple[str, ...] = ()
    where: str = ""

    def text(self, total: int) -> str:
        """Return the fault in one line; ``total`` is how many hosts the run has."""
        on = f" ({named_hosts(self.hosts, total)})" if self.hosts else ""
        at = f"{self.where}: " if self.where else ""
        said = f"{at}{self.what}{on}"
        return f"{said}{'' if said.endswith('?') else '.'} {self.advice}"


class NothingToDo(InventoryFault):
    """A fault with which nobody can go on: it leaves no host."""


def named_hosts(hosts: Sequence[str], total: int) -> str:
    """Return how a message names ``hosts`` out of ``total``: all of them, or the first few and a number."""
    if len(hosts) == total and total > _NAMED_HOSTS:
        return f"all {total} hosts"
    names = [printable(host, _NAME) for host in hosts[:_NAMED_HOSTS]]
    more = len(hosts) - len(names)
    return f"{', '.join(names)} and {more} more of {total} hosts" if more else ", ".join(names)


def closest(word: str, known: Iterable[str], ratio: float = _ALIKE_WORD) -> str | None:
    """Return the word of ``known`` that ``word`` is most likely a misspelling of, None if it is like none."""
    by_lower = {each.lower(): each for each in sorted(known)}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=ratio)
    return by_lower[found[0]] if found else None


def meant_variable(name: str, known: Collection[str]) -> str | None:
    """Return the variable that the misspelt ``name`` was meant to be, None if it is like none.

    A right word after the wrong prefix counts: C(onboard_password) is meant as C(printops_password).
    """
    for prefix in PREFIXES:
        if name.startswith(prefix):
            swapped = [other + name.removeprefix(prefix) for other in PREFIXES if other != prefix]
            right = next((each for each in swapped if each in known), None)
            if right:
                return right
    return closest(name, known, _ALIKE)


def hint_of_undefined(message: str, known: Collection[str]) -> str:
    """Return what a variable that ``message`` calls undefined may be instead, among ``known``; empty for no idea.

    A variable of this collection is never meant: what is undefined stands in the value of one.
    """
    found = _UNDEFINED.search(message)
    if not found:
        return ""
    meant = closest(found[1], [name for name in known if is_ours(name) == is_ours(found[1])], _ALMOST)
    if meant:
        return f"Did you mean {printable(meant, _NAME)}?"
    if found[1].startswith(_OF_VAULT) and not any(name.startswith(_OF_VAULT) for name in known):
        return f"No variable begins with {_OF_VAULT}: is group_vars/all/vault.yml there?"
    return ""


def is_ours(name: str) -> bool:
    """Whether a variable's name is one that only this collection should define."""
    return name.startswith(PREFIXES) and "__" not in name


def looks_like_ours(name: str) -> bool:
    """Whether a name is ours, or begins almost like one: C(printop_serial), C(PRINTOPS_SERIAL)."""
    if name.startswith(PREFIXES):
        return is_ours(name)
    if "_" not in name:
        return False
    first = name.partition("_")[0].lower()
    return any(
        first == prefix[:-1] or difflib.SequenceMatcher(None, first, prefix[:-1]).ratio() > _ALIKE
        for prefix in PREFIXES
    )


def unknown_variables(
    hosts_of: Mapping[str, Sequence[str]],
    known: Collection[str],
    own: Collection[str],
    where: Callable[[str], str] = lambda name: "",
) -> Iterator[InventoryFault]:
    """Yield a fault for each variable that the collection does not know.

    ``hosts_of`` has the hosts that define a variable, none where it was given with C(-e). ``own`` are variables of the
    inventory itself: those that its templates use, and those that it declares as its own.
    """
    for name in sorted(hosts_of):
        if name in known or name in own or not looks_like_ours(name):
            continue
        meant = meant_variable(name, known)
        if meant is None and not is_ours(name):
            continue
        shown = printable(name, _NAME)
        yield InventoryFault(
            serious=meant is not None and is_ours(name),
            what=f"{shown} is no variable of this collection, so it has no effect"
            + (f": did you mean {meant}?" if meant else ""),
            advice=(f"Rename it to {meant}. If it is" if meant else "Correct its name. If it is")
            + f" a variable of your own, add {shown} to onboard_own_variables.",
            hosts=tuple(hosts_of[name]),
            where=where(name),
        )


def unknown_environment(names: Iterable[str], known: Collection[str]) -> Iterator[InventoryFault]:
    """Yield a fault for each variable of the environment that is a misspelling of one that stands in for ours."""
    upper = {name.upper() for name in known}
    for name in sorted(names):
        meant = closest(name, upper, _ALIKE) if name.startswith("PRINTOPS_") and name not in upper else None
        if meant:
            yield InventoryFault(
                serious=True,
                what=f"the environment variable {printable(name, _NAME)} is none of this collection, so it has no "
                f"effect: did you mean {meant}?",
                advice=f"Rename it to {meant}, or unset it.",
            )


def wrong_tags(option: str, given: Iterable[str], known: Collection[str]) -> Iterator[InventoryFault]:
    """Yield a fault for each tag of C(--tags) or C(--skip-tags) (``option``) that no task has.

    It is serious if it is like a known one. Another one may belong to a play that runs besides.
    """
    for tag in given:
        if tag in known or tag in SPECIAL_TAGS:
            continue
        meant = closest(tag, known)
        yield InventoryFault(
            serious=meant is not None,
            what=f"{option} {printable(tag, _NAME)} names no step of the role onboard"
            + (f": did you mean {meant}?" if meant else ""),
            advice=f"The tags are {', '.join(sorted(known))}.",
        )


def misspelt_arguments(given: Iterable[str], known: Collection[str], own: Collection[str]) -> Iterator[InventoryFault]:
    """Yield a fault for each variable given with C(-e) that is like one of ``known``, and so a misspelling of it.

    ``known`` are the variables that the collection and the playbook have. Others belong to the inventory.
    """
    for name in sorted(given):
        meant = None if name in known or name in own else closest(name, known, _ALIKE)
        if meant:
            shown = printable(name, _NAME)
            yield InventoryFault(
                serious=True,
                what=f"-e {shown} sets no variable of this playbook, so it has no effect: did you mean {meant}?",
                advice=f"Give {meant}. If it is a variable of your own, add {shown} to onboard_own_variables.",
            )


def no_pattern(variables: Sequence[str]) -> NothingToDo:
    """Return the fault of a playbook that was told no hosts, where there is no default."""
    return NothingToDo(
        serious=True,
        what=f"none of {', '.join(variables)} is set, so there is nothing to do",
        advice=f"Name groups or hosts of the inventory, such as -e {variables[0]}=PATTERN.",
    )


def no_host(
    pattern: str,
    limit: str | None,
    names: Iterable[str],
    variable: str = "onboard_hosts",
    unread: Sequence[str] = (),
) -> NothingToDo:
    """Return the fault of a pattern that no host matches. ``names`` are the groups and hosts of the inventory.

    ``unread`` are sources of the inventory that Ansible could not read.
    """
    words = sorted(set(names) - {"all", "ungrouped"})
    if not words:
        sources = " and ".join(printable(source, _LONGEST_PATH) for source in unread)
        return NothingToDo(
            serious=True,
            what=f"the inventory is empty: {sources} could not be read" if unread else "the inventory is empty",
            advice="The warnings above say why. Correct what they name, or name another inventory with -i."
            if unread
            else "Name an inventory with -i, and see what is in it with ansible-inventory --graph.",
        )
    meant = closest(pattern, words)
    within = f" within --limit {printable(limit, _NAME)}" if limit else ""
    return NothingToDo(
        serious=True,
        what=f"{variable}={printable(pattern, _NAME)} matches no host of the inventory{within}"
        + (f": did you mean {printable(meant, _NAME)}?" if meant else ""),
        advice="Name a group or host of the inventory; ansible-inventory --graph shows them.",
    )


def addresses_of_example(places: Mapping[str, str]) -> Iterator[InventoryFault]:
    """Yield the fault of hosts whose address exists in documentation only; ``places`` has where each was written."""
    what = "an address that is still the example's and exists in documentation only"
    yield from _bad_addresses(places, what, "Name your own printers, or set printops_host.")


def addresses_of_nothing(places: Mapping[str, str]) -> Iterator[InventoryFault]:
    """Yield the fault of hosts whose address cannot exist; ``places`` has where each was written."""
    what = "an address that cannot exist, as names that end in .invalid lead nowhere"
    yield from _bad_addresses(places, what, "Correct the name, or set printops_host.")


def _bad_addresses(places: Mapping[str, str], what: str, advice: str) -> Iterator[InventoryFault]:
    if not places:
        return
    number = "1 host has" if len(places) == 1 else f"{len(places)} hosts have"
    yield InventoryFault(True, f"{number} {what}", advice, tuple(places), next(iter(places.values()), ""))


def repeated(values: Mapping[str, str], what: str, advice: str) -> Iterator[InventoryFault]:
    """Yield a fault for each value that several hosts have. ``values`` are the canonical ones by host."""
    times = Counter(values.values())
    for value in sorted(value for value, count in times.items() if count > 1):
        yield InventoryFault(
            serious=True,
            what=f"{times[value]} hosts have the same {what}, {printable(value, _NAME)}",
            advice=advice,
            hosts=tuple(host for host, own in values.items() if own == value),
        )


def repeated_serials(serials: Mapping[str, t.Any]) -> Iterator[InventoryFault]:
    """Yield a fault for each serial number that several hosts declare, in whatever spelling."""
    return repeated(
        {host: canonical_serial(serial) for host, serial in serials.items() if str(serial).strip()},
        "printops_serial",
        "Each printer has a number of its own: correct it, or remove the host that is there twice.",
    )


def repeated_addresses(addresses: Mapping[str, str]) -> Iterator[InventoryFault]:
    """Yield a fault for each address that several hosts have, or that is the name of another host."""
    return repeated(
        {host: address.lower() for host, address in addresses.items()},
        "address",
        "Correct printops_host, printops_port or printops_base_path, or remove the host that is there twice.",
    )


def missing(
    variable: str, hosts: Sequence[str], *, serious: bool, why: str, others: bool = False
) -> Iterator[InventoryFault]:
    """Yield the fault of ``hosts`` that lack a variable, if there are any. ``others``: other hosts have it."""
    if not hosts:
        return
    number = f"{len(hosts)} host{'s' if len(hosts) > 1 else ''}"
    yield InventoryFault(
        serious=serious,
        what=f"{variable} is missing for {number}",
        advice=f"{why} Set {variable}"
        + (", or leave out hosts that are no printers with -e onboard_hosts=GROUP." if others else "."),
        hosts=tuple(hosts),
    )


def read_too_late(
    hosts_of: Mapping[str, Sequence[str]], early: Iterable[str], where: Callable[[str], str] = lambda name: ""
) -> Iterator[InventoryFault]:
    """Yield a fault for each variable of the inventory that Ansible reads before it knows any host."""
    for name in sorted(set(early) & set(hosts_of)):
        yield InventoryFault(
            serious=True,
            what=f"{name} is set in the inventory, where it has no effect: Ansible reads it before it knows any host",
            advice=f"Set it with -e {name}=… or in the vars of a play of your own.",
            hosts=tuple(hosts_of[name]),
            where=where(name),
        )


def different_values(variable: str, hosts_of: Mapping[str, Sequence[str]]) -> Iterator[InventoryFault]:
    """Yield the fault of a variable that needs one value for all hosts; ``hosts_of`` has the hosts of each value."""
    if len(hosts_of) < 2:
        return
    total = sum(map(len, hosts_of.values()))
    values = [f"{printable(value, _NAME)} for {named_hosts(hosts, total)}" for value, hosts in hosts_of.items()]
    yield InventoryFault(
        serious=True,
        what=f"{variable} must be the same for all printers of a run, but is {', and '.join(values)}",
        advice=f"Set it for all with -e {variable}=…, or run these printers apart from each other with --limit.",
    )
