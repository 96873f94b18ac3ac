# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the decisions about sign-in and sign-out from what a person did during these tasks. Pure."""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from .drafting import (
    BrowsingHistory,
    RecordedSubmission,
    Visit,
    form_pick,
    form_test,
    identifier,
    is_same_form,
    is_true,
    quoted,
)
from .guide import Guide, GuideResult
from .steps import page_step, pressed_button

if t.TYPE_CHECKING:
    from .capture import Capture

UNTYPED = ("hidden", "checkbox", "radio", "select", "submit", "file")


def own_visits(history: BrowsingHistory) -> list[Visit]:
    """Return the visits of the interface itself, without those of an identity provider."""
    return [each for each in history.visits if each.own]


def _range(guide: Guide, capture: Capture, key: str) -> tuple[int, int] | None:
    result: GuideResult | None = guide.results.get(key)
    if result is None or result.skipped:
        return None
    return capture.renumbered(result.first), capture.renumbered(result.last + 1) - 1


def _submissions(history: BrowsingHistory, between: tuple[int, int] | None) -> list[RecordedSubmission]:
    """Return the forms that were submitted in these exchanges."""
    if between is None:
        return []
    found = [
        history.submission(each)
        for each in history.visits
        if between[0] <= each.number <= between[1] and (each.writes or each.query)
    ]
    return [each for each in found if each is not None]


def _controls(submission: RecordedSubmission) -> list[t.Mapping[str, t.Any]]:
    return [each for each in submission.form["controls"] if each["type"] not in UNTYPED and each["name"]]


def _has_password(submission: RecordedSubmission) -> bool:
    return any(each["type"] == "password" for each in submission.form["controls"])


def sign_in_decisions(guide: Guide, capture: Capture, history: BrowsingHistory) -> dict[str, t.Any]:
    """Return the decisions below ``sign_in``, ``match`` and ``session_ended`` that the recording session proves."""
    own = own_visits(history)
    between = _range(guide, capture, "sign_in")
    signed = guide.results.get("sign_in.signed_in")
    sign = None if signed is None or signed.skipped else signed
    if between is None:
        return {}
    tried = _range(guide, capture, "refused")
    submissions = _submissions(history, between)
    submissions = [*_asked_before(_submissions(history, tried), submissions), *submissions]
    passwords = [at for at, each in enumerate(submissions) if _has_password(each)]
    if not passwords:
        return _without_form(guide, capture, own, between, tried, sign)
    landing = history.landing(submissions[-1].visit)
    steps: list[dict[str, t.Any]] = []
    first = _first_shown(history, submissions[0])
    decided: dict[str, t.Any] = {}
    entry = _entry(history, first)
    if entry is not None and entry is not first:
        steps.append(page_step(entry))
    hosts = sorted({urlsplit(each.visit.url).netloc for each in submissions} - {urlsplit(own[0].url).netloc})
    steps += [_submit_step(each, at, passwords[0]) for at, each in enumerate(submissions)]
    if sign is not None and sign.offer is not None:
        shown = next((each for each in own if each.number == capture.renumbered(sign.first)), None)
        if shown is not None and not is_true(sign.pick, landing.data):
            steps.append({"get": shown.path, "when": _condition(landing, shown, submissions[-1])})
        decided["signed_in"] = sign.pick
    refused = _refused(history, submissions[passwords[0]], tried, between[1])
    if refused:
        decided["refused"] = refused
    if hosts:
        decided["hosts"] = hosts
    whole = {"method": "form", "steps": steps, **decided}
    # Both: a draft asks for single values below a key that was decided as a whole.
    made: dict[str, t.Any] = {"sign_in": whole, **{f"sign_in.{name}": value for name, value in whole.items()}}
    page = own[0] if entry is not first else first
    made |= _match(page, submissions[0] if page is first else None)
    ended = _session_ended(guide, capture, own, page)
    if ended:
        made["session_ended"] = {"when": ended}
    return made


def _asked_before(tried: list[RecordedSubmission], done: list[RecordedSubmission]) -> list[RecordedSubmission]:
    """Return the forms of the refused sign-in that were not shown again, such as the one for the user name."""
    again = {form_test(each.form, [each.form]) for each in done}
    return [each for each in tried if done and form_test(each.form, [each.form]) not in again]


