# SPDX-License-Identifier: Apache-2.0
"""A report on an SD-JWT: what its holder shows of it, whose key signed it, and who shows it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issuer_world import ISSUED_AT, NOW, IssuerWorld
from samples import golden_document

from laurel import verify
from laurel.errors import LaurelError, ProofFault
from laurel.proof import jose, sd_jwt, sd_jwt_vc, vc_sd_jwt
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey
from laurel.status import token
from laurel.verify.issuer_metadata import address
from laurel.verify.material import Kept
from laurel.verify.report import CHECK_NAMES, Result, Verdict

HOLDER = SigningKey.from_seed(b"Amina Haddad's key on her phone.")
WEB_ISSUER = "https://fernhill.example/registry"
METADATA = "https://fernhill.example/.well-known/jwt-vc-issuer/registry"
STATUSES = "https://fernhill.example/statuses/1"
ASKED: dict[str, Any] = {"challenge": "n-1", "domain": "https://v.example"}


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a diploma of plain claims; ... leaves one out."""
    whole = {
        "iss": WEB_ISSUER,
        "vct": "https://fernhill.example/types/diploma",
        "nbf": int(ISSUED_AT.timestamp()),
        "exp": int(NOW.timestamp()) + 1_000_000,
        "name": "Amina Haddad",
        "grades": [{"course": "Data cleaning", "mark": 9}, {"course": "Ethics", "mark": 8}],
        "cnf": vc_sd_jwt.confirmation(HOLDER.public),
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


@pytest.fixture
def college() -> IssuerWorld:
    world = IssuerWorld()
    keys = [
        SigningKey.generate("p256").public.to_jwk() | {"kid": "old"},
        world.key.public.to_jwk() | {"kid": "k-1"},
    ]
    world.publish(METADATA, {"issuer": WEB_ISSUER, "jwks": {"keys": keys}})
    return world


def issued(
    college: IssuerWorld,
    *,
    kid: str = "k-1",
    hidden: tuple[str, ...] = ("/name", "/grades/0"),
    **changes: Any,
) -> str:
    return sd_jwt_vc.sign(claims(**changes), college.key.with_id(kid), disclosable=hidden)


def bound(text: str, *shown: str, at: datetime = NOW, **changes: Any) -> str:
    options: dict[str, Any] = {
        "key": HOLDER,
        "audience": "https://v.example",
        "nonce": "n-1",
        "issued_at": at,
    }
    return sd_jwt.present(text, shown, **(options | changes))


def report(college: IssuerWorld, text: str | bytes, **options: Any) -> verify.Report:
    data = text.encode() if isinstance(text, str) else text
    return verify.check(data, fetch=college.fetch, **({"at": NOW} | options))


def statuses(college: IssuerWorld, values: dict[int, int], **changes: Any) -> bytes:
    options: dict[str, Any] = {
        "uri": STATUSES,
        "statuses": values,
        "bits": 2,
        "length": 1000,
        "issued_at": ISSUED_AT,
        "key": college.key.with_id("k-1"),
    }
    options |= changes
    return token.sign(options.pop("key"), **options).encode()


class TestSdJwtVc:
    def test_of_an_issuer_on_the_web_is_genuine_with_what_is_shown(self, college: IssuerWorld) -> None:
        found = report(college, sd_jwt.present(issued(college), ["/grades/0"]))

        assert found.verdict is Verdict.GENUINE, found.checks
        assert found.format == "sd-jwt-vc"
        assert tuple(check.name for check in found.checks) == CHECK_NAMES
        assert found.credential == claims(name=...)
        assert (found.issuer_id, found.valid_from) == (WEB_ISSUER, ISSUED_AT)
        assert found.technical["suite"] == "sd-jwt-vc"
        assert (found["holder"].result, found["holder"].required) == (Result.NOT_CHECKED, False)
        assert found["status"].code == "status.none"
        assert college.asked == [METADATA]

    @pytest.mark.parametrize("kid", ["did:web:fernhill.example#key-1", "#key-1", "key-1"])
    def test_of_a_did_is_genuine_by_the_did_document(self, college: IssuerWorld, kid: str) -> None:
        found = report(college, issued(college, iss=college.did, kid=college.key.id if ":" in kid else kid))

        assert found.verdict is Verdict.GENUINE, found.checks

    def test_may_keep_its_keys_under_another_address(self, college: IssuerWorld) -> None:
        keys = {"keys": [college.key.public.to_jwk() | {"kid": "k-1"}]}
        college.publish(METADATA, {"issuer": WEB_ISSUER, "jwks_uri": "https://keys.example/jwks"})
        college.publish("https://keys.example/jwks", keys)

        found = report(college, issued(college))

        assert found.verdict is Verdict.GENUINE, found.checks
        assert college.asked == [METADATA, "https://keys.example/jwks"]

    @pytest.mark.parametrize(
        ("metadata", "code", "verdict"),
        [
            ({"issuer": "https://fernhill.example"}, "issuer.wrong-document", Verdict.CHANGED),
            ({"issuer": f"{WEB_ISSUER}/"}, "issuer.wrong-document", Verdict.CHANGED),
            ({"jwks": {"keys": []}}, "issuer.key-not-listed", Verdict.CHANGED),
            ({"jwks": {"keys": "none"}}, "issuer.key-not-listed", Verdict.CHANGED),
            ({"jwks": [], "jwks_uri": "https://keys.example/jwks"}, "issuer.unreachable", Verdict.UNFINISHED),
            ({"jwks": None}, "issuer.unreachable", Verdict.UNFINISHED),
            ({"jwks": None, "jwks_uri": "http://keys.example/"}, "issuer.unreachable", Verdict.UNFINISHED),
            ({"jwks": None, "jwks_uri": 7}, "issuer.unreachable", Verdict.UNFINISHED),
            ({"jwks": None, "jwks_uri": "https://keys.example/"}, "issuer.unreachable", Verdict.UNFINISHED),
        ],
    )
    def test_is_not_genuine_by_metadata_that_do_not_tell(
        self, college: IssuerWorld, metadata: dict[str, Any], code: str, verdict: Verdict
    ) -> None:
        good = {"issuer": WEB_ISSUER, "jwks": {"keys": [college.key.public.to_jwk() | {"kid": "k-1"}]}}
        college.publish(METADATA, {n: v for n, v in (good | metadata).items() if v is not None})

        found = report(college, issued(college))

        assert (found["issuer"].code, found.verdict) == (code, verdict)

    def test_is_not_genuine_by_a_key_that_is_not_its_issuers(self, college: IssuerWorld) -> None:
        mallory = SigningKey.generate().with_id("k-1")

        found = report(college, sd_jwt_vc.sign(claims(), mallory))

        assert found.verdict is Verdict.CHANGED
        assert found.credential is None

    def test_is_not_genuine_by_one_of_two_keys_of_a_name(self, college: IssuerWorld) -> None:
        keys = [college.key.public.to_jwk() | {"kid": "k-1"}] * 2
        college.publish(METADATA, {"issuer": WEB_ISSUER, "jwks": {"keys": keys}})

        assert report(college, issued(college))["proof"].code == "proof.key-not-listed"

    def test_with_certificates_counts_by_its_issuers_own_address_only(self, college: IssuerWorld) -> None:
        def with_x5c(**changes: Any) -> str:
            header = {"typ": "dc+sd-jwt", "x5c": ["MIIB"], "kid": "k-1"} | changes.pop("header", {})
            header = {name: value for name, value in header.items() if value is not ...}
            return jose.encode(header, json.dumps(claims(**changes)).encode(), college.key) + "~"

        assert report(college, with_x5c()).verdict is Verdict.GENUINE
        for text in (with_x5c(iss=..., header={"kid": ...}), with_x5c(iss="urn:x:1", header={"kid": ...})):
            found = report(college, text)
            assert (found.verdict, found["proof"].code) == (Verdict.UNFINISHED, "proof.unsupported")

    @pytest.mark.parametrize("typ", ["vc+sd-jwt", "vp+sd-jwt", "sd-jwt", "JWT", "kb+jwt", "dc+jwt", None])
    def test_is_of_its_own_type_only(self, college: IssuerWorld, typ: Any) -> None:
        text = jose.encode({"typ": typ, "kid": "k-1"}, json.dumps(claims()).encode(), college.key) + "~"

        assert report(college, text).verdict in (Verdict.UNREADABLE, Verdict.CHANGED)

    @pytest.mark.parametrize(
        "change",
        [
            {"vct": ...},
            {"vct": 7},
            {"vct": "diploma"},
            {"aka_vcts": []},
            {"aka_vcts": "https://a.example"},
            {"aka_vcts": ["https://fernhill.example/types/diploma"]},
            {"vct#integrity": "abc"},
            {"iat": "2026-10-14"},
            {"sub": 7},
            {"cnf": "key"},
            {"exp": 5},
        ],
    )
    def test_keeps_to_the_rules_of_its_standard(self, college: IssuerWorld, change: dict[str, Any]) -> None:
        found = report(college, issued(college, **change), at=ISSUED_AT)

        assert found["schema"].result is Result.FAILED
        assert found.verdict is Verdict.UNFINISHED

    def test_may_say_all_that_its_standard_knows(self, college: IssuerWorld) -> None:
        more: dict[str, Any] = {
            "aka_vcts": ["urn:example:diploma"],
            "vct#integrity": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "iat": int(ISSUED_AT.timestamp()),
            "sub": "did:example:amina",
            "proof": {"is": "a claim like any other"},
        }

        found = report(college, issued(college, **more))

        assert found.verdict is Verdict.GENUINE, found.checks
        assert found.credential == claims(**more)

    @pytest.mark.parametrize(
        "pointer",
        ["/iss", "/nbf", "/exp", "/cnf", "/cnf/jwk/x", "/vct", "/vct#integrity", "/aka_vcts/0", "/status"],
    )
    def test_never_lets_its_holder_hide_what_counts(self, college: IssuerWorld, pointer: str) -> None:
        whole = claims(
            aka_vcts=["urn:a:b"],
            **{"vct#integrity": "sha256-AAAA"},
            status={"status_list": {"idx": 1, "uri": STATUSES}},
        )
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            sd_jwt_vc.sign(whole, college.key, disclosable=[pointer])
        assert caught.value.code == "disclosure.never"

        text = sd_jwt.sign(
            whole, college.key, header={"typ": "dc+sd-jwt", "kid": "k-1"}, disclosable=[pointer]
        )
        found = report(college, text)
        assert (found.verdict, found["proof"].code) == (Verdict.CHANGED, "proof.disclosure")
        if pointer.count("/") > 1:  # below what is shown, the digest itself gives it away
            assert report(college, sd_jwt.present(text, []))["proof"].code == "proof.disclosure"

    @pytest.mark.parametrize(
        ("at", "code", "verdict"),
        [
            (ISSUED_AT - timedelta(hours=1), "period.not-yet", Verdict.OUT_OF_DATE),
            (NOW + timedelta(days=400), "period.signature-ended", Verdict.OUT_OF_DATE),
        ],
    )
    def test_has_a_time(self, college: IssuerWorld, at: datetime, code: str, verdict: Verdict) -> None:
        found = report(college, issued(college), at=at)

        assert (found["period"].code, found.verdict) == (code, verdict)

    def test_in_the_json_serialisation_is_refused_by_a_clear_word(self, college: IssuerWorld) -> None:
        text = json.dumps({"payload": "e30", "protected": "e30", "signature": "AAAA"})

        found = report(college, text)

        assert found.verdict is Verdict.UNREADABLE
        assert "JSON serialisation" in found["readable"].message

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_with_one_other_character_is_refused_or_says_the_same(self, data: st.DataObject) -> None:
        college = IssuerWorld()
        text = bound(data.draw(st.sampled_from([issued(college, iss=college.did, kid="key-1")])), "/name")
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from("ABCxyz019-_~.= "))
        changed = text[:place] + letter + text[place + 1 :]

        found = report(college, changed, **ASKED)

        if found.verdict is Verdict.GENUINE:
            assert found.credential == report(college, text).credential


