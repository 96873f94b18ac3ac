# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the steps of a profile in a recording, and the values that filled their placeholders. Sends nothing."""

from __future__ import annotations

import base64
import json
import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from ...module_utils._web.errors import BadInput
from ...module_utils._web.profile.fill import PLACEHOLDER
from ...module_utils._web.profile.profile import Profile, ProfileStep
from .exchange import RecordedExchange

PAGE_STEPS = ("follow", "submit")


def base_url_of(profile: Profile, exchanges: Sequence[RecordedExchange]) -> str:
    """Return the interface's own address in the recording. Raise :class:`BadInput` if it is not recorded."""
    step = profile.match.steps[0]
    target = (step.target or "").partition("?")[0]
    for exchange in exchanges:
        address = exchange.url.partition("?")[0].partition("#")[0]
        if exchange.method == step.method and (found := _ends_with(target, address)):
            return found
    raise BadInput(
        f"the recording does not contain the page by which the profile {profile.id} recognises the interface: "
        f"{step.method} {target or '(the first page)'}",
        advice="Record that page too, or correct match.steps in the profile.",
        key="match.steps.0",
    )


def _ends_with(target: str, address: str) -> str | None:
    if target.startswith("/"):
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc}/" if re.fullmatch(_pattern(target), parts.path) else None
    found = re.fullmatch(rf"(\w+://.*/){_pattern(target)}", address)
    return found[1] if found else None


def _pattern(text: str, quantifier: str = "*") -> str:
    """Return a regular expression that matches ``text`` with any values for its placeholders, as named groups.

    ``quantifier`` is "+" if no value may be empty, as in an address: ``devices/`` is not a device without a name.
    """
    made, seen, at = "", set(), 0
    for found in PLACEHOLDER.finditer(text):
        name = found[1]
        made += re.escape(text[at : found.start()])
        made += f"(?P={name})" if name in seen else rf"(?P<{name}>[^/?&]{quantifier})"
        seen.add(name)
        at = found.end()
    return made + re.escape(text[at:])


def match_step(step: ProfileStep, exchange: RecordedExchange, base_url: str) -> dict[str, t.Any] | None:
    """Return the values of the placeholders of ``step`` if ``exchange`` can be that step, otherwise None."""
    if step.kind in PAGE_STEPS:
        return _match_submit(step, exchange) if step.kind == "submit" else None
    if exchange.method != step.method:
        return None
    found = re.fullmatch(_below(step.target or "", base_url), exchange.url.partition("?")[0])
    if found is None:
        return None
    query = dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))
    if any(name not in query for name, value in step.query.items() if value is not None):
        return None  # the whole list, or one that is filtered, at the same path
    given = {name: unquote(value) for name, value in found.groupdict().items()}
    given |= _placeholder_values(step.query, query)
    if step.form is not None:
        given |= _placeholder_values(step.form, dict(exchange.form))
    if step.json is not None:
        try:
            sent = json.loads(exchange.request_body or b"null")
        except ValueError:
            return None
        if not _json_matches(step.json, sent):
            return None
        given |= _placeholder_values(step.json, sent)
    return given


def _json_matches(template: t.Any, sent: t.Any) -> bool:
    """Whether ``sent`` has all constants of ``template``: some interfaces send every call to one address."""
    if isinstance(template, Mapping):
        if set(template) in ({"join", "of"}, {"map", "of"}):
            return True
        return isinstance(sent, Mapping) and all(
            name in sent and _json_matches(item, sent[name]) for name, item in template.items()
        )
    if isinstance(template, (list, tuple)):
        return isinstance(sent, list) and all(any(_json_matches(item, each) for each in sent) for item in template)
    return template == sent or (isinstance(template, str) and PLACEHOLDER.search(template) is not None)


def _below(target: str, base_url: str) -> str:
    path = target.partition("?")[0]
    if path.startswith("/"):
        parts = urlsplit(base_url)
        return re.escape(f"{parts.scheme}://{parts.netloc}") + _pattern(path, "+")
    return re.escape(base_url) + _pattern(path, "+")


