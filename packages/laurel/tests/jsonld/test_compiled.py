# SPDX-License-Identifier: Apache-2.0
"""The compiled mapper: the bytes of the general path or a fallback, for every document and whatever came before."""

import copy
import json
import random
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import samples
from badge_strategies import sound_credentials
from credential_shapes import Document, credentials
from foreign_rdf import any_context, oxigraph_canonical, pyld_nquads
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from shared_folder import shared, shared_files
from test_mapper import LOSSES, PRESENTATION, at, edit, endorsement, places, plain

from laurel import jsonld, tiers
from laurel.errors import LaurelError, TooMuchWork
from laurel.formats.open_badges_3 import to_json
from laurel.jsonld import compiled, contexts, mapper, rdfc, tables, terms
from laurel.jsonld.effort import Effort
from laurel.jsonld.rdfc import HashName
from laurel.strictjson import dumps, loads
from laurel.tiers import Fallback

A = ("credentialSubject", "achievement")


def examples(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def general(document: Any, effort: Effort | None = None, hash_name: HashName = "sha256") -> bytes:
    """The oracle."""
    quads = mapper.to_quads(document, effort=effort)
    return rdfc.canonicalize(quads, hash_name=hash_name, effort=effort).as_bytes()


def judged(document: Any, left: int | None = None) -> str:
    """Hold the compiled mapper against the general path: bytes, refusals, and what it cost."""
    budgets = [Effort() if left is None else Effort(left=left) for _ in range(2)]
    found: bytes | None = None
    try:
        found = compiled.canonize(document, effort=budgets[0])
    except Fallback:
        assert budgets[0].left == Effort().left if left is None else budgets[0].left == left
    try:
        expected = general(document, budgets[1])
    except LaurelError:
        assert found is None
        return "refused"
    assert found in (None, expected)
    if found is None:
        return "left to the general path"
    assert budgets[0].left == budgets[1].left
    return "answered"


@pytest.fixture(params=["with orjson", "without orjson"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without orjson":
        monkeypatch.setattr(compiled, "_exact_text", None)


class TestHonestCredentials:
    """A tier that never answers is a slowdown that nobody notices."""

    @pytest.mark.usefixtures("_either_way")
    @pytest.mark.parametrize("name", samples.NAMES_FROM_ELSEWHERE.values())
    def test_are_answered(self, name: str) -> None:
        for document in (
            to_json(samples.named_credential(name)),
            samples.golden_document(subject_id=None),
            samples.typical_document(),
            plain(),
        ):
            assert judged(document) == "answered"

    @examples(100)
    @given(credentials(endorsed=False))
    def test_of_any_shape_are_answered(self, document: Document) -> None:
        verdict = judged(document)

        # Two results may say the same, and then they look alike.
        alike = verdict == "left to the general path"
        event(verdict)
        assert verdict == "answered" or (alike and has_twins(document))

    @examples(40)
    @given(sound_credentials)
    def test_that_the_platform_writes_are_answered(self, credential: Any) -> None:
        assert judged(to_json(credential)) == "answered"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("simple.json", "answered"),
            ("simple_v1.json", "answered"),
            ("simple-eddsa-2022.json", "answered"),
            ("simple-context-alias.json", "answered"),
            ("endorsement-valid.json", "answered"),
            ("simple-err-expired.json", "answered"),
            # The issuer is the learner; the source repeats the issuer and its address.
            ("simple-did-key-method.json", "left to the general path"),
            ("credential-status-revoked.json", "left to the general path"),
            ("simple-err-type.json", "refused"),
        ],
    )
    def test_of_1edtech_end_as_they_must(self, name: str, expected: str) -> None:
        document = loads(shared("standards", "1edtech-validator", "ob30", name).read_bytes())
        assert isinstance(document, dict)
        document.pop("proof", None)

        assert judged(document) == expected

    def test_of_the_w3c_give_the_published_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiled, "_tables", tables.Tables(any_context))
        folder = shared("standards", "vc-di-eddsa")
        for suite, unsigned in (
            ("eddsa-rdfc-2022", "unsigned"),
            ("eddsa-rdfc-2022/employ", "employmentAuth"),
        ):
            document = json.loads((folder / f"{unsigned}.json").read_text())
            options = json.loads((folder / suite / "proofConfigDataInt.json").read_text())

            for found, name in ((document, "canonDocDataInt.txt"), (options, "proofCanonDataInt.txt")):
                assert compiled.canonize(found) == (folder / suite / name).read_bytes()

    def test_give_the_bytes_of_pyld_and_oxigraph(self) -> None:
        for document in (samples.golden_document(), samples.typical_document()):
            foreign = oxigraph_canonical(pyld_nquads(document))

            assert compiled.canonize(document) == foreign

    def test_give_the_bytes_of_oxigraph_under_sha_384(self) -> None:
        for document in (samples.golden_document(), samples.typical_document()):
            found = compiled.canonize(document, hash_name="sha384")

            assert found == oxigraph_canonical(found, sha384=True) == general(document, hash_name="sha384")
            assert found != compiled.canonize(document)

    def test_have_proof_options_that_are_answered(self) -> None:
        options = {
            "@context": samples.golden_document()["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-22T09:30:00Z",
            "verificationMethod": "did:web:fernhill.example#key-1",
            "proofPurpose": "assertionMethod",
        }

        assert judged(options) == "answered"


def has_twins(document: Any) -> bool:
    """Tell whether two objects without an id say the same."""
    seen = Counter(
        json.dumps(node[key], sort_keys=True)
        for node, key in places(document)
        if isinstance(node[key], dict) and "id" not in node[key]
    )
    lists = [node[key] for node, key in places(document) if key == "allowedValue"]
    # Cells behind the first look alike across lists too: nothing tells whose they are but the cell before.
    behind = Counter(
        (str(value), place == len(values) - 1)
        for values in lists
        for place, value in enumerate(values)
        if place
    )
    return (
        (bool(seen) and max(seen.values()) > 1)
        or (bool(behind) and max(behind.values()) > 1)
        or any(len(set(map(str, values))) < len(values) for values in lists)
    )


def presented(document: Any) -> None:
    inner = copy.deepcopy(document)
    document.clear()
    document.update(copy.deepcopy(PRESENTATION) | {"verifiableCredential": [inner]})


ISSUER = {"id": samples.ISSUER_DID, "type": "Profile", "name": "Fernhill College"}
ANSWERED, LEFT, REFUSED = "answered", "left to the general path", "refused"
EDGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "control characters": (at("name", value="\x00\x01\x07\b\t\n\x0b\f\r\x0e\x1f\x7f\x80"), ANSWERED),
    "quotes and backslashes": (at("name", value='"\\" \\u0041 \\\\ "^^<x> .'), ANSWERED),
    "DEL alone": (at("name", value="\x7f"), ANSWERED),
    "5.0 as a float": (at("credentialSubject", "creditsEarned", value=5.0), ANSWERED),
    "5.0 as a text": (at("name", value=5.0), REFUSED),
    "0.1": (at("credentialSubject", "creditsEarned", value=0.1), ANSWERED),
    "0.1 + 0.2": (at("credentialSubject", "creditsEarned", value=0.1 + 0.2), REFUSED),
    "1e21": (at("credentialSubject", "creditsEarned", value=1e21), ANSWERED),
    "a whole number": (at("credentialSubject", "creditsEarned", value=2**53 - 1), ANSWERED),
    "minus nought": (at("credentialSubject", "creditsEarned", value=-0.0), ANSWERED),
    "U+2028": (at("name", value="a\u2028b\u2029\x85"), ANSWERED),
    "emoji beside U+FFFD": (at(*A, "tag", value=["\U0001f393", "\ufffd", "a", "é"]), ANSWERED),
    "an undefined term": (at("grade", value="A"), REFUSED),
    "an undefined type": (at("type", value=["VerifiableCredential", "Diploma"]), REFUSED),
    "a relative id": (at("id", value="credentials/1"), REFUSED),
    "an id with a space": (at("id", value="urn:uuid:a b"), REFUSED),
    "a usual id with a space": (at("issuer", "id", value="https://a b"), REFUSED),
    "an id with a line feed": (at(*A, "id", value="https://a\n"), REFUSED),
    "an id with DEL": (at(*A, "id", value="https://a\x7f"), REFUSED),
    "an id out of ASCII": (at(*A, "id", value="https://bücher.example/🎓"), ANSWERED),
    "an id that ends at its colon": (at("id", value="urn:"), REFUSED),
    "an unusual id": (at("id", value="mailto:amara@fernhill.example"), ANSWERED),
    "an id that looks shortened": (at("id", value="xsd:x"), ANSWERED),
    "an empty list": (
        at(*A, "resultDescription", value={"id": "urn:x:1", "type": "ResultDescription", "allowedValue": []}),
        ANSWERED,
    ),
    "a list with one text": (
        at(
            *A, "resultDescription", value={"id": "urn:x:1", "type": "ResultDescription", "allowedValue": "A"}
        ),
        ANSWERED,
    ),
    "a list with an object": (
        at(*A, "resultDescription", value={"type": "ResultDescription", "allowedValue": [{"id": "urn:x:1"}]}),
        LEFT,
    ),
    "a list that repeats itself": (
        at(
            *A, "resultDescription", value={"type": "ResultDescription", "allowedValue": ["A", "B", "B", "B"]}
        ),
        LEFT,
    ),
    "an empty array": (at("evidence", value=[]), REFUSED),
    "tags that stand twice": (at(*A, "tag", value=["a", "b", "a"]), REFUSED),
    "null": (at("name", value=None), REFUSED),
    "null for an id": (at("id", value=None), REFUSED),
    "null for a type": (at("type", value=None), REFUSED),
    "@value": (at("name", value={"@value": "A"}), REFUSED),
    "a language": (at("name", value={"@value": "A", "@language": "EN-gb"}), ANSWERED),
    "two languages": (
        at("name", value=[{"@value": "A", "@language": tag} for tag in ("en-gb", "en")] + ["A", "AB", 'A"']),
        ANSWERED,
    ),
    "half a surrogate pair": (at("name", value="\ud83d"), REFUSED),
    "half a surrogate pair below": (at(*A, "name", value="\udc00"), REFUSED),
    "half a surrogate pair in an id": (at(*A, "id", value="https://\ud83d"), REFUSED),
    "a type as a text": (at("issuer", "type", value="Profile"), ANSWERED),
    "an object for an array": (at("evidence", value={"id": "urn:x:1", "type": "Evidence"}), ANSWERED),
    "an array for an object": (lambda d: d.update(issuer=[d["issuer"]]), ANSWERED),
    "a text for a truth value": (
        at("credentialSubject", "identifier", value={"type": "IdentityObject", "hashed": "true"}),
        REFUSED,
    ),
    "a truth value for a text": (at("name", value=True), ANSWERED),
    "a whole number for a text": (at("name", value=7), ANSWERED),
    "a number for a date": (at("validFrom", value=2026), REFUSED),
    "an object for a date": (at("validFrom", value={"id": "urn:x:1", "name": "A"}), ANSWERED),
    "an object that is only named": (at("evidence", value=[{"id": "urn:x:1"}, {"id": "urn:x:2"}]), ANSWERED),
    "one reference, twice": (at("evidence", value=["urn:x:1", {"id": "urn:x:1"}]), REFUSED),
    "objects that look alike": (at("evidence", value=[{"type": "Evidence"}] * 2), LEFT),
    "a description repeated in part": (at("credentialSubject", "source", value=ISSUER), ANSWERED),
    "a description repeated in part inside what recurs": (at(*A, "creator", value=ISSUER), ANSWERED),
    "a description repeated whole, and in part": (
        lambda d: (
            d["credentialSubject"].update(source=d["issuer"]),
            d["credentialSubject"]["achievement"].update(creator=ISSUER),
        ),
        ANSWERED,
    ),
    "a description repeated without its address": (
        lambda d: (
            d["issuer"].update(address={"type": "Address", "addressCountry": "Nigeria"}),
            d["credentialSubject"]["achievement"].update(creator=ISSUER),
            d["credentialSubject"].update(source={"id": samples.ISSUER_DID, "type": "Profile"}),
        ),
        ANSWERED,
    ),
    "a description repeated with its address": (
        lambda d: (
            d["issuer"].update(address={"type": "Address", "addressCountry": "Nigeria"}),
            d["credentialSubject"].update(source=copy.deepcopy(d["issuer"])),
        ),
        LEFT,
    ),
    "a description repeated with other words": (
        at(
            "credentialSubject", "source", value={"id": samples.ISSUER_DID, "url": "https://fernhill.example"}
        ),
        REFUSED,
    ),
    "a description in two parts": (
        lambda d: (
            d["issuer"].pop("name"),
            d["credentialSubject"].update(source={"id": samples.ISSUER_DID, "name": "A"}),
        ),
        REFUSED,
    ),
    "an issuer who is the learner": (at("credentialSubject", "id", value=samples.ISSUER_DID), LEFT),
    "a digest in two places": (
        lambda d: d.update(
            evidence={"id": "urn:x:1", "type": "Evidence", "digestMultibase": "u1"},
            relatedResource={"id": "urn:x:1", "digestMultibase": "u1"},
        ),
        LEFT,
    ),
    "a digest beside a description": (
        lambda d: d.update(
            evidence={"id": "urn:x:1", "type": "Evidence", "name": "A"},
            relatedResource={"id": "urn:x:1", "digestMultibase": "u1", "mediaType": "text/csv"},
        ),
        ANSWERED,
    ),
    "a name in a related resource": (
        lambda d: d.update(
            evidence={"id": "urn:x:1", "type": "Evidence"}, relatedResource={"id": "urn:x:1", "name": "A"}
        ),
        REFUSED,
    ),
    "a related resource that is a text": (at("relatedResource", value="urn:x:1"), LEFT),
    "a context inside": (lambda d: d.update(endorsement=[endorsement(endorsementComment="Good.")]), LEFT),
    "a presentation": (presented, LEFT),
    "a proof left in": (at("proof", value={"type": "DataIntegrityProof", "proofValue": "z1"}), LEFT),
    "one context, no array": (lambda d: d.update({"@context": contexts.CREDENTIALS_V2}), REFUSED),
    "@json": (at("credentialSubject", "@json", value={}), REFUSED),
    "a colon in a key": (at("xsd:string", value="A"), REFUSED),
    "@id for id": (at("credentialSubject", "@id", value="urn:x:1"), REFUSED),
    "JSON's own names": (at("constructor", value="A"), REFUSED),
}
# Not JSON as the gate lets it through; the compiled mapper is never more generous for it.
NO_JSON: list[Any] = [
    ("a",),
    b"a",
    {1: 2},
    {"a"},
    object(),
    float("nan"),
    float("inf"),
    type("T", (str,), {})("a"),
]