class TestStatus:
    STATUS: dict[str, Any] = {"status_list": {"idx": 412, "uri": STATUSES}}

    @pytest.mark.parametrize(
        ("value", "code", "verdict"),
        [
            (0, "status.ok", Verdict.GENUINE),
            (1, "status.withdrawn", Verdict.WITHDRAWN),
            (2, "status.on-hold", Verdict.ON_HOLD),
            (3, "status.unknown-purpose", Verdict.UNFINISHED),
        ],
    )
    def test_stands_in_the_list_that_it_names(
        self, college: IssuerWorld, value: int, code: str, verdict: Verdict
    ) -> None:
        college.documents[STATUSES] = statuses(college, {412: value, 411: 1, 413: 2})

        found = report(college, issued(college, status=self.STATUS))

        assert (found["status"].code, found.verdict) == (code, verdict)

    def test_counts_only_out_of_a_list_of_the_issuers_own(self, college: IssuerWorld) -> None:
        stranger = SigningKey.generate().with_id("k-1")
        lists = {
            "status.bad-signature": statuses(college, {}, key=stranger),
            "status.other-issuer": statuses(college, {}, issuer="https://mallory.example"),
            "status.other-list": statuses(college, {}, uri=f"{STATUSES}2"),
            "status.stale": statuses(college, {}, expires=ISSUED_AT + timedelta(days=1)),
            "status.range": statuses(college, {}, length=400),
            "status.unreadable": b"no list",
            "status.not-a-list": issued(college).partition("~")[0].encode(),
        }
        for code, listing in lists.items():
            college.documents[STATUSES] = listing
            found = report(college, issued(college, status=self.STATUS))
            assert (found["status"].code, found.verdict) == (code, Verdict.UNFINISHED)
        del college.documents[STATUSES]
        assert report(college, issued(college, status=self.STATUS))["status"].code == "status.unreachable"

    def test_counts_only_out_of_a_copy_that_is_fresh(self, college: IssuerWorld) -> None:
        listing = statuses(college, {}, ttl=timedelta(hours=1))
        presented = verify.read(issued(college, status=self.STATUS).encode())
        for age, code in ((timedelta(minutes=50), "status.ok"), (timedelta(hours=2), "status.stale")):
            found = {METADATA: college.documents[METADATA], STATUSES: Kept(listing, since=NOW - age)}
            assert verify.verify(presented, found, at=NOW)["status"].code == code

    def test_a_time_to_live_of_thousands_of_years_breaks_nothing(self, college: IssuerWorld) -> None:
        listing = statuses(college, {}, ttl=timedelta(days=365 * 8000))
        presented = verify.read(issued(college, status=self.STATUS).encode())
        found = {METADATA: college.documents[METADATA], STATUSES: Kept(listing, since=NOW)}

        assert verify.verify(presented, found, at=NOW)["status"].code == "status.ok"

    def test_is_not_taken_back_in_time_for_whoever_remembers(self, college: IssuerWorld) -> None:
        college.documents[STATUSES] = statuses(college, {412: 1}, issued_at=NOW - timedelta(days=1))
        text = issued(college, status=self.STATUS)
        newest = report(college, text).memory
        assert newest.lists == {STATUSES: NOW - timedelta(days=1)}
        assert list(newest.keys) == [WEB_ISSUER]
        found = {METADATA: college.documents[METADATA], STATUSES: statuses(college, {})}

        asked = verify.verify(verify.read(text.encode()), found, at=NOW, memory=newest)

        assert asked["status"].code == "status.rolled-back"

    def test_is_never_looked_up_for_a_credential_that_does_not_hold(self, college: IssuerWorld) -> None:
        report(college, sd_jwt_vc.sign(claims(status=self.STATUS), SigningKey.generate().with_id("k-1")))

        assert STATUSES not in college.asked

    @pytest.mark.parametrize("status", [{"status_list": {"idx": "1", "uri": STATUSES}}, {"other": {}}, 7, {}])
    def test_of_another_shape_is_not_checked(self, college: IssuerWorld, status: Any) -> None:
        assert report(college, issued(college, status=status)).verdict is Verdict.UNFINISHED


