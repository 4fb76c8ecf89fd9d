# SPDX-License-Identifier: Apache-2.0
"""A badge of the plain form breaks no rule and loses nothing; whatever is not sure of that is not plain."""

import copy
import hashlib
import inspect

import badge_strategies
import credential_shapes
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from laurel import fast
from laurel.formats.open_badges_3 import to_json
from laurel.jsonld import mapper
from laurel.rules import open_badges_3, plain, vc_data_model_2
from laurel.rules.open_badges_3_shapes import SHAPES, Kind, Words

pytestmark = pytest.mark.skipif(
    fast.orjson is None or fast.schema_compiler() is None, reason="orjson and jsonschema-rs are not installed"
)


def hold(document) -> bool:
    """Tell whether a document is plain; and if so, make sure that it is as sound as that says."""
    found = plain.is_plain(document)
    if found:
        assert vc_data_model_2.check_document(document) == ()
        assert open_badges_3.check_document(document) == ()
        mapper.to_quads(document)
    return found


def rich() -> dict:
    """Return the golden credential with every member that a plain one may have."""
    document = samples.golden_document()
    document["@context"].append("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
    document["credentialSchema"] = [
        {"id": "https://fernhill.example/schema", "type": "1EdTechJsonSchemaValidator2019"}
    ]
    subject, issuer = document["credentialSubject"], document["issuer"]
    entry = {"type": "IdentifierEntry", "identifier": "7", "identifierType": "systemId"}
    issuer |= {
        "phone": "+234",
        "otherIdentifier": [entry],
        "official": "Dr Bello",
        "parentOrg": {"id": "https://fernhill.example/parent", "type": ["Profile"], "name": "Parent"},
    }
    subject["source"] |= {
        "givenName": "Sade",
        "familyName": "Bello",
        "additionalName": "A",
        "patronymicName": "B",
        "familyNamePrefix": "van",
        "honorificPrefix": "Dr",
        "honorificSuffix": "PhD",
        "dateOfBirth": "1980-02-28",
    }
    subject |= {
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "Amara",
                "identityType": "name",
                "salt": "x",
            }
        ],
        "image": {"id": "https://fernhill.example/amara.png", "type": "Image"},
        **dict.fromkeys(("licenseNumber", "narrative", "role", "term"), "as told"),
    }
    subject["achievement"] |= {
        "specialization": "Data",
        "otherIdentifier": [entry],
        "related": [
            {
                "id": "https://fernhill.example/other",
                "type": ["Related"],
                "inLanguage": "nl-BE",
                "version": "2",
            }
        ],
    }
    subject["achievement"]["alignment"][0] |= {"targetDescription": "more", "targetCode": "7"}
    scale = subject["achievement"]["resultDescription"][2]
    scale["allowedValue"] = ["50", "82"]
    scale["alignment"] = copy.deepcopy(subject["achievement"]["alignment"][:1])
    subject["result"][2]["alignment"] = copy.deepcopy(subject["achievement"]["alignment"][:1])
    document["evidence"][0] |= {"narrative": "told", "audience": "all"}
    document["issuer"]["address"] |= {
        **dict.fromkeys(("addressRegion", "streetAddress", "postalCode", "postOfficeBoxNumber"), "there")
    }
    return document


BASES = {
    "golden": samples.golden_document(),
    "smallest": to_json(samples.plain_credential()),
    "rich": rich(),
    "issuer by its address": samples.golden_document() | {"issuer": samples.ISSUER_DID},
}


@pytest.mark.parametrize("name", BASES)
def test_honest_badges_are_plain(name: str) -> None:
    assert hold(BASES[name])


def test_most_sound_credentials_are_plain() -> None:
    counts = [0, 0]

    @settings(max_examples=100)
    @given(badge_strategies.sound_credentials)
    def run(credential) -> None:
        document = to_json(credential)
        counts[hold(document)] += 1

    run()

    assert counts[1] > 0.8 * sum(counts)


