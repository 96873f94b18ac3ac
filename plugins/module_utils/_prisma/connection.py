# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a session on a controller, tenant or site. Knows options and addresses, no page."""

from __future__ import annotations

import math
import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .._decide.address import is_host
from .._options.cloud import CLOUDS, methods_given
from .._options.controller import CONTROLLER
from .._options.group import OptionGroup
from .._options.https import CONTROLLER_HTTP, SITE_HTTP, TENANT_HTTP
from .._options.site import SITE
from .._options.tenant import TENANT
from .._options.web import WEB
from .._web.errors import BadInput
from .._web.http.channels import ChannelPool
from .._web.http.client import Client, ClientOptions, Deadline, Purpose, make_client
from .._web.profile.profile import Profile
from .._web.session.canary import Canary
from .._web.session.session import SIGN_OUT_DEADLINE, Session
from .._web.session.store import SessionState, SessionStore, session_key
from .task import Request

_WAIT_VARIABLES = {"wait_timeout": "onboard_wait_timeout", "wait_sleep": "onboard_wait_sleep"}
"""The variables of the role onboard; the modules themselves have none."""


def _variables(*groups: OptionGroup) -> dict[str, str]:
    return {**_WAIT_VARIABLES, **{option: names[0] for group in groups for option, names in group.variables.items()}}


_VARIABLES = {
    "controller": _variables(CONTROLLER, CONTROLLER_HTTP),
    "tenant": _variables(TENANT, TENANT_HTTP),
    "site": _variables(SITE, SITE_HTTP),
    "other": _variables(WEB, CONTROLLER_HTTP),
}
"""The variable of each option, by kind of interface."""


_CREDENTIALS: dict[tuple[str, ...], tuple[str, str]] = {
    ("username",): ("username", "password"),
    ("client_credentials",): ("client_id", "client_secret"),
}
"""Account and secret of the methods by which a cloud judges a password."""


def controller_url(options: Mapping[str, t.Any]) -> str:
    """Return the address of the controller's web interface. Raise :class:`BadInput` for an option that cannot be."""
    host = str(options["host"]).strip()
    if "@" in host:  # not repeated: what stands before it may be a password
        raise BadInput(
            "printops_host holds a user name or password before an @",
            advice="Give the FQDN of the printer only, and the account as printops_username and printops_password.",
        )
    if "%" in host:
        raise BadInput(
            f"printops_host {host!r} is a link-local IPv6 address with a zone, which HTTPS addresses cannot hold",
            advice="Give the FQDN of the printer, or an address without a zone.",
        )
    if not host or any(character.isspace() or character in "/?#" for character in host):
        raise BadInput(
            f"printops_host {host!r} is not the name or address of a host",
            advice="Give the FQDN of the printer in printops_host.",
        )
    port = int(options["port"])
    if not 1 <= port <= 65535:
        raise BadInput(f"printops_port {port} is not a port", advice="Give a port from 1 to 65535.")
    if host.count(":") == 1:
        raise BadInput(f"printops_host {host!r} holds a port", advice="Give the port in printops_port.")
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    path = "/" + str(options["base_path"]).strip("/")
    return f"https://{host}:{port}{path if path.endswith('/') else path + '/'}"


def tenant_url(options: Mapping[str, t.Any], what: str = "PRISMA Home") -> str:
    """Return the address of PRISMA Home, or of ``what``. Raise :class:`BadInput` unless it is an https address."""
    url = str(options["url"]).strip()
    if not url.lower().startswith("https://") or any(character.isspace() for character in url):
        shown = url.rsplit("@", 1)[-1]  # without a user and password before the host
        raise BadInput(f"url {shown!r} is not an https address", advice=f"Give the address of {what}, with https://.")
    return url if url.endswith("/") else url + "/"