class TestHolder:
    def test_is_proven_by_a_key_binding_that_was_asked_for(self, college: IssuerWorld) -> None:
        found = report(college, bound(issued(college), "/name"), **ASKED)

        assert (found["holder"].result, found.verdict) == (Result.PASSED, Verdict.GENUINE)

    def test_is_not_proven_by_one_that_nobody_asked_for(self, college: IssuerWorld) -> None:
        found = report(college, bound(issued(college)))

        assert (found["holder"].result, found.verdict) == (Result.NOT_CHECKED, Verdict.GENUINE)

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"challenge": "n-2", "domain": "https://v.example"}, "holder.nonce"),
            ({"challenge": "n-1", "domain": "https://w.example"}, "holder.audience"),
            ({**ASKED, "at": NOW + timedelta(hours=1)}, "holder.time"),
            ({**ASKED, "at": NOW - timedelta(hours=1)}, "holder.time"),
        ],
    )
    def test_is_not_proven_to_others_or_later(
        self, college: IssuerWorld, options: dict[str, Any], code: str
    ) -> None:
        found = report(college, bound(issued(college)), **options)

        assert (found["holder"].code, found["holder"].result) == (code, Result.FAILED)
        assert found.verdict is Verdict.REPLAYED
        assert found.exit_code == 1

    def test_is_not_proven_by_the_binding_of_another_choice(self, college: IssuerWorld) -> None:
        text = issued(college)
        kb = bound(text).rpartition("~")[2]

        found = report(college, sd_jwt.present(text, ["/name"]) + kb, **ASKED)

        assert (found["holder"].code, found["holder"].result) == ("holder.other-token", Result.FAILED)
        assert found.verdict is Verdict.NOT_THEIRS

    def test_is_asked_for_whether_or_not_there_is_a_binding(self, college: IssuerWorld) -> None:
        assert report(college, issued(college), **ASKED)["holder"].code == "holder.no-binding"
        plain = report(college, college.issue(), **ASKED)
        assert (plain["holder"].result, plain["holder"].required) == (Result.NOT_CHECKED, True)
        assert plain.verdict is Verdict.UNFINISHED

    @pytest.mark.parametrize("half", [{"challenge": "n-1"}, {"domain": "https://v.example"}])
    def test_is_not_proven_by_half_a_question(self, college: IssuerWorld, half: dict[str, str]) -> None:
        found = report(college, bound(issued(college)), **half)

        assert (found["holder"].result, found.verdict) == (Result.NOT_CHECKED, Verdict.UNFINISHED)

    def test_is_never_proven_by_a_credential_that_does_not_hold(self, college: IssuerWorld) -> None:
        forged = sd_jwt_vc.sign(claims(), SigningKey.generate().with_id("k-1"))

        found = report(college, bound(forged), **ASKED)

        assert (found["holder"].result, found["holder"].required) == (Result.NOT_CHECKED, True)
        assert found.verdict is Verdict.CHANGED