def _first_shown(history: BrowsingHistory, submission: RecordedSubmission) -> Visit:
    """Return the page on which the form was shown first; after a refusal it came again, with a message.

    A form that is sent to the address of its own page is another one at another address.
    """
    source, form = submission.source, submission.form
    pages = [each for each in history.visits if each.number <= source.number and each.is_page and not each.writes]
    shown = (
        page
        for page in pages
        if any(is_same_form(each, form) and each["action"] == form["action"] for each in page.forms)
    )
    return next(shown, source)


def _entry(history: BrowsingHistory, first: Visit) -> Visit | None:
    """Return the visit of the interface that leads to the page with the first form."""
    if first.own:
        return first
    leads = [each for each in own_visits(history) if each.number < first.number and history.landing(each) is first]
    return leads[-1] if leads else None


def _submit_step(submission: RecordedSubmission, at: int, password_at: int) -> dict[str, t.Any]:
    """Return the step of one form of the sign-in. Of the texts that are typed the last before the password is the name.

    One before it, in the same form, is the domain.
    """
    fill: dict[str, t.Any] = {}
    texts = [each for each in _controls(submission) if each["type"] != "password"]
    for each in _controls(submission):
        if each["type"] == "password":
            fill[each["name"]] = "${password}"
    if at <= password_at and texts:
        fill[texts[-1]["name"]] = "${username}"
        if len(texts) > 1:
            fill[texts[0]["name"]] = "${domain}"
    step: dict[str, t.Any] = {"submit": form_pick(submission.form, submission.source.forms)}
    if at > password_at:  # after a wrong password this form is not shown
        step["when"] = f"forms[?{form_test(submission.form, submission.source.forms)}]"
    if fill:
        step["fill"] = fill
    pressed = pressed_button(submission)
    if pressed:
        step["press"] = pressed
    return step


def _condition(landing: Visit, page: Visit, submission: RecordedSubmission) -> str:
    """Return the condition for going on to ``page``: its frame or link is there, or the sign-in form is not."""
    end = quoted("/" + page.path.rsplit("/", 1)[-1])
    for part, address in (("frames", "src"), ("links", "href")):
        condition = f"{part}[?ends_with({address}, {end})]"
        if landing.page.kind == "html" and is_true(condition, landing.data):
            return condition
    return f"!(forms[?{form_test(submission.form, submission.source.forms)}])"


def _refused(
    history: BrowsingHistory,
    submission: RecordedSubmission,
    tried: tuple[int, int] | None,
    signed_in: int,
) -> str | None:
    """Return the sign of a wrong password: it holds on every page that refused, and on none of the session.

    Without a recorded refusal it is the sign-in form again, if no page of the session has it.
    """
    test = form_test(submission.form, submission.source.forms)
    refusals = [history.landing(each.visit) for each in _submissions(history, tried) if _has_password(each)]
    later = [each for each in own_visits(history) if each.number >= signed_in and each.is_page]
    landed = history.landing(submission.visit)
    candidates = [f"forms[?{test}]"] if test else []
    if refusals and refusals[-1].page.kind == "html":
        before = submission.source.data["ids"]
        candidates += [
            f"ids.{identifier(name)}" for name, text in refusals[-1].data["ids"].items() if text and name not in before
        ]
    for each in candidates:
        holds = all(is_true(each, page.data) for page in refusals)
        if holds and not any(is_true(each, page.data) for page in (*later, landed)):
            return each
    return None


