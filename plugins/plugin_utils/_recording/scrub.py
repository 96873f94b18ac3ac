# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces the sensitive values of a recording by stand-ins, and finds those that are left. Knows no file format.

Equal values get equal stand-ins. So a form still sends the hidden token of its page, links still lead to the same
pages, and a scrubbed recording replays like the original.
"""

from __future__ import annotations

import re
import typing as t
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from ...module_utils._web.errors import BadInput
from .exchange import RecordedExchange, Recording, body_text, form_of
from .finder import Finder, Needle
from .sensitive import (
    EMAIL,
    KINDS,
    LOCAL_HOSTS,
    MAC,
    MAIL_PROVIDERS,
    PUBLIC_HOSTS,
    USUAL_ACCOUNTS,
    Kind,
    is_host_name,
    is_ip,
    is_plausible,
    kind_of_name,
    replacement_scope,
)
from .sensitive_values import SensitiveValues
from .shapes import find_in_addresses, without_pictures
from .stand_ins import StandIns

Known = Mapping[str, str | Sequence[str]]
"""Values that the user knows to be in the recording. The name states the kind: ``password``, ``serials``."""

_NAME_ATTRIBUTES = re.compile(
    r"\b(?:id|name|for|class|type|action|href|src)\s{0,4}=\s{0,4}[\"']?([^\"'>\s]{1,200})", re.IGNORECASE
)


@dataclass(frozen=True)
class SensitiveValue:
    """A sensitive value that is left in a recording: its kind and place. No text of it shows the value."""

    kind: str
    exchange: int
    place: str
    known: str | None = None
    """The name in ``known`` that has this value."""
    value: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        what = (
            f"the value of known {self.known!r} ({self.kind})"
            if self.known
            else f"probably a value of kind {self.kind}"
        )
        return f"exchange {self.exchange}, {self.place}: {what}"

    @property
    def as_known(self) -> tuple[str, str]:
        """Return the key and the value to add to ``known``. A secret is shortened: not even its owner reads it here."""
        kinds = {"email": "emails", "serial": "serials", "host": "hosts", "ip": "hosts", "mac": "hosts"}
        shown = self.value if self.kind in kinds else f"{self.value[:2]}… ({len(self.value)} characters)"
        return kinds.get(self.kind, "secrets"), shown


@dataclass(frozen=True)
class Replacements:
    """What was replaced. ``counts``: number of values by kind. ``notes``: values that were not replaced, and why."""

    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def __add__(self, other: Replacements) -> Replacements:
        notes = tuple(dict.fromkeys(self.notes + other.notes))
        return Replacements(dict(Counter(self.counts) + Counter(other.counts)), notes)

    def __str__(self) -> str:
        return ", ".join(f"{kind}: {count}" for kind, count in sorted(self.counts.items())) or "nothing"


def scrub(recording: Recording, *, known: Known | None = None) -> tuple[Recording, Replacements]:
    """Return ``recording`` with stand-ins for its sensitive values and for ``known``.

    A value that is too short or too common to be replaced everywhere is replaced only in the fields and headers whose
    names identify it, with a note. Raises :class:`BadInput` if ``known`` contains such a value.
    """
    inventory = _SensitiveInventory(recording, known or {})
    needles = inventory.needles()
    finder = Finder(needle for needle, in_all_text in needles.values() if in_all_text)
    images: Counter[str] = Counter()

    def replacement(kind: Kind, value: str, place: str) -> str:
        found = needles.get(_canonical(kind, value))
        if found is None:
            return value
        needle, in_all_text = found
        # The finder replaces what may be replaced in all texts. It does not see a bare host name or Basic credentials.
        replace_here = not in_all_text or needle.host_only or "authorization" in place.lower()
        return needle.stand_in if replace_here else value

    exchanges = [
        _replace_in_texts(inventory.sensitive_values.replace_in(exchange, replacement), finder, images)
        for exchange in recording.exchanges
    ]
    counts: Counter[str] = Counter(each.kind for each in inventory.values.values()) + images
    stand_ins = recording.stand_ins | {needle.stand_in for needle, _in_all_text in needles.values()}
    scrubbed = replace(recording, exchanges=exchanges, notes=list(recording.notes), stand_ins=stand_ins)
    return scrubbed, Replacements(dict(counts), tuple(inventory.notes))


def replaceable(recording: Recording, known: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return those of ``known`` that :func:`scrub` can replace everywhere, and a note for each other one."""
    words = _vocabulary(recording)
    parts = {name: _parts_of_known(name, value) for name, value in known.items()}
    usable = {name for name, each in parts.items() if all(replacement_scope(*part, words)[0] for part in each)}
    notes = [f"replaced only in its own fields: {name}, which is a common word" for name in known if name not in usable]
    return {name: value for name, value in known.items() if name in usable}, notes


