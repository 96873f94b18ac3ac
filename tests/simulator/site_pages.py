# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of an administration site. The rules about people and printers are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator import site_rules as lists
from simulator.cloud_language import InTheLanguageAskedFor
from simulator.fleet import APPLICATIONS
from simulator.oidc_client import SignInFailed
from simulator.paging import Paging
from simulator.registration import AddressUnknown
from simulator.site_frame import COOKIE, Endpoint, Page, SiteFrame, form_of
from simulator.site_printers import RegisteredElsewhere, SitePrinters
from simulator.site_rules import NotDone, SiteRules
from simulator.site_store import Cluster, Session, SiteStore
from simulator.world import World


@dataclass(frozen=True)
class PeopleList:
    key: str
    path: str
    heading: str
    since: str
    who: str

    @property
    def adds(self) -> str:
        return "add-user" if self.who == "users" else "add-administrator"


PEOPLE_LISTS = (
    PeopleList(lists.DASHBOARD, "/users/dashboard", "PRISMAlytics Dashboard users", "Since", "users"),
    PeopleList(lists.REMOTE_MATCH, "/users/remote-match", "Remote Match users", "Since", "users"),
    PeopleList(lists.INVITED, "/users/invited", "Invited Remote Control users", "Invited on", "users"),
    PeopleList(lists.ACTIVE, "/users/active", "Active Remote Control users", "Since", "users"),
    PeopleList(
        lists.ADMINISTRATORS_INVITED,
        "/administrators/invited",
        "Invited administrators",
        "Invited on",
        "administrators",
    ),
    PeopleList(lists.ADMINISTRATORS, "/administrators/active", "Administrators", "Since", "administrators"),
)
OPENS = {
    "dashboard": APPLICATIONS["prismalytics-dashboard"],
    "remote-match": APPLICATIONS["remote-match"],
    "remote-control": "PRISMAremote Monitoring",
}