def controller_account(options: Mapping[str, t.Any]) -> str:
    """Return what messages and the memory of a run call an account of a controller: with its domain, if it has one."""
    domain, username = str(options.get("domain") or "").strip(), str(options["username"])
    return f"{domain}\\{username}" if domain else username


@dataclass(frozen=True)
class Credential:
    """An account with its secret at one interface. ``in_file``: ``secret`` is the file that holds it."""

    base_url: str
    account: str
    secret: str = field(repr=False)
    in_file: bool = False


def credential_of(interface: str, options: Mapping[str, t.Any]) -> Credential | None:
    """Return the credential that the options of a task give; None for a way to sign in that spends no attempts."""
    if interface == "controller":
        return Credential(controller_url(options), controller_account(options), str(options["password"]))
    account, secret = password_options(options.get) or ("", "")
    given, file = options.get(secret), options.get(f"{secret}_file")
    if not (given or file):
        return None
    return Credential(tenant_url(options), str(options[account]), str(given or file), in_file=not given)


def password_options(value: Callable[[str], t.Any]) -> tuple[str, str] | None:
    """Return the options of account and secret by which a cloud judges a password; None for a session or a token.

    ``value`` returns the value of an option, None without one.
    """
    return _CREDENTIALS.get(tuple(methods_given(value)))


def canary_for(
    store: SessionStore, options: Mapping[str, t.Any], account: str, secret: str, *, in_file: bool = False
) -> Canary | None:
    """Return the canary of a credential; None if ``max_refused`` is 0. Tenants and sites have that option's default.

    ``in_file``: ``secret`` is the name of a file, of which an earlier canary run says nothing.
    """
    max_refused = options.get("max_refused", CONTROLLER.spec["max_refused"]["default"])
    if not max_refused:
        return None
    if "max_refused" in options:
        return Canary(store, account, secret, max_refused)
    by_password = password_options(options.get) is not None and not in_file
    return Canary(store, account, secret, max_refused, "service", by_password=by_password)


def tenant_of_sign_in(value: Callable[[str], t.Any]) -> str:
    """Return the tenant that a sign-in makes a session for; "" where the session or token was there before.

    That one is of one tenant, whichever it was that signed in with it first: the others are refused by their proof.
    ``value`` returns the value of an option, or None.
    """
    own = methods_given(value) in (["username"], ["client_credentials"])
    return str(value("tenant") or "") if own else ""


def open_session(
    request: Request,
    base_url: str,
    *,
    account: str,
    secret: str,
    variables: Mapping[str, t.Any],
    kind: Callable[..., Session] = Session,
) -> Session:
    """Return the session of ``account`` at ``base_url``. No request is sent yet.

    The account may be used at many interfaces, of which one tries it first (``max_refused``).
    """
    how = _how(request, base_url)
    check_numbers(request.profile.interface, request.options)
    client = make_client(
        _client_options(how, request.profile, request.deadline, request.check_mode, request.check_run, request.channels)
    )
    session = kind(
        client,
        request.profile,
        key=session_key(base_url, request.profile.id, account, secret, tenant_of_sign_in(request.options.get)),
        account=account,
        variables=variables,
        store=request.store,
        allow_unverified=request.options["allow_unverified_profile"],
        canary=canary_for(request.store, request.options, account, secret),
        sign_out_with={
            "client": how,
            "profile": request.profile_given,
            "variables": _for_sign_out(request.profile, variables),
        },
    )
    request.sessions.append(session)
    return session


def reopen_session(key: str, state: SessionState, profile: Profile, store: SessionStore) -> Session:
    """Return the session that is kept under ``key``, to sign out of it. Neither options nor secret are needed."""
    how = state.sign_out_with
    client = make_client(_client_options(how["client"], profile, Deadline(SIGN_OUT_DEADLINE), False))
    return Session(client, profile, key=key, account=key.split("|")[2], variables=how["variables"], store=store)


