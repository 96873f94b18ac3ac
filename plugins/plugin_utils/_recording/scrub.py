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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from ...module_utils._web.errors import BadInput
from .exchange import RecordedExchange, Recording, form_of
from .finder import Finder, Needle, body_text
from .sensitive import (
    BLANK_IMAGE,
    DATA_IMAGE,
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
    kind_of_name,
    parts_of_address,
    replacement_scope,
)
from .sensitive_values import SensitiveValues
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
    """What was replaced. ``counts``: number of values by kind. ``notes``: values that were not replaced, and why.

    ``pairs`` maps each value to its stand-in, and so is as secret as the values.
    """

    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return ", ".join(f"{kind}: {count}" for kind, count in sorted(self.counts.items())) or "nothing"


def scrub(
    recording: Recording, *, known: Known | None = None, keep: Collection[str] = ()
) -> tuple[Recording, Replacements]:
    """Return ``recording`` with stand-ins for its sensitive values and for ``known``, but not for ``keep``.

    A value that is too short or too common to be replaced everywhere is replaced only in the fields and headers whose
    names identify it, with a note. Raises :class:`BadInput` if ``known`` contains such a value.
    """
    inventory = _SensitiveInventory(recording, known or {}, keep)
    needles = inventory.needles()
    finder = Finder(needle for needle, in_all_text in needles.values() if in_all_text)
    pairs = {value: needle.stand_in for value, (needle, _in_all_text) in needles.items()}
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
    counts: Counter[str] = Counter(inventory.kinds[value] for value in needles) + images
    stand_ins = recording.stand_ins | set(pairs.values())
    scrubbed = replace(recording, exchanges=exchanges, notes=list(recording.notes), stand_ins=stand_ins)
    return scrubbed, Replacements(dict(counts), tuple(inventory.notes), pairs)


def scan(recording: Recording, known: Known | None = None, *, keep: Collection[str] = ()) -> list[SensitiveValue]:
    """Return the sensitive values that are no stand-ins of the recording, each once for an exchange and place."""
    inventory = _SensitiveInventory(recording, known or {}, keep, scanning=True)
    needles = inventory.needles()
    findings = [
        SensitiveValue(kind, number, place, value=value)
        for kind, value, number, place in inventory.occurrences
        if value in needles and value not in inventory.known_names
    ]
    finder = Finder(needle for needle, in_all_text in needles.values() if in_all_text)
    names = {needle.value: inventory.known_names.get(value) for value, (needle, _in_all_text) in needles.items()}
    for exchange in recording.exchanges:
        for place, text in _texts(exchange):
            for needle in finder.find(text):
                if name := names.get(needle.value):
                    kind = inventory.kinds.get(needle.value, "secret")
                    findings.append(SensitiveValue(kind, exchange.number, place, name, needle.value))
            if any(image[0] != BLANK_IMAGE for image in DATA_IMAGE.finditer(text)):
                findings.append(SensitiveValue("image", exchange.number, place))
    return list(dict.fromkeys(findings))


