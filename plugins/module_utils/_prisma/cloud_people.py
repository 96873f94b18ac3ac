# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules cloud_user, cloud_admin and cloud_access: from options to what a site's people should be."""

from __future__ import annotations

from collections.abc import Iterable

from .._decide.access.model import DeclaredAccess, Person
from .._decide.access.rules import APPLICATIONS, PEOPLE, AccessList, Cloud
from .._web.errors import BadInput
from .people import WantedPeople, reconcile
from .people_options import addresses, declared_people, options_for
from .site import Site
from .task import Request


def run_user(request: Request) -> None:
    """Keep people as users of exactly the applications given, or out of them."""
    reconcile(request, _users)


def run_admin(request: Request) -> None:
    """Keep people as administrators, or not."""
    reconcile(request, _administrators)


def run_access(request: Request) -> None:
    """Keep all lists of a site as declared."""
    reconcile(
        request,
        lambda request: declared_people(
            request, Cloud.SITE, lambda request, parsed: _site(request, parsed.options.dotless_domains)
        ),
    )


def _site(request: Request, dotless_domains: Iterable[str]) -> Site:
    return Site.of(request, None, dotless_domains)  # which site it must be is a guardrail


def _users(request: Request) -> WantedPeople:
    options = request.options
    people = addresses(options)
    given = options["applications"]
    applications: frozenset[str] = APPLICATIONS if given is None else frozenset(AccessList(name) for name in given)
    if not applications:
        raise BadInput("applications is empty", advice="To remove people from all applications, set state: absent.")
    if options["state"] == "absent":
        # out of all applications is off the list of all users as well, where a site has one
        return _named(request, people, DeclaredAccess(), applications | _people_if_all(applications))
    declared = DeclaredAccess(users=tuple(Person(address, applications, usual=given is None) for address in people))
    return _named(request, people, declared, APPLICATIONS | {PEOPLE})


def _people_if_all(applications: frozenset[str]) -> frozenset[str]:
    return frozenset({PEOPLE}) if applications == APPLICATIONS else frozenset()


def _administrators(request: Request) -> WantedPeople:
    options = request.options
    people = addresses(options)
    given = options["applications"]
    applications = None if given is None else frozenset(AccessList(name) for name in given)
    administrators = frozenset({AccessList.ADMINISTRATORS})
    if options["state"] == "absent":
        named = applications or frozenset()
        return _named(request, people, DeclaredAccess(), administrators | named | _people_if_all(named))
    declared = DeclaredAccess(administrators=tuple(Person(address, applications) for address in people))
    return _named(request, people, declared, administrators if applications is None else frozenset(AccessList))


def _named(request: Request, people: list[str], declared: DeclaredAccess, parts: frozenset[str]) -> WantedPeople:
    how = options_for(request.options, people, parts, request.options["site"])
    return WantedPeople(declared, how, lambda: _site(request, how.dotless_domains))