@settings(max_examples=60)
@given(badge_strategies.credentials.map(to_json) | credential_shapes.credentials())
def test_what_is_plain_of_any_shape_is_sound(document) -> None:
    hold(document)


ODD = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            5,
            2.5,
            0.1 + 0.2,
            1e21,
            1e300,
            5.0,
            "",
            " ",
            "\n",
            "x",
            "\x00",
            "null",
            "5",
        ),
        *(
            [],
            {},
            [[]],
            [None],
            ["x", "x"],
            ["Profile", "Image"],
            {"id": "urn:x"},
            {"type": "Profile"},
            {"@value": "x"},
        ),
        *(
            {"@value": "x", "@language": "en"},
            {"id": "urn:x", "type": "Image"},
            "_:b0",
            "did:x",
            "urn:",
            "urn:x y",
        ),
        *(
            "https://fernhill.example/x\n",
            "cred:x",
            "https:x",
            "HTTPS://x",
            "urn:é",
            "https://x/{}",
            "relative/x",
        ),
        *(
            "2026-02-29T09:30:00Z",
            "2026-04-31T09:30:00Z",
            "2024-02-29T09:30:00Z",
            "2026-10-14T09:30:00z",
            "0000-01-01T00:00:00Z",
        ),
        *(
            "2026-10-14T24:00:00Z",
            "2026-10-14T09:30:60Z",
            "2026-10-14T09:30:00",
            "2026-10-14T09:30:00Z\n",
            "2026-10-14",
        ),
        *("1990-02-30", "2031-10-14T09:30:00.123+05:30", "2026-10-14T09:30:00+24:00", "٢026-10-14T09:30:00Z"),
        *(
            "ext:own",
            "Badge",
            "Completed",
            "en",
            "EN",
            "e\u0301",
            "\ud800",
            "https://w3id.org/security#x",
            "00",
            "01",
            "101",
        ),
    ]
)
KEYS = st.sampled_from(
    [
        "id",
        "type",
        "name",
        "@id",
        "@context",
        "@type",
        "endorsement",
        "proof",
        "grade",
        "image",
        "result",
        "value",
        "narrative",
        "statusSize",
        "termsOfUse",
        "achievedLevel",
        "resultDescription",
        "alignment",
        "digestSRI",
        "caption",
    ]
)


def places(value, path=()):
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*path, name))


@st.composite
def edited(draw: st.DrawFn):
    document = copy.deepcopy(BASES[draw(st.sampled_from(sorted(BASES)))])
    for _ in range(draw(st.integers(1, 2))):
        every = [path for path in places(document) if path]
        *way, last = draw(st.sampled_from(every))
        parent = document
        for step in way:
            parent = parent[step]
        deed = draw(st.sampled_from(["put", "drop", "double", "copy", "add", "alone", "listed"]))
        if deed == "put":
            parent[last] = draw(ODD)
        elif deed == "drop":
            del parent[last]
        elif deed == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        elif deed == "copy":
            source = document
            for step in draw(st.sampled_from(every)):
                source = source[step]
            parent[last] = copy.deepcopy(source)
        elif deed == "add" and isinstance(parent, dict):
            parent[draw(KEYS)] = draw(ODD)
        elif deed == "alone" and isinstance(parent[last], list) and parent[last]:
            parent[last] = parent[last][0]
        elif deed == "listed":
            parent[last] = [parent[last]]
        if not document:
            break
    return document


@settings(max_examples=700)
@given(edited())
def test_whatever_is_plain_after_an_edit_is_sound(document) -> None:
    hold(document)