def _match_submit(step: ProfileStep, exchange: RecordedExchange) -> dict[str, t.Any] | None:
    """Match a form submission: most fields of ``fill`` were sent. Browsers omit check boxes that are not checked."""
    sent = dict(exchange.form) or dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))
    if exchange.method == "GET" and not sent:
        return None
    if step.press is not None and not {step.press.name, f"{step.press.name}.x"} & sent.keys():
        return None
    there = [name for name in step.fill if name in sent]
    if step.fill and len(there) * 2 <= len(step.fill):
        return None
    absent = {name: False for name in step.fill if name not in sent}
    return _placeholder_values(step.fill, {**sent, **absent})


def _placeholder_values(template: t.Any, recorded: t.Any) -> dict[str, t.Any]:
    """Return the placeholder values with which ``template`` becomes ``recorded``, as far as they can be inferred."""
    given: dict[str, t.Any] = {}
    if isinstance(template, str):
        alone = PLACEHOLDER.fullmatch(template)
        if alone:
            given[alone[1]] = recorded
        elif isinstance(recorded, str) and (found := re.fullmatch(_pattern(template), recorded)):
            given |= found.groupdict()
    elif isinstance(template, Mapping) and set(template) == {"join", "of"}:
        parts = [part for part in str(recorded or "").split(str(template["join"])) if part]
        given |= _placeholder_values(template["of"], parts)
    elif isinstance(template, Mapping) and set(template) == {"map", "of"}:
        meant = [value for value, word in template["map"].items() if str(word) == str(recorded)]
        given |= _placeholder_values(template["of"], meant[0]) if meant else {}
    elif isinstance(template, Mapping) and isinstance(recorded, Mapping):
        for name, item in template.items():
            if name in recorded:
                given |= _placeholder_values(item, recorded[name])
    return given


def occurrences(
    steps: Sequence[ProfileStep], exchanges: Sequence[RecordedExchange], base_url: str, since: int
) -> Iterator[int]:
    """Yield the index of each exchange from ``since`` on that can be the first of ``steps``."""
    if not steps:
        return
    for index, exchange in enumerate(exchanges):
        if index >= since and match_step(steps[0], exchange, base_url) is not None:
            yield index


def follow_steps(
    steps: Sequence[ProfileStep], exchanges: Sequence[RecordedExchange], base_url: str
) -> tuple[dict[str, t.Any], int]:
    """Find ``steps`` in ``exchanges``, one after the other. Return the placeholder values, and the index after them."""
    given: dict[str, t.Any] = {}
    at = 0
    for step in steps:
        for index in range(at, len(exchanges)):
            found = match_step(step, exchanges[index], base_url)
            if found is not None:
                given.update(found)
                at = index + 1
                break
    return given, at


def account_of(profile: Profile, exchanges: Sequence[RecordedExchange], base_url: str) -> tuple[dict[str, t.Any], int]:
    """Return the values of the recorded sign-in (stand-ins if it was scrubbed), and the index after the sign-in."""
    steps = profile.sign_in.check if profile.sign_in.method == "session" else profile.sign_in.steps
    given, at = follow_steps((*profile.match.steps, *steps), exchanges, base_url)
    token = profile.sign_in.token
    if token is None:
        return given, at
    for index, exchange in enumerate(exchanges):
        found = re.fullmatch(_below(token, base_url), exchange.url.partition("?")[0])
        if found and exchange.method == "POST":
            return {**given, **found.groupdict(), **dict(exchange.form), **_basic(exchange)}, index + 1
    return given, at


def _basic(exchange: RecordedExchange) -> dict[str, str]:
    """Return client id and secret as a client sends them to a token endpoint (RFC 6749, section 2.3.1)."""
    sent = next((value for name, value in exchange.request_headers if name.lower() == "authorization"), "")
    scheme, _blank, word = sent.partition(" ")
    try:
        user, colon, secret = base64.b64decode(word, validate=True).decode().partition(":")
    except ValueError:
        return {}
    if scheme.lower() != "basic" or not colon:
        return {}
    return {"client_id": unquote(user), "client_secret": unquote(secret)}
