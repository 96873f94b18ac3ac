# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories for the printers of a simulator, as a site would write them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from .home import person_of
from .simulation import Simulation

PROFILES = {"sra": "sra-remote-ui", "prismasync": "prismasync-settings-editor"}
"""The profile of each kind of controller."""

ACCOUNT = "person"
"""How the inventories sign in to a tenant, unless something else is asked for."""

DASHBOARD = "prismalytics-dashboard"
DECLARED: dict[str, dict[str, Any]] = {
    # Leave the waiting address to a person.
    "sra-awaiting-claim": {"onboard_claim": False},
    # An application that the internal connector of this kind does not serve.
    "ps-en-001": {"onboard_applications": {"remote-match": True}},
    "sra-already": {"onboard_applications": {}},
}
"""Variables of single printers of the demo fleet."""

IMPATIENT = {"printops_timeout": 1, "printops_retries": 0, "printops_deadline": 10}
"""Variables of a controller that accepts connections and never answers."""


def inventory_of(
    simulation: Simulation,
    *,
    tenant: str | None = "alpha",
    account: str = ACCOUNT,
    viewer: bool = False,
    **variables: Any,
) -> dict[str, Any]:
    """Return :func:`inventory_for` a running simulator."""
    return inventory_for(simulation.ready, tenant=tenant, account=account, viewer=viewer, **variables)


def inventory_for(
    ready: dict[str, Any],
    *,
    tenant: str | None = "alpha",
    account: str = ACCOUNT,
    viewer: bool = False,
    **variables: Any,
) -> dict[str, Any]:
    """Return the inventory as data: every printer, and the tenant's credentials unless ``tenant`` is None.

    ``ready`` is the content of the simulator's ready file, ``account`` that of :func:`tenant_variables`.

    A printer that needs a proxy gets the working one, except sra-proxy-wrong, which gets a dead one. A printer that
    hands over to an administration site gets the site north, if the simulator has sites; one in another region of
    PRISMA Home gets a tenant there. ``variables`` are added for all printers.
    """
    common: dict[str, Any] = {
        "printops_ca_path": ready["ca"],
        "onboard_wait_timeout": 60,
        "onboard_wait_sleep": 0.5,
        "onboard_applications": {DASHBOARD: True},
    }
    if tenant is not None:
        common |= tenant_variables(ready, tenant, account)
    else:
        common["printops_address_hosts"] = [urlsplit(ready["home"]["url"]).hostname]
    hosts = {item["name"]: _host(ready, item, tenant, account, viewer) for item in ready["printers"]}
    return {"all": {"children": {"printers": {"hosts": hosts}}, "vars": {**common, **variables}}}


def tenant_variables(ready: dict[str, Any], tenant: str = "alpha", account: str = ACCOUNT) -> dict[str, Any]:
    """Return the variables by which modules reach a tenant.

    ``account``: "person" signs in on the pages of PRISMA Home; "client" is client credentials, for its application.
    """
    declared = next(item for item in ready["tenants"] if item["id"] == tenant)
    common = {
        "printops_tenant_url": declared["url"],
        "printops_tenant": tenant,
        "printops_tenant_ca_path": ready["ca"],
    }
    if account == "person":
        person = person_of(ready, tenant)
        return {
            **common,
            "printops_tenant_username": person["email"],
            "printops_tenant_password": person["password"],
            "printops_tenant_sign_in_hosts": [urlsplit(ready["home"]["oidc"]["issuer"]).netloc],
        }
    return {
        **common,
        "printops_tenant_profile": "prisma-home-application",
        "printops_tenant_client_id": declared["client_id"],
        "printops_tenant_client_secret": declared["client_secret"],
    }


def site_variables(ready: dict[str, Any], site: str = "north") -> dict[str, Any]:
    """Return the variables by which modules sign in to an administration site by form."""
    sites = ready["sites"]
    declared = next(item for item in sites["sites"] if item["id"] == site)
    automation = declared["automation"]
    return {
        "printops_site": declared["name"],
        "printops_site_url": sites["url"],
        "printops_site_username": automation["email"],
        "printops_site_password": automation["password"],
        "printops_site_sign_in_hosts": [urlsplit(sites["oidc"]["issuer"]).netloc],
        "printops_site_ca_path": ready["ca"],
    }


def _in_its_region(ready: dict[str, Any], printer: dict[str, Any], tenant: str, account: str) -> dict[str, Any]:
    """Return the variables of the first tenant in the printer's region, if ``tenant`` is in another one."""
    regions = {item["id"]: item["region"] for item in ready["tenants"]}
    if regions[tenant] == printer["region"]:
        return {}
    other = next(id for id, region in regions.items() if region == printer["region"])
    return tenant_variables(ready, other, account)


def _host(
    ready: dict[str, Any], printer: dict[str, Any], tenant: str | None, account: str, viewer: bool
) -> dict[str, Any]:
    administrator = printer["accounts"]["administrator"]
    host: dict[str, Any] = {
        "printops_profile": PROFILES[printer.get("kind", "sra")],
        "printops_host": printer["host"],
        "printops_port": printer["port"],
        "printops_base_path": printer["base_path"],
        "printops_serial": printer["serial_declared"],
        "printops_username": administrator["username"],
        "printops_password": administrator["password"],
    }
    if "domain" in administrator:
        host["printops_domain"] = administrator["domain"]
    if tenant is not None:
        host |= _in_its_region(ready, printer, tenant, account)
    if printer["hands_over_to"] == "site" and ready.get("sites"):
        host |= site_variables(ready)
    if viewer:
        host["onboard_viewer"] = dict(printer["accounts"]["viewer"])
    if printer["network"] == "proxy_required":
        proxy = ready["dead_proxy" if printer["name"] == "sra-proxy-wrong" else "proxy"]
        host["onboard_proxy"] = {name: proxy[name] for name in ("host", "port", "user", "password") if name in proxy}
    if printer["trouble"] == "silent":
        host |= IMPATIENT
    return host | DECLARED.get(printer["name"], {})


def write_inventory(path: Path, inventory: dict[str, Any]) -> Path:
    """Write an inventory as YAML with mode 0600, because it contains passwords."""
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(inventory, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def main() -> None:
    """Write the inventory of a running simulator. Arguments: its ready file, and the path of the inventory."""
    ready, path = sys.argv[1:]
    if not Path(ready).exists():
        sys.exit(f"{ready} is missing: start the simulator (make simulator), and wait until it lists its addresses")
    write_inventory(Path(path), inventory_for(json.loads(Path(ready).read_text(encoding="utf-8")), viewer=True))
    print(f"inventory: {path}")


if __name__ == "__main__":
    main()
