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

from .simulation import Simulation

PROFILES = {"sra": "sra-remote-ui", "prismasync": "prismasync-settings-editor"}
"""The profile of each kind of controller."""

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
    simulation: Simulation, *, tenant: str | None = "alpha", viewer: bool = False, **variables: Any
) -> dict[str, Any]:
    """Return :func:`inventory_for` a running simulator."""
    return inventory_for(simulation.ready, tenant=tenant, viewer=viewer, **variables)


def inventory_for(
    ready: dict[str, Any], *, tenant: str | None = "alpha", viewer: bool = False, **variables: Any
) -> dict[str, Any]:
    """Return the inventory as data: every printer, and the tenant's credentials unless ``tenant`` is None.

    ``ready`` is the content of the simulator's ready file.

    A printer that needs a proxy gets the working one, except sra-proxy-wrong, which gets a dead one. A printer that
    hands over to an administration site gets the site north, if the simulator has sites. ``variables`` are added for
    all printers.
    """
    common: dict[str, Any] = {
        "printops_ca_path": ready["ca"],
        "onboard_wait_timeout": 60,
        "onboard_wait_sleep": 0.5,
        "onboard_applications": {DASHBOARD: True},
    }
    if tenant is not None:
        account = next(item for item in ready["tenants"] if item["id"] == tenant)
        common |= {
            "printops_tenant_url": ready["home"]["url"],
            "printops_tenant": tenant,
            "printops_tenant_client_id": account["client_id"],
            "printops_tenant_client_secret": account["client_secret"],
            "printops_tenant_ca_path": ready["ca"],
        }
    else:
        common["printops_address_hosts"] = [urlsplit(ready["home"]["url"]).hostname]
    hosts = {item["name"]: _host(ready, item, viewer) for item in ready["printers"]}
    return {"all": {"children": {"printers": {"hosts": hosts}}, "vars": {**common, **variables}}}


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


def _host(ready: dict[str, Any], printer: dict[str, Any], viewer: bool) -> dict[str, Any]:
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
    write_inventory(Path(path), inventory_for(json.loads(Path(ready).read_text(encoding="utf-8")), viewer=True))
    print(f"inventory: {path}")


if __name__ == "__main__":
    main()
