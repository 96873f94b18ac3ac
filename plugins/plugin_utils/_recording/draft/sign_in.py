# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts ``match``, ``sign_in``, ``sign_out`` and ``session_ended`` from the session in a recording.

A condition is sure only if it separates all recorded pages: what proves a sign-in is on no page before it, what shows
a refusal is on no page of the session.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ..hints import has_word, hints, normalised, word_score
from .builder import Choice, DraftBuilder
from .candidates import form_pick, form_test, form_tests, identifier, is_true, quoted
from .history import BrowsingHistory, Form, RecordedSubmission, Visit
from .session import RecordedSession, password_key, sign_out_signs
from .tokens import leaves, sent_tokens


def draft_sign_in(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> None:
    """Draft match, sign_in, sign_out and session_ended into ``builder``."""
    _draft_match(builder, history, session)
    if session.submission is not None:
        _draft_form(builder, history, session, session.submission)
    elif session.method == "client_credentials" and session.request is not None:
        builder.set_value(
            "sign_in", {"method": "client_credentials", "token": session.request.path}, "a token is fetched"
        )
        builder.set_value("headers", {"Authorization": "Bearer ${access_token}"})
    elif session.method == "json" and session.request is not None:
        _draft_json(builder, history, session, session.request)
    elif session.method in ("basic", "digest"):
        builder.set_value("sign_in.method", session.method, f"HTTP {session.method.title()} authentication")
        page = next(iter(session.pages), None)
        builder.set_value("sign_in.steps", [page.get if page else {"get": ""}])
        _draft_proof(builder, history, session, [page] if page else [])
        builder.set_value("sign_in.refused", {"status": 401}, "RFC 9110, section 15.5.2")
    else:
        question = "How does a user sign in? The recording shows no password and no Authorization header."
        builder.ask("sign_in", question, [Choice({"method": "none"}, "without a sign-in")])
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
            step: dict[str, t.Any] = {"send": given.method, "path": given.path} if given.writes else given.get
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
    test = _telling_test(session, submission)
    forms = _forms_to(submission, history)
    page = history.entry(history.fetched(forms[0]))
    steps = [] if page.get == builder.profile.get("match", {}).get("steps", [None])[-1] else [_step_to(page, history)]
    steps += map(_form_step, forms)
    landing = history.landing(submission.visit)
    pages = [landing, *(each for each in session.pages if each.number > landing.number)]
    proofs = [(each, proof) for each in pages for proof in _proofs(each, history, session)]
    if proofs and proofs[0][0] is not landing:
        steps.append({**proofs[0][0].get, "when": _condition_to_continue(landing, proofs[0][0], test)})
    why = f"the form of {submission.source.address or 'the first page'}"
    hidden = [each["name"] for each in submission.form["controls"] if each["type"] == "hidden" and each["name"]]
    if hidden:
        why += f"; its hidden fields are sent too: {', '.join(hidden)}"
    builder.set_value("sign_in", {"method": "form"})
    builder.set_value("sign_in.steps", steps, why)
    if not submission.visit.own:
        host = urlsplit(submission.visit.url).netloc
        question = (
            "Which other host asks for the password? Or set printops_tenant_sign_in_hosts, printops_site_sign_in_hosts."
        )
        builder.ask("sign_in.hosts", question, [Choice([host], "(its stand-in in the recording)")], optional=True)
    _draft_proof(builder, history, session, [proofs[0][0]] if proofs else pages)
    _draft_failures(builder, history, session, test)
    if test and not any(is_true(test, each.data) for each in session.pages):
        builder.set_value("session_ended", {"when": test}, "no page of the session has the sign-in form")
    else:
        builder.ask("session_ended", "How does a page show that the session is over?", optional=True)


def _forms_to(submission: RecordedSubmission, history: BrowsingHistory) -> list[RecordedSubmission]:
    """Return the forms that were submitted to sign in: some ask for the name of the account on a page of its own."""
    forms = [submission]
    sent = [each for each in map(history.submission, history.visits) if each and _asks_for_name(each.form)]
    while before := next((each for each in sent if history.landing(each.visit) is forms[0].source), None):
        forms.insert(0, before)
        sent.remove(before)
    return forms


def _asks_for_name(form: Form) -> bool:
    shown = [each["type"] for each in form["controls"] if each["type"] not in ("hidden", "checkbox", "select", "radio")]
    return len(shown) == 1 and shown[0] in ("text", "email")


def _step_to(page: Visit, history: BrowsingHistory) -> dict[str, t.Any]:
    """Return the step to the page with the sign-in form: at another host, by the link that leads there."""
    before = (each for each in reversed(history.visits) if each.own and page.url in each.leads_to)
    link = next((each.leads_to[page.url] for each in before), None) if not page.own else None
    return {"follow": f"links[?text=={quoted(link['text'])}] | [0].href"} if link is not None else page.get


def _telling_test(session: RecordedSession, submission: RecordedSubmission) -> str:
    """Return a condition for the sign-in form, if possible one that is false on every page of the session."""
    tests = [f"forms[?{test}]" for test in form_tests(submission.form)]
    tests = [test for test in tests if is_true(test, submission.source.data)]
    tells = (test for test in tests if not any(is_true(test, each.data) for each in session.pages))
    return next(tells, tests[0] if tests else "")


def _form_step(submission: RecordedSubmission) -> dict[str, t.Any]:
    """Return the step that fills in user name, password and domain, and submits the form."""
    fill: dict[str, t.Any] = {}
    for each in submission.form["controls"]:
        if each["type"] == "password":
            fill[each["name"]] = "${password}"
        elif each["type"] not in ("hidden", "checkbox", "radio", "select"):
            words = f"{each['label']} {normalised(each['name'])}"
            domain = has_word(words, hints()["domain"]) and not has_word(words, hints()["account"])
            fill[each["name"]] = "${domain}" if domain else "${username}"
    if "${username}" not in fill.values():  # names of local accounts may be a list (domain.md)
        lists = [each["name"] for each in submission.form["controls"] if each["type"] == "select"]
        fill |= dict.fromkeys(lists[:1], "${username}")
    step: dict[str, t.Any] = {"submit": form_pick(submission.form, submission.source.forms), "fill": fill}
    if submission.pressed:
        step["press"] = submission.pressed
    return step


def _draft_json(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, sent: Visit) -> None:
    password = password_key(sent.json_body)
    body = dict(sent.json_body)
    for name in body:
        if name == password:
            body[name] = "${password}"
        elif word_score(str(name), hints()["account"]):
            body[name] = "${username}"
    before, headers = sent_tokens(builder, history, sent, "sign_in.steps")
    step: dict[str, t.Any] = {
        "send": sent.method,
        "path": sent.path,
        "json": body,
        **headers,
        "ok": [200, 400, 401, 403],
    }
    builder.set_value("sign_in", {"method": "token"})
    carried = _token_of(sent, history)
    if carried is not None:
        name, header, value = carried
        step["keep"] = {"access_token": {"pick": name, "required": False}}
        builder.set_value("headers", {header: value}, "this header sends the token of the sign-in")
    builder.set_value("sign_in.steps", [*before, step], f"JSON is sent to {sent.path}")
    before_it = _before(history, session)
    if carried is not None and not any(is_true(carried[0], each.data) for each in before_it):
        builder.set_value("sign_in.signed_in", carried[0], "the response contains the token")
    else:
        question = "Which part of the response proves that the sign-in succeeded?"
        builder.ask("sign_in.signed_in", question, _not_on(_weak_proofs(sent), before_it))
    statuses = {each.status for each in session.refused} - {sent.status}
    if len(statuses) == 1:
        builder.set_value("sign_in.refused", {"status": statuses.pop()}, "the recorded refusal has this status")
    else:
        choices = [Choice({"status": 401}), Choice({"status": 403}), Choice("error")]
        builder.ask("sign_in.refused", "Which part of the response shows that the password is wrong?", choices)
    builder.set_value("session_ended", {"status": 401})


def _token_of(sent: Visit, history: BrowsingHistory) -> tuple[str, str, str] | None:
    for place, value in leaves(sent.data, "") if sent.page.kind == "json" else ():
        if not isinstance(value, str) or len(value) < 8:
            continue
        for visit in history.visits:
            for header, carried in visit.headers.items():
                if visit.number > sent.number and header != "cookie" and value in carried:
                    return place, header.title(), carried.replace(value, "${access_token}")
    return None


def _draft_match(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession) -> None:
    """Draft ``match`` from the page with the sign-in form, as it was first fetched, or from the first page."""
    submission = _forms_to(session.submission, history)[0] if session.submission else None
    page = history.fetched(submission) if submission else None
    if page is None or not page.own:
        page = next((each for each in history.visits if each.is_page and each.own and not each.writes), None)
    if page is None:
        builder.ask("match", "Which page identifies the interface? The recording shows none before the sign-in.")
        return
    signs: list[dict[str, t.Any]] = []
    if page.page.kind == "html":
        if page.data["title"]:
            signs.append({"when": f"title == {quoted(page.data['title'])}", "points": 1})
        if submission is not None and submission.visit.own:
            signs += _signs_of_form(submission.form, page)
        if len(signs) < 2 and page.data["headings"]:
            signs.append({"when": f"contains(headings, {quoted(page.data['headings'][0])})", "points": 1})
    elif isinstance(page.data, dict):
        signs = [{"when": f"type({identifier(name)}) != 'null'", "points": 1} for name in list(page.data)[:3]]
    signs = [each for each in signs if is_true(each["when"], page.data)]
    builder.set_value("match", {"steps": [history.entry(page).get], "signs": signs})
    # The title depends on the language, so the page is recognised without it if all other signs are there.
    enough = sum(each["points"] for each in signs)
    builder.set_value("match.enough", max(enough - (len(signs) > 2), 1), f"by {len(signs)} signs of {page.name}")


def _signs_of_form(form: t.Mapping[str, t.Any], page: Visit) -> list[dict[str, t.Any]]:
    test = next((each for each in form_tests(form) if is_true(f"forms[?{each}]", page.data)), None)
    pick = f"forms[?{test}] | [0]" if test else form_pick(form, [form])
    signs = []
    for each in form["controls"]:
        if each["type"] == "hidden" and each["name"]:
            signs.append({"when": f"{pick}.fields.{identifier(each['name'])}", "points": 1})
        elif each["type"] == "password":
            signs.append({"when": f"{pick}.controls[?name=={quoted(each['name'])}]", "points": 2})
    return signs[:4]


def _condition_to_continue(landing: Visit, page: Visit, test: str) -> str:
    """Return the condition for the next step: a frame or link to ``page`` if there is one, else no sign-in form.

    A positive condition is better: it is not true on a page that refuses the sign-in.
    """
    end = quoted("/" + page.address.rsplit("/", 1)[-1])
    for part, address in (("frames", "src"), ("links", "href")):
        condition = f"{part}[?ends_with({address}, {end})]"
        if landing.page.kind == "html" and is_true(condition, landing.data):
            return condition
    return f"!({test})"


def _before(history: BrowsingHistory, session: RecordedSession) -> list[Visit]:
    """Return the pages that are shown to somebody who is not signed in."""
    return [*(each for each in history.visits if each.number < session.first and each.is_page), *session.refused]


def _not_on(found: Iterable[tuple[str, str]], pages: Iterable[Visit]) -> list[Choice]:
    """Return the conditions that hold on none of ``pages``."""
    return [Choice(test, text) for test, text in found if not any(is_true(test, each.data) for each in pages)]


def _proofs(page: Visit, history: BrowsingHistory, session: RecordedSession) -> list[Choice]:
    """Return conditions for links and forms of ``page`` that sign out, if no page before the sign-in has them."""
    return [
        each for each in _not_on(sign_out_signs(page), _before(history, session)) if is_true(each.answer, page.data)
    ]


def _draft_proof(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, pages: list[Visit]) -> None:
    for page in pages:
        found = _proofs(page, history, session)
        if found:
            why = f"{found[0].reads!r} of {page.address}, on no page before the sign-in"
            builder.set_value("sign_in.signed_in", found[0].answer, why)
            return
    weak = [proof for page in pages[:3] for proof in _weak_proofs(page)]
    builder.ask(
        "sign_in.signed_in",
        "Which condition proves a sign-in? No sign-out link was found. It must be false before the sign-in.",
        _not_on(weak, _before(history, session)),
    )


def _weak_proofs(page: Visit) -> Iterator[tuple[str, str]]:
    if page.page.kind == "json" and isinstance(page.data, dict):
        yield from ((identifier(name), f"{name}: {str(value)[:40]}") for name, value in page.data.items() if value)
    if page.page.kind == "html":
        yield from ((f"contains(headings, {quoted(each)})", each) for each in page.data["headings"][:3])
        yield from (
            (f"ids.{identifier(name)}", text[:40]) for name, text in list(page.data["ids"].items())[:10] if text
        )
        if page.data["title"]:
            yield f"title == {quoted(page.data['title'])}", page.data["title"]


def _draft_failures(builder: DraftBuilder, history: BrowsingHistory, session: RecordedSession, test: str) -> None:
    """Draft how the pages of a refused sign-in, a locked account and an expired password look, or ask about them."""
    failed = [page for page in session.refused if page.is_page]
    landing = [history.landing(session.submission.visit)] if session.submission else []
    signed_in = [*landing, *session.pages]
    tells = bool(test) and not any(is_true(test, each.data) for each in signed_in)
    if failed and tells and all(is_true(test, each.data) for each in failed):
        builder.set_value("sign_in.refused", test, "the recorded refusal shows the sign-in form again")
    else:
        question = "What does a wrong password show? The recording has no refusal; often it is the sign-in form again."
        if failed:
            question = "What does a wrong password show? It must be false on every page of the session."
        texts = [(f"messages[?@=={quoted(each)}]", each) for page in failed for each in page.data.get("messages", [])]
        again = [Choice(test, "the sign-in form again")] if tells else []
        builder.ask("sign_in.refused", question, [*again, *_not_on(texts, signed_in)])
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
            steps = [
                history.fetched(submission).get,
                {"submit": form_pick(submission.form, submission.source.forms)},
            ]
        else:
            before, headers = sent_tokens(builder, history, done, "sign_out.steps")
            steps = [*before, {"send": done.method, "path": done.path, **headers} if done.writes else done.get]
        builder.set_value("sign_out", {"steps": steps}, f"{done.name} ends the recording's session")
    elif session.method not in ("basic", "digest"):
        builder.ask("sign_out", "How does a user sign out? The recording does not show it.", optional=True)
