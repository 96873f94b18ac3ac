# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet file: printers, tenants, sites and settings. Does not know their state."""

from __future__ import annotations

import dataclasses
import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

KINDS = ("sra", "prismasync")
LANGUAGES = ("en", "fr", "de")
CLOUDS = ("home", "site")
REGIONS = ("eu", "us")
ROLES = ("Administrator", "Employee")
APPLICATION_ROLES = ("user", "administrator")
NETWORKS = ("open", "proxy_required")
PROXIES = ("none", "good", "wrong")
PROXY_FIELDS = ("all", "host_and_port")
TROUBLES = (
    "none",
    "already",
    "awaiting_claim",
    "ors_down",
    "ors_not_configured",
    "ors_mode_off",
    "register_error",
    "owned_by_other",
    "owned_by_other_registered",
    "wrong_device",
    "locked",
    "password_change",
    "auth_failed",
    "unreachable",
    "untrusted_certificate",
    "slow",
    "register_slow",
    "busy",
    "silent",
    "unknown_release",
    "never_sent_data",
    "no_qr_code",
)
# domain.md, "PRISMA Home: devices": each application has its own enabled state.
APPLICATIONS = {
    "prismalytics-dashboard": "PRISMAlytics Dashboard",
    "prismalytics-accounting": "PRISMAlytics Accounting",
    "prismacolor-manager": "PRISMAcolor Manager",
    "premote-monitoring": "PRISMAremote Monitoring",
    "remote-match": "Remote Match",
}


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class FleetError(ValueError):
    """The fleet file is invalid. The text names the key."""


@dataclass(frozen=True)
class Settings:
    """Times are in seconds."""

    registration_delay: float = 1.0
    register_slow_delay: float = 30.0
    slow_delay: float = 2.0
    connecting_delay: float = 1.0
    first_data_delay: float = 2.0
    session_timer: float = 600.0
    session_limit: int = 4
    lock_after: int = 5
    ors_recheck: float = 5.0
    ors_connect_delay: float = 1.0
    ors_timeout: float = 3.0
    token_lifetime: int = 3600
    home_page_size: int = 50
    home_session_timer: float = 1800.0
    home_access_token_lifetime: int = 3600
    page_size: int = 50
    site_session_timer: float = 1200.0
    site_page_size: int = 50
    site_access_token_lifetime: int = 300
    product_name: str = "ProStream 1000"
    product_family: str = "ProStream"
    business_line: str = "Continuous feed"
    controller_version: str = "7.2.1"
    prismasync_series: str = "varioPRINT 6000 series"
    prismasync_version: str = "9.1.2"
    print_engine_version: str = "3.14.0"


@dataclass(frozen=True)
class PersonSpec:
    """A person of a tenant. `state: pending`: invited, and never signed in."""

    email: str
    role: str = "Administrator"
    password: str = ""
    name: str = ""
    state: str = "active"
    second_factor: bool = False
    applications: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CloudProxyDeviceSpec:
    """A device that came by Cloud Proxy: virtual if it has no serial number. `printer`: it is that printer, again."""

    name: str
    serial: str = ""
    printer: str = ""
    model: str = "imagePRESS V900"
    location: str = ""


@dataclass(frozen=True)
class SubscriptionSpec:
    application: str
    type: str = "Subscription"
    devices: int = 100
    ends: str = "2031-12-31"
    permanent: bool = False


@dataclass(frozen=True)
class TenantSpec:
    """A tenant. `generated_people`: so many more, generated; `accounts`: they can sign in, and belong to no tenant."""

    id: str
    name: str
    client_id: str = ""
    client_secret: str = ""
    region: str = "eu"
    people: tuple[PersonSpec, ...] = ()
    generated_people: int = 0
    accounts: tuple[str, ...] = ()
    devices: tuple[CloudProxyDeviceSpec, ...] = ()
    subscriptions: tuple[SubscriptionSpec, ...] = ()


@dataclass(frozen=True)
class PrinterSpec:
    """One entry of `printers`, or `count` entries after expansion. An empty secret means a random one."""

    name: str
    count: int = 1
    kind: str = "sra"
    language: str = "en"
    hands_over_to: str = "home"
    region: str = "eu"
    network: str = "open"
    proxy: str = "none"
    trouble: str = "none"
    serial: str = ""
    administrator_password: str = ""
    viewer_password: str = ""
    viewer_sees_ors: str = "same"
    administrator_sees_ors: str = "same"
    clock_offset: float = 0.0
    unlicensed: tuple[str, ...] = ()
    enabled: tuple[str, ...] = ()
    domain: str = ""
    lists_names: bool = False
    full_access: bool = False
    proxy_fields: str = "all"