class _SensitiveInventory:
    """The sensitive values of a recording, in canonical form, and their stand-ins.

    ``kinds``: value to its kind. ``known_names``: value to its name in ``known``. ``occurrences``: kind, value,
    exchange and place. ``scanning``: only find values, so that those which cannot be replaced are included.
    """

    def __init__(self, recording: Recording, known: Known, keep: Collection[str], *, scanning: bool = False) -> None:
        self.recording = recording
        self.sensitive_values = SensitiveValues(recording)
        self.notes: list[str] = []
        self.kinds: dict[str, Kind] = {}
        self.known_names: dict[str, str] = {}
        self.occurrences: list[tuple[Kind, str, int, str]] = []
        self._original: dict[str, str] = {}
        self._kept = {each.lower() for each in (*keep, *recording.stand_ins)} | PUBLIC_HOSTS
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
        if kind == "username" and value.lower() in USUAL_ACCOUNTS and value not in self.kinds:
            note = f"not replaced: the user name in {place}, which is a factory-set one"
            if note not in self.notes:
                self.notes.append(note)
            return value
        if kind == "username" and EMAIL.fullmatch(value):
            kind = "email"
        canonical = _canonical(kind, value)
        self.kinds.setdefault(canonical, kind)
        self._original.setdefault(canonical, value)
        self.occurrences.append((self.kinds[canonical], canonical, self._number, place))
        return value

    def _add_known(self, name: str, value: str) -> None:
        if value.lower() in self._kept:
            return
        for kind, part in _parts_of_known(name, value):
            canonical = _canonical(kind, part)
            if kind == "host" and canonical in LOCAL_HOSTS:
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
            self.kinds.setdefault(canonical, kind)
            self._original.setdefault(canonical, part)
            self.known_names.setdefault(canonical, name)

    def _add_email_domains(self) -> None:
        """Add the domains of e-mail addresses as hosts, except those of public mail providers."""
        for value, kind in list(self.kinds.items()):
            if kind == "email":
                domain = value.rpartition("@")[2]
                if domain not in MAIL_PROVIDERS and domain not in self._kept:
                    self.kinds.setdefault(domain, "host")
                    self._original.setdefault(domain, domain)

    def _add_short_host_names(self) -> dict[str, str]:
        """Add the first label of each host name (``press-01``) as a host, and return it with the whole name."""
        short: dict[str, str] = {}
        for value in [each for each, kind in self.kinds.items() if kind == "host" and each.count(".") >= 2]:
            label = value.partition(".")[0]
            if replacement_scope("host", label, "")[0] and label not in self._vocabulary and label not in self._kept:
                short.setdefault(label, value)
                self.kinds.setdefault(label, "host")
                self._original.setdefault(label, label)
        return short

    def needles(self) -> dict[str, tuple[Needle, bool]]:
        """Return the needle of each value, and whether it may be replaced in all texts.

        Hosts come last, and domains before their hosts, because a host's stand-in ends in that of its domain.
        """
        corpus = "\n".join(text for exchange in self.recording.exchanges for _place, text in _texts(exchange))
        stand_ins = StandIns(lambda text: text in corpus if len(text) >= 6 else text in self.kinds)
        needles: dict[str, tuple[Needle, bool]] = {}
        for value, kind in sorted(self.kinds.items(), key=lambda item: KINDS.index(item[1])):
            if kind != "host":
                needles[value] = self._needle(value, kind, stand_ins)
        hosts = [value for value, kind in self.kinds.items() if kind == "host"]
        for value in sorted(hosts, key=lambda host: host.count(".")):
            needles[value] = self._needle(value, "host", stand_ins)
        for label, host in self._short.items():
            needle, in_all_text = needles[label]
            if needle.value.lower() == label:
                stand_in = needles[host][0].stand_in.partition(".")[0]
                needles[label] = replace(needle, stand_in=stand_in), in_all_text
        return needles

    def _needle(self, value: str, kind: Kind, stand_ins: StandIns) -> tuple[Needle, bool]:
        original = self._original[value]
        vocabulary = "" if value in self.known_names else self._vocabulary
        in_all_text, whole_word = replacement_scope(kind, original, vocabulary)
        if not in_all_text and kind == "host":
            return Needle(original, stand_ins.make(kind, original), any_case=True, host_only=True), True
        if not in_all_text and kind == "password":
            places = sorted({place for _kind, found, _number, place in self.occurrences if found == value})
            self.notes.append(
                f"replaced only where it was sent ({', '.join(places)}): a {kind} that is too short or too common to "
                "be replaced everywhere; read the fixture before you share it, or record again with a longer one"
            )
        any_case = kind in ("email", "host", "mac") or (kind == "ip" and ":" in value)
        return Needle(original, stand_ins.make(kind, original), whole_word=whole_word, any_case=any_case), in_all_text


def _canonical(kind: Kind, value: str) -> str:
    """Return the form in which equal values are equal: lower case for hosts and addresses."""
    if kind in ("email", "host", "mac", "ip"):
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
        host, codes = parts_of_address(value)
        last = unquote(urlsplit(value).path.rstrip("/").rpartition("/")[2])
        found: list[tuple[Kind, str]] = [("code", each) for each in codes]
        if not found and len(last) >= 8 and any(each.isdigit() for each in last):
            found.append(("code", last))
        if host and host not in LOCAL_HOSTS:
            found.append(("ip" if is_ip(host) else "host", host))
        return found
    if is_ip(value):
        return [("ip", value)]
    if EMAIL.fullmatch(value):
        return [("email", value)]
    if MAC.fullmatch(value):
        return [("mac", value)]
    words = name.lower().replace("-", " ").replace("_", " ").split()
    if any(whole_word.startswith(("serial", "machine")) for whole_word in words):
        return [("serial", value)]
    if any(whole_word.startswith("code") for whole_word in words):
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
        for kind, body in (
            (exchange.request_type, exchange.request_body),
            (exchange.response_type, exchange.response_body),
        ):
            text = body_text(kind, body)[0] if body else ""
            words.update(_without_origin(found[1]) for found in _NAME_ATTRIBUTES.finditer(text))
            words.update(re.findall(r"\"([A-Za-z_][\w.-]{0,60})\"\s{0,4}:", text))
    return "\n".join(whole_word.lower() for whole_word in words)


def _without_origin(value: str) -> str:
    """Return the path of an address, without its host and query, which may be sensitive."""
    path = re.sub(r"^(?:[a-z][a-z0-9+.-]{0,20}:)?//[^/?#]*", "", value, flags=re.IGNORECASE)
    return path.partition("?")[0]


def _texts(exchange: RecordedExchange) -> t.Iterator[tuple[str, str]]:
    yield "url", exchange.url
    for side, headers in (("request", exchange.request_headers), ("response", exchange.response_headers)):
        for name, value in headers:
            yield f"{side} header {name}", value
    yield "request body", body_text(exchange.request_type, exchange.request_body)[0]
    yield "response body", body_text(exchange.response_type, exchange.response_body)[0]


def _replace_in_texts(exchange: RecordedExchange, finder: Finder, images: Counter[str]) -> RecordedExchange:
    def headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, finder.replace(value)) for name, value in pairs)

    def body(kind: str | None, content: bytes) -> bytes:
        text, codec = body_text(kind, content)
        without_images = DATA_IMAGE.sub(BLANK_IMAGE, text)  # a QR code may contain the registration address
        images["image"] += sum(1 for found in DATA_IMAGE.finditer(text) if found[0] != BLANK_IMAGE)
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
