# SPDX-License-Identifier: Apache-2.0
"""An SD-JWT says what its issuer signed and its holder shows: nothing forged, nothing twice, nothing left over."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.errors import LaurelError, NotACredential, ProofFault, TooLarge
from laurel.proof import jose, sd_jwt
from laurel.proof.encodings import to_base64url
from laurel.proof.keys import SigningKey
from laurel.proof.sd_jwt import disclosures
from laurel.strictjson import JsonValue

KEY = SigningKey.from_seed(b"Rivermouth College of Further Ed").with_id("did:web:rivermouth.example#key-1")
HOLDER = SigningKey.from_seed(b"Amina Haddad's key on her phone.")
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEADER: dict[str, Any] = {"typ": "example+sd-jwt"}

CLAIMS: dict[str, Any] = {
    "iss": "did:web:rivermouth.example",
    "name": "Amina Haddad",
    "address": {"street": "Quay 7", "city": "Rivermouth"},
    "nationalities": ["NL", "MA", "FR"],
    "cnf": {"jwk": HOLDER.public.to_jwk()},
}
HIDDEN = ("/name", "/address", "/address/street", "/address/city", "/nationalities/0", "/nationalities/2")


def issued(**options: Any) -> str:
    return sd_jwt.sign(CLAIMS, KEY, header=HEADER, **({"disclosable": HIDDEN} | options))


def token(payload: dict[str, Any], *shown: str, header: dict[str, Any] | None = None) -> str:
    """A well-signed SD-JWT with exactly this payload and these disclosures."""
    return "~".join([jose.encode(header or HEADER, json.dumps(payload).encode(), KEY), *shown, ""])


def disclosure(*parts: JsonValue) -> str:
    return to_base64url(json.dumps(list(parts)).encode())


def digest(text: str) -> str:
    return disclosures.digest(text, "sha-256")


class TestDigests:
    def test_are_those_of_the_specification(self) -> None:
        text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

        assert disclosures.digest(text, "sha-256") == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
        assert disclosures.read(text).value == "Möbius"
        element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"
        assert disclosures.digest(element, "sha-256") == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"
        assert (disclosures.read(element).name, disclosures.read(element).value) == (None, "FR")

    @pytest.mark.parametrize(
        "text",
        [
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
            "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
        ],
    )
    def test_are_of_the_spelling_that_the_issuer_chose(self, text: str) -> None:
        assert disclosures.read(text).value == "Möbius"


class TestIssuing:
    def test_hides_what_it_is_told_to_and_nothing_else(self) -> None:
        read = sd_jwt.read(issued())

        sd_jwt.verify(read, KEY.public)
        assert read.claims == CLAIMS
        assert set(read.disclosed) == set(HIDDEN)
        assert read.header == {"alg": "EdDSA", "typ": "example+sd-jwt"}
        assert set(read.payload) == {"iss", "nationalities", "cnf", "_sd", "_sd_alg"}
        assert "Amina" not in json.dumps(read.payload)

    @pytest.mark.parametrize("algorithm", ["sha-256", "sha-384", "sha-512"])
    def test_names_the_hash_function(self, algorithm: str) -> None:
        read = sd_jwt.read(issued(algorithm=algorithm))

        assert read.payload["_sd_alg"] == algorithm
        assert read.claims == CLAIMS

    def test_without_anything_to_hide_holds_no_trace_of_it(self) -> None:
        assert sd_jwt.read(issued(disclosable=())).payload == CLAIMS

    def test_never_uses_a_salt_twice(self) -> None:
        salts = [each.salt for _ in range(5) for each in sd_jwt.read(issued()).disclosed.values()]

        assert len(set(salts)) == len(salts) == 30
        assert all(len(salt) == 22 for salt in salts)

    def test_mixes_decoys_in_that_a_holder_never_sees(self) -> None:
        counts = set()
        for _ in range(20):
            read = sd_jwt.read(issued(decoys=5))
            assert read.claims == CLAIMS
            listed = read.payload["_sd"]
            assert isinstance(listed, list)
            assert listed == sorted(listed, key=str)
            counts.add(len(listed))

        assert counts <= set(range(3, 8))
        assert len(counts) > 1

    @pytest.mark.parametrize(
        ("pointer", "code"),
        [
            ("", "disclosure.not-there"),
            ("/nobody", "disclosure.not-there"),
            ("/nationalities/3", "disclosure.not-there"),
            ("/nationalities/-1", "disclosure.not-there"),
            ("/nationalities/01", "disclosure.not-there"),
            ("/nationalities/-", "disclosure.not-there"),
            ("/name/0", "disclosure.not-there"),
            ("name", "disclosure.pointer"),
            ("/na~me", "disclosure.pointer"),
        ],
    )
    def test_refuses_a_pointer_that_leads_nowhere(self, pointer: str, code: str) -> None:
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            issued(disclosable=[pointer])

        assert caught.value.code == code

    @pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
    def test_refuses_claims_with_a_name_of_the_format(self, name: str) -> None:
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            sd_jwt.sign({"a": [{name: 1}]}, KEY, header=HEADER)

        assert caught.value.code == "disclosure.reserved"

    def test_refuses_more_than_can_be_read(self) -> None:
        many: dict[str, Any] = {str(number): number for number in range(501)}

        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            sd_jwt.sign(many, KEY, header=HEADER, disclosable=[f"/{name}" for name in many])

        assert caught.value.code == "disclosure.too-many"

    @pytest.mark.parametrize("options", [{"algorithm": "sha-1"}, {"decoys": -1}])
    def test_refuses_options_that_are_none(self, options: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="hash function"):
            issued(**options)


class TestPresenting:
    def test_shows_what_is_chosen_with_what_lies_around_it(self) -> None:
        shown = sd_jwt.read(sd_jwt.present(issued(), ["/address/city", "/nationalities/2"]))

        sd_jwt.verify(shown, KEY.public)
        assert shown.claims == {
            "iss": CLAIMS["iss"],
            "address": {"city": "Rivermouth"},
            "nationalities": ["MA", "FR"],
            "cnf": CLAIMS["cnf"],
        }

    def test_shows_nothing_unasked(self) -> None:
        shown = sd_jwt.read(sd_jwt.present(issued(), []))

        assert shown.claims == {"iss": CLAIMS["iss"], "nationalities": ["MA"], "cnf": CLAIMS["cnf"]}
        assert sd_jwt.read(sd_jwt.present(issued(), ["/address"])).claims["address"] == {}

    def test_of_what_is_open_to_all_needs_nothing(self) -> None:
        assert sd_jwt.read(sd_jwt.present(issued(), ["/iss", "/nationalities/1"])).disclosed == {}

    @pytest.mark.parametrize("pointer", ["/nobody", "/nationalities/7", "/name/x", "/nationalities/x"])
    def test_refuses_a_pointer_that_leads_nowhere(self, pointer: str) -> None:
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            sd_jwt.present(issued(), [pointer])

        assert caught.value.code == "disclosure.not-there"

    def test_never_shows_more_than_was_asked_for(self) -> None:
        with pytest.raises(sd_jwt.CannotDisclose, match="/address") as caught:
            sd_jwt.present(issued(disclosable=["/address"]), ["/address/city"])

        assert caught.value.code == "disclosure.part"

    def test_starts_from_what_the_issuer_gave(self) -> None:
        bound = sd_jwt.present(issued(), [], key=HOLDER, audience="v", nonce="n", issued_at=AT)

        with pytest.raises(NotACredential):
            sd_jwt.present(bound, [])

    @pytest.mark.parametrize(
        "options",
        [
            {"key": KEY, "audience": "v", "nonce": "n", "issued_at": AT},
            {"key": HOLDER, "nonce": "n", "issued_at": AT},
            {"key": HOLDER, "audience": "v", "issued_at": AT},
            {"key": HOLDER, "audience": "v", "nonce": "n"},
        ],
    )
    def test_binds_with_the_holders_key_and_for_somebody(self, options: dict[str, Any]) -> None:
        with pytest.raises(sd_jwt.CannotDisclose) as caught:
            sd_jwt.present(issued(), [], **options)

        assert caught.value.code == "disclosure.binding"


NAME = disclosure("salt-1", "name", "Amina")
ELEMENT = disclosure("salt-2", "NL")
CITY = disclosure("salt-3", "city", "Rivermouth")
ADDRESS = disclosure("salt-4", "address", {"_sd": [digest(CITY)]})


def deep(levels: int) -> Any:
    return [deep(levels - 1)] if levels else []


class TestVerification:
    """One failing sample for each step of RFC 9901 §7.1 that this module does, and the good one beside it."""

    def test_takes_the_good_one(self) -> None:
        payload = {
            "_sd": [digest(NAME), digest(ADDRESS)],
            "from": [{"...": digest(ELEMENT)}, {"...": "decoy"}],
        }

        read = sd_jwt.read(token(payload, CITY, NAME, ELEMENT, ADDRESS))

        assert read.claims == {"name": "Amina", "address": {"city": "Rivermouth"}, "from": ["NL"]}

    def test_step_1_separates_the_parts(self) -> None:
        with pytest.raises(NotACredential):
            sd_jwt.read(token({}).removesuffix("~"))
        with pytest.raises(NotACredential):
            sd_jwt.read(json.dumps({"payload": "e30", "signatures": []}))
        with pytest.raises(ProofFault):
            sd_jwt.read(token({}) + "~")
        with pytest.raises(jose.NotAJws):
            sd_jwt.read(token({"_sd": [digest(NAME)]}) + NAME)  # without its tilde it passes for a binding

    @pytest.mark.parametrize("alg", ["none", "HS256", "ES256", "RS256", None])
    def test_step_2a_takes_only_the_algorithm_of_the_key(self, alg: Any) -> None:
        header = to_base64url(json.dumps({"alg": alg, "typ": "example+sd-jwt"}).encode())
        signing_input = f"{header}.{to_base64url(b'{}')}"
        for signature in ("", to_base64url(KEY.sign(signing_input.encode()))):
            with pytest.raises(LaurelError):
                sd_jwt.verify(sd_jwt.read(f"{signing_input}.{signature}~"), KEY.public)

    def test_step_2b_holds_the_signature_against_the_key(self) -> None:
        text = issued()
        other = sd_jwt.sign(CLAIMS | {"name": "Zoë"}, KEY, header=HEADER)
        swapped = other.split("~")[0].rpartition(".")[0] + "." + text.split("~")[0].rpartition(".")[2] + "~"

        with pytest.raises(ProofFault):
            sd_jwt.verify(sd_jwt.read(text), HOLDER.public)
        with pytest.raises(ProofFault):
            sd_jwt.verify(sd_jwt.read(swapped), KEY.public)

    @pytest.mark.parametrize("algorithm", ["sha-1", "md5", "SHA-256", "sha3-256", "", None, 256, ["sha-256"]])
    def test_step_2d_takes_only_hash_functions_that_hold(self, algorithm: Any) -> None:
        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token({"_sd_alg": algorithm}))

        assert caught.value.code == "proof.unsupported-hash"

    @pytest.mark.parametrize(
        "payload",
        [
            {"_sd": digest(NAME)},
            {"_sd": {"0": digest(NAME)}},
            {"_sd": [digest(NAME), 7]},
            {"_sd": None},
            {"a": {"_sd": "x"}},
            {"from": [{"...": 7}]},
            {"from": [{"...": digest(NAME), "more": 1}]},
            {"...": digest(NAME)},
            {"a": {"...": digest(NAME)}},
            {"a": {"_sd_alg": "sha-256"}},
        ],
    )
    def test_step_3b_finds_digests_only_where_they_belong(self, payload: dict[str, Any]) -> None:
        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token(payload))

        assert caught.value.code == "proof.digest"

    @pytest.mark.parametrize(
        "shown",
        [
            disclosure("salt", "Amina"),
            disclosure("salt"),
            disclosure("salt", "name", "Amina", "more"),
            disclosure(7, "name", "Amina"),
            disclosure("salt", 7, "Amina"),
            disclosure("salt", None, "Amina"),
            to_base64url(b'{"salt":"name"}'),
            to_base64url(b'"name"'),
            to_base64url(b"no JSON"),
            to_base64url(b'["salt","name",{"a":1,"a":2}]'),
            to_base64url(b'["salt","name",NaN]'),
            disclosure("salt", "name", "Amina") + "=",
        ],
    )
    def test_step_3c_ii_1_takes_salt_name_and_value_for_a_claim(self, shown: str) -> None:
        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token({"_sd": [digest(shown)]}, shown))

        assert caught.value.code == "proof.disclosure"

    @pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
    def test_step_3c_ii_2_takes_no_name_of_the_format(self, name: str) -> None:
        shown = disclosure("salt", name, "sha-256")

        with pytest.raises(ProofFault):
            sd_jwt.read(token({"_sd": [digest(shown)]}, shown))

    def test_step_3c_ii_3_gives_no_claim_twice(self) -> None:
        again = disclosure("salt-9", "name", "Zoë")

        with pytest.raises(ProofFault):
            sd_jwt.read(token({"name": "Zoë", "_sd": [digest(NAME)]}, NAME))
        with pytest.raises(ProofFault):
            sd_jwt.read(token({"_sd": [digest(NAME), digest(again)]}, NAME, again))

    @pytest.mark.parametrize("shown", [NAME, disclosure("salt"), disclosure(7, "NL"), to_base64url(b"{}")])
    def test_step_3c_iii_1_takes_salt_and_value_for_an_element(self, shown: str) -> None:
        with pytest.raises(ProofFault):
            sd_jwt.read(token({"from": [{"...": digest(shown)}]}, shown))

    def test_step_3c_goes_into_what_was_disclosed(self) -> None:
        worse = disclosure("salt", "a", {"_sd": ["x", 7]})
        hidden = disclosure("salt", {"...": "x", "more": 1})

        for payload, shown in (({"_sd": [digest(worse)]}, worse), ({"a": [{"...": digest(hidden)}]}, hidden)):
            with pytest.raises(ProofFault):
                sd_jwt.read(token(payload, shown))

    def test_steps_3d_to_3f_leave_no_trace_of_what_is_hidden(self) -> None:
        payload = {"_sd": ["x"], "a": {"_sd": ["y"]}, "from": ["MA", {"...": "z"}], "_sd_alg": "sha-256"}

        assert sd_jwt.read(token(payload)).claims == {"a": {}, "from": ["MA"]}

    @pytest.mark.parametrize(
        "payload",
        [
            {"_sd": ["x", "x"]},
            {"_sd": ["x"], "a": {"_sd": ["x"]}},
            {"a": [{"...": "x"}, {"...": "x"}]},
            {"_sd": ["x"], "a": [{"...": "x"}]},
            {"_sd": [digest(NAME), digest(NAME)]},
        ],
    )
    def test_step_4_finds_each_digest_once(self, payload: dict[str, Any]) -> None:
        shown = [NAME] if digest(NAME) in json.dumps(payload) else []

        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token(payload, *shown))

        assert caught.value.code == "proof.digest"

    def test_step_4_looks_into_disclosures_too(self) -> None:
        inner = disclosure("salt", "a", {"_sd": ["x"]})

        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token({"_sd": [digest(inner), "x"]}, inner))

        assert caught.value.code == "proof.digest"

    @pytest.mark.parametrize(
        ("payload", "shown"),
        [
            ({}, [NAME]),
            ({"_sd": [digest(NAME)]}, [NAME, ELEMENT]),
            ({"_sd": [digest(NAME)]}, [NAME, NAME]),
            ({"_sd": [digest(ADDRESS)]}, [CITY]),
            ({"note": digest(NAME)}, [NAME]),
            ({"_sd": [digest(disclosure("salt-1", "name", "Amina "))]}, [NAME]),
        ],
    )
    def test_step_5_leaves_no_disclosure_over(self, payload: dict[str, Any], shown: list[str]) -> None:
        with pytest.raises(ProofFault) as caught:
            sd_jwt.read(token(payload, *shown))

        assert caught.value.code == "proof.disclosure"

    def test_step_6_finds_times_in_disclosures_too(self) -> None:
        shown = disclosure("salt", "exp", "tomorrow")

        with pytest.raises(ProofFault):
            sd_jwt.read(token({"_sd": [digest(shown)]}, shown))
        with pytest.raises(ProofFault):
            sd_jwt.read(token({"nbf": "2026"}))


class TestLimits:
    def test_are_those_of_one_document_for_all_parts_together(self) -> None:
        half = disclosure("salt", "a", deep(20))
        outer = disclosure("salt", "b", {"c": [{"_sd": [digest(half)]}]})
        long = [disclosure(str(number), "x" * 60_000) for number in range(6)]

        with pytest.raises(TooLarge):
            sd_jwt.read(token({"z": [[[[[[[[[{"_sd": [digest(outer)]}]]]]]]]]]}, outer, half))
        with pytest.raises(TooLarge):
            sd_jwt.read(token({"a": [{"...": digest(text)} for text in long]}, *long))

    @pytest.mark.parametrize(
        "text",
        ["a" * 2_000_000, "~" * 501, "e30.e30.AAAA~" + "AAAA~" * 501, "~", "~~", "", "{", "a~b~c"],
    )
    def test_end_in_one_of_our_errors(self, text: str) -> None:
        with pytest.raises(LaurelError):
            sd_jwt.read(text)

    def test_bound_how_deep_disclosures_hold_each_other(self) -> None:
        shown = [disclosure("0", "a", 1)]
        for number in range(1, 60):
            shown.append(disclosure(str(number), "a", {"_sd": [digest(shown[-1])]}))

        with pytest.raises(TooLarge):
            sd_jwt.read(token({"_sd": [digest(shown[-1])]}, *shown))

    def test_bound_how_deep_they_hold_each_other_before_they_are_followed(self) -> None:
        shown = [disclosure("0", "a", 1)]
        for number in range(1, 400):
            value: Any = {"_sd": [digest(shown[-1])]}
            for _ in range(25):
                value = [value]
            shown.append(disclosure(str(number), "a", value))

        with pytest.raises(TooLarge):
            sd_jwt.read(token({"_sd": [digest(shown[-1])]}, *shown))

    def test_bound_how_many_are_read(self) -> None:
        many = [disclosure(str(number), str(number), number) for number in range(501)]
        digests = [digest(each) for each in many]

        assert len(sd_jwt.read(token({"_sd": digests}, *many[:500])).claims) == 500
        with pytest.raises(TooLarge):
            sd_jwt.read(token({"_sd": digests}, *many))

    @given(st.text(alphabet="~.eyJ0_-W", max_size=60))
    def test_let_only_our_errors_out(self, text: str) -> None:
        with pytest.raises(LaurelError):
            sd_jwt.read(text)


def bound(**changes: Any) -> str:
    options: dict[str, Any] = {
        "key": HOLDER,
        "audience": "https://v.example",
        "nonce": "n-1",
        "issued_at": AT,
    } | changes
    return sd_jwt.present(issued(), ["/name"], **options)


def rebound(claims: dict[str, Any], *, key: SigningKey = HOLDER, **header: Any) -> str:
    """The presentation with another key binding, which is well signed."""
    text = bound()
    first = {
        "iat": int(AT.timestamp()),
        "aud": "https://v.example",
        "nonce": "n-1",
        "sd_hash": sd_jwt.read(text).sd_hash,
    }
    payload = {name: value for name, value in (first | claims).items() if value is not ...}
    kb = jose.encode({"typ": "kb+jwt"} | header, json.dumps(payload).encode(), key)
    return f"{text.rpartition('~')[0]}~{kb}"


def code_of(text: str, *, at: datetime = AT, **changes: str) -> str:
    expected: dict[str, Any] = {"audience": "https://v.example", "nonce": "n-1"} | changes
    try:
        sd_jwt.verify_binding(sd_jwt.read(text), at=at, **expected)
    except ProofFault as fault:
        return fault.code
    return "holds"


class TestKeyBinding:
    def test_tells_for_whom_and_when_the_holder_signed(self) -> None:
        read = sd_jwt.read(bound())

        binding = sd_jwt.verify_binding(read, audience="https://v.example", nonce="n-1", at=AT)

        assert (binding.audience, binding.nonce, binding.issued_at) == ("https://v.example", "n-1", AT)
        assert binding.key == HOLDER.public
        assert read.binding is not None
        assert read.binding.header == {"alg": "EdDSA", "typ": "kb+jwt"}
        assert read.claims["name"] == "Amina Haddad"

    @pytest.mark.parametrize("algorithm", ["sha-256", "sha-384", "sha-512"])
    def test_uses_the_hash_function_of_the_token(self, algorithm: str) -> None:
        text = sd_jwt.present(
            issued(algorithm=algorithm), [], key=HOLDER, audience="v", nonce="n", issued_at=AT
        )

        assert code_of(text, audience="v", nonce="n") == "holds"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (sd_jwt.present(issued(), ["/name"]), "holder.no-binding"),
            (token({"name": "Amina"}) + bound().rpartition("~")[2], "holder.no-key"),
            (token({"cnf": {"kid": "did:key:z6Mk#1"}}) + bound().rpartition("~")[2], "holder.key-unusable"),
            (token({"cnf": "x"}) + bound().rpartition("~")[2], "holder.key-unusable"),
            (token({"cnf": {"jwk": {"kty": "oct", "k": "AA"}}}) + bound().rpartition("~")[2], "holder.key-unusable"),
            (token({"cnf": {"jwk": HOLDER.to_private_jwk()}}) + bound().rpartition("~")[2], "holder.key-unusable"),
            (rebound({}, typ="JWT"), "holder.type"),
            (rebound({}, typ="vp+jwt"), "holder.type"),
            (rebound({}, typ=7), "holder.type"),
            (rebound({}, key=KEY), "holder.bad-signature"),
            (rebound({}, crit=["exp"]), "holder.bad-signature"),
            (rebound({}, jku="https://mallory.example"), "holder.bad-signature"),
            (rebound({"iat": ...}), "holder.time"),
            (rebound({"iat": "now"}), "holder.malformed"),
            (rebound({"iat": 1e300}), "holder.malformed"),
            (rebound({"iat": int(AT.timestamp()) - 400}), "holder.time"),
            (rebound({"iat": int(AT.timestamp()) + 400}), "holder.time"),
            (rebound({"exp": int(AT.timestamp()) - 400}), "holder.time"),
            (rebound({"nbf": int(AT.timestamp()) + 400}), "holder.time"),
            (rebound({"nonce": "n-2"}), "holder.nonce"),
            (rebound({"nonce": ...}), "holder.nonce"),
            (rebound({"nonce": ["n-1"]}), "holder.nonce"),
            (rebound({"aud": "https://w.example"}), "holder.audience"),
            (rebound({"aud": ...}), "holder.audience"),
            (rebound({"aud": ["https://v.example"]}), "holder.audience"),
            (rebound({"aud": "https://v.example/"}), "holder.audience"),
            (rebound({"sd_hash": "AAAA"}), "holder.other-token"),
            (rebound({"sd_hash": ...}), "holder.other-token"),
            (rebound({"sd_hash": 7}), "holder.other-token"),
            (bound(), "holds"),
            (rebound({}), "holds"),
        ],
    )  # fmt: skip
    def test_is_for_this_receiver_this_nonce_and_this_token_or_does_not_hold(
        self, text: str, code: str
    ) -> None:
        assert code_of(text) == code

    def test_is_not_what_other_choices_of_claims_were_bound_with(self) -> None:
        kb = bound().rpartition("~")[2]

        assert code_of(sd_jwt.present(issued(), []) + kb) == "holder.other-token"

    def test_ends_after_five_minutes(self) -> None:
        assert code_of(bound(), at=AT + timedelta(minutes=5)) == "holds"
        assert code_of(bound(), at=AT + timedelta(minutes=7)) == "holder.time"

    def test_is_a_jwt_or_the_text_cannot_be_read(self) -> None:
        with pytest.raises(LaurelError):
            sd_jwt.read(issued() + "AAAA")