@pytest.mark.usefixtures("_either_way")
class TestEdges:
    @pytest.mark.parametrize(("change", "expected"), EDGES.values(), ids=EDGES)
    def test_end_as_they_must(self, change: Callable[[Any], Any], expected: str) -> None:
        document = plain()
        change(document)

        assert judged(document) == expected
        assert judged(document) == expected

    @pytest.mark.parametrize("change", [change for change, *_ in LOSSES.values()], ids=LOSSES)
    def test_refused_by_the_general_mapper_are_never_answered(self, change: Callable[[Any], Any]) -> None:
        document = plain()
        change(document)

        assert judged(document) == REFUSED

    @pytest.mark.parametrize("value", NO_JSON, ids=lambda value: type(value).__name__)
    @pytest.mark.parametrize(
        "path", [("name",), ("credentialSubject", "achievement", "name"), ("id",), ("type",)]
    )
    def test_that_are_no_json_are_left(self, value: Any, path: tuple[str, ...]) -> None:
        document = plain()
        at(*path, value=value)(document)

        with pytest.raises(Fallback):
            compiled.canonize(document)

    def test_of_depth_are_never_a_recursion_error(self) -> None:
        for depth in (10, 29, 31, 33, 80, 400):
            profile: dict[str, Any] = {"type": "Profile", "name": "Fernhill"}
            for level in range(depth):
                profile = {"type": "Profile", "parentOrg": profile, "id": f"urn:x:{level}"}
            if depth > 250:
                with pytest.raises(Fallback):
                    compiled.canonize({**plain(), "issuer": profile})
            else:
                judged({**plain(), "issuer": profile})


