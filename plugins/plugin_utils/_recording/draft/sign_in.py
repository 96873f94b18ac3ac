# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds sign-in and sign-out of a recording, and drafts ``match``, ``sign_in``, ``sign_out`` and ``session_ended``.

A condition proves the sign-in if it is true on a page after the sign-in and on no page before it.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from .builder import Choice, DraftBuilder
from .candidates import form_pick, form_test, is_true, key, quoted
from .hints import has_word, hints, normalised, word_score
from .history import BrowsingHistory, RecordedSubmission, Visit


@dataclass(frozen=True)
class SessionSpan:
    """The session in a recording: how it signs in, and the numbers of the visits that sign in and out.

    ``submission`` is the sign-in by form, ``request`` the sign-in by any other method.
    """

    method: str
    first: int
    last: int
    submission: RecordedSubmission | None = None
    request: Visit | None = None


def find_session(history: BrowsingHistory) -> SessionSpan:
    """Return the session of the recording. Its method is ``none`` if the recording shows no sign-in."""
    tried = [
        each for each in (history.submission(visit) for visit in history.visits) if each and _is_sign_in_form(each)
    ]
    if tried:
        names = {(each.form["action"], each.form["name"], each.form["id"]) for each in tried}
        first = tried[0]
        same = [each for each in tried if (each.form["action"], each.form["name"], each.form["id"]) in names]
        good = [each for each in same if not _shows_form(history.landing(each.visit), first.form)]
        done = good[0] if good else same[-1]
        return SessionSpan("form", done.visit.number, _end_of_session(history, done.visit.number), submission=done)
    return _find_without_form(history)


def _find_without_form(history: BrowsingHistory) -> SessionSpan:
    for visit in history.visits:
        fields = dict(visit.form)
        if fields.get("grant_type") == "client_credentials":
            return SessionSpan(
                "client_credentials", visit.number, _end_of_session(history, visit.number), request=visit
            )
        if visit.writes and isinstance(visit.json_body, dict) and _password_key(visit.json_body):
            return SessionSpan("json", visit.number, _end_of_session(history, visit.number), request=visit)
    for visit in history.visits:
        scheme = visit.headers.get("authorization", "").split(" ")[0].lower()
        asked = visit.response_headers.get("www-authenticate", "").split(" ")[0].lower()
        for name in ("basic", "digest"):
            if name in (scheme, asked):
                return SessionSpan(name, visit.number, _end_of_session(history, visit.number), request=visit)
    return SessionSpan("none", -1, _end_of_session(history, -1))


def _end_of_session(history: BrowsingHistory, first: int) -> int:
    for visit in history.visits:
        if visit.number > first and is_sign_out(visit, history):
            return visit.number
    return max((visit.number for visit in history.visits), default=0) + 1


