# SPDX-License-Identifier: Apache-2.0
"""What is built in C gives the bytes of the Python beside it, or leaves the answer to it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from samples import typical_document

from laurel import fast
from laurel.jsonld import template
from laurel.jsonld.spelling import PlainSpelling
from laurel.proof import encodings
from laurel.tiers import Fallback

FOLDER = Path(__file__).parents[1]
native = fast.native
IS_SANITIZED = "LAUREL_SANITIZED" in os.environ
pytestmark = pytest.mark.skipif(native is None, reason="laurel._native is not built: there was no C compiler")


def tried(examples: int) -> settings:
    """Try so many examples; under the sanitizers everything is slow, and a part of them will do."""
    return settings(max_examples=examples // 10 if IS_SANITIZED else examples)


octets = st.binary(max_size=12) | st.sampled_from(
    [b"", b'"', b"\\", b'\\"', b"\\\\", b"\\u0041", b"\x1f", b"\x7f", "é".encode(), b"\xc3", b"\xa9", b"\xff"]
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[tuple[bytes | int, ...], int]:
    """Return constants and numbers of texts in turns; every text stands somewhere."""
    count = draw(st.integers(1, 4))
    numbers = draw(st.permutations([*range(count), *draw(st.lists(st.integers(0, count - 1), max_size=3))]))
    constants = (st.binary(max_size=3).map(lambda inner: inner + b'"') | octets).map(lambda one: b'"' + one)
    pieces: list[bytes | int] = [draw(constants | octets)]
    for number in numbers:
        pieces += (number, draw(constants))
    return tuple(pieces), count


@pytest.mark.parametrize(("level", "is_used"), [("1", True), ("2", False), ("None", False)])
def test_what_was_built_for_another_laurel_is_not_used(level: str, is_used: bool) -> None:
    program = f"""
import sys, types
sys.modules["laurel._native"] = made = types.ModuleType("laurel._native")
made.LEVEL = {level}
from laurel import fast
print(fast.native is made)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == str(is_used)


class TestLine:
    @tried(300)
    @given(lines(), st.data())
    def test_joins_as_python_does(self, line, data: st.DataObject) -> None:
        pieces, count = line
        texts = data.draw(st.lists(octets, min_size=count, max_size=count))

        assert native.Line(pieces, count).join(texts) == PlainSpelling(pieces, count).join(texts)

    @tried(600)
    @given(lines(), st.data())
    def test_splits_as_python_does(self, line, data: st.DataObject) -> None:
        pieces, count = line
        texts = data.draw(st.lists(octets, min_size=count, max_size=count))
        written = PlainSpelling(pieces, count).join(texts)
        place = data.draw(st.integers(0, len(written)))
        written = data.draw(
            st.sampled_from(
                [written, written[:place], written + b'"', written[:place] + b'"' + written[place:]]
            )
        )

        assert native.Line(pieces, count).split(written) == PlainSpelling(pieces, count).split(written)

    @pytest.mark.parametrize(
        ("pieces", "texts"),
        [((), 1), ((b"a", 0), 1), ((b"a", 1, b"b"), 1), ((b"a", -1, b"b"), 1), ((b"a", 2**80, b"b"), 1)],
    )
    def test_takes_no_number_that_leads_nowhere(self, pieces: tuple[bytes | int, ...], texts: int) -> None:
        with pytest.raises((ValueError, OverflowError)):
            native.Line(pieces, texts)

    @pytest.mark.parametrize("pieces", [("a",), (b"a", b"b", b"c"), (0, 0, 0), (None, 0, b"")])
    def test_takes_no_piece_of_another_kind(self, pieces: tuple) -> None:
        with pytest.raises(TypeError):
            native.Line(pieces, 1)

    @pytest.mark.parametrize("texts", [[], [b"a", b"b"], ["a"], (b"a",), None])
    def test_joins_nothing_but_so_many_texts(self, texts: object) -> None:
        with pytest.raises(TypeError):
            native.Line((b"x", 0, b"y"), 1).join(texts)


