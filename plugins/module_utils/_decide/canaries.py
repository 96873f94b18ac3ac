# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which printers stand for a fleet before the others are asked: some of each credential at each place. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FleetPrinter:
    """A printer that may be a canary. ``own`` and ``clouds``: keys of credentials; equal ones are one credential.

    ``own``: those that are used on the printer itself, ``clouds``: of tenant and site. ``place``: where it stands.
    """

    printer: str
    own: tuple[str, ...]
    clouds: tuple[str, ...] = ()
    place: str = ""


def shared_credentials(candidates: Sequence[FleetPrinter]) -> set[str]:
    """Return the credentials with which a wrong password may cost several sign-ins: of clouds, and of several printers.

    A credential of one printer alone needs no canary, as that printer is asked once in any case.
    """
    used = Counter(key for each in candidates for key in set(each.own))
    return {key for key, number in used.items() if number > 1} | {key for each in candidates for key in each.clouds}


def choose_canaries(candidates: Sequence[FleetPrinter], count: int) -> list[str]:
    """Return the names of ``count`` printers for each shared credential at each place, and of each place.

    In order: first those that are enough for one printer of each, then for two, and so on. A printer counts for all of
    its credentials.
    """
    shared = shared_credentials(candidates)
    members: dict[tuple[str, str], list[str]] = {}
    for each in candidates:
        for group in _groups(each, shared):
            members.setdefault(group, []).append(each.printer)
    groups_of = {each.printer: tuple(_groups(each, shared)) for each in candidates}
    chosen: dict[str, None] = {}
    covered: Counter[tuple[str, str]] = Counter()
    for number in range(1, count + 1):
        for group, printers in members.items():
            if covered[group] >= min(number, len(printers)):
                continue
            printer = next(name for name in printers if name not in chosen)
            chosen[printer] = None
            covered.update(groups_of[printer])
    return list(chosen)


def _groups(candidate: FleetPrinter, shared: set[str]) -> Iterator[tuple[str, str]]:
    yield "", candidate.place
    for key in dict.fromkeys((*candidate.own, *candidate.clouds)):
        if key in shared:
            yield key, candidate.place