def scan(recording: Recording, known: Known | None = None) -> list[SensitiveValue]:
    """Return the sensitive values that are no stand-ins of the recording, each once for an exchange and place."""
    inventory = _SensitiveInventory(recording, known or {}, scanning=True)
    findings = [
        SensitiveValue(found.kind, number, place, value=value)
        for value, found in inventory.values.items()
        for number, place in found.places
        if found.known is None
    ]
    values = {found.text: found for found in inventory.values.values()}
    finder = Finder(needle for needle, _in_all_text in inventory.needles().values())
    for exchange in recording.exchanges:
        for place, text in exchange.texts():
            for found in (values[needle.value] for needle in finder.find(text)):
                findings.append(SensitiveValue(found.kind, exchange.number, place, found.known, value=found.text))
            if without_pictures(text)[1]:
                findings.append(SensitiveValue("image", exchange.number, place))
    return sorted(dict.fromkeys(findings), key=lambda each: each.exchange)


@dataclass
class _Found:
    """A sensitive value as it is written. ``known``: its name in ``known``. ``places``: exchange and place of each."""

    kind: Kind
    text: str
    known: str | None = None
    places: list[tuple[int, str]] = field(default_factory=list)


class _SensitiveInventory:
    """The sensitive values of a recording by their canonical form, and their stand-ins.

    ``scanning``: only find values, so that those which cannot be replaced are included.
    """

    def __init__(self, recording: Recording, known: Known, *, scanning: bool = False) -> None:
        self.recording = recording
        self.sensitive_values = SensitiveValues(recording)
        self.notes: list[str] = []
        self.values: dict[str, _Found] = {}
        self._kept = {each.lower() for each in recording.stand_ins} | PUBLIC_HOSTS
        self._number = 0
        # A known value in a path cannot be replaced, but a scan must find it.
        self._vocabulary = "" if scanning else _vocabulary(recording)
        for name, value in _known_pairs(known):
            self._add_known(name, value)
        for exchange in recording.exchanges:
            self._number = exchange.number
            self.sensitive_values.replace_in(exchange, self._record)
            self.sensitive_values.find_in(exchange, self._record)
        self._add_email_domains()
        self._short = self._add_short_host_names()

    def _record(self, kind: Kind, value: str, place: str) -> str:
        if value.lower() in self._kept or not value.strip():
            return value
        if kind == "username" and value.lower() in USUAL_ACCOUNTS and value not in self.values:
            note = f"not replaced: the user name in {place}, which is a factory-set one"
            if note not in self.notes:
                self.notes.append(note)
            return value
        if EMAIL.fullmatch(value):  # whatever the field is called: it may stand elsewhere as an address
            kind = "email"
        self._add(kind, value).places.append((self._number, place))
        return value

    def _add(self, kind: Kind, text: str, known: str | None = None) -> _Found:
        return self.values.setdefault(_canonical(kind, text), _Found(kind, text, known))

    def _add_known(self, name: str, value: str) -> None:
        for kind, part in _parts_of_known(name, value):
            if part.lower() in self._kept:
                continue
            if kind == "host" and _canonical(kind, part) in LOCAL_HOSTS:
                raise BadInput(
                    f"known: the value of {name!r} is the local host name of every machine",
                    advice="Remove it from known: it does not identify where the recording was made.",
                )
            if not replacement_scope(kind, part, self._vocabulary)[0]:
                if kind == "username":
                    self.notes.append(
                        f"not replaced: the user name of known {name!r}, which is also a word of the interface"
                    )
                    continue
                raise BadInput(
                    f"known: the value of {name!r} is too short or too common to be replaced everywhere: other words "
                    "or names of the interface would change too",
                    advice=(
                        "Remove it from known: it is replaced automatically where a form or a header sends it. Better, "
                        "record again with a longer value."
                    ),
                )
            self._add(kind, part, name)

    def _add_email_domains(self) -> None:
        """Add the domains of e-mail addresses as hosts, except those of public mail providers."""
        domains = [value.rpartition("@")[2] for value, found in self.values.items() if found.kind == "email"]
        for domain in domains:
            if domain not in MAIL_PROVIDERS and domain not in self._kept:
                self._add("host", domain)

    def _add_short_host_names(self) -> dict[str, str]:
        """Add the first label of each host name (``press-01``) as a host, and return it with the whole name."""
        short: dict[str, str] = {}
        for value in [each for each, found in self.values.items() if found.kind == "host" and each.count(".") >= 2]:
            label = value.partition(".")[0]
            if replacement_scope("host", label, "")[0] and label not in self._vocabulary and label not in self._kept:
                short.setdefault(label, value)
                self._add("host", label)
        return short

    def needles(self) -> dict[str, tuple[Needle, bool]]:
        """Return the needle of each value, and whether it may be replaced in all texts.

        Hosts come last, and domains before their hosts, because a host's stand-in ends in that of its domain.
        """
        corpus = "\n".join(text for exchange in self.recording.exchanges for _place, text in exchange.texts())
        stand_ins = StandIns(lambda text: text in corpus if len(text) >= 6 else text in self.values)

        def order(item: tuple[str, _Found]) -> tuple[bool, int]:
            is_host = item[1].kind == "host"
            return is_host, item[0].count(".") if is_host else KINDS.index(item[1].kind)

        needles = {value: self._needle(found, stand_ins) for value, found in sorted(self.values.items(), key=order)}
        for label, host in self._short.items():
            needle, in_all_text = needles[label]
            if needle.value.lower() == label:
                stand_in = needles[host][0].stand_in.partition(".")[0]
                needles[label] = replace(needle, stand_in=stand_in), in_all_text
        return needles

    def _needle(self, found: _Found, stand_ins: StandIns) -> tuple[Needle, bool]:
        kind, text = found.kind, found.text
        in_all_text, whole_word = replacement_scope(kind, text, self._vocabulary if found.known is None else "")
        if not in_all_text and kind == "host":
            return Needle(text, stand_ins.make(kind, text), any_case=True, host_only=True), True
        if not in_all_text and is_plausible(kind, text):
            places = sorted({place for _number, place in found.places})
            self.notes.append(
                f"replaced only where it was sent ({', '.join(places)}): a {kind} that is too short or too common to "
                "be replaced everywhere; read the fixture before you share it, or record again with a longer one"
            )
        any_case = kind in ("email", "host", "mac") or (kind == "ip" and ":" in text)
        return Needle(text, stand_ins.make(kind, text), whole_word=whole_word, any_case=any_case), in_all_text


