# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Settings Editor of a PRISMAsync printer: a page whose script reads and writes JSON.

Every write sends the session's token in a header. Without a session, every request is answered with status 200 and the
page itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from simulator import controller_sessions as sessions
from simulator.controller_sessions import Visit
from simulator.controller_writes import ControllerWrites
from simulator.editor_texts import APPLICATIONS_BY_CLOUD, CLOUD_NAMES, EDITOR_TEXTS
from simulator.ors import OrsLink
from simulator.records import Printer, ProxyClient
from simulator.registration import NotHandedOver, Registration
from simulator.world import World

TEMPLATES = Path(__file__).parent / "templates" / "editor"
TOKEN_HEADER = "X-Editor-Token"
VIEWER_MAY = ("api/device", "api/remote-service")
APPLICATION_PATH = "api/connectivity/cloud-service/applications/"
CONNECTIVITY = "Access to connectivity settings"
FULL_ACCESS = "Full access to administration tasks"

Endpoint = Callable[[Visit, dict[str, Any]], Awaitable[Response]]


class SettingsEditor:
    """One instance serves all printers of this kind."""

    cookie = "editorSession"

    def __init__(self, world: World, ors: OrsLink, registration: Registration, writes: ControllerWrites) -> None:
        self.world = world
        self.ors = ors
        self.registration = registration
        self.writes = writes
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, auto_reload=False)
        self._shell = environment.get_template("shell.html")
        self._script = (TEMPLATES / "editor.js").read_text(encoding="utf-8")
        self._endpoints: Mapping[tuple[str, str], Endpoint] = {
            ("GET", "api/device"): self._device,
            ("GET", "api/remote-service"): self._remote_service,
            ("GET", "api/connectivity/proxy"): self._proxy,
            ("PUT", "api/connectivity/proxy"): self._save_proxy,
            ("POST", "api/connectivity/proxy/test"): self._test_proxy,
            ("GET", "api/connectivity/cloud-service"): self._cloud_service,
            ("POST", "api/connectivity/cloud-service/registration/question"): self._ask_to_confirm,
            ("POST", "api/connectivity/cloud-service/registration"): self._register,
        }

    async def answer(self, request: Request, visit: Visit) -> Response:
        """Answer one request to a printer of this kind."""
        page = request.path_params["page"]
        if page == "editor.js":
            return Response(self._script, media_type="text/javascript")
        if page == "":
            return self._page(visit)
        if not page.startswith("api/"):
            return Response("Not found", status_code=404)
        document = await _document(request)
        if request.method != "GET" and not visit.token_matches(request.headers.get(TOKEN_HEADER, "")):
            return self._page(visit) if visit.expired else self._refused(visit, 403, "bad_token")
        if page == "api/session":
            return self._session(request.method, visit, document)
        if visit.account is None:
            return self._page(visit)
        if page == "api/session/password" and request.method == "PUT":
            new = _text(document, "new")
            fine = sessions.change_password(self.world, visit, _text(document, "old"), new, new)
            return Response(status_code=204) if fine else self._refused(visit, 403, "password_differs")
        if visit.session.must_change:
            return self._refused(visit, 403, "password_change")
        if visit.account.role != "administrator" and page not in VIEWER_MAY:
            return self._refused(visit, 403, "no_right")
        return await self._answer_signed_in(request.method, page, visit, document)

    async def _answer_signed_in(self, method: str, page: str, visit: Visit, document: dict[str, Any]) -> Response:
        application = page.removeprefix(APPLICATION_PATH) if page.startswith(APPLICATION_PATH) else None
        endpoint = self._endpoints.get((method, page))
        if endpoint is None and (application is None or method != "PUT"):
            return JSONResponse({"code": "not_found"}, 404)
        # domain.md, "Accounts, sessions, locks on the controller": only one administrator writes at a time.
        if method != "GET" and not page.endswith("/test") and sessions.refuses_second_writer(self.world, visit):
            return self._refused(visit, 409, "busy")
        if endpoint is not None:
            return await endpoint(visit, document)
        return self._switch(visit, str(application), document)

    def _session(self, method: str, visit: Visit, document: dict[str, Any]) -> Response:
        if method == "DELETE":
            sessions.sign_out(self.world, visit)
            return Response(status_code=204)
        if method == "POST":
            given = (_text(document, name) for name in ("user", "password", "domain"))
            refused = sessions.sign_in(self.world, visit, *given)
            if refused:
                return self._refused(visit, {"locked": 423, "session_limit": 409}.get(refused, 401), refused)
        return JSONResponse(self._told(visit))

    def _told(self, visit: Visit) -> dict[str, Any]:
        account, printer = visit.account, visit.printer
        rights = [CONNECTIVITY] if account is not None and account.role == "administrator" else []
        if account is not None and account.full_access:
            rights.append(FULL_ACCESS)
        local = [each.username for each in printer.accounts.values() if not each.domain]
        return {
            "product": "PRISMAsync Settings Editor",
            "signedIn": account is not None,
            "user": visit.user,
            "group": account.group if account is not None else "",
            "rights": rights,
            "mustChangePassword": visit.session.must_change,
            # domain.md, "Accounts, sessions, locks on the controller": the sign-in may ask for the domain first, and
            # show the names of local accounts in a list.
            "domains": [printer.domain] if printer.domain else [],
            "userNames": local if printer.lists_names else [],
            "token": visit.session.token,
        }

    async def _device(self, visit: Visit, _document: dict[str, Any]) -> Response:
        printer, settings = visit.printer, self.world.settings
        # domain.md, "Where onboarding fails in practice": time zone or clock wrong.
        clock = _shown(self.world.now() + printer.clock_offset, printer)
        return self._items(
            printer,
            ("series", "series", settings.prismasync_series),
            ("serialNumber", "serial_number", printer.serial),
            ("controllerVersion", "controller_version", f"PRISMAsync {settings.prismasync_version}"),
            ("hostName", "host_name", printer.hostname),
            ("ipAddress", "ip_address", printer.ip_address),
            ("engineVersion", "engine_version", settings.print_engine_version),
            ("dateTime", "date_time", clock),
        )

    async def _remote_service(self, visit: Visit, _document: dict[str, Any]) -> Response:
        printer = visit.printer
        t = EDITOR_TEXTS[printer.language]
        state, mode = await self.ors.seen_by(printer, visit.session.account)
        last = _shown(printer.ors_last_connection, printer) if printer.ors_last_connection else t["never"]
        return self._items(
            printer,
            ("orsState", "ors_state", t[state]),
            ("orsMode", "ors_mode", t[mode]),
            ("lastConnection", "last_connection", last),
        )

    async def _proxy(self, visit: Visit, _document: dict[str, Any]) -> Response:
        proxy = visit.printer.proxy
        return JSONResponse(
            {
                "enabled": proxy.use,
                "host": proxy.host,
                "port": int(proxy.port) if proxy.port else None,
                "user": proxy.user,
                "passwordSet": bool(proxy.password),
                "exceptions": [part for part in proxy.exceptions.split(";") if part],
            }
        )

    async def _save_proxy(self, visit: Visit, document: dict[str, Any]) -> Response:
        port = document.get("port")
        wanted = ProxyClient(
            use=document.get("enabled") is True,
            host=_text(document, "host").strip(),
            port="" if port is None else str(port),
            user=_text(document, "user").strip(),
            password=_text(document, "password"),
            exceptions=";".join(map(str, document.get("exceptions") or ())),
        )
        if self.writes.set_proxy(visit, wanted) != "saved":
            return self._refused(visit, 422, "invalid")
        return await self._proxy(visit, {})

    async def _test_proxy(self, visit: Visit, _document: dict[str, Any]) -> Response:
        attempt = await self.ors.check(visit.printer)
        result = EDITOR_TEXTS[visit.printer.language]["passed" if attempt.connected else "failed"]
        return JSONResponse({"result": result, "text": attempt.text})

    async def _cloud_service(self, visit: Visit, _document: dict[str, Any]) -> Response:
        printer = visit.printer
        t = EDITOR_TEXTS[printer.language]
        tenant = self.world.tenant(printer.registered_tenant) if printer.registered_tenant else None
        registered = bool(printer.registered_tenant or printer.registered_site)
        return JSONResponse(
            {
                "applications": [_application(printer, id) for id in APPLICATIONS_BY_CLOUD[printer.hands_over_to]],
                "registration": {
                    "state": t["registered" if registered else "unregistered"],
                    "service": CLOUD_NAMES[printer.hands_over_to],
                    "registeredWith": tenant.name if tenant else self.world.site_names.get(printer.registered_site, ""),
                },
            }
        )

    def _switch(self, visit: Visit, application: str, document: dict[str, Any]) -> Response:
        printer = visit.printer
        if application not in APPLICATIONS_BY_CLOUD[printer.hands_over_to]:
            return JSONResponse({"code": "not_found"}, 404)
        if application == "remoteMatch" and self._lacks_full_access(visit):
            return self._refused(visit, 403, "no_full_access")
        self.writes.switch_application(visit, application, document.get("enabled") is True)
        return JSONResponse(_application(printer, application))

    def _lacks_full_access(self, visit: Visit) -> bool:
        """Whether the account may not configure Remote Match, nor register a printer for it.

        domain.md, "Accounts, sessions, locks on the controller": at an administration site both need the right [Full
        access to administration tasks].
        """
        return visit.printer.hands_over_to == "site" and visit.account is not None and not visit.account.full_access

    async def _ask_to_confirm(self, visit: Visit, _document: dict[str, Any]) -> Response:
        """domain.md, "PRISMAsync": the Settings Editor first asks to confirm, then the portal opens."""
        printer = visit.printer
        if not any(printer.cloud_applications.values()):
            return self._refused(visit, 409, "no_application")
        if printer.cloud_applications.get("remoteMatch") and self._lacks_full_access(visit):
            return self._refused(visit, 403, "no_full_access")
        visit.session.confirmation = secrets.token_urlsafe(12)
        self.world.store.keep_secret("hidden_token", visit.session.confirmation)
        question = EDITOR_TEXTS[printer.language]["confirm_register"]
        return JSONResponse({"question": question, "confirmation": visit.session.confirmation})

    async def _register(self, visit: Visit, document: dict[str, Any]) -> Response:
        confirmation, visit.session.confirmation = visit.session.confirmation, ""
        if not confirmation or _text(document, "confirmation") != confirmation:
            return self._refused(visit, 409, "not_confirmed")
        visit.session.wrote = True
        try:
            return JSONResponse({"location": await self.registration.hand_over(visit.printer, visit.user)})
        except NotHandedOver as error:
            return self._refused(visit, 409 if str(error) == "no_application" else 502, str(error))

    def _items(self, printer: Printer, *items: tuple[str, str, str]) -> Response:
        t = EDITOR_TEXTS[printer.language]
        return JSONResponse({"items": [{"id": id, "label": t[label], "value": value} for id, label, value in items]})

    def _refused(self, visit: Visit, status: int, code: str) -> Response:
        return JSONResponse({"code": code, "message": EDITOR_TEXTS[visit.printer.language][code]}, status)

    def _page(self, visit: Visit) -> Response:
        language = visit.printer.language
        texts = EDITOR_TEXTS[language]
        return HTMLResponse(self._shell.render(t=texts, language=language, texts=json.dumps(texts)))


def _application(printer: Printer, id: str) -> dict[str, Any]:
    label = APPLICATIONS_BY_CLOUD[printer.hands_over_to][id]
    return {"id": id, "label": label, "enabled": printer.cloud_applications.get(id, False)}


def _shown(moment: float, printer: Printer) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(EDITOR_TEXTS[printer.language]["date_format"])


def _text(document: dict[str, Any], key: str) -> str:
    """Return a text of the document, empty if it is missing or null."""
    return str(document.get(key) or "")


async def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
