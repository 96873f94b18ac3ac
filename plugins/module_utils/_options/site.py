# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a task reaches an administration site of the cloud service, and the ways to sign in there."""

from __future__ import annotations

from .group import OptionGroup, from_environment

DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the administration site. The vendor's is C(https://remotecontrol.cpp.canon/).
      - Variable V(printops_site_url), environment E(PRINTOPS_SITE_URL).
    type: str
    required: true
  site:
    description:
      - Name of the site that the account must belong to. It is read back after the sign-in, and nothing is done if it
        is another one. Which site one sees depends on the account alone, so give it wherever there are several.
      - Variable V(printops_site), environment E(PRINTOPS_SITE).
    type: str
  session_file:
    description:
      - File with the session of a browser, which a person has signed in. Either a C(cookies.txt) (Netscape) or a
        storage state of Playwright, as the playbook C(printops.prisma.site_sign_in) writes it. Only cookies of the
        site's own host are used. The session is not signed out.
      - Give exactly one of O(session_file), O(username), O(refresh_token) or O(refresh_token_file), and
        O(bearer_token) or O(bearer_token_file). An empty text counts as not given.
      - Variable V(printops_site_session_file), environment E(PRINTOPS_SITE_SESSION_FILE).
    type: path
  username:
    description:
      - E-mail address of the account, for a sign-in by form.
      - Variable V(printops_site_username), environment E(PRINTOPS_SITE_USERNAME).
    type: str
  password:
    description:
      - Its password. It is sent to O(sign_in_hosts) only.
      - Variable V(printops_site_password), environment E(PRINTOPS_SITE_PASSWORD).
    type: str
  password_file:
    description:
      - File that holds the password, in one line.
      - Variable V(printops_site_password_file), environment E(PRINTOPS_SITE_PASSWORD_FILE).
    type: path
  sign_in_hosts:
    description:
      - Hosts of the account's provider that a sign-in may lead to, each as C(host) or C(host:port), beside those that
        the profile lists. Over https only, and in the steps of the sign-in only. Of a token endpoint, too.
      - Variable V(printops_site_sign_in_hosts), environment E(PRINTOPS_SITE_SIGN_IN_HOSTS).
    type: list
    elements: str
  issuer:
    description:
      - OpenID provider whose token endpoint takes the refresh token. It is found by discovery.
      - Variable V(printops_site_issuer), environment E(PRINTOPS_SITE_ISSUER).
    type: str
  client_id:
    description:
      - Client that the refresh token was issued to.
      - Variable V(printops_site_client_id), environment E(PRINTOPS_SITE_CLIENT_ID).
    type: str
  client_secret:
    description:
      - Its secret, if it has one.
      - Variable V(printops_site_client_secret), environment E(PRINTOPS_SITE_CLIENT_SECRET).
    type: str
  client_secret_file:
    description:
      - File that holds the client's secret, in one line.
      - Variable V(printops_site_client_secret_file), environment E(PRINTOPS_SITE_CLIENT_SECRET_FILE).
    type: path
  refresh_token:
    description:
      - OAuth refresh token. Unproven, as no public text says that the site takes a token.
      - Where the provider replaces it at each use, give O(refresh_token_file) instead, or it works once.
      - Variable V(printops_site_refresh_token), environment E(PRINTOPS_SITE_REFRESH_TOKEN).
    type: str
  refresh_token_file:
    description:
      - File that holds the refresh token. Where the provider replaces the token, the new one is written back, whole
        or not at all, with mode 0600. Also in check mode, as the old one is worth nothing then.
      - Variable V(printops_site_refresh_token_file), environment E(PRINTOPS_SITE_REFRESH_TOKEN_FILE).
    type: path
  bearer_token:
    description:
      - An access token. Unproven, as no public text says that the site takes a token.
      - Variable V(printops_site_bearer_token), environment E(PRINTOPS_SITE_BEARER_TOKEN).
    type: str
  bearer_token_file:
    description:
      - File that holds the access token.
      - Variable V(printops_site_bearer_token_file), environment E(PRINTOPS_SITE_BEARER_TOKEN_FILE).
    type: path
  profile:
    description:
      - What describes the site. The id of a profile (a C(profiles/ID.yml) beside playbook or inventory wins over the
        one shipped with the collection), a path, or a profile itself as a dictionary.
      - Variable V(printops_site_profile), environment E(PRINTOPS_SITE_PROFILE).
    type: raw
    default: cloud-administration-site
  allow_unverified_profile:
    description:
      - Sign in and write although the profile does not recognise the interface.
      - Variable V(printops_site_allow_unverified_profile), environment E(PRINTOPS_SITE_ALLOW_UNVERIFIED_PROFILE).
    type: bool
    default: false
"""

_SPEC: dict[str, dict[str, object]] = {
    "url": {"type": "str", "required": True},
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
    "profile": {"type": "raw", "default": "cloud-administration-site"},
    "allow_unverified_profile": {"type": "bool", "default": False},
}

SITE = OptionGroup(
    spec={
        "site": from_environment("printops_site", type="str"),
        **{name: from_environment(f"printops_site_{name}", **spec) for name, spec in _SPEC.items()},
    },
    documentation=DOCUMENTATION,
    variables={"site": ("printops_site",), **{name: (f"printops_site_{name}",) for name in _SPEC}},
)
