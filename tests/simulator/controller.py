# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the SRA remote web UI, and who may see them. Registration and ORS are elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator import controller_sessions as sessions
from simulator.controller_sessions import Visit
from simulator.controller_writes import ControllerWrites
from simulator.faults import drop
from simulator.ors import OrsLink
from simulator.qr import qr_png
from simulator.records import Printer
from simulator.registration import Registration
from simulator.settings_editor import SettingsEditor
from simulator.texts import TEXTS
from simulator.world import World

COOKIE = "sraSession"
TEMPLATES = Path(__file__).parent / "templates" / "controller"
OPEN_PAGES = {"": "frames.html", "top.htm": "top.html", "menu.htm": "menu.html"}
VIEWER_PAGES = ("device.htm", "ors.htm")
METHODS = ["GET", "POST", "PUT", "DELETE"]


class Controllers:
    """All printers of one port. The path says which printer a request is for."""

    def __init__(self, world: World, ors: OrsLink, registration: Registration) -> None:
        self.world = world
        self.ors = ors
        self.registration = registration
        self.writes = ControllerWrites(world, ors, registration)
        self.editor = SettingsEditor(world, ors, registration, self.writes)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages: Mapping[str, Callable[[Visit], Awaitable[Response]]] = {
            "device.htm": self._device,
            "ors.htm": self._ors,
            "proxy.htm": self._proxy,
            "register.htm": self._register,
            "registration/qr.png": self._qr,
        }

    async def answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        printer = self.world.store.printer(name) if name in self.world.served_names else None
        if printer is None:
            return PlainTextResponse("Not found", status_code=404)
        if printer.trouble == "unreachable":
            # Only for a printer that a test makes unreachable at run time; the others have a closed port.
            await drop(request.scope, request.receive)
            return PlainTextResponse("Nobody reads this", status_code=503)
        if printer.trouble == "slow":
            await asyncio.sleep(self.world.settings.slow_delay)
        if printer.trouble == "silent":
            # Accepts connections and never answers.
            while (await request.receive())["type"] != "http.disconnect":
                pass
        if printer.trouble == "unknown_release":
            return HTMLResponse("<title>Web Console 2</title><form name='logon'><input name='id'></form>")
        cookie = self.editor.cookie if printer.kind == "prismasync" else COOKIE
        visit = sessions.visit_of(self.world, printer, request.cookies.get(cookie))
        if printer.kind == "prismasync":
            response = await self.editor.answer(request, visit)
        else:
            response = await self._dispatch(request, visit)
        if visit.new:
            self.world.store.keep_secret("cookie", visit.session.id)
            self.world.store.keep_secret("hidden_token", visit.session.token)
            path = self.world.base_path_of(printer)
            response.set_cookie(cookie, visit.session.id, path=path, secure=True, httponly=True)
        response.headers["Cache-Control"] = "no-store"
        self.world.store.keep(printer)
        return response

    async def _dispatch(self, request: Request, visit: Visit) -> Response:
        page = request.path_params["page"]
        if request.method in ("PUT", "DELETE"):
            return PlainTextResponse("Method not allowed", status_code=405)
        if request.method == "POST":
            body = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
            form = {key: values[-1] for key, values in body.items()}
            return await self._post(page, form, visit)
        if page == "logout.cgi":
            sessions.sign_out(self.world, visit)
            return self._show(visit, "message.html", text="logged_out", kind="info")
        if visit.expired or page == "login.htm":
            return self._sign_in_page(visit)
        if visit.session.must_change:
            return self._show(visit, "password.html")
        if page in OPEN_PAGES:
            return self._show(visit, OPEN_PAGES[page])
        if page not in self._pages:
            return PlainTextResponse("Not found", status_code=404)
        refusal = self._refusal(page, visit)
        return refusal or await self._pages[page](visit)

    def _refusal(self, page: str, visit: Visit) -> Response | None:
        if visit.account is None:
            return self._sign_in_page(visit)
        if visit.account.role != "administrator" and page not in VIEWER_PAGES:
            return self._show(visit, "message.html", text="no_access", kind="error")
        return None

    async def _post(self, page: str, form: dict[str, str], visit: Visit) -> Response:
        if page not in ("login.cgi", "password.cgi", "connectivity.cgi", "register.cgi"):
            return PlainTextResponse("Not found", status_code=404)
        if visit.expired:
            return self._sign_in_page(visit)
        if not visit.token_matches(form.get("sectok", "")):
            return self._sign_in_page(visit, "bad_token")
        if page == "login.cgi":
            return self._sign_in(form, visit)
        if visit.session.must_change and page != "password.cgi":
            return self._show(visit, "password.html")
        refusal = self._refusal(page if page != "password.cgi" else "device.htm", visit)
        if refusal:
            return refusal
        if page == "password.cgi":
            fine = sessions.change_password(
                self.world, visit, form.get("oldpw", ""), form.get("newpw", ""), form.get("reppw", "")
            )
            return _back_to_frames() if fine else self._show(visit, "password.html", error="password_differs")
        if page == "connectivity.cgi" and form.get("op") == "test":
            attempt = await self.ors.check(visit.printer)
            return await self._proxy(visit, test=attempt)
        # domain.md, "Accounts, sessions, locks on the controller": only one administrator writes at a time.
        if sessions.refuses_second_writer(self.world, visit):
            return self._show(visit, "message.html", text="busy", kind="error")
        if page == "connectivity.cgi":
            message = self.writes.save_proxy(visit, form)
            return await self._proxy(visit, error="" if message == "saved" else message, saved=message == "saved")
        if form.get("op") == "unregister" and visit.printer.registered_tenant:
            return self._show(visit, "unregister.html")
        await self.writes.registration_form(visit, form)
        return await self._register(visit)

    def _sign_in(self, form: dict[str, str], visit: Visit) -> Response:
        refused = sessions.sign_in(self.world, visit, form.get("uname", ""), form.get("upass", ""))
        if refused in ("locked", "session_limit"):
            return self._show(visit, "message.html", text=refused, kind="error")
        if refused:
            return self._sign_in_page(visit, refused)
        if visit.session.must_change:
            return self._show(visit, "password.html")
        return _back_to_frames()

    def _sign_in_page(self, visit: Visit, error: str = "") -> Response:
        return self._show(visit, "login.html", error=error)

    async def _device(self, visit: Visit) -> Response:
        # domain.md, "Where onboarding fails in practice": time zone or clock wrong; so each controller has its own.
        moment = self.world.now() + visit.printer.clock_offset
        return self._show(visit, "device.html", settings=self.world.settings, clock=_shown(moment, visit.printer))

    async def _ors(self, visit: Visit) -> Response:
        printer = visit.printer
        state, mode = await self.ors.seen_by(printer, visit.session.account)
        last = _shown(printer.ors_last_connection, printer) if printer.ors_last_connection else ""
        return self._show(visit, "ors.html", state=state, mode=mode, last=last)

    async def _proxy(self, visit: Visit, **more: object) -> Response:
        return self._show(visit, "proxy.html", proxy=visit.printer.proxy, **more)

    async def _register(self, visit: Visit) -> Response:
        printer = visit.printer
        state = self.registration.state(printer)
        tenant = self.world.tenant(printer.registered_tenant) if printer.registered_tenant else None
        # domain.md, "Registering a printer in PRISMA Home", 8: no QR code is as bad as an error text.
        address, with_code = self.registration.address(printer), printer.trouble != "no_qr_code"
        return self._show(visit, "register.html", state=state, tenant=tenant, address=address, qr_code=with_code)

    async def _qr(self, visit: Visit) -> Response:
        self.registration.state(visit.printer)
        address = self.registration.address(visit.printer)
        if not address or visit.printer.trouble == "no_qr_code":
            return PlainTextResponse("Not found", status_code=404)
        return Response(qr_png(address), media_type="image/png")

    def _show(self, visit: Visit, template: str, **values: object) -> Response:
        texts = TEXTS[visit.printer.language]
        page = self._templates.get_template(template).render(
            t=texts,
            language=visit.printer.language,
            printer=visit.printer,
            product=self.world.settings.product_name,
            user=visit.user,
            administrator=visit.account is not None and visit.account.role == "administrator",
            token=visit.session.token,
            **values,
        )
        return HTMLResponse(page)


def _back_to_frames() -> Response:
    return RedirectResponse("./", status_code=302)


def _shown(moment: float, printer: Printer) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(TEXTS[printer.language]["date_format"])


def controllers_application(controllers: Controllers) -> Starlette:
    return Starlette(
        routes=[Route("/printers/{name}/{page:path}", controllers.answer, methods=METHODS)],
    )