def _client_options(
    how: Mapping[str, t.Any],
    profile: Profile,
    deadline: Deadline,
    check_mode: bool,
    check_run: Callable[[Purpose], None] = lambda purpose: None,
    channels: ChannelPool | None = None,
) -> ClientOptions:
    return ClientOptions(
        **{
            **how,
            "tls_fingerprint": tuple(how["tls_fingerprint"]),
            "ciphers": tuple(how["ciphers"]),
            "sign_in_hosts": frozenset(how["sign_in_hosts"]),
        },
        check_mode=check_mode,
        deadline=deadline,
        check_run=check_run,
        requests_per_second=profile.requests_per_second,
        at_once=profile.concurrency,
        channels=channels,
    )


def with_variable(interface: str, option: str) -> str:
    """Return how a message names an option: with the variable that the user may have set in its place."""
    return f"{option} ({_VARIABLES[interface][option]})"


def check_numbers(interface: str, options: Mapping[str, t.Any]) -> None:
    """Raise :class:`BadInput` for a number of an option that cannot be: a time without length, a count below 0."""
    for name in ("timeout", "deadline", "wait_timeout", "wait_sleep"):
        seconds, named = options.get(name), with_variable(interface, name)
        if seconds is not None and not math.isfinite(seconds):  # YAML's .nan and .inf, for which a wait has no end
            raise BadInput(f"{named} is {seconds}, but must be a number of seconds")
        if seconds is not None and seconds <= 0:
            raise BadInput(f"{named} is {seconds}, but must be more than 0 seconds")
    for name in ("retries", "max_refused"):
        if (options.get(name) or 0) < 0:
            raise BadInput(f"{with_variable(interface, name)} is {options[name]}, but cannot be less than 0")


def check_hosts(variable: str, hosts: Iterable[t.Any], *, port: bool = False) -> None:
    """Raise :class:`BadInput` unless all of ``hosts`` are names or addresses of hosts; ``port``: it may follow."""
    for host in map(str, hosts):
        if not is_host(host, port=port):
            shown = host.rsplit("@", 1)[-1]  # without a user and password before the host
            raise BadInput(
                f"{variable}: {shown!r} is not the name or address of a host",
                advice="Give the name alone, such as login.example.com, without https:// and path"
                + ("; a port may follow it, as in login.example.com:8443." if port else ", and without a port."),
            )


def _how(request: Request, base_url: str) -> dict[str, t.Any]:
    """Return the client options that a later sign-out needs as well."""
    options = request.options
    interface, sign_in_hosts = request.profile.interface, options.get("sign_in_hosts") or ()
    if sign_in_hosts:
        check_hosts(_VARIABLES[interface]["sign_in_hosts"], sign_in_hosts, port=True)
    return {
        "base_url": base_url,
        "cloud": interface if interface in CLOUDS else None,
        "sign_in_hosts": sorted({*request.profile.sign_in.hosts, *sign_in_hosts}),
        "ca_path": options["ca_path"],
        "tls_fingerprint": [str(item) for item in options["tls_fingerprint"] or ()],
        "validate_certs": options["validate_certs"],
        "ciphers": [str(item) for item in options.get("ciphers") or ()],
        "tls_minimum": options.get("tls_minimum"),
        "timeout": options["timeout"],
        "retries": options["retries"],
        "proxy": options["http_proxy"],
        "use_environment_proxy": options["use_environment_proxy"],
    }


def client_for(request: Request, base_url: str, sign_in_hosts: frozenset[str]) -> Client:
    """Return a client for another host that takes part in a sign-in, with the TLS and proxy options of the task."""
    how = {**_how(request, base_url), "sign_in_hosts": sign_in_hosts}
    return make_client(_client_options(how, request.profile, request.deadline, request.check_mode))


def _for_sign_out(profile: Profile, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the variables that the profile's sign-out needs, so that a password is kept only if it is needed."""
    used = profile.sign_out_needs
    return {name: value for name, value in variables.items() if name in used or name == "host"}
