# SPDX-License-Identifier: Apache-2.0
"""What an issuer signs and a holder shows is what is read: by the specification's cases and by many others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sd_jwt_specification import Sd, load

from laurel.errors import LaurelError, ProofFault
from laurel.proof import sd_jwt
from laurel.proof.keys import SigningKey, VerifyingKey

SPECIFICATION = Path(__file__).parents[4].parent / "shared" / "standards" / "sd-jwt"

KEY = SigningKey.from_seed(b"Rivermouth College of Further Ed").with_id("did:web:rivermouth.example#key-1")
HOLDER = SigningKey.from_seed(b"Amina Haddad's key on her phone.")
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEADER: dict[str, Any] = {"typ": "example+sd-jwt"}


def plain(value: Any, pointer: str = "") -> tuple[Any, list[str]]:
    """Return a value without its marks, and the pointers to what was marked."""
    marked: list[str] = []
    if isinstance(value, dict):
        result: dict[str, Any] = {}
        for key, part in value.items():
            name = key.value if isinstance(key, Sd) else key
            below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if isinstance(key, Sd):
                marked.append(below)
            result[name], more = plain(part, below)
            marked += more
        return result, marked
    if isinstance(value, list):
        items = []
        for place, part in enumerate(value):
            if isinstance(part, Sd):
                marked.append(f"{pointer}/{place}")
            item, more = plain(part.value if isinstance(part, Sd) else part, f"{pointer}/{place}")
            items.append(item)
            marked += more
        return items, marked
    return value, marked


def chosen(value: Any, wanted: Any, marked: list[str], pointer: str = "") -> list[str]:
    """Return the pointers of what the holder discloses, from the tree of the test case.

    There false leaves out, true, null, a tree or anything else at a name shows; in an array null shows nothing.
    """
    found: list[str] = []
    pairs: list[tuple[str, Any, Any]] = []
    if isinstance(wanted, dict) and isinstance(value, dict):
        pairs = [(name, value.get(name), part) for name, part in wanted.items()]
    elif isinstance(wanted, list) and isinstance(value, list):
        pairs = [(str(place), value[place], part) for place, part in enumerate(wanted)]
    for name, inner, part in pairs:
        below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if part is False or (isinstance(wanted, list) and part is None):
            continue
        if below in marked:
            found.append(below)
        found += chosen(inner, part, marked, below)
    return found


def remaining(value: Any, hidden: set[str], pointer: str = "") -> Any:
    """Return the claims without what is hidden, worked out from the plain claims."""
    if isinstance(value, dict):
        return {
            name: remaining(part, hidden, below)
            for name, part in value.items()
            if (below := f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}") not in hidden
        }
    if isinstance(value, list):
        return [
            remaining(part, hidden, f"{pointer}/{place}")
            for place, part in enumerate(value)
            if f"{pointer}/{place}" not in hidden
        ]
    return value


class TestSpecification:
    """The 32 cases that the authors of RFC 9901 test their own implementation with."""

    @pytest.mark.parametrize(("folder", "count", "with_answer"), [("testcases", 17, 17), ("examples", 15, 0)])
    def test_round_trips_give_the_expected_claims(self, folder: str, count: int, with_answer: int) -> None:
        if not SPECIFICATION.is_dir():
            pytest.skip(f"the cases of the SD-JWT specification are not at {SPECIFICATION}")
        settings_ = load(SPECIFICATION / folder / "settings.yml")
        issuer = SigningKey.from_jwk(settings_["key_settings"]["issuer_keys"][0])
        holder = SigningKey.from_jwk(settings_["key_settings"]["holder_key"])
        ran = answered = 0
        for path in sorted((SPECIFICATION / folder).glob("*/specification.yml")):
            case = load(path)
            claims, marked = plain(case["user_claims"])
            open_claims = {"iss": settings_["identifiers"]["issuer"], "exp": settings_["exp"]}
            binds = case.get("key_binding", False)
            if binds:
                open_claims["cnf"] = {"jwk": holder.public.to_jwk()}
            decoys = 3 if case.get("add_decoy_claims") else 0
            whole = open_claims | claims
            text = sd_jwt.sign(whole, issuer, header={"typ": "x"}, disclosable=marked, decoys=decoys)
            pointers = chosen(claims, case["holder_disclosed_claims"], marked)
            options: dict[str, Any] = {}
            if binds:
                options = {
                    "key": holder,
                    "audience": settings_["identifiers"]["verifier"],
                    "nonce": settings_["key_binding_nonce"],
                    "issued_at": AT,
                }

            read = sd_jwt.read(sd_jwt.present(text, pointers, **options))

            sd_jwt.verify(read, issuer.public)
            if binds:
                sd_jwt.verify_binding(read, audience=options["audience"], nonce=options["nonce"], at=AT)
            shown = {name: value for name, value in read.claims.items() if name not in open_claims}
            if "expect_verified_user_claims" in case:
                answered += 1
                assert shown == case["expect_verified_user_claims"], path.parent.name
            around = {place for place in marked if any(f"{p}/".startswith(f"{place}/") for p in pointers)}
            assert read.claims == remaining(whole, set(marked) - around), path.parent.name
            assert sd_jwt.read(text).claims == whole
            ran += 1

        assert (ran, answered) == (count, with_answer)


class TestPublishedExample:
    """The main example of RFC 9901, signed by the key of its authors."""

    EXAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "rfc_9901_example.json").read_bytes())
    SIGNED_AT = datetime(2025, 5, 29, 16, 47, 24, tzinfo=UTC)

    def text(self, *, whole: bool) -> str:
        example = self.EXAMPLE
        shown = [example["disclosures"][place] for place in example["shown"]]
        parts = example["disclosures"] if whole else shown
        return "~".join([example["jwt"], *parts, "" if whole else example["key_binding"]])

    def test_holds_and_says_what_the_specification_says(self) -> None:
        example = self.EXAMPLE
        key = VerifyingKey.from_jwk(example["issuer_key"])

        issued_, shown = (sd_jwt.read(self.text(whole=whole)) for whole in (True, False))

        for read in (issued_, shown):
            sd_jwt.verify(read, key)
        assert shown.claims == example["claims"]
        assert len(issued_.disclosed) == 10
        assert issued_.claims["nationalities"] == ["US", "DE"]
        sd_jwt.verify_binding(shown, audience=example["audience"], nonce=example["nonce"], at=self.SIGNED_AT)
        with pytest.raises(ProofFault):
            sd_jwt.verify_binding(shown, audience=example["audience"], nonce="2", at=self.SIGNED_AT)

    def test_is_presented_to_the_same_text(self) -> None:
        example = self.EXAMPLE
        pointers = ["/family_name", "/address", "/given_name", "/nationalities/0"]

        made = sd_jwt.present(self.text(whole=True), pointers)

        expected = {example["disclosures"][place] for place in example["shown"]}
        assert set(made.split("~")) == {example["jwt"], *expected, ""}


NAMES = st.text(alphabet="abc/~é_", min_size=1, max_size=3).filter(lambda name: name != "_sd")
TREES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, pointer: str = "") -> list[str]:
    if isinstance(value, dict):
        pairs = [(name.replace("~", "~0").replace("/", "~1"), part) for name, part in value.items()]
    elif isinstance(value, list):
        pairs = [(str(place), part) for place, part in enumerate(value)]
    else:
        return []
    return [
        place for name, part in pairs for place in (f"{pointer}/{name}", *places(part, f"{pointer}/{name}"))
    ]


class TestProperties:
    @settings(max_examples=150)
    @given(st.data())
    def test_whatever_is_shown_is_exactly_what_is_read(self, data: st.DataObject) -> None:
        claims = data.draw(st.dictionaries(NAMES, TREES, max_size=4))
        hideable = data.draw(st.sets(st.sampled_from(places(claims)))) if claims else set()
        shown = data.draw(st.sets(st.sampled_from(sorted(hideable)))) if hideable else set()
        decoys = data.draw(st.integers(0, 3))
        text = sd_jwt.sign(claims, KEY, header=HEADER, disclosable=hideable, decoys=decoys)

        read = sd_jwt.read(sd_jwt.present(text, shown))

        sd_jwt.verify(read, KEY.public)
        around = {place for place in hideable if any(f"{each}/".startswith(f"{place}/") for each in shown)}
        assert read.claims == remaining(claims, hideable - around)
        assert sd_jwt.read(text).claims == claims

    @settings(max_examples=300)
    @given(st.data())
    def test_one_changed_character_is_refused_or_changes_nothing(self, data: st.DataObject) -> None:
        claims: dict[str, Any] = {
            "name": "Amina Haddad",
            "nationalities": ["NL", "MA"],
            "cnf": {"jwk": HOLDER.public.to_jwk()},
        }
        issued = sd_jwt.sign(claims, KEY, header=HEADER, disclosable=["/name", "/nationalities/0"])
        bound = sd_jwt.present(
            issued, ["/name"], key=HOLDER, audience="https://v.example", nonce="n-1", issued_at=AT
        )
        text = data.draw(st.sampled_from([bound, issued]))
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from("ABCxyz019-_~.= é") | st.characters(max_codepoint=0x17F))
        how = data.draw(st.sampled_from(["replace", "insert", "delete"]))
        changed = {
            "replace": text[:place] + letter + text[place + 1 :],
            "insert": text[:place] + letter + text[place:],
            "delete": text[:place] + text[place + 1 :],
        }[how]

        try:
            read = sd_jwt.read(changed)
            sd_jwt.verify(read, KEY.public)
            if sd_jwt.read(text).binding is not None:
                sd_jwt.verify_binding(read, audience="https://v.example", nonce="n-1", at=AT)
        except LaurelError:
            return
        assert read.claims == sd_jwt.read(text).claims
