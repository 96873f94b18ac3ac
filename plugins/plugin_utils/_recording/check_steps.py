# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the steps of a profile in a recording, and the values that filled their placeholders. Sends nothing."""

from __future__ import annotations

import base64
import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from ...module_utils._web.errors import BadInput
from ...module_utils._web.page.address import absolute, split_address
from ...module_utils._web.page.rows import whole_row
from ...module_utils._web.profile.expression import Unfiltered, the_only
from ...module_utils._web.profile.fill import PLACEHOLDER
from ...module_utils._web.profile.profile import Profile, ProfileStep, placeholders_of
from ...module_utils._web.session.rows import value_of
from .exchange import RecordedExchange, header, main_origin, parsed_json, same_interface, without_default_port
from .matching import query_of

PAGE_STEPS = ("follow", "submit")


@dataclass(frozen=True)
class RecordedSignIn:
    """A sign-in in a recording. ``given``: the values of its placeholders (stand-ins if it was scrubbed).

    ``begin``: the index of its first request; ``after``: the index behind the pages to which the interface redirected.
    ``sends_password``: whether the first request does. Otherwise every request does, or the session was there before.
    """

    given: dict[str, t.Any]
    begin: int
    after: int
    sends_password: bool = True


def base_url_of(profile: Profile, exchanges: Sequence[RecordedExchange]) -> str:
    """Return the interface's own address in the recording. Raise :class:`BadInput` if it is not recorded."""
    step = profile.match.steps[0]
    target = (step.target or "").partition("?")[0]
    main = main_origin(exchanges)
    for exchange in exchanges:
        address = exchange.url.partition("?")[0].partition("#")[0]
        if exchange.method != step.method or not same_interface(exchange.url, main):
            continue
        if found := _ends_with(target, address):  # perhaps at another port than the pages behind it
            return absolute(main, split_address(found).path)
    raise BadInput(
        f"the recording does not contain the page by which the profile {profile.id} recognises the interface: "
        f"{step.method} {target or '(the first page)'}",
        advice="Record that page too, or correct match.steps in the profile.",
        key="match.steps.0",
    )


def _ends_with(target: str, address: str) -> str | None:
    if target.startswith("/"):
        parts = split_address(address)
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
    query = dict(query_of(exchange.url))
    in_path: dict[str, t.Any] = dict(parse_qsl(split_address(step.target or "").query, keep_blank_values=True))
    wanted = in_path | {name: value for name, value in step.query.items() if value is not None}
    if query.keys() != wanted.keys() or not all(_value_matches(value, query[name]) for name, value in wanted.items()):
        return None  # another page at the same path
    given = {name: unquote(value) for name, value in found.groupdict().items()}
    given |= _placeholder_values(step.query, query)
    if step.form is not None:
        given |= _placeholder_values(step.form, dict(exchange.form))
    if step.json is not None:
        sent = parsed_json(exchange.request_body)
        if not _json_matches(step.json, sent):
            return None
        given |= _placeholder_values(step.json, sent)
    return given


def _value_matches(template: t.Any, recorded: str) -> bool:
    return not isinstance(template, (str, int)) or str(template) == recorded or "${" in str(template)


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
        parts = split_address(base_url)
        return re.escape(f"{parts.scheme}://{parts.netloc}") + _pattern(path, "+")
    return re.escape(base_url) + _pattern(path, "+")


def _match_submit(step: ProfileStep, exchange: RecordedExchange) -> dict[str, t.Any] | None:
    """Match a form submission: most fields of ``fill`` were sent. Browsers omit check boxes that are not checked."""
    every: dict[str, list[str]] = {}
    for name, value in exchange.form or parse_qsl(split_address(exchange.url).query, keep_blank_values=True):
        every.setdefault(name, []).append(value)
    sent = {name: values if len(values) > 1 else values[0] for name, values in every.items()}
    if exchange.method == "GET" and not sent:
        return None
    if step.press is not None and not {step.press.name, f"{step.press.name}.x".lstrip(".")} & sent.keys():
        return None
    there = [name for name in step.fill if name in sent or PLACEHOLDER.search(name)]
    if step.fill and len(there) * 2 <= len(step.fill):
        return None
    absent = {name: False for name in step.fill if name not in there}
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


def row_inputs(steps: Sequence[ProfileStep], exchanges: Sequence[RecordedExchange], base_url: str) -> dict[str, t.Any]:
    """Return the values that mean the row on which recorded requests acted: of the row that leads to one of them."""
    at, choice = next(((at, each.row) for at, each in enumerate(steps) if each.row is not None), (0, None))
    if choice is None:
        return {}
    for index, exchange in enumerate(exchanges):
        data = exchange.data
        rows = choice.of.search(data) if data else None
        for row in rows if isinstance(rows, list) else ():
            try:
                kept = {name: pick.value(whole_row(row))[0] for name, pick in choice.keep.items()}
            except Unfiltered:  # such as the row of the account itself, which has no link to remove it
                continue
            senders = [each for each in steps[at:] if placeholders_of((each,)) & kept.keys()]
            for each in exchanges[index + 1 :]:
                acts = steps[at].kind in PAGE_STEPS and _acts_on(steps[at], kept, whole_row(row), each)
                sent = [found for one in senders if (found := _sent(one, kept, each, data, base_url)) is not None]
                if acts or sent:
                    values = {column: value_of(row, column) for column in choice.where}
                    return {**dict(*sent[:1]), **_placeholder_values(choice.where, values)}
    return {}


