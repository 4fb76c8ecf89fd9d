# SPDX-License-Identifier: Apache-2.0
"""Many credentials of one frame, such as one achievement for a whole course: only what differs is checked."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from laurel import strictjson, tiers
from laurel.issue import signing
from laurel.issue.checking import BADGE_RULES, check_document, outline_of
from laurel.jsonld import holes
from laurel.jsonld.frames import FRAMES
from laurel.jsonld.losses import Path, pointer
from laurel.jsonld.template import Template, inner_texts
from laurel.proof import vc_jwt
from laurel.proof.keys import SigningKey
from laurel.tiers import Fallback

Form: TypeAlias = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022", "open-badges-3.0", "vc-jose-cose"]
"""A suite of Data Integrity proofs, or a profile of JWT."""


class Batch:
    """Issues credentials that differ in some texts only. Not for several threads at once.

    What the example decides for all of them is worked out once. Each credential is held against the same
    rules as by `check_document`, and is byte for byte what `check_document` and `sign` would give.
    """

    def __init__(
        self, example: Mapping[str, Any], key: SigningKey, *, form: Form = "eddsa-rdfc-2022"
    ) -> None:
        """Check the example and learn its frame.

        Args:
            example: one draft, complete: with an id, an issuer, a learner.
            key: the issuer's key; for a suite, an Ed25519 key.

        Raises:
            FailedChecks: the example breaks a rule, or the key is not the issuer's.
            NotAKey: the key has no id, or does not fit the suite.
        """
        checked = check_document(example)
        signing.require_issuers_key(checked.issuer_id, key)
        if form != "open-badges-3.0" and form != "vc-jose-cose":
            signing.require_kind(form, key)
        self._form, self._key = form, key
        self._example, self._draft = checked.document, checked.document
        self._contexts = strictjson.dumps(self._example["@context"])
        self._template = FRAMES.learn(self._example) if tiers.is_on("template") else None
        found = () if self._template is None else self._template.holes
        self._numbers = {pointer(path): number for number, hole in enumerate(found) for path in hole.paths}
        self._texts = [str(_inside(self._example, hole.paths[0])[hole.paths[0][-1]]) for hole in found]
        #: Where each text stands in the draft that is written over for each credential.
        self._slots = [
            (number, _inside(self._draft, path), path[-1])
            for number, hole in enumerate(found)
            for path in hole.paths
        ]

    @property
    def places(self) -> tuple[str, ...]:
        """The JSON Pointers of the texts that are cheap to change; others work as well, and take longer."""
        return tuple(self._numbers)

    def issue(self, values: Mapping[str, str], *, created: datetime | None = None) -> bytes:
        """Return the example with other texts, signed: JSON, or a compact JWS.

        Args:
            values: from JSON Pointer to text; what is not named stays as in the example. Where the example
                names one thing by its id in several places, all of them change.
            created: when the proof is made, any zone; now, if it is not given. A JWT does not tell it.

        Raises:
            FailedChecks: with every finding.
            KeyError: a pointer that leads to no text of the example.
        """
        moment = (created or datetime.now(UTC)).replace(microsecond=0)
        texts = self._texts.copy()
        try:
            for place, text in values.items():
                texts[self._numbers[place]] = text
        except KeyError:
            return self._issue_anew(values, moment)
        if self._template is not None and tiers.is_on("template"):
            try:
                return self._issue_by_template(self._template, texts, moment)
            except Fallback as reason:
                tiers.taken[f"fallback: template: {reason}"] += 1
        return self._issue_anew(values, moment)

    def _issue_by_template(self, template: Template, texts: list[str], moment: datetime) -> bytes:
        inner = inner_texts(texts)
        if inner is None or max(map(len, inner)) > strictjson.MAX_STRING:
            raise Fallback("texts that are looked at one by one")
        every = "".join(texts)
        if not every.isascii() and not all(unicodedata.is_normalized("NFC", text) for text in texts):
            raise Fallback("texts that are looked at one by one")
        template.require_fit(inner)
        draft = self._draft
        for number, inside, key in self._slots:
            inside[key] = texts[number]
        written = template.json(inner)
        if len(written) > strictjson.MAX_BYTES or any(rule(draft) for rule in BADGE_RULES):
            raise Fallback("texts that are looked at one by one")
        canonical = FRAMES.proved(template, draft, template.fill(inner))
        tiers.taken["template"] += 1
        return self._signed(written, canonical, template, inner, moment)

    def _signed(
        self, written: bytes, canonical: bytes, template: Template, inner: list[bytes], moment: datetime
    ) -> bytes:
        form = self._form
        if form == "open-badges-3.0" or form == "vc-jose-cose":
            return vc_jwt.sign_written(written, outline_of(self._draft), self._key, profile=form).encode()
        if form == "eddsa-jcs-2022":
            canonical = template.canonical_json(inner)
        opening = signing.opening_of(form, str(self._key.id), moment, self._contexts)
        return signing.secured(written, canonical, opening, self._key)

    def _issue_anew(self, values: Mapping[str, str], moment: datetime) -> bytes:
        """Issue by the way that takes any draft."""
        found = () if self._template is None else self._template.holes
        texts: dict[Path, str] = {}
        for place, text in values.items():
            number = self._numbers.get(place)
            for path in (_path(self._example, place),) if number is None else found[number].paths:
                texts[path] = text
        checked = check_document(holes.with_texts(self._example, texts))
        form = self._form
        if form == "open-badges-3.0" or form == "vc-jose-cose":
            return signing.sign_jwt(checked, self._key, profile=form).encode()
        return signing.sign(checked, self._key, suite=form, created=moment)


def _inside(document: Any, path: Path) -> Any:
    """Return the object or list that holds the last step of a path."""
    for step in path[:-1]:
        document = document[step]
    return document


def _path(document: Any, place: str) -> Path:
    """Return the path behind a JSON Pointer to a text. Raises: KeyError. Spec: RFC 6901 §4"""
    path: list[str | int] = []
    for step in place.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        key = int(name) if isinstance(document, list) and name.isascii() and name.isdigit() else name
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            raise KeyError(place) from None
        path.append(key)
    if not isinstance(document, str):
        raise KeyError(place)
    return tuple(path)