class TestW3cForm:
    HIDDEN = ("/credentialSubject/result/0", "/name")

    def sign(self, college: IssuerWorld, hidden: tuple[str, ...] = HIDDEN, **changes: Any) -> str:
        return vc_sd_jwt.sign(
            golden_document(issuer_id=college.did) | changes,
            college.key,
            disclosable=hidden,
            holder=HOLDER.public,
        )

    def test_is_an_open_badge_like_any_other(self, college: IssuerWorld) -> None:
        found = report(college, self.sign(college))

        assert found.verdict is Verdict.GENUINE, found.checks
        assert found.format == "open-badges-3.0"
        assert found.credential == golden_document(issuer_id=college.did)
        assert found.technical["suite"] == "sd-jwt (vc-jose-cose)"

    def test_says_what_is_shown_and_no_more(self, college: IssuerWorld) -> None:
        shown = bound(self.sign(college), "/name")

        found = report(college, shown, **ASKED)

        assert found.verdict is Verdict.GENUINE, found.checks
        whole = golden_document(issuer_id=college.did)
        whole["credentialSubject"]["result"] = whole["credentialSubject"]["result"][1:]
        assert found.credential == whole

    def test_is_withdrawn_like_any_other(self, college: IssuerWorld) -> None:
        whole = golden_document(issuer_id=college.did)
        entry = whole["credentialStatus"]
        index = int((entry[0] if isinstance(entry, list) else entry)["statusListIndex"])
        college.set_status(revoked=[index])

        assert report(college, self.sign(college)).verdict is Verdict.WITHDRAWN

    @pytest.mark.parametrize(
        "pointer",
        [
            "/@context",
            "/@context/1",
            "/issuer",
            "/issuer/id",
            "/validFrom",
            "/credentialStatus",
            "/credentialStatus/0/id",
        ],
    )
    def test_never_lets_its_holder_hide_what_counts(self, college: IssuerWorld, pointer: str) -> None:
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            self.sign(college, hidden=(pointer,))
        assert caught.value.code == "disclosure.never"

        whole = golden_document(issuer_id=college.did)
        header: dict[str, Any] = {"typ": "vc+sd-jwt", "kid": college.key.id}
        text = sd_jwt.sign(whole, college.key, header=header, disclosable=[pointer])
        assert report(college, text)["proof"].code == "proof.disclosure"
        if pointer != "/credentialStatus":  # what is hidden whole leaves no trace; nothing else needs it
            assert report(college, sd_jwt.present(text, [])).verdict is not Verdict.GENUINE

    def test_may_hide_what_names_the_issuer_and_not_who_it_is(self, college: IssuerWorld) -> None:
        text = self.sign(college, hidden=("/issuer/name",))

        assert report(college, text).verdict is Verdict.GENUINE

    @pytest.mark.parametrize("change", [{"iss": "did:web:mallory.example"}, {"jti": "urn:x:1"}, {"vc": {}}])
    def test_never_tells_two_stories(self, college: IssuerWorld, change: dict[str, Any]) -> None:
        text = sd_jwt.sign(
            golden_document(issuer_id=college.did) | change,
            college.key,
            header={"typ": "vc+sd-jwt", "kid": college.key.id},
        )

        assert report(college, text).verdict in (Verdict.CHANGED, Verdict.UNREADABLE)

    def test_in_an_envelope_is_the_same(self, college: IssuerWorld) -> None:
        envelope = {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/vc+sd-jwt,{self.sign(college)}",
        }

        assert report(college, json.dumps(envelope)).verdict is Verdict.GENUINE

    def test_takes_no_certificates_aside(self, college: IssuerWorld) -> None:
        header: dict[str, Any] = {"typ": "vc+sd-jwt", "kid": college.key.id, "x5c": ["MIIB"]}
        text = sd_jwt.sign(golden_document(issuer_id=college.did), college.key, header=header)

        assert report(college, text)["proof"].code == "proof.unsupported"