def is_sign_out(visit: Visit, history: BrowsingHistory) -> bool:
    """Whether ``visit`` signs out, by its address or by the label of the submitted button."""
    if has_word(visit.path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"]):
        return True
    by = history.submission(visit) if visit.writes else None
    return by is not None and any(has_word(each["label"], hints()["sign_out"]) for each in by.form["buttons"])


def _is_sign_in_form(by: RecordedSubmission) -> bool:
    shown = [each for each in by.form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")]
    passwords = [each for each in shown if each["type"] == "password"]
    return len(passwords) == 1 and len(shown) <= 2


def _password_key(sent: t.Mapping[str, t.Any]) -> str | None:
    return next((str(name) for name in sent if word_score(str(name), hints()["password"]) >= 3), None)


def _shows_form(visit: Visit, form: t.Mapping[str, t.Any]) -> bool:
    test = form_test(form, [form])
    return visit.page.kind == "html" and bool(test) and is_true(f"forms[?{test}]", visit.data)


# --- drafting ---


def draft_sign_in(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan) -> None:
    """Draft match, sign_in, sign_out and session_ended into ``builder``."""
    if session.submission is not None:
        _by_form(builder, history, session, session.submission)
    elif session.method == "client_credentials" and session.request is not None:
        builder.set_value(
            "sign_in", {"method": "client_credentials", "token": session.request.path}, "a token is fetched"
        )
        builder.set_value("headers", {"Authorization": "Bearer ${access_token}"})
        _match(builder, history, session)
    elif session.method == "json" and session.request is not None:
        _by_json(builder, history, session, session.request)
    elif session.method in ("basic", "digest"):
        builder.set_value("sign_in.method", session.method, f"HTTP {session.method.title()} authentication")
        _match(builder, history, session)
        later = [each for each in history.visits if each.number >= session.first and each.is_page]
        page = next((each for each in later if not each.writes), None)
        builder.set_value("sign_in.steps", [{"get": page.path if page else ""}])
        _proof(builder, history, session, [page] if page else [])
        builder.set_value("sign_in.refused", {"status": 401}, "RFC 9110, section 15.5.2")
    else:
        question = "How does a user sign in? The recording shows no password and no Authorization header."
        builder.ask("sign_in", question, [Choice({"method": "none"}, "without a sign-in")])
        _match(builder, history, session)
    _echoed_header(builder, history)
    _sign_out(builder, history, session)


def _echoed_header(builder: DraftBuilder, history: BrowsingHistory) -> None:
    """Draft a response header that every later request sends back, such as a session id given with a refusal."""
    for given in history.visits:
        for name, value in given.response_headers.items():
            later = [each for each in history.visits if each.number > given.number]
            if (
                not name.startswith("x-")
                or len(value) < 8
                or not any(each.headers.get(name) == value for each in later)
            ):
                continue
            proper = name.title()
            step: dict[str, t.Any] = {"send": given.method, "path": given.path} if given.writes else {"get": given.path}
            if given.writes and given.json_body is not None:
                step["json"] = given.json_body
            steps = (
                builder.profile.get("sign_in", {}).get("steps") if "sign_in.steps" not in builder.decisions else None
            )
            if isinstance(steps, list):
                steps.append({**step, "ok": [given.status], "keep_headers": {"session_id": proper}})
                if given.status >= 400:  # repeat it with the header: only that request proves the sign-in
                    steps.append({**step, "headers": {proper: "${session_id}"}})
            builder.set_value(
                "headers", {proper: "${session_id}"}, f"{proper} of {given.name} is sent back with every request"
            )
            if given.status >= 400:
                builder.set_value("session_ended", {"status": given.status, "headers": {proper: "."}})
            return


def _by_form(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan, by: RecordedSubmission) -> None:
    builder.set_value("match.steps", [{"get": by.source.path}])
    pick = form_pick(by.form, by.source.forms)
    test = f"forms[?{form_test(by.form, by.source.forms)}]"
    _match(builder, history, session)
    fill: dict[str, t.Any] = {}
    for each in by.form["controls"]:
        if each["type"] == "password":
            fill[each["name"]] = "${password}"
        elif each["type"] not in ("hidden", "checkbox", "radio", "select"):
            fill[each["name"]] = "${username}"
    hidden = [each["name"] for each in by.form["controls"] if each["type"] == "hidden" and each["name"]]
    step: dict[str, t.Any] = {"submit": pick, "fill": fill}
    pressed = next((each["name"] for each in by.form["buttons"] if each["name"] in dict(by.visit.form)), None)
    if pressed:
        step["press"] = pressed
    steps: list[dict[str, t.Any]] = [step]
    landing = history.landing(by.visit)
    pages = _pages_after(history, session, landing)
    proofs = [(page, proof) for page in pages for proof in _proofs(page, history, session)]
    if proofs and proofs[0][0] is not landing:
        page = proofs[0][0]
        steps.append({"get": page.path, "when": _condition_to_continue(landing, page, test)})
    travel = f"; its hidden fields are sent too: {', '.join(hidden)}" if hidden else ""
    builder.set_value("sign_in", {"method": "form"})
    builder.set_value("sign_in.steps", steps, f"the form of {by.source.path or 'the first page'}{travel}")
    _proof(builder, history, session, [proofs[0][0]] if proofs else pages)
    _failed_outcomes(builder, history, session, test, by)
    after = [each for each in history.visits if session.first < each.number < session.last and each.is_page]
    if not any(is_true(test, each.data) for each in after):
        builder.set_value("session_ended", {"when": test}, "no page of the session has the sign-in form")
    else:
        builder.ask("session_ended", "How does a page show that the session is over?", optional=True)


def _by_json(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan, sent: Visit) -> None:
    password = _password_key(sent.json_body)
    body = {
        name: "${password}"
        if name == password
        else "${username}"
        if word_score(str(name), hints()["account"])
        else value
        for name, value in sent.json_body.items()
    }
    step: dict[str, t.Any] = {"send": "POST", "path": sent.path, "json": body, "ok": [200, 400, 401, 403]}
    step["send"] = sent.method
    _match(builder, history, session)
    builder.set_value("sign_in", {"method": "token"})
    carried = _token_of(sent, history)
    if carried is not None:
        name, header, value = carried
        step["keep"] = {"access_token": {"pick": name, "required": False}}
        builder.set_value("headers", {header: value}, "this header sends the token of the sign-in")
    builder.set_value("sign_in.steps", [step], f"JSON is sent to {sent.path}")
    proof = Choice(carried[0], "(the token)") if carried else None
    if proof:
        builder.set_value("sign_in.signed_in", proof.answer, "the response contains the token")
    else:
        builder.ask("sign_in.signed_in", "Which part of the response proves that the sign-in succeeded?")
    if sent.status in (200, 201):
        refused = [Choice({"status": 401}), Choice({"status": 403}), Choice("error")]
        builder.ask("sign_in.refused", "Which part of the response shows that the password is wrong?", refused)
    builder.set_value("session_ended", {"status": 401})


def _token_of(sent: Visit, history: BrowsingHistory) -> tuple[str, str, str] | None:
    if not isinstance(sent.data, dict):
        return None
    for name, value in sent.data.items():
        if not isinstance(value, str) or len(value) < 8:
            continue
        for visit in history.visits:
            for header, carried in visit.headers.items():
                if visit.number > sent.number and header != "cookie" and value in carried:
                    return key(name), header.title(), carried.replace(value, "${access_token}")
    return None


def _match(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan) -> None:
    """Draft ``match`` from the page with the sign-in form, or from the first page."""
    page = (
        session.submission.source
        if session.submission
        else next((each for each in history.visits if each.is_page), None)
    )
    if page is None:
        builder.ask("match", "Which page identifies the interface? The recording shows none before the sign-in.")
        return
    signs: list[dict[str, t.Any]] = []
    if page.page.kind == "html":
        if page.data["title"]:
            signs.append({"when": f"title == {quoted(page.data['title'])}", "points": 1})
        form = session.submission.form if session.submission else None
        if form is not None:
            signs += _signs_of_form(form, page)
        if len(signs) < 2 and page.data["headings"]:
            signs.append({"when": f"contains(headings, {quoted(page.data['headings'][0])})", "points": 1})
    else:
        signs = [{"when": f"type({key(name)}) != 'null'", "points": 1} for name in list(page.data)[:3]]
    builder.set_value("match", {"steps": [{"get": page.path}], "signs": signs})
    # The title depends on the language, so the page is recognised without it if all other signs are there.
    enough = sum(each["points"] for each in signs)
    builder.set_value("match.enough", max(enough - (len(signs) > 2), 1), f"by {len(signs)} signs of {page.name}")


def _signs_of_form(form: t.Mapping[str, t.Any], page: Visit) -> list[dict[str, t.Any]]:
    pick = form_pick(form, page.forms)
    signs = []
    for each in form["controls"]:
        if each["type"] == "hidden" and each["name"]:
            signs.append({"when": f"{pick}.fields.{key(each['name'])}", "points": 1})
        elif each["type"] == "password":
            signs.append({"when": f"{pick}.controls[?name=={quoted(each['name'])}]", "points": 2})
    return signs[:4]


def _pages_after(history: BrowsingHistory, session: SessionSpan, landing: Visit) -> list[Visit]:
    later = [each for each in history.visits if landing.number <= each.number < session.last and each.is_page]
    return [each for each in later if not each.writes or each is landing]


def _condition_to_continue(landing: Visit, page: Visit, test: str) -> str:
    """Return the condition for the next step: a frame or link to ``page`` if there is one, else no sign-in form.

    A positive condition is better: it is not true on a page that refuses the sign-in.
    """
    end = quoted("/" + page.path.rsplit("/", 1)[-1])
    for part, address in (("frames", "src"), ("links", "href")):
        condition = f"{part}[?ends_with({address}, {end})]"
        if landing.page.kind == "html" and is_true(condition, landing.data):
            return condition
    return f"!({test})"


def _proofs(page: Visit, history: BrowsingHistory, session: SessionSpan) -> Iterator[Choice]:
    """Yield the sign-out links of ``page`` as conditions, if no page before the sign-in has them."""
    before = [each for each in history.visits if each.number < session.first and each.page.kind == page.page.kind]
    if page.page.kind != "html":
        return
    out = [
        link
        for link in page.data["links"]
        if has_word(urlsplit(link["href"]).path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"])
        or word_score(link["text"], hints()["sign_out"]) >= 3
    ]
    tests = [
        (f"links[?ends_with(href, {quoted('/' + urlsplit(each['href']).path.rsplit('/', 1)[-1])})]", each)
        for each in out
    ]
    for test, link in tests:
        if is_true(test, page.data) and not any(is_true(test, each.data) for each in before):
            yield Choice(test, link["text"])


def _proof(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan, pages: list[Visit]) -> None:
    for page in pages:
        found = list(_proofs(page, history, session))
        if found:
            why = f"the link {found[0].reads!r} of {page.path}, on no page before the sign-in"
            builder.set_value("sign_in.signed_in", found[0].answer, why)
            return
    before = [each for each in history.visits if each.number < session.first and each.page.kind == "html"]
    weak = []
    for page in pages[:3]:
        for test, shown in _weak_proofs(page):
            if not any(is_true(test, each.data) for each in before):
                weak.append(Choice(test, shown))
    builder.ask(
        "sign_in.signed_in",
        "Which condition proves a sign-in? No sign-out link was found. It must be false before the sign-in.",
        weak,
    )


def _weak_proofs(page: Visit) -> Iterator[tuple[str, str]]:
    if page.page.kind == "json" and isinstance(page.data, dict):
        yield from ((f"type({key(name)}) != 'null'", name) for name in page.data)
    if page.page.kind == "html":
        yield from ((f"contains(headings, {quoted(each)})", each) for each in page.data["headings"][:3])
        yield from ((f"ids.{key(name)}", text[:40]) for name, text in list(page.data["ids"].items())[:10] if text)
        if page.data["title"]:
            yield f"title == {quoted(page.data['title'])}", page.data["title"]


def _failed_outcomes(
    builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan, test: str, by: RecordedSubmission
) -> None:
    """Draft how the pages of a refused sign-in, a locked account and an expired password look, or ask about them."""
    other = [each for each in history.visits if each.form and each.path == by.visit.path and each is not by.visit]
    failed = [page for page in map(history.landing, other) if page.is_page]
    if any(is_true(test, each.data) for each in failed):
        builder.set_value("sign_in.refused", test, "the recorded refusal shows the sign-in form again")
    else:
        question = "What does a wrong password show? The recording has no refusal; often it is the sign-in form again."
        builder.ask("sign_in.refused", question, [Choice(test, "the sign-in form again")])
    locked = [
        Choice(f"ids.{key(name)}", text[:60])
        for each in failed
        if each.page.kind == "html"
        for name, text in each.data["ids"].items()
        if has_word(f"{normalised(name)} {text}", hints()["locked"])
    ]
    builder.ask("sign_in.locked", "What does a locked account show?", locked, optional=True)
    demanded = [
        Choice(f"forms[?{form_test(form, each.forms)}]", each.data["title"])
        for each in history.visits
        for form in each.forms
        if sum(control["type"] == "password" for control in form["controls"]) > 1
    ]
    builder.ask(
        "sign_in.change_password", "What does the page show that demands a new password?", demanded[:1], optional=True
    )


def _sign_out(builder: DraftBuilder, history: BrowsingHistory, session: SessionSpan) -> None:
    done = next((each for each in history.visits if each.number == session.last), None)
    if done is not None:
        by = history.submission(done) if done.writes else None
        if by is not None:
            steps = [{"get": by.source.path}, {"submit": form_pick(by.form, by.source.forms)}]
        elif done.writes:
            steps = [{"send": done.method, "path": done.path}]
        else:
            steps = [{"get": done.path}]
        builder.set_value("sign_out", {"steps": steps}, f"{done.name} ends the recording's session")
        return
    if session.method in ("basic", "digest"):
        return
    links = {
        urlsplit(link["href"]).path.removeprefix(history.base): link["text"]
        for each in history.visits
        if each.page.kind == "html"
        for link in each.data["links"]
        if has_word(urlsplit(link["href"]).path.rsplit("/", 1)[-1].rsplit(".", 1)[0], hints()["sign_out"])
    }
    choices = [Choice({"steps": [{"get": path}]}, text) for path, text in links.items()]
    builder.ask("sign_out", "How does a user sign out? The recording does not show it.", choices, optional=True)