def _match(page: Visit, submission: RecordedSubmission | None) -> dict[str, t.Any]:
    """Return how to recognise the interface by ``page``, which needs no sign-in."""
    signs: list[dict[str, t.Any]] = []
    if page.page.kind != "html":
        return {}
    if page.data["title"]:
        signs.append({"when": f"title == {quoted(page.data['title'])}", "points": 1})
    if submission is not None:
        pick = form_pick(submission.form, submission.source.forms)
        for each in submission.form["controls"]:
            if each["type"] == "password":
                signs.append({"when": f"{pick}.controls[?name=={quoted(each['name'])}]", "points": 2})
            elif each["type"] == "hidden" and each["name"]:
                signs.append({"when": f"{pick}.fields.{identifier(each['name'])}", "points": 1})
    signs += [
        {"when": f"links[?id=={quoted(link['id'])}]", "points": 2} for link in page.data["links"][:5] if link["id"]
    ][:1]
    if len(signs) < 2 and page.data["headings"]:
        signs.append({"when": f"contains(headings, {quoted(page.data['headings'][0])})", "points": 1})
    if len(signs) < 2 and page.forms:
        test = form_test(page.forms[0], page.forms)
        signs += [{"when": f"forms[?{test}]", "points": 1}] if test else []
    enough = sum(each["points"] for each in signs)
    if not signs:
        return {}
    # The title depends on the language, so the page is recognised without it if the other signs are there.
    return {
        "match": {"steps": [page_step(page)], "signs": signs[:5], "enough": max(enough - (len(signs) > 2), 1)},
    }


def _session_ended(guide: Guide, capture: Capture, own: list[Visit], page: Visit) -> str | None:
    """Return a sign of the page before the sign-in that no page of the session has."""
    signed_in, out = _range(guide, capture, "sign_in"), _range(guide, capture, "sign_out")
    if signed_in is None or page.page.kind != "html":
        return None
    end = out[0] if out else own[-1].number + 1
    session = [each for each in own if signed_in[1] < each.number < end and each.is_page]
    signs = [f"forms[?{test}]" for form in page.forms if (test := form_test(form, page.forms))]
    signs += [f"links[?id=={quoted(link['id'])}]" for link in page.data["links"] if link["id"]]
    return next(
        (
            each
            for each in signs
            if is_true(each, page.data) and not any(is_true(each, other.data) for other in session)
        ),
        None,
    )


def _without_form(
    guide: Guide,
    capture: Capture,
    own: list[Visit],
    between: tuple[int, int],
    tried: tuple[int, int] | None,
    sign: GuideResult | None,
) -> dict[str, t.Any]:
    """Return the answers to a draft's questions about a sign-in without a form: by JSON, or by a header."""
    made: dict[str, t.Any] = {}
    sent = [each for each in own if each.writes and between[0] <= each.number <= between[1]]
    done = next((each for each in sent if isinstance(each.json_body, dict)), None)
    if done is None:
        if sign is not None:
            made["sign_in.signed_in"] = sign.pick
        return made
    if isinstance(done.data, dict):
        before = [each for each in own if each.number < between[0] and each.page.kind == "json"]
        marks = [identifier(str(name)) for name, value in done.data.items() if value is True]
        proof = next((each for each in marks if not any(is_true(each, page.data) for page in before)), None)
        if proof:
            made["sign_in.signed_in"] = proof
    if tried is not None:
        refused = [each for each in own if each.writes and tried[0] <= each.number <= tried[1]]
        if refused and refused[-1].status >= 400:
            made["sign_in.refused"] = {"status": refused[-1].status}
    return made


def sign_out_decision(guide: Guide, capture: Capture, history: BrowsingHistory) -> dict[str, t.Any] | None:
    """Return the steps of the sign-out; None if it was skipped."""
    between = _range(guide, capture, "sign_out")
    if between is None:
        return None
    own = own_visits(history)
    visits = [each for each in own if between[0] <= each.number <= between[1]]
    done = next((each for each in visits if each.writes), visits[0] if visits else None)
    if done is None:
        return None
    submission = history.submission(done) if done.writes else None
    if submission is not None:
        # The first page of the session that has the form can always be fetched; the last may have been there once.
        pages = [each for each in own if each.is_page and not each.writes and _has(each, submission)]
        source = pages[0] if pages else submission.source
        return {"steps": [page_step(source), {"submit": form_pick(submission.form, submission.source.forms)}]}
    if done.writes:
        return {"steps": [{"send": done.method, "path": done.path}]}
    return {"steps": [page_step(done)]}


def _has(visit: Visit, submission: RecordedSubmission) -> bool:
    return any(form["action"] == submission.form["action"] for form in visit.forms)
