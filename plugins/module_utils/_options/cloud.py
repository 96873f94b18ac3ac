# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task signs in to a cloud: the same for a PRISMA Home tenant and an administration site."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from .group import OptionGroup, from_environment

CLOUDS = ("tenant", "site")
"""The kinds of interfaces that these options are for. Each has variables with its own prefix."""

SITE_URL = "https://remotecontrol.cpp.canon/"
"""The vendor's administration site. Source: domain.md, "Two back ends"."""

_DOCUMENTATION = r"""
  session_file:
    description:
      - File with the session of a browser, in which a person has signed in. Either a storage state of Playwright, as
        the playbook C(printops.prisma.sign_in) writes it, or a C(cookies.txt) (Netscape), which has cookies only. The
        profile says whether the session is in cookies or in the web storage of the browser.
      - Only cookies of the cloud's own host, and web storage of its own origin, are used. The session is not signed
        out.
      - A relative path, here and of the other files, begins in the folder in which C(ansible-playbook) was started.
      - Give one way to sign in. These are O(session_file); O(username) with its password; a refresh token with
        O(issuer) and O(client_id); a bearer token; and, if the profile has client credentials, O(client_id) with
        O(client_secret) alone. An empty string is treated as unset.
      - Variable C(printops_cloud_session_file), environment E(PRINTOPS_CLOUD_SESSION_FILE).
    type: path
  username:
    description:
      - E-mail address or name of the account, for a sign-in on the pages of its provider.
      - Variable C(printops_cloud_username), environment E(PRINTOPS_CLOUD_USERNAME).
    type: str
  password:
    description:
      - Its password. It is sent to O(sign_in_hosts) only.
      - Variable C(printops_cloud_password), environment E(PRINTOPS_CLOUD_PASSWORD).
    type: str
  password_file:
    description:
      - File that holds the password, in one line.
      - Variable C(printops_cloud_password_file), environment E(PRINTOPS_CLOUD_PASSWORD_FILE).
    type: path
  sign_in_hosts:
    description:
      - Hosts of the account's provider that a sign-in may lead to, each as C(host) or C(host:port), beside those that
        the profile lists. Over https only, and in the steps of the sign-in only. Of a token endpoint, too.
      - Variable C(printops_cloud_sign_in_hosts), environment E(PRINTOPS_CLOUD_SIGN_IN_HOSTS).
    type: list
    elements: str
  issuer:
    description:
      - OpenID provider whose token endpoint takes the refresh token. It is found by discovery.
      - Variable C(printops_cloud_issuer), environment E(PRINTOPS_CLOUD_ISSUER).
    type: str
  client_id:
    description:
      - Client that the refresh token was issued to, or the account of client credentials.
      - Variable C(printops_cloud_client_id), environment E(PRINTOPS_CLOUD_CLIENT_ID).
    type: str
  client_secret:
    description:
      - Its secret, if it has one. Client credentials need it.
      - Variable C(printops_cloud_client_secret), environment E(PRINTOPS_CLOUD_CLIENT_SECRET).
    type: str
  client_secret_file:
    description:
      - File that holds the client's secret, in one line.
      - Variable C(printops_cloud_client_secret_file), environment E(PRINTOPS_CLOUD_CLIENT_SECRET_FILE).
    type: path
  refresh_token:
    description:
      - OAuth refresh token. Unproven, as no public text says that the cloud takes a token.
      - Where the provider replaces it at each use, give O(refresh_token_file) instead, or it works once.
      - Variable C(printops_cloud_refresh_token), environment E(PRINTOPS_CLOUD_REFRESH_TOKEN).
    type: str
  refresh_token_file:
    description:
      - File that holds the refresh token. Where the provider replaces the token, the new one is written back, whole
        or not at all, with mode 0600. Also in check mode, as the old one is worth nothing then.
      - Variable C(printops_cloud_refresh_token_file), environment E(PRINTOPS_CLOUD_REFRESH_TOKEN_FILE).
    type: path
  bearer_token:
    description:
      - An access token. Unproven, as no public text says that the cloud takes a token.
      - Variable C(printops_cloud_bearer_token), environment E(PRINTOPS_CLOUD_BEARER_TOKEN).
    type: str
  bearer_token_file:
    description:
      - File that holds the access token.
      - Variable C(printops_cloud_bearer_token_file), environment E(PRINTOPS_CLOUD_BEARER_TOKEN_FILE).
    type: path
  profile:
    description:
      - Description of the cloud's web interface. The id of a profile (a C(profiles/ID.yml) beside playbook or inventory
        wins over the one shipped with the collection), a path, or a profile itself as a dictionary.
      - Variable C(printops_cloud_profile), environment E(PRINTOPS_CLOUD_PROFILE).
    type: raw
    default: PROFILE
  allow_unverified_profile:
    description:
      - Sign in and write although the profile does not recognise the interface.
      - Variable C(printops_cloud_allow_unverified_profile),
        environment E(PRINTOPS_CLOUD_ALLOW_UNVERIFIED_PROFILE).
    type: bool
    default: false
"""

_SPEC: dict[str, dict[str, t.Any]] = {
    "session_file": {"type": "path"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
    "sign_in_hosts": {"type": "list", "elements": "str"},
    "issuer": {"type": "str"},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "client_secret_file": {"type": "path", "no_log": False},
    "refresh_token": {"type": "str", "no_log": True},
    "refresh_token_file": {"type": "path", "no_log": False},
    "bearer_token": {"type": "str", "no_log": True},
    "bearer_token_file": {"type": "path", "no_log": False},
    "allow_unverified_profile": {"type": "bool", "default": False},
}


def cloud_group(
    cloud: str, profile: str, documentation: str, own: Mapping[str, tuple[str, Mapping[str, t.Any]]]
) -> OptionGroup:
    """Return the options of one kind of cloud: ``own`` (variable and spec of each, with ``documentation``), and these.

    ``profile`` is the id of the default profile. The name of the site or tenant proves that the account belongs there,
    so it is never blank; its option has the name of the ``cloud``.
    """
    shared = {**_SPEC, "profile": {"type": "raw", "default": profile}}
    options = {**own, **{name: (f"printops_{cloud}_{name}", spec) for name, spec in shared.items()}}
    text = _DOCUMENTATION.replace("_cloud_", f"_{cloud}_").replace("_CLOUD_", f"_{cloud.upper()}_")
    return OptionGroup(
        spec={name: from_environment(variable, **spec) for name, (variable, spec) in options.items()},
        documentation=documentation + text.replace("PROFILE\n", f"{profile}\n", 1).lstrip("\n"),
        variables={name: (variable,) for name, (variable, _spec) in options.items()},
        never_blank=frozenset({cloud}),
    )


METHODS = ("session_file", "username", "refresh_token", "bearer_token")
"""The options that choose how to sign in. Without them it is client credentials, if there are any."""


def methods_given(value: Callable[[str], t.Any]) -> list[str]:
    """Return the methods to sign in that are declared. ``value`` returns the value of an option, None without one."""
    given = [name for name in METHODS if value(name) or value(f"{name}_file")]
    return given or (["client_credentials"] if value("client_id") else [])