@pytest.mark.parametrize("name", ["rich"])
def test_every_odd_value_at_every_place_is_either_sound_or_not_plain(name: str) -> None:
    oddities = [
        None,
        True,
        0,
        0.1 + 0.2,
        "",
        " ",
        "x",
        "urn:x",
        "cred:x",
        [],
        {},
        ["x", "x"],
        {"@value": "x"},
    ]
    accepted = 0
    for path in places(BASES[name]):
        for odd in oddities if path else ():
            document = copy.deepcopy(BASES[name])
            parent = document
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = odd
            accepted += hold(document)

    assert accepted


def words() -> list[tuple[str, str, str]]:
    return [
        (shape, member, word)
        for shape, each in SHAPES.items()
        for member, about in each.members.items()
        if isinstance(about.kind, Words)
        for word in sorted(about.kind._words)
        if (shape, member) in OF_A_LIST
    ]


OF_A_LIST = {
    ("Achievement", "achievementType"): ("achievement",),
    ("ResultDescription", "resultType"): ("achievement", "resultDescription", 0),
    ("Result", "status"): ("result", 0),
    ("Alignment", "targetType"): ("achievement", "alignment", 0),
    ("IdentityObject", "identityType"): ("identifier", 0),
    ("IdentifierEntry", "identifierType"): ("achievement", "otherIdentifier", 0),
}


@pytest.mark.parametrize(("shape", "member", "word"), words())
def test_every_word_of_the_standard_is_plain_and_sound(shape: str, member: str, word: str) -> None:
    document = rich()
    parent = document["credentialSubject"]
    for step in OF_A_LIST[shape, member]:
        parent = parent[step]
    parent[member] = word

    assert hold(document)


def test_kinds_of_text_are_no_wider_than_those_of_the_rules() -> None:
    """Each plain pattern against the rule's own, over one odd character after another."""
    compiler = fast.schema_compiler()
    samples_of = {
        Kind.URL: "https://fernhill.example/a",
        Kind.MOMENT: "2026-10-14T09:30:00.5+05:30",
        Kind.DAY: "1980-12-31",
        Kind.LANGUAGE: "zh-Hant-TW",
        Kind.FILLED: " a ",
    }
    for kind, text in samples_of.items():
        fits = compiler(plain._KINDS[kind])
        assert fits.is_valid(text)
        for place in range(len(text) + 1):
            for character in [
                *map(chr, range(0x250)),
                "\u0661",
                "\u2028",
                "\u3000",
                "\ufeff",
                "Ａ",
                "🎓",
                "",
            ]:
                for changed in (
                    text[:place] + character + text[place:],
                    text[:place] + character + text[place + 1 :],
                ):
                    if fits.is_valid(changed):
                        document = {"kind": changed}
                        inspection = plain.open_badges_3.Inspection("x", "x")
                        plain.open_badges_3._check_plain(inspection, document["kind"], "", kind, "")
                        assert inspection.findings == (), (kind, changed)


def test_days_are_those_of_the_calendar() -> None:
    fits = fast.schema_compiler()(plain._KINDS[Kind.DAY])
    accepted = [
        f"{year}-{month:02}-{day:02}"
        for year in (1000, 1900, 2000, 2023, 2024, 2999)
        for month in range(14)
        for day in range(33)
        if fits.is_valid(f"{year}-{month:02}-{day:02}")
    ]

    inspection = plain.open_badges_3.Inspection("x", "x")
    for text in accepted:
        inspection.day(text, "", "")
    assert inspection.findings == ()
    assert len(accepted) == 6 * 365  # the 29th of February goes the long way


def test_the_plain_form_knows_every_rule_as_it_stands() -> None:
    """A rule that is added or changed has to be looked at here: does the schema, or `is_plain`, hold it too?

    Then say so by writing down the new number.
    """
    texts = "".join(
        inspect.getsource(part)
        for module in (open_badges_3, vc_data_model_2)
        for name, part in sorted(vars(module).items())
        if inspect.isfunction(part) and part.__module__ == module.__name__
    )

    assert hashlib.sha256(texts.encode()).hexdigest()[:12] == KNOWN


KNOWN = "e32197f7f2b1"