class TestVocabulary:
    """Under a context with `@vocab` every word means something; none of the vendored ones has it."""

    URLS = (contexts.CREDENTIALS_V2, "https://www.w3.org/ns/credentials/examples/v2")

    @pytest.fixture(autouse=True)
    def _with_vocabulary(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shared("standards", "contexts")
        monkeypatch.setattr(compiled, "_tables", tables.Tables(any_context))

    @pytest.mark.parametrize(
        "document",
        [samples.golden_document(), samples.typical_document(), plain()],
        ids=["golden", "typical", "plain"],
    )
    def test_gives_other_lines_and_the_same_ones(self, document: Any) -> None:
        document = {**document, "@context": list(self.URLS)}
        expected = rdfc.canonicalize(mapper.to_quads(document, load=any_context)).as_bytes()

        assert compiled.canonize(document) == expected

    @pytest.mark.parametrize("keyword", ["@context", "@graph", "@nest", "@id", "@type", "@made-up"])
    def test_never_makes_a_term_of_a_keyword(self, keyword: str) -> None:
        document = {
            **plain(),
            "@context": list(self.URLS),
            "evidence": {keyword: list(self.URLS), "name": "A"},
        }

        with pytest.raises(Fallback):
            compiled.canonize(document)


class TestMutations:
    @examples(250)
    @given(st.sampled_from(["golden", "typical", "any"]), credentials(), st.integers(1, 3), st.data())
    def test_are_answered_alike_or_left(
        self, kind: str, drawn: Document, times: int, data: st.DataObject
    ) -> None:
        document: Any = {"golden": samples.golden_document, "typical": samples.typical_document}.get(
            kind, lambda: drawn
        )()
        for _ in range(times):
            edit(data.draw, document)

        event(f"{kind}: {judged(document)}")

    def test_of_every_place_are_answered_alike_or_left(self) -> None:
        ended: Counter[str] = Counter()
        for document in (samples.golden_document(), plain()):
            for number in range(len(list(places(document)))):
                for change in MUTATIONS:
                    changed = copy.deepcopy(document)
                    node, key = list(places(changed))[number]
                    change(changed, node, key)
                    ended[judged(changed)] += 1

        assert ended.total() == 1_920
        assert min(ended[ANSWERED], ended[LEFT], ended[REFUSED]) > 10

    def test_of_the_order_of_keys_change_nothing(self) -> None:
        shuffle = random.Random(3).shuffle

        def stirred(value: Any) -> Any:
            if isinstance(value, dict):
                keys = list(value)
                shuffle(keys)
                return {key: stirred(value[key]) for key in keys}
            return [stirred(item) for item in value] if isinstance(value, list) else value

        for document in (samples.golden_document(), samples.typical_document()):
            expected = compiled.canonize(document)
            for _ in range(20):
                assert compiled.canonize(stirred(document)) == expected


def _rename(_: Any, node: Any, key: Any) -> None:
    if isinstance(node, dict):
        node["description" if key != "description" else "name"] = node.pop(key)


def _double(_: Any, node: Any, key: Any) -> None:
    node[key] = [copy.deepcopy(node[key]), copy.deepcopy(node[key])]


def _retype(_: Any, node: Any, key: Any) -> None:
    node[key] = {str: 5, list: "urn:x:1", dict: True}.get(type(node[key]), "2.5")


def _insert(_: Any, node: Any, key: Any) -> None:
    if isinstance(node, dict):
        node["name"] = {"@value": str(key), "@language": "en"}


def _nest(_: Any, node: Any, key: Any) -> None:
    node[key] = {"type": "Profile", "parentOrg": copy.deepcopy(node[key])}


def _to_root(document: Any, node: Any, key: Any) -> None:
    document["evidence"] = copy.deepcopy(node[key])


MUTATIONS: list[Callable[[Any, Any, Any], Any]] = [
    lambda _, node, key: node.pop(key),
    lambda _, node, key: node.update({key: [node[key]]}) if isinstance(node, dict) else None,
    _rename,
    _double,
    _retype,
    _insert,
    _nest,
    _to_root,
]


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_tables", tables.Tables())


@pytest.mark.usefixtures("_fresh")
class TestMemory:
    """What strangers sent before never changes an answer, and never fills the memory."""

    def test_of_hostile_documents_changes_no_answer(self) -> None:
        honest = [samples.golden_document(), samples.typical_document(), plain()]
        expected = [compiled.canonize(document) for document in honest]
        draw = random.Random(7)
        for _ in range(300):
            document = copy.deepcopy(draw.choice(honest))
            for _ in range(3):
                node, key = draw.choice(list(places(document)))
                draw.choice(MUTATIONS)(document, node, key)
            judged(document)

        assert [compiled.canonize(document) for document in honest] == expected

    def test_of_one_achievement_serves_no_other_place(self) -> None:
        document = samples.golden_document()
        compiled.canonize(document)
        subject: Any = document["credentialSubject"]
        issuer = {"id": "urn:x:1", "type": ["Profile"], "name": "A"}
        for place in ("source", "achievement"):
            judged({**plain(), "credentialSubject": {"type": ["AchievementSubject"], place: issuer}})
        judged({**plain(), "issuer": subject["achievement"]})
        judged({**plain(), "issuer": issuer, "credentialSubject": subject})

        assert judged(document) == ANSWERED

    def test_of_what_recurs_is_by_hash_too(self) -> None:
        document = samples.golden_document()
        for _ in range(2):
            for name in ("sha256", "sha384"):
                assert compiled.canonize(document, hash_name=name) == general(document, hash_name=name)  # type: ignore[arg-type]

    def test_stays_bounded_under_a_hundred_thousand_documents(self) -> None:
        base = plain()
        most = 0
        for number in range(100_000):
            issuer = {"id": f"https://i.example/{number}", "type": "Profile", "name": "N" * (number % 90)}
            base["issuer"] = issuer if number % 7 else dict(reversed(issuer.items()))
            compiled.canonize(base)
            most = max(most, compiled._tables._kept_bytes)

        assert tables._MOST_KEPT_BYTES // 2 < most <= tables._MOST_KEPT_BYTES
        assert compiled._tables.learnt < 50

    def test_counts_no_less_than_it_holds(self) -> None:
        compiled.canonize(samples.golden_document())
        texts = [
            json.dumps(samples.golden_document()).replace("data-cleaning", f"data-{number}")
            for number in range(200)
        ]
        tracemalloc.start()
        before = compiled._tables._kept_bytes
        try:
            for text in texts:
                compiled.canonize(json.loads(text))
            held = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

        assert held <= compiled._tables._kept_bytes - before

    def test_of_shapes_stays_bounded(self) -> None:
        """A stranger writes the same keys in ever another order, under ever other contexts."""
        known = [url for url in contexts.known() if url != contexts.CREDENTIALS_V1]
        draw = random.Random(1)
        for _ in range(3_000):
            document: dict[str, Any] = plain()
            urls = draw.sample(known[1:], draw.randrange(4))
            document["@context"] = [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_3, *urls]
            for node in (document["issuer"], document["credentialSubject"]["achievement"]):
                keys = list(node.items())
                draw.shuffle(keys)
                node.clear()
                node.update(keys)
            try:
                compiled.canonize(document)
            except Fallback:
                continue
            assert compiled._tables.learnt <= tables._MOST_PLANS + 10
            assert len(compiled._tables._steps) <= tables._MOST_STEPS + 20
        assert judged(samples.golden_document()) == ANSWERED

    def test_is_shared_by_threads(self) -> None:
        documents = [samples.golden_document(), samples.typical_document(), plain()]
        expected = [general(document) for document in documents]
        wrong: list[object] = []

        def work() -> None:
            for _ in range(50):
                budget = Effort()
                found = [compiled.canonize(document, effort=budget) for document in documents]
                if found != expected or budget.left != left:
                    wrong.append(budget)

        budget = Effort()
        for document in documents:
            general(document, budget)
        left = budget.left
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert not wrong


class TestEffort:
    def test_is_charged_as_on_the_general_path(self) -> None:
        document = samples.typical_document()
        budget = Effort()
        general(document, budget)
        cost = Effort().left - budget.left

        assert judged(document, cost) == ANSWERED
        assert judged(document, cost - 1) == REFUSED

    def test_is_the_same_whatever_is_remembered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for document in (samples.golden_document(), samples.typical_document()):
            budgets = [Effort(), Effort(), Effort()]
            general(document, budgets[0])
            with monkeypatch.context() as forgetful:
                forgetful.setattr(terms, "_MOST_REMEMBERED", 1)
                general(document, budgets[1])
                forgetful.setattr(compiled, "_tables", tables.Tables())
                compiled.canonize(document, effort=budgets[2])

            assert len({budget.left for budget in budgets}) == 1

    def test_bounds_what_is_tried_in_vain(self) -> None:
        document = plain() | {"grade": "A"}
        budget = Effort()
        before = tiers.taken.copy()
        for _ in range(20):
            with pytest.raises(LaurelError), tiers.only("mapper"):
                jsonld.canonize(document, effort=budget)

        assert sum((tiers.taken - before).values()) == 20 + 8

    def test_of_a_document_too_wide_is_refused_alike(self) -> None:
        document = plain() | {"evidence": [{"id": f"urn:x:{n}", "name": str(n)} for n in range(9_000)]}

        with pytest.raises(TooMuchWork), tiers.only("mapper"):
            jsonld.canonize(document)


class TestCanonize:
    def test_takes_the_mapper_only_where_it_is_on(self) -> None:
        for names, expected in ((("mapper",), "mapper"), ((), "general")):
            before = tiers.taken.copy()
            with tiers.only(*names):  # type: ignore[arg-type]
                jsonld.canonize(samples.golden_document())

            assert +(tiers.taken - before) == Counter({expected: 1})

    def test_never_takes_it_for_contexts_that_a_test_brings(self) -> None:
        before = tiers.taken.copy()
        with tiers.only("mapper"):
            jsonld.canonize(samples.golden_document(), load=lambda url: contexts.context(url))

        assert +(tiers.taken - before) == Counter({"general": 1})

    @pytest.mark.parametrize(
        "path", shared_files("*.json", "hostile", "vcdm2-input"), ids=lambda path: path.name
    )
    def test_agrees_on_the_documents_of_the_w3c(self, path: Any) -> None:
        try:
            document = loads(path.read_bytes())
        except LaurelError:
            return
        if isinstance(document, dict):
            document.pop("proof", None)
            judged(document)
            assert dumps(document)