def _canonical(kind: Kind, value: str) -> str:
    """Return the form in which equal values are equal: lower case for hosts and addresses."""
    if kind in ("email", "host", "mac", "ip") or EMAIL.fullmatch(value):
        return value.lower().rstrip(".")
    return value


def _known_pairs(known: Known) -> t.Iterator[tuple[str, str]]:
    for name, value in known.items():
        values = [value] if isinstance(value, (str, int)) else value or []
        for each in values:
            if str(each).strip():
                yield str(name), str(each).strip()


def _parts_of_known(name: str, value: str) -> list[tuple[Kind, str]]:
    """Return kind and value of each part of a known value, by its shape or else by the name that the user gave it."""
    if "://" in value:
        found: list[tuple[Kind, str]] = []
        find_in_addresses(value, name, lambda kind, part, _place: found.append((kind, part)), "")
        last = unquote(re.split(r"[/?#&;=]", value.partition("://")[2].rstrip("/"))[-1])
        if all(kind != "code" for kind, _part in found) and re.search(r"\d", last) and "." not in last:
            found.append(("code", last))
        return found
    if is_ip(value):
        return [("ip", value)]
    if EMAIL.fullmatch(value):
        return [("email", value)]
    if MAC.fullmatch(value):
        return [("mac", value)]
    words = name.lower().replace("-", " ").replace("_", " ").split()
    if any(word.startswith(("serial", "machine")) for word in words):
        return [("serial", value)]
    if any(word.startswith("code") for word in words):
        return [("code", value)]
    kind = kind_of_name(name.removesuffix("s"))
    if kind == "host" and not is_host_name(value):
        kind = None
    return [(kind or "password", value)]


def _vocabulary(recording: Recording) -> str:
    """Return the names in paths, fields and keys of the interface, one per line. None of them can be replaced."""
    words: set[str] = set()
    for exchange in recording.exchanges:
        parts = urlsplit(exchange.url)
        words.update(unquote(each) for each in parts.path.split("/"))
        words.update(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
        words.update(name for name, _value in exchange.form)
        for text in (text for place, text in exchange.texts() if place.endswith(" body")):
            words.update(_without_origin(found[1]) for found in _NAME_ATTRIBUTES.finditer(text))
            words.update(re.findall(r"\"([A-Za-z_][\w.-]{0,60})\"\s{0,4}:", text))
    return "\n".join(word.lower() for word in words)


def _without_origin(value: str) -> str:
    """Return the path of an address, without its host and query, which may be sensitive."""
    path = re.sub(r"^(?:[a-z][a-z0-9+.-]{0,20}:)?//[^/?#]*", "", value, flags=re.IGNORECASE)
    return path.partition("?")[0]


def _replace_in_texts(exchange: RecordedExchange, finder: Finder, images: Counter[str]) -> RecordedExchange:
    def headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, finder.replace(value)) for name, value in pairs)

    def body(kind: str | None, content: bytes) -> bytes:
        text, codec = body_text(kind, content)
        without_images, count = without_pictures(text)
        images["image"] += count
        changed = finder.replace(without_images)
        return changed.encode(codec) if changed != text else content

    request_body = body(exchange.request_type, exchange.request_body)
    return replace(
        exchange,
        url=finder.replace(exchange.url),
        request_headers=headers(exchange.request_headers),
        response_headers=headers(exchange.response_headers),
        request_body=request_body,
        form=form_of(exchange.request_type, request_body),
        response_body=body(exchange.response_type, exchange.response_body),
    )
