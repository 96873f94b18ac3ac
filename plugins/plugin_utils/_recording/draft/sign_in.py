# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts ``match``, ``sign_in``, ``sign_out`` and ``session_ended`` from the session in a recording.

A condition proves the sign-in if it is true on a page after the sign-in and on no page before it.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from urllib.parse import urlsplit

from .builder import Choice, DraftBuilder
from .candidates import form_pick, form_test, identifier, is_true, quoted
from .hints import has_word, hints, normalised, word_score
from .history import BrowsingHistory, RecordedSubmission, Visit
from .session import RecordedSession, password_key


def draft_sign_in(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> None:
    """Draft match, sign_in, sign_out and session_ended into ``builder``."""
    if session.submission is not None:
        _draft_form(builder, history, session, session.submission)
    elif session.method == "client_credentials" and session.request is not None:
        builder.set_value(
            "sign_in", {"method": "client_credentials", "token": session.request.path}, "a token is fetched"
        )
        builder.set_value("headers", {"Authorization": "Bearer ${access_token}"})
        _draft_match(builder, history, session)
    elif session.method == "json" and session.request is not None:
        _draft_json(builder, history, session, session.request)
    elif session.method in ("basic", "digest"):
        builder.set_value("sign_in.method", session.method, f"HTTP {session.method.title()} authentication")
        _draft_match(builder, history, session)
        later = [each for each in history.visits if each.number >= session.first and each.is_page]
        page = next((each for each in later if not each.writes), None)
        builder.set_value("sign_in.steps", [{"get": page.path if page else ""}])
        _draft_proof(builder, history, session, [page] if page else [])
        builder.set_value("sign_in.refused", {"status": 401}, "RFC 9110, section 15.5.2")
    else:
        question = "How does a user sign in? The recording shows no password and no Authorization header."
        builder.ask("sign_in", question, [Choice({"method": "none"}, "without a sign-in")])
        _draft_match(builder, history, session)
    _draft_echoed_header(builder, history)
    _draft_sign_out(builder, history, session)


def _draft_echoed_header(builder: DraftBuilder, history: BrowsingHistory) -> None:
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


def _draft_form(
    builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, submission: RecordedSubmission
) -> None:
    builder.set_value("match.steps", [{"get": submission.source.path}])
    test = f"forms[?{form_test(submission.form, submission.source.forms)}]"
    _draft_match(builder, history, session)
    steps = [_form_step(submission)]
    landing = history.landing(submission.visit)
    pages = _pages_after(history, session, landing)
    proofs = [(page, proof) for page in pages for proof in _proofs(page, history, session)]
    if proofs and proofs[0][0] is not landing:
        page = proofs[0][0]
        steps.append({"get": page.path, "when": _condition_to_continue(landing, page, test)})
    why = f"the form of {submission.source.path or 'the first page'}"
    hidden = [each["name"] for each in submission.form["controls"] if each["type"] == "hidden" and each["name"]]
    if hidden:
        why += f"; its hidden fields are sent too: {', '.join(hidden)}"
    builder.set_value("sign_in", {"method": "form"})
    builder.set_value("sign_in.steps", steps, why)
    _draft_proof(builder, history, session, [proofs[0][0]] if proofs else pages)
    _draft_failures(builder, history, session, test, submission)
    after = [each for each in history.visits if session.first < each.number < session.last and each.is_page]
    if not any(is_true(test, each.data) for each in after):
        builder.set_value("session_ended", {"when": test}, "no page of the session has the sign-in form")
    else:
        builder.ask("session_ended", "How does a page show that the session is over?", optional=True)


def _form_step(submission: RecordedSubmission) -> dict[str, t.Any]:
    """Return the step that fills in user name and password and submits the form."""
    fill: dict[str, t.Any] = {}
    for each in submission.form["controls"]:
        if each["type"] == "password":
            fill[each["name"]] = "${password}"
        elif each["type"] not in ("hidden", "checkbox", "radio", "select"):
            fill[each["name"]] = "${username}"
    step: dict[str, t.Any] = {"submit": form_pick(submission.form, submission.source.forms), "fill": fill}
    sent = dict(submission.visit.form)
    pressed = next((each["name"] for each in submission.form["buttons"] if each["name"] in sent), None)
    if pressed:
        step["press"] = pressed
    return step


def _draft_json(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, sent: Visit) -> None:
    password = password_key(sent.json_body)
    body = dict(sent.json_body)
    for name in body:
        if name == password:
            body[name] = "${password}"
        elif word_score(str(name), hints()["account"]):
            body[name] = "${username}"
    step: dict[str, t.Any] = {"send": sent.method, "path": sent.path, "json": body, "ok": [200, 400, 401, 403]}
    _draft_match(builder, history, session)
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
                    return identifier(name), header.title(), carried.replace(value, "${access_token}")
    return None


def _draft_match(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> None:
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
        signs = [{"when": f"type({identifier(name)}) != 'null'", "points": 1} for name in list(page.data)[:3]]
    builder.set_value("match", {"steps": [{"get": page.path}], "signs": signs})
    # The title depends on the language, so the page is recognised without it if all other signs are there.
    enough = sum(each["points"] for each in signs)
    builder.set_value("match.enough", max(enough - (len(signs) > 2), 1), f"by {len(signs)} signs of {page.name}")


def _signs_of_form(form: t.Mapping[str, t.Any], page: Visit) -> list[dict[str, t.Any]]:
    pick = form_pick(form, page.forms)
    signs = []
    for each in form["controls"]:
        if each["type"] == "hidden" and each["name"]:
            signs.append({"when": f"{pick}.fields.{identifier(each['name'])}", "points": 1})
        elif each["type"] == "password":
            signs.append({"when": f"{pick}.controls[?name=={quoted(each['name'])}]", "points": 2})
    return signs[:4]


def _pages_after(history: BrowsingHistory, session: RecordedSession, landing: Visit) -> list[Visit]:
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


def _proofs(page: Visit, history: BrowsingHistory, session: RecordedSession) -> Iterator[Choice]:
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


def _draft_proof(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, pages: list[Visit]) -> None:
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
        yield from ((f"type({identifier(name)}) != 'null'", name) for name in page.data)
    if page.page.kind == "html":
        yield from ((f"contains(headings, {quoted(each)})", each) for each in page.data["headings"][:3])
        yield from (
            (f"ids.{identifier(name)}", text[:40]) for name, text in list(page.data["ids"].items())[:10] if text
        )
        if page.data["title"]:
            yield f"title == {quoted(page.data['title'])}", page.data["title"]


def _draft_failures(
    builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, test: str, submission: RecordedSubmission
) -> None:
    """Draft how the pages of a refused sign-in, a locked account and an expired password look, or ask about them."""
    other = [
        each
        for each in history.visits
        if each.form and each.path == submission.visit.path and each is not submission.visit
    ]
    failed = [page for page in map(history.landing, other) if page.is_page]
    if any(is_true(test, each.data) for each in failed):
        builder.set_value("sign_in.refused", test, "the recorded refusal shows the sign-in form again")
    else:
        question = "What does a wrong password show? The recording has no refusal; often it is the sign-in form again."
        builder.ask("sign_in.refused", question, [Choice(test, "the sign-in form again")])
    locked = [
        Choice(f"ids.{identifier(name)}", text[:60])
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


def _draft_sign_out(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> None:
    done = next((each for each in history.visits if each.number == session.last), None)
    if done is not None:
        submission = history.submission(done) if done.writes else None
        if submission is not None:
            steps = [{"get": submission.source.path}, {"submit": form_pick(submission.form, submission.source.forms)}]
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
