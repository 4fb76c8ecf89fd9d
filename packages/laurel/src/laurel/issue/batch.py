# SPDX-License-Identifier: Apache-2.0
"""Many credentials of one frame, such as one achievement for a whole course: only what differs is checked."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from laurel import strictjson, tiers
from laurel.issue import signing
from laurel.issue.checking import BADGE_RULES, Checked, check_document, held
from laurel.jsonld import holes
from laurel.jsonld.frames import FRAMES, Match
from laurel.jsonld.losses import Path, pointer
from laurel.jsonld.spelling import inner_texts
from laurel.jsonld.template import Template
from laurel.model.timestamp import require_offset
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
        self._example = checked.document
        self._listed = checked.listed
        self._moment: datetime | None = None
        self._opening: signing.Opening | None = None
        self._template = FRAMES.learn(self._example) if tiers.is_on("template") else None
        found = () if self._template is None else self._template.holes
        self._numbers = {pointer(path): number for number, hole in enumerate(found) for path in hole.paths}
        texts = [_at(self._example, hole.paths[0]) for hole in found]
        self._texts: list[bytes] = (inner_texts(texts) if texts else None) or []

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
            ValueError: `created` has no offset from UTC.
        """
        if created is not None:
            require_offset(created, "created")
        moment = signing.to_the_second(created or datetime.now(UTC))
        if self._template is not None and tiers.is_on("template"):
            try:
                return self._signed(self._checked(self._template, values), moment)
            except Fallback as reason:
                tiers.taken[f"fallback: template: {reason}"] += 1
        return self._issue_anew(values, moment)

    def _checked(self, template: Template, values: Mapping[str, str]) -> Checked:
        texts = self._texts.copy()
        if values:
            inner = inner_texts([*values.values()])
            if inner is None or max(map(len, inner)) > strictjson.MAX_STRING:
                raise Fallback("texts that are looked at one by one")
            try:
                for place, text in zip(values, inner, strict=True):
                    texts[self._numbers[place]] = text
            except KeyError:
                raise Fallback("a place that is no hole") from None
        template.require_fit(texts)
        written = template.json(texts)
        if len(written) > strictjson.MAX_BYTES:
            raise Fallback("texts that are looked at one by one")
        return held(Match(template, texts, written), BADGE_RULES, lambda: json.loads(written))

    def _signed(self, checked: Checked, moment: datetime) -> bytes:
        form = self._form
        if form == "open-badges-3.0" or form == "vc-jose-cose":
            return vc_jwt.sign_written(checked.written, checked.outline, self._key, profile=form).encode()
        canonical = checked.canonical_json() if form == "eddsa-jcs-2022" else checked.canonical
        # To hash a moment takes as long as all else here.
        if self._opening is None or self._moment != moment:
            self._opening = signing.opening_of(form, str(self._key.id), moment, self._listed)
            self._moment = moment
        return signing.secured(checked.written, canonical, self._opening, self._key)

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


def _at(document: Any, path: Path) -> Any:
    for step in path:
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