class TestPresentations:
    def presentation(self, college: IssuerWorld) -> dict[str, Any]:
        inner = vc_sd_jwt.sign(golden_document(issuer_id=college.did), college.key)
        return {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": college.did,
            "verifiableCredential": [
                {
                    "@context": "https://www.w3.org/ns/credentials/v2",
                    "type": "EnvelopedVerifiableCredential",
                    "id": f"data:application/vc+sd-jwt,{inner}",
                }
            ],
        }

    def test_come_as_sd_jwt_too(self, college: IssuerWorld) -> None:
        text = vc_sd_jwt.sign_presentation(
            self.presentation(college),
            college.key,
            audience="https://v.example",
            nonce="n-1",
            issued_at=NOW,
            disclosable=["/type/0", "/holder"],
        )

        read = vc_sd_jwt.read_presentation(text)
        vc_sd_jwt.verify(read, college.key.public)
        assert read.inner.presentation == self.presentation(college)
        found = verify.check_presentation(text.encode(), fetch=college.fetch, at=NOW, **ASKED)
        assert found.checks[1].result is Result.PASSED
        assert len(found.credentials) == 1
        with pytest.raises(LaurelError):
            vc_sd_jwt.read(text)
        with pytest.raises(LaurelError):
            vc_sd_jwt.verify(read, HOLDER.public)

    @pytest.mark.parametrize("pointer", ["/aud", "/nonce", "/exp"])
    def test_never_hide_for_whom_they_are(self, college: IssuerWorld, pointer: str) -> None:
        with pytest.raises(sd_jwt.CannotDisclose):
            vc_sd_jwt.sign_presentation(
                self.presentation(college), college.key, audience="v", nonce="n", disclosable=[pointer]
            )