def _sent(
    step: ProfileStep, kept: Mapping[str, t.Any], exchange: RecordedExchange, data: t.Any, base_url: str
) -> dict[str, t.Any] | None:
    """Return the values of the placeholders if ``exchange`` is a step that sends what is kept of a row of ``data``.

    A field whose name is kept must have been changed there: the fields of all other rows are sent as they were. What
    picks the form must have been sent, too.
    """
    named = _named(step, kept)
    form = _picked(step, kept, data) if step.kind == "submit" else None
    shown, sent = form["fields"] if isinstance(form, Mapping) else None, dict(exchange.form)
    if shown is not None and any(shown.get(name) == sent.get(name) for name in named.fill.keys() - step.fill.keys()):
        return None
    texts = {*sent.values(), *map(unquote, re.split("[/?&=]", exchange.url))}
    if named.pick is not None and any(str(kept[name]) not in texts for name in named.pick.names & kept.keys()):
        return None
    given = match_step(named, exchange, base_url)
    if given is None or any(given.get(name, value) not in (value, str(value)) for name, value in kept.items()):
        return None
    return given


def _picked(step: ProfileStep, kept: Mapping[str, t.Any], data: t.Any) -> t.Any:
    """Return what a step picks from a row or a page; None if it needs more than what is kept of the row."""
    pick = step.pick
    return the_only(pick.search(data, kept)) if pick is not None and pick.names <= kept.keys() else None


def _named(step: ProfileStep, kept: Mapping[str, t.Any]) -> ProfileStep:
    """Return a step with the names of its fields and of its button that are kept of a row."""

    def filled(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: str(kept.get(found[1], found[0])), text)

    press = step.press if step.press is None else replace(step.press, name=filled(step.press.name))
    return replace(step, fill={filled(name): value for name, value in step.fill.items()}, press=press)


def _acts_on(step: ProfileStep, kept: Mapping[str, t.Any], row: t.Any, exchange: RecordedExchange) -> bool:
    """Whether ``exchange`` is what ``step`` makes of the link or the form of ``row``."""
    step, picked = _named(step, kept), _picked(step, kept, row)
    if isinstance(picked, str):
        return without_default_port(absolute(exchange.url, picked).partition("#")[0]) == exchange.url
    if not isinstance(picked, Mapping) or picked.get("action") != exchange.url:
        return False
    sent = [
        (name, value) for name, value in picked["fields"].items() if name not in step.fill and isinstance(value, str)
    ]
    sent += [(each["name"], each["value"]) for each in picked["controls"] if step.fill.get(each["name"]) is True]
    own = ((name, PLACEHOLDER.fullmatch(value)) for name, value in step.fill.items() if isinstance(value, str))
    sent += [(name, str(kept[found[1]])) for name, found in own if found and found[1] in kept]
    buttons = (each for each in picked["buttons"] if step.press and each["name"] == step.press.name)
    pressed = {(each["name"], each["value"]) for each in buttons}
    if step.press and not pressed & {*exchange.form}:
        return False
    return exchange.method != "GET" and all(pair in exchange.form for pair in sent)


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


def sign_ins_of(profile: Profile, exchanges: Sequence[RecordedExchange], base_url: str) -> list[RecordedSignIn]:
    """Return every attempt to sign in that was recorded, refused ones included; at least one."""
    steps = profile.sign_in.check if profile.sign_in.method == "session" else profile.sign_in.steps
    before, at = follow_steps(profile.match.steps, exchanges, base_url)
    token = profile.sign_in.token
    if token is not None:
        asked = [re.fullmatch(_below(token, base_url), each.url.partition("?")[0]) for each in exchanges]
        found = [
            RecordedSignIn({**before, **match.groupdict(), **dict(each.form), **_basic(each)}, index, index + 1)
            for index, (match, each) in enumerate(zip(asked, exchanges, strict=True))
            if match and each.method == "POST"
        ]
        return found or [RecordedSignIn(before, at, at, sends_password=False)]
    position = next((at for at, step in enumerate(steps) if "password" in placeholders_of((step,))), None)
    if position is None:
        given, after = follow_steps((*profile.match.steps, *steps), exchanges, base_url)
        return [RecordedSignIn(given, at, _redirected(exchanges, after), sends_password=False)]
    before |= follow_steps(steps[:position], exchanges[at:], base_url)[0]
    matched = (index for index, each in enumerate(exchanges) if match_step(steps[position], each, base_url) is not None)
    sent = list(matched)
    attempts = []
    for index, end in zip(sent, [*sent[1:], len(exchanges)], strict=True):
        given = match_step(steps[position], exchanges[index], base_url) or {}
        more, after = follow_steps(steps[position + 1 :], exchanges[index + 1 : end], base_url)
        after = max(_redirected(exchanges, index + 1), _redirected(exchanges, index + 1 + after))
        attempts.append(RecordedSignIn({**before, **given, **more}, index, after))
    return attempts or [RecordedSignIn(before, at, at, sends_password=False)]


def _redirected(exchanges: Sequence[RecordedExchange], after: int) -> int:
    """Return the index behind the page to which the response before index ``after`` redirects, step by step."""
    at = after - 1
    while at >= 0 and (target := exchanges[at].redirects_to) is not None:
        at = next((index for index in range(at + 1, len(exchanges)) if exchanges[index].url == target), -1)
        after = max(after, at + 1)
    return after


def _basic(exchange: RecordedExchange) -> dict[str, str]:
    """Return client id and secret as a client sends them to a token endpoint (RFC 6749, section 2.3.1)."""
    sent = header(exchange.request_headers, "authorization") or ""
    scheme, _blank, word = sent.partition(" ")
    try:
        user, colon, secret = base64.b64decode(word, validate=True).decode().partition(":")
    except ValueError:
        return {}
    if scheme.lower() != "basic" or not colon:
        return {}
    return {"client_id": unquote(user), "client_secret": unquote(secret)}