@dataclass(frozen=True)
class SiteSpec:
    """An administration site and its people at the start. `accounts` can sign in, but are on no list."""

    id: str
    name: str = ""
    administrators: tuple[str, ...] = ()
    administrators_invited: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    people: int = 0
    clusters: tuple[str, ...] = ()
    printers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fleet:
    settings: Settings = field(default_factory=Settings)
    tenants: tuple[TenantSpec, ...] = ()
    printers: tuple[PrinterSpec, ...] = ()
    sites: tuple[SiteSpec, ...] = ()


def default_people(tenant: str) -> tuple[PersonSpec, ...]:
    return (
        PersonSpec(email=f"administrator@{tenant}.example.com"),
        PersonSpec(email=f"employee@{tenant}.example.com", role="Employee"),
    )


DEFAULT_TENANTS = tuple(
    TenantSpec(id=name, name=f"Print shop {name.capitalize()}", people=default_people(name))
    for name in ("alpha", "beta")
)

Spec = TypeVar("Spec", Settings, PersonSpec, CloudProxyDeviceSpec, SubscriptionSpec, TenantSpec, PrinterSpec, SiteSpec)
Part = TypeVar("Part", PersonSpec, CloudProxyDeviceSpec, SubscriptionSpec)


def load_fleet(path: Path) -> Fleet:
    """Read and check a fleet file. FleetError names the wrong key and entry."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise FleetError(f"{path}: not YAML: {error}") from error
    return read_fleet(document or {})


def read_fleet(document: Any) -> Fleet:
    if not isinstance(document, dict):
        raise FleetError("a fleet file is a mapping with the keys settings, tenants, printers, sites")
    _refuse_unknown(document, {"settings", "tenants", "printers", "sites"}, "the fleet file")
    settings = _read(Settings, document.get("settings") or {}, "settings")
    tenants = tuple(
        _read_tenant(entry, f"tenants[{index}]") for index, entry in enumerate(document.get("tenants") or [])
    )
    tenants = tenants or DEFAULT_TENANTS
    emails = [person.email for tenant in tenants for person in tenant.people]
    for key, values in (("id", [tenant.id for tenant in tenants]), ("email", emails)):
        if len(set(values)) != len(values):
            raise FleetError(f"tenants: an {key} occurs twice")
    if len(tenants) < 2:
        raise FleetError("tenants: at least two are needed (the second one holds what belongs to others)")
    printers: list[PrinterSpec] = []
    for index, entry in enumerate(document.get("printers") or []):
        printers.extend(_expand(_read(PrinterSpec, entry, f"printers[{index}]"), f"printers[{index}]"))
    names = [printer.name for printer in printers]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) != len(names) else []
    if twice:
        raise FleetError(f"printers: the name {twice[0]!r} occurs twice")
    sites = tuple(_read_site(entry, f"sites[{index}]") for index, entry in enumerate(document.get("sites") or []))
    if len({site.id for site in sites}) != len(sites):
        raise FleetError("sites: an id occurs twice")
    return Fleet(settings=settings, tenants=tenants, printers=tuple(printers), sites=sites)


def _read_site(entry: Any, where: str) -> SiteSpec:
    spec = _read(SiteSpec, entry, where)
    default = tuple(f"{name}@{spec.id}.example.com" for name in ("automation", "deputy"))
    return dataclasses.replace(
        spec, name=spec.name or spec.id.capitalize(), administrators=spec.administrators or default
    )


def _read_tenant(entry: Any, where: str) -> TenantSpec:
    if not isinstance(entry, dict):
        raise FleetError(f"{where}: a mapping is needed")
    people = _read_list(PersonSpec, entry, "people", where)
    for person in people:
        _choice(person.role, ROLES, f"{where}.people.role")
        _choice(person.state, ("active", "pending"), f"{where}.people.state")
        for application, role in person.applications.items():
            _choice(application, tuple(APPLICATIONS), f"{where}.people.applications")
            _choice(role, APPLICATION_ROLES, f"{where}.people.applications.{application}")
    devices = _read_list(CloudProxyDeviceSpec, entry, "devices", where)
    subscriptions = _read_list(SubscriptionSpec, entry, "subscriptions", where)
    for subscription in subscriptions:
        _choice(subscription.application, tuple(APPLICATIONS), f"{where}.subscriptions.application")
    plain = {key: value for key, value in entry.items() if key not in ("people", "devices", "subscriptions")}
    spec = _read(TenantSpec, plain, where)
    _choice(spec.region, REGIONS, f"{where}.region")
    people = people or default_people(spec.id)
    return dataclasses.replace(spec, people=people, devices=devices, subscriptions=subscriptions)


def _read_list(kind: type[Part], entry: dict[str, Any], key: str, where: str) -> tuple[Part, ...]:
    return tuple(_read(kind, one, f"{where}.{key}[{index}]") for index, one in enumerate(entry.get(key) or []))


def _expand(spec: PrinterSpec, where: str) -> list[PrinterSpec]:
    _choice(spec.kind, KINDS, f"{where}.kind")
    _choice(spec.hands_over_to, CLOUDS, f"{where}.hands_over_to")
    _choice(spec.region, REGIONS, f"{where}.region")
    _choice(spec.language, LANGUAGES, f"{where}.language")
    _choice(spec.network, NETWORKS, f"{where}.network")
    _choice(spec.proxy, PROXIES, f"{where}.proxy")
    _choice(spec.proxy_fields, PROXY_FIELDS, f"{where}.proxy_fields")
    _choice(spec.trouble, TROUBLES, f"{where}.trouble")
    for application in (*spec.unlicensed, *spec.enabled):
        _choice(application, tuple(APPLICATIONS), f"{where}: application")
    for key in ("viewer_sees_ors", "administrator_sees_ors"):
        _choice(getattr(spec, key), ("same", "not_connected", "mode_off"), f"{where}.{key}")
    if spec.count == 1 and "{" not in spec.name:
        return [_named(spec, where)]
    if "{" not in spec.name:
        raise FleetError(
            f"{where}.name: with count {spec.count} the name needs a place for the number, as in 'sra-{{:03d}}'"
        )
    if spec.serial and spec.count > 1:
        raise FleetError(f"{where}.serial: one serial number cannot serve {spec.count} printers")
    try:
        names = [spec.name.format(number) for number in range(1, spec.count + 1)]
    except (LookupError, ValueError) as error:
        raise FleetError(f"{where}.name: {spec.name!r} is no pattern for one number") from error
    return [_named(dataclasses.replace(spec, name=name, count=1), where) for name in names]


def _named(spec: PrinterSpec, where: str) -> PrinterSpec:
    if not NAME.fullmatch(spec.name):
        raise FleetError(f"{where}.name: {spec.name!r} has something else than letters, digits, '.', '_' and '-'")
    return spec


def _read(kind: type[Spec], entry: Any, where: str) -> Spec:
    if not isinstance(entry, dict):
        raise FleetError(f"{where}: a mapping is needed")
    hints = typing.get_type_hints(kind)
    _refuse_unknown(entry, set(hints), where)
    values: dict[str, Any] = {}
    for key, value in entry.items():
        values[key] = _converted(value, hints[key], f"{where}.{key}")
    missing = [
        item.name
        for item in dataclasses.fields(kind)
        if item.name not in values
        and item.default is dataclasses.MISSING
        and item.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise FleetError(f"{where}: {missing[0]} is missing")
    return kind(**values)


def _converted(value: Any, wanted: Any, where: str) -> Any:
    if typing.get_origin(wanted) is tuple:
        if not isinstance(value, list):
            raise FleetError(f"{where}: a list is needed")
        return tuple(value)
    if typing.get_origin(wanted) is dict:
        if not isinstance(value, dict):
            raise FleetError(f"{where}: a mapping is needed")
        return dict(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise FleetError(f"{where}: {value!r} is not a {wanted.__name__}")
    return value


def _refuse_unknown(entry: dict[str, Any], known: set[str], where: str) -> None:
    for key in entry:
        if key not in known:
            raise FleetError(f"{where}: unknown key {key!r} (known: {', '.join(sorted(known))})")


def _choice(value: Any, allowed: tuple[str, ...], where: str) -> None:
    if value not in allowed:
        raise FleetError(f"{where}: {value!r} is none of {', '.join(allowed)}")
