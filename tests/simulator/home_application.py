# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRISMA Home as an application of one page: it keeps its token in web storage, and talks JSON.

domain.md, "Interfaces": parts of the real cloud are single-page applications. Their storage is not public.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from simulator.home_frame import TEMPLATES, HomeFrame
from simulator.oidc_child import APPLICATION_CLIENT


@dataclass
class HomeApplication:
    issuer: str
    frame: HomeFrame

    def routes(self) -> list[Route]:
        return [Route("/application/", self.page), Route("/application/application.js", self.script)]

    async def page(self, request: Request) -> Response:
        return self.frame.public("application.html", issuer=self.issuer, client=APPLICATION_CLIENT)

    async def script(self, request: Request) -> Response:
        return FileResponse(TEMPLATES / "home" / "application.js", media_type="text/javascript")