#: What a learner's text may hold: letters of many scripts, what is escaped, what looks like a statement.
hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "",
        '"',
        "\\",
        "\\u0041",
        "\x7f",
        "\x00",
        "\n",
        "a\tb",
        "_:c14n0",
        '" .\n',
        "HOLE0001Z",
        "é",
        "🎓",
        "\u2028",
    ]
)


@pytest.fixture(scope="module")
def learned() -> template.Template:
    return template.learn(typical_document())


class TestStatements:
    @tried(200)
    @given(data=st.data())
    def test_are_filled_in_as_python_does(self, learned: template.Template, data: st.DataObject) -> None:
        texts = []
        for number, hole in enumerate(learned.holes):
            if hole.kind == "text":
                texts.append(json.dumps(data.draw(hostile), ensure_ascii=False).encode()[1:-1])
            else:
                name = data.draw(st.sampled_from(["a", "b/c", "z#1", "é"]))
                texts.append(f"urn:{name}:{number if data.draw(st.booleans()) else 0}".encode())
        ids = [texts[number] for number, hole in enumerate(learned.holes) if hole.kind == "id"]
        assume(len(set(ids)) == len(ids))

        with pytest.MonkeyPatch.context() as patch:
            quick = learned._statements.fill(texts)
            patch.setattr(learned, "_statements", None)
            try:
                slow = learned.fill(texts)
            except Fallback:
                slow = None

        if quick is not None or slow is None:
            assert quick == slow
        else:
            assert any(b"\\u" in text or b"\x7f" in text for text in texts)

    def test_hold_their_texts_while_python_hashes(self) -> None:
        """A list that another thread empties meanwhile changes nothing."""
        texts = [b"x" * 1000]

        def emptying(data: bytes):
            texts.clear()
            return hashlib.sha256(data)

        run = ((1, 0, 2), (), (), ())
        statements = native.Statements(
            1, 1, (b"<", b">\n"), (), ((0, ((2, 0, 3), (), (), ())),), (), (((run),),), (0,), emptying
        )

        assert statements.fill(texts) == b"_:c14n0" + b"x" * 1000 + b"<"

    def test_leave_an_error_of_the_hash_to_their_caller(self) -> None:
        part = ((1,), (), (), ())
        statements = native.Statements(
            0, 1, (b"a",), (), ((0, part),), (), ((part,),), (0,), lambda data: 1 / 0
        )

        with pytest.raises(ZeroDivisionError):
            statements.fill([])

    @pytest.mark.parametrize("place", ["constants", "statics", "dynamics", "subjects", "blocks", "order"])
    @pytest.mark.parametrize("wrong", [(5,), ("a",), ((1, 2, 3),), ((b"a", 9),), ((0, ((9,), (), (), ())),)])
    def test_take_nothing_that_leads_nowhere(self, place: str, wrong: tuple) -> None:
        part = ((1, 0), (), (), ())
        sound = {
            "texts": 0,
            "blanks": 1,
            "constants": (b"a",),
            "statics": ((bytes(32), 0),),
            "dynamics": (),
            "subjects": (),
            "blocks": ((part,),),
            "order": (0,),
            "sha256": hashlib.sha256,
        }
        native.Statements(**sound)

        with pytest.raises((TypeError, ValueError)):
            native.Statements(**(sound | {place: wrong}))


class TestBase64Url:
    @tried(500)
    @given(st.binary(max_size=40))
    def test_is_that_of_python(self, data: bytes) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "native", None)
            written = encodings.to_base64url(data)

        assert native.to_base64url(data) == written.encode()
        assert native.from_base64url(written.encode()) == data

    @tried(1000)
    @given(
        st.text(st.sampled_from("ABQZaz059-_"), max_size=13)
        | st.text(st.sampled_from("ABgw-_+/=\n\0"), max_size=9)
        | st.binary(max_size=5)
    )
    def test_is_read_as_python_does(self, letters: str | bytes) -> None:
        octets = letters if isinstance(letters, bytes) else letters.encode()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "native", None)
            try:
                expected = encodings.from_base64url(octets.decode("latin-1"))
            except encodings.NotCanonical:
                expected = None

        assert native.from_base64url(octets) == expected

    @pytest.mark.parametrize("length", [1, 2, 3, 4])
    def test_takes_no_octet_that_is_no_letter_in_any_place(self, length: int) -> None:
        for octet in range(256):
            for place in range(length):
                text = bytearray(b"AAAA"[:length])
                text[place] = octet
                found = native.from_base64url(bytes(text))

                assert found is None or encodings.to_base64url(found).encode() == text