@dataclass
class SitePages:
    world: World
    store: SiteStore
    rules: SiteRules
    printers: SitePrinters
    frame: SiteFrame

    def application(self) -> Starlette:
        routes = [
            Route("/sign-in", self.sign_in),
            Route("/signed-in", self.signed_in),
            Route("/people", self.waiting, methods=["GET", "POST"]),
            self._page("/", self.home),
            self._page("/log-out", self.log_out, "POST", without_site=True),
            self._page("/users/add", self.add_user, "POST"),
            self._page("/administrators/add", self.add_administrator, "POST"),
            self._page("/printers", self.printer_list),
            self._page("/printers/remove", self.remove_printer, "POST"),
            self._page("/clusters", self.cluster_list),
            self._page("/clusters/add", self.add_cluster, "POST"),
            self._page("/applications/{application}", self.open_application),
            self._page("/hand-over/{code}", self.hand_over, "GET", "POST", without_site=True),
        ]
        for each in PEOPLE_LISTS:
            routes += [
                self._page(each.path, self._list_page(each)),
                self._page(f"{each.path}/remove", self._remove_page(each), "POST"),
            ]
        return Starlette(routes=routes, middleware=[Middleware(InTheLanguageAskedFor)])

    def _page(self, path: str, page: Page, *methods: str, without_site: bool = False) -> Route:
        endpoint: Endpoint = self.frame.signed_in(page, without_site=without_site)
        return Route(path, endpoint, methods=list(methods) or ["GET"])

    # signing in and out

    async def sign_in(self, request: Request) -> Response:
        target = request.query_params.get("next", "/")
        # Only paths of this site, so that the sign-in is no open redirect.
        inside = target.startswith("/") and not target.startswith(("//", "/\\"))
        url, waiting = self.frame.sign_in.leave_for_provider(
            target if inside else "/", getattr(request.state, "account", "")
        )
        return self.frame.with_cookie(url, waiting)

    async def signed_in(self, request: Request) -> Response:
        sign_in = self.frame.sign_in
        try:
            email, target = await sign_in.come_back(request.cookies.get(COOKIE, ""), dict(request.query_params))
        except SignInFailed as error:
            return self.frame.public("refused.html", id="sign-in-failed", text=str(error))
        self.rules.first_sign_in(email)
        site = self.rules.administers(email)
        # domain.md, "PRISMAsync": a hand-over completed with a wrong account may found a new site.
        may_found = target.startswith("/hand-over/") and not self.store.site_of(lists.stored(email))
        if not site and not may_found:
            self.world.store.audit("site", "", email, "sign_in_refused")
            return self.frame.not_administrator()
        self.world.store.audit("site", site, email, "sign_in")
        return self.frame.with_cookie(target, sign_in.fresh(email, site))

    async def log_out(self, request: Request, visit: Session) -> Response:
        """Handle [Log out]: it ends the session of the portal, not that of Microsoft or Google."""
        self.store.drop_session(visit.id)
        self.world.store.audit("site", visit.site, visit.email, "sign_out")
        return self.frame.public("logged_out.html")

    async def home(self, request: Request, visit: Session) -> Response:
        return self.frame.show(visit, "home.html")

    # people

    def _list_page(self, each: PeopleList) -> Page:
        async def page(request: Request, visit: Session) -> Response:
            part = request.query_params.get("q", "").strip().lower()
            total = self.store.count(visit.site, each.key, part)
            paging = self._paging(request, total, each.who)
            rows = self.store.rows(visit.site, each.key, part=part, offset=paging.offset, limit=paging.size)
            return self.frame.show(visit, "people.html", list=each, rows=rows, **paging.values)

        return page

    def _remove_page(self, each: PeopleList) -> Page:
        async def page(request: Request, visit: Session) -> Response:
            form = await form_of(request)
            email = form.get("email", "")
            if each.who == "administrators" and form.get("confirmed") != "yes":
                question = f"Remove {lists.stored(email)} from this list?"
                return self._question(visit, each.heading, question, f"{each.path}/remove", each.path, email=email)
            return self.frame.result_page(
                visit, lambda: self.rules.remove(visit.site, visit.email, each.key, email), each.heading
            )

        return page

    async def add_user(self, request: Request, visit: Session) -> Response:
        email = (await form_of(request)).get("email", "")
        return self.frame.result_page(visit, lambda: self.rules.add_user(visit.site, visit.email, email), "Users")

    async def add_administrator(self, request: Request, visit: Session) -> Response:
        """Add an administrator. Only another administrator can, and only administrators are ever signed in here."""
        email = (await form_of(request)).get("email", "")
        return self.frame.result_page(
            visit, lambda: self.rules.add_administrator(visit.site, visit.email, email), "Administrators"
        )

    async def open_application(self, request: Request, visit: Session) -> Response:
        application = request.path_params["application"]
        if application not in OPENS:
            return self.frame.message(visit, "There is no such page.", error=True, status=404)
        opens = self.rules.opens(visit.email, application)
        if opens and application == "remote-control":
            self.rules.first_use(visit.email)
        return self.frame.show(visit, "application.html", name=OPENS[application], opens=opens)

    async def waiting(self, request: Request) -> Response:
        """A page of the simulator alone: it does what invited people would do."""
        if request.method == "POST":
            form = await form_of(request)
            (self.rules.first_sign_in if form.get("does") == "first_sign_in" else self.rules.first_use)(form["email"])
            return RedirectResponse("/people", 303)
        kinds = ((lists.ADMINISTRATORS_INVITED, "first_sign_in"), (lists.INVITED, "first_use"))
        rows = [
            (site, row, does)
            for site in self.store.sites()
            for key, does in kinds
            for row in self.store.rows(site.id, key, limit=200)
        ]
        return self.frame.public("waiting.html", rows=rows)

    # clusters

    async def cluster_list(self, request: Request, visit: Session) -> Response:
        part = request.query_params.get("q", "").strip().lower()
        rows = [cluster for cluster in self.store.clusters(visit.site) if part in cluster.name.lower()]
        paging = self._paging(request, len(rows), "clusters")
        return self.frame.show(visit, "clusters.html", rows=rows[paging.rows], **paging.values)

    async def add_cluster(self, request: Request, visit: Session) -> Response:
        name = (await form_of(request)).get("name", "").strip()

        def does() -> str:
            if lists.REMOTE_MATCH not in self.store.lists_of(visit.email):
                # "Only an administrator who is also a Remote Match user can create clusters."
                raise NotDone("Only an administrator who is also a Remote Match user can create clusters.")
            if not name:
                raise NotDone("Enter a name.")
            if not self.store.keep_cluster(visit.site, Cluster(name, visit.email, self.world.now())):
                return f"{name} is already there."
            self.world.store.audit("site", visit.site, visit.email, "cluster_added", None, {"name": name})
            return f"{name} was added."

        return self.frame.result_page(visit, does, "Clusters")

    # printers

    async def printer_list(self, request: Request, visit: Session) -> Response:
        part = request.query_params.get("q", "").strip().lower()
        found = [row for row in self.printers.of(visit.site) if part in row.name.lower() or part in row.serial.lower()]
        paging = self._paging(request, len(found), "printers")
        rows = [self.printers.shown(row) for row in found[paging.rows]]
        return self.frame.show(visit, "printers.html", rows=rows, **paging.values)

    async def remove_printer(self, request: Request, visit: Session) -> Response:
        form = await form_of(request)
        serial = form.get("serial", "")
        if form.get("confirmed") != "yes":
            question = f"Remove the printer {serial} from this site?"
            return self._question(visit, "Printers", question, "/printers/remove", "/printers", serial=serial)
        return self.frame.result_page(visit, lambda: self.printers.remove(visit.site, visit.email, serial), "Printers")

    async def hand_over(self, request: Request, visit: Session) -> Response:
        """Show series and serial number after the sign-in, and ask for a display name, with [Add].

        domain.md, "Registering a printer in PRISMA Home". If the printer is registered elsewhere, ask whether to move
        it.
        """
        code = request.path_params["code"]
        try:
            printer = self.printers.registration.handed_over_at(code, "site")
            values: dict[str, Any] = {"printer": printer, "series": self.world.settings.prismasync_series, "code": code}
            if request.method == "GET":
                return self.frame.show(visit, "hand_over.html", **values, elsewhere=False, name="")
            form = await form_of(request)
            name = form.get("displayName", "").strip()
            site = visit.site or self.rules.site_to_found(visit.email)
            self.printers.add(site, visit.email, code, name, move=form.get("move") == "yes")
        except AddressUnknown:
            text = "This link is unknown or was used."
            return self.frame.message(visit, text, error=True, status=404, heading="Add printer")
        except RegisteredElsewhere:
            return self.frame.show(visit, "hand_over.html", **values, elsewhere=True, name=name)
        except NotDone as refusal:
            return self.frame.message(visit, str(refusal), error=True, heading="Add printer")
        if not visit.site:
            visit = self._found(visit, site)
        return self.frame.message(visit, f"{name} was added.", heading="Add printer", serial=printer.serial, name=name)

    def _found(self, visit: Session, id: str) -> Session:
        """Found the site of an account that has completed a hand-over and had none. Return its session there."""
        self.world.site_names[id] = self.rules.found(id, visit.email)
        founder = replace(visit, site=id)
        self.store.keep_session(founder)
        return founder

    # shared by all lists

    def _question(self, visit: Session, heading: str, question: str, action: str, back: str, **fields: str) -> Response:
        values: dict[str, Any] = {"heading": heading, "question": question, "action": action, "back": back}
        return self.frame.show(visit, "question.html", **values, fields=fields)

    def _paging(self, request: Request, total: int, who: str) -> Paging:
        return Paging.of(request, total, who, self.world.settings.site_page_size)
