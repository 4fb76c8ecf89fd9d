# SPDX-License-Identifier: Apache-2.0
"""What laurel does while `./cairn bench` times it, by its public doors only: text in, text out."""

from collections.abc import Callable
from typing import Any

from bench_samples import (
    AT,
    JCS,
    JWT,
    KINDS,
    LEARNERS,
    RDFC,
    STATUS_LIST,
    of_holder,
    of_stranger,
    places_of,
    signing_key,
    status_list,
    texts_of,
    typical,
)
from bench_talk import timed

from laurel import issue, present, strictjson
from laurel.did import key as did_key
from laurel.proof.keys import SigningKey
from laurel.verify import (
    Material,
    PresentationVerdict,
    Report,
    Verdict,
    read,
    read_presentation,
    verify,
    verify_presentation,
)

Run = Callable[[int], tuple[float, float]]
CHALLENGE, DOMAIN = "a question of the day", "verifier.example"
P256, P384, SELECTIVE = "ecdsa-rdfc-2019 P-256", "ecdsa-rdfc-2019 P-384", "ecdsa-sd-2023"
SD_JWT = "vc+sd-jwt EdDSA"
_CURVE = {P256: "p256", P384: "p384", SELECTIVE: "p256"}
_FORM = {RDFC: "eddsa-rdfc-2022", JCS: "eddsa-jcs-2022", JWT: "open-badges-3.0"}
#: What a holder may leave out of the selective kinds: ten disclosures.
DISCLOSABLE = (
    "/name",
    "/description",
    "/awardedDate",
    "/evidence",
    "/credentialSubject/identifier",
    "/credentialSubject/licenseNumber",
    "/credentialSubject/term",
    "/credentialSubject/result",
    "/credentialSubject/creditsEarned",
    "/credentialSubject/achievement/alignment",
)
#: What they show of it.
SHOWN = ("/name", "/credentialSubject/creditsEarned", "/credentialSubject/term")


