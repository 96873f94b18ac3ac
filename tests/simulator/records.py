# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of printers, and of a tenant: devices, people, subscriptions. Contains no rules."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Session:
    """A browser's session with a controller. `account` is empty before the sign-in."""

    id: str
    token: str
    last_seen: float
    account: str = ""
    must_change: bool = False
    wrote: bool = False
    confirmation: str = ""


@dataclass
class Account:
    """An account of a controller. `group` is the user group that a Settings Editor shows.

    `role` is viewer or administrator (domain.md: "customer administrator"; in a Settings Editor, an account with the
    right [Access to connectivity settings]). `full_access`: it also has [Full access to administration tasks].
    `domain`: of a domain account; empty for an account of the printer itself.
    """

    username: str
    password: str
    role: str
    failures: int = 0
    locked: bool = False
    must_change: bool = False
    group: str = ""
    full_access: bool = False
    domain: str = ""


@dataclass
class ProxyClient:
    """The settings of the [Proxy Client] tab."""

    use: bool = False
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    exceptions: str = ""

    def shown(self) -> dict[str, Any]:
        """Return the settings for the audit, without the password."""
        plain = dataclasses.asdict(self)
        plain["password"] = "set" if self.password else "not set"
        return plain


@dataclass
class Request:
    """A registration that was requested with [Register] and is not claimed yet.

    For a Settings Editor, a hand-over that is not completed yet.
    """

    ready_at: float
    code: str = ""
    error: bool = False


@dataclass
class Printer:
    name: str
    serial: str
    serial_declared: str
    language: str
    network: str
    trouble: str
    hostname: str
    ip_address: str
    accounts: dict[str, Account]
    declared_passwords: dict[str, str]
    kind: str = "sra"
    hands_over_to: str = "home"
    region: str = "eu"
    cloud_applications: dict[str, bool] = field(default_factory=dict)
    registered_site: str = ""
    display_name: str = ""
    proxy: ProxyClient = field(default_factory=ProxyClient)
    mode_enabled: bool = True
    ors_seen: dict[str, str] = field(default_factory=dict)
    ors_connected: bool | None = None
    ors_text: str = ""
    ors_checked: float = 0.0
    ors_visible_at: float = 0.0
    ors_last_connection: float = 0.0
    registered_tenant: str = ""
    request: Request | None = None
    clock_offset: float = 0.0
    unlicensed: list[str] = field(default_factory=list)
    enabled: list[str] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    domain: str = ""
    lists_names: bool = False
    proxy_fields: str = "all"

    def to_json(self) -> str:
        return json.dumps(self, default=vars)

    @classmethod
    def from_json(cls, text: str) -> Printer:
        plain = json.loads(text)
        plain["accounts"] = {key: Account(**value) for key, value in plain["accounts"].items()}
        plain["sessions"] = {key: Session(**value) for key, value in plain["sessions"].items()}
        plain["proxy"] = ProxyClient(**plain["proxy"])
        plain["request"] = Request(**plain["request"]) if plain["request"] else None
        return cls(**plain)


@dataclass
class Device:
    """A row of a tenant's list of devices.

    `native`: it came by the internal connector of a printer. The others came by Cloud Proxy; `facts` are their columns,
    and they may lack a serial number (domain.md, "PRISMA Home: devices").
    """

    tenant: str
    serial: str
    printer: str
    connected_at: float
    enabled: dict[str, bool]
    name: str = ""
    native: bool = True
    active: bool = True
    location: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    given_id: str = ""

    @property
    def device_id(self) -> str:
        """The [Device ID]. That of a printer is made of its serial number, so that registering again keeps it."""
        return self.given_id or f"d{hashlib.sha256(self.serial.encode()).hexdigest()[:11]}"

    @property
    def key(self) -> str:
        """The order of the list: serial numbers first, then devices without one."""
        return f"{self.serial or '~'}|{self.device_id}"

    @property
    def shown_in_audit(self) -> dict[str, str]:
        return {"serial": self.serial} if self.serial else {"device_id": self.device_id}

    def to_json(self) -> str:
        return json.dumps(self, default=vars)

    @classmethod
    def from_json(cls, text: str) -> Device:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Tenant:
    """`client_of`: the person for whom the client of the JSON interface acts."""

    id: str
    name: str
    client_id: str
    client_secret: str
    region: str = "eu"
    client_of: str = ""

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Tenant:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class SignInAccount:
    """An account at the identity provider. `code`: what its authenticator app shows; empty without a second factor."""

    email: str
    password: str
    code: str


@dataclass(frozen=True)
class Subscription:
    """What a tenant has bought for an application. `permanent`: a device that took a licence keeps it for good."""

    application: str
    type: str
    devices: int
    ends: str
    permanent: bool