class TestBase58:
    @tried(500)
    @given(st.binary(max_size=140) | st.binary(max_size=9).map(lambda data: bytes(5) + data))
    def test_is_that_of_python(self, data: bytes) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "native", None)
            written = encodings.to_base58btc(data)

        assert encodings.to_base58btc(data) == written
        assert native.to_base58(data) == (written[1:].encode() if len(data) <= 128 else None)
        if data:
            assert encodings.from_base58btc(written) == data

    @tried(500)
    @given(
        st.text(st.sampled_from("123ABYZabyz"), max_size=130) | st.text(max_size=10) | st.binary(max_size=5)
    )
    def test_is_read_as_python_does(self, digits: str | bytes) -> None:
        octets = digits if isinstance(digits, bytes) else digits.encode()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "native", None)
            try:
                expected = encodings.from_base58btc("z" + octets.decode("latin-1")) if octets else b""
            except encodings.NotCanonical:
                expected = None

        assert native.from_base58(octets) == (expected if len(octets) <= 128 else None)

    def test_of_each_letter_is_its_place_in_the_alphabet(self) -> None:
        for letter in range(256):
            place = encodings._BASE58.find(letter)
            expected = None if place < 0 else bytes([place])

            assert native.from_base58(bytes([letter])) == expected


@pytest.mark.skipif(IS_SANITIZED, reason="once is enough")
def test_templates_are_the_same_without_it(tmp_path: Path) -> None:
    """The tests of templates and of quick issuing, where no compiler built anything."""
    (tmp_path / "without_native.py").write_text('import sys\nsys.modules["laurel._native"] = None\n')
    names = ("jsonld/test_template.py", "jsonld/test_template_reading.py", "test_issue_text.py")
    told = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"),
            *("-p", "without_native", *(str(FOLDER / "tests" / name) for name in names), __file__),
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "LAUREL_SANITIZED": "1"},
        cwd=FOLDER.parents[1],
        check=False,
    )

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    assert "skipped" in told.stdout  # this file's own: nothing is built there


@pytest.mark.skipif(IS_SANITIZED, reason="this is the run under the sanitizers")
def test_nothing_is_read_or_written_out_of_bounds(tmp_path: Path) -> None:
    """All of this once more, built with the address and undefined-behaviour sanitizers."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    library = subprocess.run(
        [compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    header = Path(sysconfig.get_paths()["include"], "Python.h")
    if not Path(library).is_absolute() or not header.exists():
        pytest.skip("gcc has no address sanitizer, or Python no headers")
    package = tmp_path / "laurel"
    shutil.copytree(FOLDER / "src" / "laurel", package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    words = "-shared -fPIC -g -O1 -std=c11 -Wall -Wextra -Werror -DPy_LIMITED_API=0x030B0000"
    sanitizers = "-fsanitize=address,undefined -fno-sanitize-recover=all"
    built = subprocess.run(
        [
            *(compiler, *words.split(), *sanitizers.split(), "-I", str(header.parent)),
            *map(str, sorted((FOLDER / "native").glob("*.c"))),
            *("-o", str(package / "_native.abi3.so")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr

    environment = os.environ | {
        "LAUREL_SANITIZED": "1",
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(FOLDER / "tests")]),
        "PYTHONMALLOC": "malloc",
    }
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", __file__],
        capture_output=True,
        text=True,
        env=environment,
        cwd=FOLDER.parents[1],
        check=False,
    )

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    assert " passed, 2 skipped" in told.stdout
