# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts and passwords that a run will use for a printer, from its variables. Sends and decides nothing."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...module_utils._options.group import OptionGroup
from ...module_utils._options.site import SITE
from ...module_utils._options.tenant import TENANT
from ...module_utils._prisma.connection import controller_account, password_options
from ...module_utils._web.session.store import credential_key
from .spec import variable_or_environment

ReadText = Callable[[str], str]
"""Reads a text file, decrypting it."""


@dataclass(frozen=True)
class AccountPassword:
    """An account with its password, and what messages call an interface that has it."""

    account: str
    secret: str = field(repr=False)
    kind: str = "printer"

    @property
    def key(self) -> str:
        """The key of the credential in the memory of the run: the same for all interfaces that share it."""
        return credential_key(self.account, self.secret)


def printer_credentials(value: Callable[[str], t.Any]) -> list[AccountPassword]:
    """Return those that are used on the printer itself: its account's, and the viewer's."""
    named = {name: variable_or_environment(value, f"printops_{name}") for name in ("username", "password", "domain")}
    viewer = value("onboard_viewer")
    accounts = [named, *([viewer] if isinstance(viewer, Mapping) else [])]
    return [
        AccountPassword(controller_account(each), str(each["password"]))
        for each in accounts
        if each.get("username") and each.get("password")
    ]


def cloud_credentials(value: Callable[[str], t.Any], read_text: ReadText) -> list[AccountPassword]:
    """Return those of the tenant and of the administration site, if a password is declared there."""
    found = (_cloud(group, cloud, value, read_text) for group, cloud in ((TENANT, "tenant"), (SITE, "site")))
    return [each for each in found if each is not None]


def _cloud(
    group: OptionGroup, cloud: str, value: Callable[[str], t.Any], read_text: ReadText
) -> AccountPassword | None:
    options = {option: variable_or_environment(value, names[0]) for option, names in group.variables.items()}
    names = password_options(options.get)
    if names is None:
        return None
    account, secret = str(options[names[0]] or ""), options[names[1]]
    path = options[f"{names[1]}_file"]
    if not secret and path:
        with contextlib.suppress(OSError, ValueError):  # the printer's own step says what is wrong with it
            secret = read_text(str(path)).strip()
    return AccountPassword(account, str(secret), cloud) if account and secret else None
