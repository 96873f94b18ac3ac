# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of PRISMA Home below [Configuration]: [Users] > [List of users], applications, subscriptions."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS, ROLES
from simulator.home_frame import HomeFrame, Page, Visit, form_of
from simulator.home_people import NONE, HomePeople, roles_of
from simulator.home_subscriptions import Subscriptions
from simulator.paging import Paging
from simulator.site_rules import NotDone, stored
from simulator.world import World

USERS = "/configuration/users"


@dataclass
class HomeConfiguration:
    world: World
    subscriptions: Subscriptions
    frame: HomeFrame

    @property
    def people(self) -> HomePeople:
        return self.world.people

    def routes(self) -> list[Route]:
        return [
            self._page(USERS, self.list_of_users),
            self._page(f"{USERS}/invite", self.invite, "POST"),
            self._page(f"{USERS}/role", self.role, "POST"),
            self._page(f"{USERS}/application-role", self.application_role, "POST"),
            self._page(f"{USERS}/remove", self.remove, "POST"),
            self._page(USERS + "/{email}", self.user),
            self._page("/configuration/applications", self.list_of_applications),
            self._page("/configuration/subscriptions", self.list_of_subscriptions),
        ]

    def _page(self, path: str, page: Page, *methods: str) -> Route:
        page = self.frame.writer(page) if methods else page
        return Route(path, self.frame.signed_in(page), methods=list(methods) or ["GET"])

    async def list_of_users(self, request: Request, visit: Visit) -> Response:
        part = request.query_params.get("q", "").strip().lower()
        store, size = self.people.store, self.world.settings.home_page_size
        paging = Paging.of(request, store.count(visit.tenant.id, part), "users", size)
        rows = store.page(visit.tenant.id, part=part, offset=paging.offset, limit=size)
        return self.frame.show(visit, "users.html", rows=rows, roles=ROLES, applications=APPLICATIONS, **paging.values)

    async def user(self, request: Request, visit: Visit) -> Response:
        """Show one person with the buttons."""
        person = self.people.store.person(request.path_params["email"])
        if person is None or person.tenant != visit.tenant.id:
            return self.frame.message(visit, "There is no such user.", error=True, status=404)
        return self.frame.show(
            visit, "user.html", person=person, roles=ROLES, applications=APPLICATIONS, offered=_offered()
        )

    async def invite(self, request: Request, visit: Visit) -> Response:
        form = await form_of(request)
        email, role, name = (form.get(key, "") for key in ("email", "role", "name"))
        done = self.people.invite(visit.tenant.id, visit.email, email, role.lower(), name)
        return self.frame.message(visit, done)

    async def role(self, request: Request, visit: Visit) -> Response:
        form = await form_of(request)
        email, role = form.get("email", ""), form.get("role", "").lower()
        return self.frame.message(visit, self.people.set_role(visit.tenant.id, visit.email, email, role))

    async def application_role(self, request: Request, visit: Visit) -> Response:
        form = await form_of(request)
        email, application, role = (form.get(key, "") for key in ("email", "application", "role"))
        done = self.people.set_application_role(visit.tenant.id, visit.email, email, application, role.lower() or NONE)
        return self.frame.message(visit, done)

    async def remove(self, request: Request, visit: Visit) -> Response:
        form = await form_of(request)
        email = form.get("email", "")
        if form.get("confirmed") != "yes":
            if self.people.store.person(stored(email)) is None:
                raise NotDone(f"{stored(email)} is not a person of this tenant.")
            return self.frame.show(visit, "remove_user.html", email=email)
        return self.frame.message(visit, self.people.remove(visit.tenant.id, visit.email, email))

    async def list_of_applications(self, request: Request, visit: Visit) -> Response:
        """Show the roles that each application offers."""
        return self.frame.show(visit, "applications.html", applications=APPLICATIONS, offered=_offered())

    async def list_of_subscriptions(self, request: Request, visit: Visit) -> Response:
        return self.frame.show(visit, "subscriptions.html", rows=self.subscriptions.shown(visit.tenant.id))


def _offered() -> dict[str, tuple[str, ...]]:
    return {application: roles_of(application) for application in APPLICATIONS}