class TestAddressOfMetadata:
    @pytest.mark.parametrize(
        ("issuer", "url"),
        [
            ("https://example.com", "https://example.com/.well-known/jwt-vc-issuer"),
            ("https://example.com/", "https://example.com/.well-known/jwt-vc-issuer"),
            ("https://example.com/tenant/1234", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234"),
            ("https://example.com/tenant/1234/", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234"),
            ("https://example.com:8443/t", "https://example.com:8443/.well-known/jwt-vc-issuer/t"),
            ("http://example.com", None),
            ("https://example.com/a?b", None),
            ("https://example.com/a#b", None),
            ("https://user@example.com", None),
            ("https://example.com/../a", None),
            ("https://example.com/a/./b", None),
            ("https://example.com/%2e%2e/a", None),
            ("https://example.com//a", None),
            ("https://example.com/a\n", None),
            ("did:web:example.com", None),
            ("", None),
        ],
    )
    def test_has_the_known_part_before_the_path(self, issuer: str, url: str | None) -> None:
        assert address(issuer) == url


def test_a_forged_disclosure_reads_as_a_change() -> None:
    college = IssuerWorld()
    text = vc_sd_jwt.sign(golden_document(issuer_id=college.did), college.key, disclosable=["/name"])
    forged = to_base64url(json.dumps(["salt", "name", "Doctor of Everything"]).encode())

    found = report(college, f"{text.split('~')[0]}~{forged}~")

    assert (found.verdict, found["proof"].code) == (Verdict.CHANGED, "proof.disclosure")
    with pytest.raises(ProofFault):
        sd_jwt.read(f"{text}{forged}~")


@pytest.mark.parametrize("issuer", [..., None, "", 5, {}, [], {"id": ""}])
def test_a_key_in_the_header_makes_nobody_the_issuer_of_what_names_none(issuer: Any) -> None:
    stranger = SigningKey.generate()
    header: dict[str, Any] = {"typ": sd_jwt_vc.TYPE, "jwk": stranger.public.to_jwk()}
    payload = json.dumps(claims(iss=issuer)).encode()
    judged = verify.check(
        f"{jose.encode(header, payload, stranger)}~".encode(), fetch=no_answer, at=NOW, trust=["", "None"]
    )

    assert judged["issuer"].result is not Result.PASSED
    assert judged["trust"].result is not Result.PASSED
    assert judged.verdict is not Verdict.GENUINE


@pytest.mark.parametrize("issuer", [None, "", {}, {"id": ""}])
@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": "vc+jwt", "kid": "urn:x"}])
def test_nor_of_a_badge_without_an_issuer(issuer: Any, header: dict[str, Any]) -> None:
    stranger = SigningKey.generate()
    payload = json.dumps(golden_document() | {"issuer": issuer}).encode()
    token = jose.encode(header | {"jwk": stranger.public.to_jwk()}, payload, stranger)
    judged = verify.check(token.encode(), fetch=no_answer, at=NOW)

    assert judged["issuer"].result is not Result.PASSED
    assert judged.verdict is not Verdict.GENUINE


def test_nor_the_holder_of_a_presentation_that_names_none() -> None:
    stranger = SigningKey.generate()
    header: dict[str, Any] = {"typ": "vp+jwt", "jwk": stranger.public.to_jwk()}
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "aud": ASKED["domain"],
        "nonce": ASKED["challenge"],
        "iat": int(NOW.timestamp()),
    }
    token = jose.encode(header, json.dumps(document).encode(), stranger)
    judged = verify.check_presentation(token.encode(), fetch=no_answer, at=NOW, **ASKED)

    assert judged["holder"].result is not Result.PASSED
    assert judged.holder_id is None
    assert judged.verdict is not verify.PresentationVerdict.GENUINE


def no_answer(url: str) -> bytes:
    raise LaurelError(f"{url} did not answer.")