class Works:
    """Laurel at work for one issuer, with drafts and signed texts that are made when they are asked for."""

    def __init__(self) -> None:
        self.key = signing_key()
        self._drafts: dict[str, list[bytes]] = {}
        self._signed: dict[tuple[str, str], list[bytes]] = {}
        self._keys: dict[str, SigningKey] = {}
        self._runs: dict[tuple[str, str, str], Run] = {}
        self._lists: dict[str | None, dict[str, Material]] = {}
        self._strangers = 0

    def found(self, suite: str = RDFC) -> dict[str, Material]:
        """Return the status list, as whoever verifies has fetched it."""
        key = self.key_of(suite)
        if key.id not in self._lists:
            self._lists[key.id] = {STATUS_LIST: status_list(key)}
        return self._lists[key.id]

    def run(self, deed: str, suite: str, kind: str, count: int) -> Run:
        """Return what does a deed so many times."""
        if kind == "strangers":  # each is seen once and never again
            return self._run_of_strangers(deed, suite, count)
        place = (deed, suite, kind)
        if place not in self._runs:
            self._runs[place] = self._new_run(deed, suite, kind)
        return self._runs[place]

    def _new_run(self, deed: str, suite: str, kind: str) -> Run:
        if kind == "two in a presentation":
            return self._run_of_presentations(deed)
        if deed == "batch":
            count, make = KINDS[kind]
            return timed(self.batch_of(suite), [places_of(make(n)) for n in range(1, count + 1)])
        if deed == "issue":
            return timed(self.issuing(suite), self.drafts(kind))
        if deed == "show part":
            return timed(lambda text: present.reveal(text, SHOWN), self.signed(suite, kind))
        signed = self.signed(suite, kind)
        if suite in (SELECTIVE, SD_JWT):
            signed = [present.reveal(text, SHOWN) for text in signed]
        return timed(self.verifying(suite), signed)

    def key_of(self, suite: str) -> SigningKey:
        """Return the key of a suite: that of the issuer, or one on another curve."""
        if suite not in _CURVE:
            return self.key
        if suite not in self._keys:
            self._keys[suite] = did_key.with_did_key(SigningKey.generate(_CURVE[suite]))  # type: ignore[arg-type]
        return self._keys[suite]

    def drafts(self, kind: str) -> list[bytes]:
        """Return the drafts of a kind, as compact JSON."""
        if kind not in self._drafts:
            count, make = KINDS[kind]
            self._drafts[kind] = [texts_of(make(n)) for n in range(1, count + 1)]
        return self._drafts[kind]

    def signed(self, suite: str, kind: str) -> list[bytes]:
        """Return the same credentials, signed."""
        if (suite, kind) not in self._signed:
            deed = self.issuing(suite)
            self._signed[suite, kind] = [deed(text) for text in self.drafts(kind)]
        return self._signed[suite, kind]

    def give(self, suite: str, kind: str, signed: list[bytes]) -> None:
        """Take signed texts that another process made, so that this one has never seen their like."""
        self._signed[suite, kind] = signed

    def issuing(self, suite: str) -> Callable[[bytes], bytes]:
        """Return what issues one draft: JSON text in, checked, signed text out."""
        key = self.key_of(suite)
        own = did_key.did(key.public)

        def checked(text: bytes) -> issue.Checked:
            if key is self.key:
                return issue.check_text(text)
            draft: Any = strictjson.loads(text)
            draft["issuer"]["id"] = own
            return issue.check_document(draft)

        if suite == JWT:
            return lambda text: issue.sign_jwt(checked(text), key).encode()
        if suite == SD_JWT:
            return lambda text: issue.sign_sd_jwt(checked(text), key, disclosable=DISCLOSABLE).encode()
        if suite == SELECTIVE:
            return lambda text: issue.sign(checked(text), key, suite="ecdsa-sd-2023", created=AT)
        name: Any = suite.partition(" ")[0]
        return lambda text: issue.sign(checked(text), key, suite=name, created=AT)

    def batch_of(self, suite: str) -> Callable[[dict[str, str]], bytes]:
        """Return what issues for one learner of a batch."""
        batch = issue.Batch(typical(1), self.key, form=_FORM[suite])  # type: ignore[arg-type]  # one of four
        return lambda values: batch.issue(values, created=AT)

    def values(self, learner: int) -> dict[str, str]:
        """Return what a learner changes in the typical credential."""
        return places_of(typical(learner))

    def text_of(self, document: dict[str, Any]) -> bytes:
        """Return a draft as compact JSON."""
        return texts_of(document)

    def verifying(self, suite: str) -> Callable[[bytes], None]:
        """Return what verifies one text in full, and raises where it is not genuine."""
        found = self.found(suite)

        def deed(text: bytes) -> None:
            require(verify(read(text), found, at=AT))

        return deed

    def _run_of_strangers(self, deed: str, suite: str, count: int) -> Run:
        first, self._strangers = self._strangers + 1, self._strangers + count
        numbers = range(first, first + count)
        keys = {n: signing_key(n) for n in numbers}
        drafts = {n: texts_of(of_stranger(n)) for n in numbers}

        def sign(n: int) -> bytes:
            draft: Any = strictjson.loads(drafts[n])
            return issue.sign(issue.check_document(draft), keys[n], created=AT)

        if deed == "issue":
            return timed(sign, numbers)
        signed = [sign(n) for n in numbers]
        return self.holding_strangers(signed, [status_list(keys[n]) for n in numbers])

    def strangers(self, count: int) -> tuple[list[bytes], list[bytes]]:
        """Return so many credentials of issuers that no call before this one gave, and their status lists."""
        first, self._strangers = self._strangers + 1, self._strangers + count
        keys = [signing_key(n) for n in range(first, first + count)]
        drafts = [of_stranger(n) for n in range(first, first + count)]
        signed = [
            issue.sign(issue.check_document(draft), key, created=AT)
            for draft, key in zip(drafts, keys, strict=True)
        ]
        return signed, [status_list(key) for key in keys]

    def holding_strangers(self, signed: list[bytes], lists: list[bytes]) -> Run:
        """Return what verifies credentials of strangers, each with its own list."""
        found: list[dict[str, Material]] = [{STATUS_LIST: each} for each in lists]

        def hold(n: int) -> None:
            require(verify(read(signed[n]), found[n], at=AT))

        return timed(hold, range(len(signed)))

    def _run_of_presentations(self, deed: str) -> Run:
        holder = signing_key(1)
        issuing, found = self.issuing(RDFC), self.found()
        signed = [issuing(texts_of(of_holder(n, holder))) for n in range(1, LEARNERS + 1)]
        pairs = [signed[n : n + 2] for n in range(0, LEARNERS, 2)]

        def show(pair: list[bytes]) -> bytes:
            together = present.check(pair, holder=did_key.did(holder.public))
            return present.sign(together, holder, created=AT, challenge=CHALLENGE, domain=DOMAIN)

        if deed == "issue":
            return timed(show, pairs)

        def hold(text: bytes) -> None:
            presentation = read_presentation(text)
            report = verify_presentation(presentation, found, at=AT, challenge=CHALLENGE, domain=DOMAIN)
            if report.verdict is not PresentationVerdict.GENUINE:
                raise AssertionError(f"laurel does not take its own presentation: {report.verdict}")

        return timed(hold, [show(pair) for pair in pairs])


def require(report: Report) -> None:
    """Raise where a credential is not genuine, or where what is to be checked was not."""
    asked = ["proof", "issuer", "period", "schema"]
    if "credentialStatus" in (report.credential or {}):
        asked.append("status")
    open_ones = [report[name].code for name in asked if report[name].result != "passed"]
    if report.verdict is not Verdict.GENUINE or open_ones:
        raise AssertionError(f"laurel does not take its own credential: {report.verdict}, {open_ones}")
