# SPDX-License-Identifier: Apache-2.0
"""What is faster where it is installed answers as laurel does without it."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import edwards25519 as curve
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_folder import shared, shared_files

from laurel import fast, strictjson
from laurel.errors import Unreadable
from laurel.proof.keys import SigningKey, VerifyingKey

SOURCES = Path(__file__).parents[1] / "src"
needs_orjson = pytest.mark.skipif(fast.orjson is None, reason="orjson is not installed")
needs_sodium = pytest.mark.skipif(fast.sodium() is None, reason="libsodium is not installed")


def both_ways(deed):
    """Return what came of a deed with the faster parts and without them."""
    found = []
    names = ("orjson", "native", "sodium", "schema_compiler")
    for parts in ([getattr(fast, name) for name in names], (None, None, lambda: None, lambda: None)):
        with pytest.MonkeyPatch.context() as patch:
            for name, part in zip(names, parts, strict=True):
                patch.setattr(fast, name, part)
            try:
                found.append(repr(deed()))
            except (Unreadable, ValueError, TypeError) as error:
                found.append(f"{type(error).__name__}: {error}")
    return found


def same_both_ways(deed) -> None:
    with_them, without_them = both_ways(deed)

    assert with_them == without_them


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    [
        "",
        "null",
        "e-05",
        "1e-07",
        '"',
        "\\",
        "\n",
        " ",
        "\x00",
        "\x7f",
        "\u2028",
        "é",
        "e\u0301",
        "🎓",
        "[{",
        "}]",
    ]
)
numbers = (
    st.integers(-(2**70), 2**70)
    | st.integers(-100, 100)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(1e-12, 1e-3)
    | st.sampled_from(
        [0.0, -0.0, 1.0, 1e15, 1e16, 1e17, 1e21, 1e22, 1e-4, 1e-5, 1e-6, 1e-7, 5e-324, 2**53, 2**53 - 1]
    )
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
# Spellings of one value as people and programs write them, and texts with a fault in them.
spelled = st.builds(
    lambda value, indent, ascii, sep: json.dumps(
        value, indent=indent, ensure_ascii=ascii, separators=sep
    ).encode(),
    values,
    st.sampled_from([None, None, 0, 1, 2, "\t"]),
    st.booleans(),
    st.sampled_from([None, (",", ":"), (" , ", " : ")]),
)
tokens = st.lists(
    st.sampled_from(
        rb"""{ } [ ] , : "a" "a":1 "\u0061":2 1 -0 -0.0 1E2 1e2 01 0.10 NaN null true "\ud83c" "\ud83c\udf93"
        "\/" "/" 9007199254740991 9007199254740992 18446744073709551616 1e400""".split()
    )
    | st.sampled_from([b" ", b"\n", b"\t", b"\x0b", b"\xef\xbb\xbf", b"\xff", b'"\x01"']),
    max_size=9,
).map(b"".join)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    text = draw(spelled)
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(tokens | st.binary(max_size=3)) + text[place + draw(st.integers(0, 3)) :]


@needs_orjson
class TestReading:
    @settings(max_examples=1500)
    @given(spelled | tokens | damaged() | st.binary(max_size=12))
    def test_of_any_bytes_is_the_same(self, data: bytes) -> None:
        same_both_ways(lambda: strictjson.loads(data))

    @pytest.mark.parametrize(
        "path", shared_files("test_*/*.json", "hostile", "JSONTestSuite"), ids=lambda path: path.name
    )
    def test_of_the_json_test_suite_is_the_same(self, path: Path) -> None:
        same_both_ways(lambda: strictjson.loads(path.read_bytes()))

    def test_of_the_json_test_suite_is_complete(self) -> None:
        shared("hostile", "JSONTestSuite")

        assert len(shared_files("test_*/*.json", "hostile", "JSONTestSuite")) == 95 + 188 + 35 + 22

    @pytest.mark.parametrize("deep", range(28, 38))
    @pytest.mark.parametrize("inside", ["", "1", '"]"', '"[["', "[],{}"])
    def test_of_deep_text_is_the_same(self, deep: int, inside: str) -> None:
        for opening, closing in (("[", "]"), ('{"a":', "}"), ('["[",', "]"), ('["]",', "]")):
            text = (
                opening * deep
                + (inside or ("1" if opening[0] == "{" or len(opening) > 1 else ""))
                + closing * deep
            )
            same_both_ways(lambda text=text: strictjson.loads(text))

    @pytest.mark.parametrize("count", [9_997, 9_998, 9_999, 10_000, 10_001])
    def test_of_wide_text_is_the_same(self, count: int) -> None:
        same_both_ways(lambda: strictjson.loads("[" + ",".join(["1"] * count) + "]"))
        same_both_ways(lambda: strictjson.loads('["' + "," * count + '"]'))
        same_both_ways(lambda: strictjson.loads("{" + ",".join(f'"{n}":[]' for n in range(count // 2)) + "}"))

    @pytest.mark.parametrize("size", [65_530, 65_535, 65_536, 65_537])
    def test_of_long_text_is_the_same(self, size: int) -> None:
        same_both_ways(lambda: strictjson.loads('"' + "a" * size + '"'))
        same_both_ways(lambda: strictjson.loads('["' + "é" * (size // 2) + '"]'))

    @pytest.mark.parametrize(
        ("text", "is_sure"),
        [
            ('{"a":[1,2.5,"é"]}', True),
            ('{"a": [1, 2.5, "\\u00e9"]}', True),
            ('{\n  "a": [\n    1\n  ]\n}', True),
            ('{"a":1,"a":1}', False),
            ('{"a":1,"\\u0061":1}', False),
            ("[1E2]", False),
            ("[1.0e0]", False),
            ("[-0]", False),
            ('["\\/"]', False),
            ("[9007199254740992]", False),
            ("[100000000000000000000]", False),
        ],
    )
    def test_is_fast_only_where_nothing_can_be_lost(self, text: str, is_sure: bool) -> None:
        found = strictjson._loads_at_once(text, strictjson.MAX_BYTES)

        assert (found is not strictjson._UNSURE) == is_sure


@needs_orjson
class TestWriting:
    @settings(max_examples=500)
    @given(values)
    def test_of_any_value_is_the_same(self, value) -> None:
        same_both_ways(lambda: strictjson.dumps(value))

    def test_of_every_character_is_the_same(self) -> None:
        for start in range(0, 0x110000, 0x800):
            text = "".join(map(chr, range(start, start + 0x800)))
            same_both_ways(lambda text=text: strictjson.dumps({text: text}))

    @settings(max_examples=1000)
    @given(st.floats())
    def test_of_every_number_is_the_same(self, number: float) -> None:
        same_both_ways(lambda: strictjson.dumps([number]))

    @pytest.mark.parametrize(
        "value", [(1, 2), {1: 2}, {None: 1}, {"a": {1, 2}}, b"bytes", float("nan"), "\ud800", 2**64, -(2**64)]
    )
    def test_of_what_is_no_json_is_the_same(self, value) -> None:
        same_both_ways(lambda: strictjson.dumps(value))


SEEDS = st.binary(min_size=32, max_size=32)


@needs_sodium
class TestEd25519:
    @settings(max_examples=60)
    @given(SEEDS, st.binary(max_size=300))
    def test_signatures_are_the_same_bytes(self, seed: bytes, message: bytes) -> None:
        key = SigningKey.from_seed(seed)

        same_both_ways(lambda: key.sign(message))
        same_both_ways(lambda: key.public.verify(message, key.sign(message)))

    @settings(max_examples=60)
    @given(SEEDS, st.integers(0, 511), st.binary(max_size=40))
    def test_changed_signatures_are_judged_alike(self, seed: bytes, bit: int, message: bytes) -> None:
        key = SigningKey.from_seed(seed)
        number = int.from_bytes(key.sign(message)) ^ 1 << bit

        assert both_ways(lambda: key.public.verify(message, number.to_bytes(64))) == ["False", "False"]

    def test_signatures_with_small_points_in_them_are_judged_alike(self) -> None:
        """Classes of cases after "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020), §5."""
        answers = set()
        for count, (on_key, on_nonce) in enumerate(
            (on_key, on_nonce) for on_key in curve.eighths() for on_nonce in curve.eighths()
        ):
            message = b"Home battery installer %d" % count
            public, signature, is_equal = curve.signed(
                message, secret=count + 3, nonce=count + 5, on_key=on_key, on_nonce=on_nonce
            )
            key = VerifyingKey("Ed25519", public)
            assert both_ways(partial(key.verify, message, signature)) == [repr(is_equal)] * 2
            answers.add(is_equal)

        assert answers == {True, False}

    @pytest.mark.parametrize("nonce", range(8))
    def test_signatures_that_begin_with_a_small_point_are_refused_alike(self, nonce: int) -> None:
        small = curve.eighths()[nonce]
        for on_key in curve.eighths():
            for n in range(8):
                public, signature, _ = curve.signed(
                    b"%d" % n, secret=3, nonce=0, on_key=on_key, on_nonce=small
                )
                key = VerifyingKey("Ed25519", public)
                assert both_ways(partial(key.verify, b"%d" % n, signature)) == ["False", "False"]

    def test_a_second_spelling_of_a_signature_is_refused_alike(self) -> None:
        public, signature, is_equal = curve.signed(
            b"once", secret=11, nonce=13, on_key=curve.NEUTRAL, on_nonce=curve.NEUTRAL
        )
        key = VerifyingKey("Ed25519", public)
        last = int.from_bytes(signature[32:], "little")

        assert is_equal
        assert both_ways(lambda: key.verify(b"once", signature)) == ["True", "True"]
        for more in range(1, 15):
            again = signature[:32] + (last + more * curve.ORDER).to_bytes(32, "little")
            assert both_ways(partial(key.verify, b"once", again)) == ["False", "False"]

    def test_the_two_known_answers_are_what_they_are_said_to_be(self) -> None:
        eighths = curve.eighths()
        made = [
            curve.signed(b"laurel", secret=5, nonce=7, on_key=curve.NEUTRAL, on_nonce=on_nonce)
            for on_nonce in (curve.NEUTRAL, *eighths)
        ]

        assert made[0] == (fast._KEY, fast._SOUND, True)
        assert (fast._KEY, fast._TIMES_EIGHT, False) in made
        assert fast._takes(fast.sodium(), fast._SOUND)

    def test_a_library_that_multiplies_by_eight_first_is_not_used(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import nacl.bindings

        monkeypatch.setattr(nacl.bindings, "crypto_sign_open", lambda signed, key: signed[64:])

        assert fast.sodium.__wrapped__() is None


@pytest.mark.skipif(
    os.environ.get("CAIRN_REQUIRE_NATIVE") != "1", reason="only where a compiler is sure to be at hand"
)
def test_the_part_in_c_is_built_where_it_has_to_be() -> None:
    assert fast.native is not None


BLOCKED = """
import sys
for name in ("orjson", "nacl", "nacl.bindings", "jsonschema_rs", "laurel._native"):
    sys.modules[name] = None
from datetime import UTC, datetime
import samples
from laurel import fast, issue, strictjson
from laurel.did.key import with_did_key
from laurel.proof.keys import SigningKey
from laurel.verify import check
assert (fast.orjson, fast.native, fast.sodium(), fast.schema_compiler()) == (None,) * 4
"""
WORK = """
from datetime import UTC, datetime
import hashlib, samples
from laurel import fast, issue, strictjson
from laurel.did.key import with_did_key
from laurel.proof.keys import SigningKey
from laurel.verify import check

at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
key = with_did_key(SigningKey.from_seed(bytes(range(32))))
draft = samples.golden_document(issuer_id=key.id.partition("#")[0])
checked = issue.check_document(strictjson.loads(strictjson.dumps(draft)))
signed = [issue.sign(checked, key, suite=suite, created=at) for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022")]
signed.append(issue.sign_jwt(checked, key).encode())
for text in signed:
    report = check(text, fetch=lambda url: b"{}", at=at)
    broken = check(text.replace(b"A", b"B", 1), fetch=lambda url: b"{}", at=at)
    print(hashlib.sha256(text).hexdigest(), report.as_json(), broken.as_json())
"""


def test_a_process_without_any_of_them_gives_the_same_credentials_and_reports() -> None:
    answers = [
        subprocess.run(
            [sys.executable, "-c", before + WORK],
            env={"PYTHONPATH": f"{SOURCES}:{Path(__file__).parent}"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for before in (BLOCKED, "")
    ]

    assert answers[0] == answers[1]
    assert answers[0].count("genuine") + answers[0].count("unfinished") >= 3


WHY = """
import sys
sys.modules[{missing!r}] = None
from datetime import UTC, datetime
import samples
from laurel import issue, tiers
from laurel.did.key import with_did_key
from laurel.proof.keys import SigningKey
from laurel.verify import check
at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
key = with_did_key(SigningKey.from_seed(bytes(range(32))))
for number in range(3):
    draft = samples.golden_document(issuer_id=key.id.partition("#")[0])
    draft["id"] = f"urn:uuid:0b2d1a10-3c1e-4f0a-9d8b-00000000000{{number}}"
    check(issue.sign(issue.check_document(draft), key, created=at), fetch=lambda url: b"{{}}", at=at)
print(sorted(reason for reason in tiers.taken if reason.startswith("fallback: report")))
"""


@pytest.mark.parametrize(
    ("missing", "package"), [("jsonschema_rs", "jsonschema-rs"), ("orjson", "orjson"), ("nothing", None)]
)
def test_sound_badges_do_not_count_as_broken_rules_where_a_part_is_missing(
    missing: str, package: str | None
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", WHY.format(missing=missing)],
        env={"PYTHONPATH": f"{SOURCES}:{Path(__file__).parent}"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()

    assert told == (f"['fallback: report: {package} is not installed']" if package else "[]")
