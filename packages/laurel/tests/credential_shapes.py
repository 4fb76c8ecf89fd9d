# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 documents of every shape, for property tests."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from laurel.jsonld import contexts

Document = dict[str, Any]
Documents = st.SearchStrategy[Document]

# Everything a person may write, hostile spellings first; half surrogates are no characters.
hostile = st.sampled_from(
    [
        "",
        " ",
        '"',
        "\\",
        "\\n",
        "a\nb\r\t",
        "\x00",
        "\x1f\x7f\x08\x0c",
        "\u2028",
        "\ufffd",
        "\U0001f393",
        "é",
        "e\u0301",
        "_:b0",
        "<urn:x>",
        "@id",
        "did:x",
        "null",
        "true",
        "1.0",
        "🎓🌿",
        "أمارا",
        "Ọmọ́lará",
    ]
)
any_texts = hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# PyLD does not escape control characters as the Recommendation does.
calm_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
languages = st.sampled_from(["en", "nl-be", "yo", "zh-hant"])


def as_words(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return texts with and without a language."""
    return texts | st.builds(lambda text, tag: {"@value": text, "@language": tag}, texts, languages)


urls = st.builds(
    "https://fernhill.example/{}".format,
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-._~", min_size=1, max_size=8),
)
moments = st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}Z")
# Whole floats are spelled differently by JavaScript and Python; the mapper's own tests look at them.
numbers = st.integers(0, 400) | st.floats(0.001, 1e6).map(lambda n: round(n, 3)).filter(lambda n: n % 1 != 0)


def node(
    required: Mapping[str, st.SearchStrategy[Any]], optional: Mapping[str, st.SearchStrategy[Any]]
) -> Documents:
    """Return objects with all required and some optional members."""
    return st.fixed_dictionaries(dict(required), optional=dict(optional))


def some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return one to three different items; different, because a set drops doubles."""
    return st.lists(items, min_size=1, max_size=3, unique_by=repr)


def distinct(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return one to three texts that differ, in any order."""
    return st.lists(items, min_size=1, max_size=3, unique=True)


class Names:
    """Fresh identifiers: no two things of one document share one."""

    def __init__(self) -> None:
        self.count = 0

    def fresh(self) -> str:
        """Return an identifier that was not given before."""
        self.count += 1
        return f"urn:uuid:00000000-0000-4000-8000-{self.count:012d}"


@st.composite
def credentials(draw: st.DrawFn, *, endorsed: bool = True, controls: bool = True) -> Document:
    """Return an unsigned credential; every object but the leaves has an id of its own.

    `endorsed` allows embedded credentials, `controls` allows control characters.
    """
    texts = any_texts if controls else calm_texts
    words = as_words(texts)
    names = Names()
    fresh = st.builds(names.fresh)
    image = node({"id": fresh, "type": st.just("Image")}, {"caption": words})
    address = node(
        {"type": st.just(["Address"])},
        {
            "addressCountry": texts,
            "addressLocality": words,
            "geo": node({"type": st.just("GeoCoordinates"), "latitude": numbers, "longitude": numbers}, {}),
        },
    )
    identifiers = node({"type": st.just("IdentifierEntry"), "identifier": texts, "identifierType": texts}, {})
    profile = node(
        {"id": fresh, "type": st.sampled_from(["Profile", ["Profile"]])},
        {
            "name": words,
            "description": words,
            "url": urls,
            "email": texts,
            "image": image,
            "address": address,
            "otherIdentifier": some(identifiers),
            "official": texts,
        },
    )
    alignment = node(
        {"type": st.just(["Alignment"]), "targetName": words, "targetUrl": urls},
        {"targetCode": texts, "targetDescription": words, "targetFramework": texts, "targetType": texts},
    )
    level = node(
        {"id": fresh, "type": st.just(["RubricCriterionLevel"]), "name": words},
        {"level": texts, "points": texts},
    )
    description = node(
        {"id": fresh, "type": st.just(["ResultDescription"]), "name": words, "resultType": texts},
        {
            "allowedValue": st.lists(texts, max_size=3),
            "requiredLevel": urls,
            "requiredValue": texts,
            "rubricCriterionLevel": some(level),
            "valueMax": texts,
            "valueMin": texts,
        },
    )
    achievement = node(
        {
            "id": fresh,
            "type": st.just(["Achievement"]),
            "name": words,
            "description": words,
            "criteria": node({"narrative": words}, {"id": fresh, "type": st.just("Criteria")}),
        },
        {
            "achievementType": texts,
            "alignment": some(alignment),
            "creator": profile,
            "creditsAvailable": numbers,
            "humanCode": texts,
            "image": image,
            "inLanguage": texts,
            "resultDescription": some(description),
            "tag": distinct(texts),
            "version": texts,
        },
    )
    identity = node(
        {
            "type": st.just("IdentityObject"),
            "hashed": st.booleans(),
            "identityHash": texts,
            "identityType": texts,
        },
        {"salt": texts},
    )
    result = node(
        {"type": st.just(["Result"])},
        {
            "achievedLevel": urls,
            "resultDescription": urls,
            "status": texts,
            "value": texts,
            "alignment": some(alignment),
        },
    )
    subject = node(
        {"type": st.just(["AchievementSubject"]), "achievement": achievement},
        {
            "id": fresh,
            "activityStartDate": moments,
            "creditsEarned": numbers,
            "identifier": some(identity),
            "result": some(result),
            "source": profile,
            "term": texts,
        },
    )
    entry = node(
        {
            "type": st.just("BitstringStatusListEntry"),
            "statusPurpose": st.sampled_from(["revocation", "suspension"]),
            "statusListIndex": st.integers(0, 131_071).map(str),
            "statusListCredential": urls,
        },
        {"id": fresh, "statusSize": st.integers(1, 8)},
    )
    evidence = node(
        {"type": st.just(["Evidence"])},
        {"id": fresh, "name": words, "narrative": words, "genre": texts, "audience": texts},
    )
    resource = node({"id": fresh, "digestMultibase": texts}, {"mediaType": texts})
    return draw(
        node(
            {
                "@context": st.just([contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_3]),
                "id": fresh,
                "type": st.just(["VerifiableCredential", "OpenBadgeCredential"]),
                "issuer": profile | fresh,
                "validFrom": moments,
                "credentialSubject": subject,
            },
            {
                "name": words,
                "description": words,
                "image": image | fresh,
                "awardedDate": moments,
                "validUntil": moments,
                "credentialStatus": some(entry) | entry,
                "evidence": some(evidence),
                "relatedResource": some(resource),
            }
            | ({"endorsement": some(endorsements(fresh))} if endorsed else {}),
        )
    )


def endorsements(fresh: st.SearchStrategy[str]) -> Documents:
    """Return embedded credentials with contexts and a proof of their own."""
    proof = node(
        {
            "type": st.just("DataIntegrityProof"),
            "cryptosuite": st.just("eddsa-rdfc-2022"),
            "created": moments,
            "verificationMethod": urls,
            "proofPurpose": st.just("assertionMethod"),
            "proofValue": any_texts,
        },
        {"expires": moments, "domain": any_texts},
    )
    return node(
        {
            "@context": st.just([contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_3]),
            "id": fresh,
            "type": st.just(["VerifiableCredential", "EndorsementCredential"]),
            "issuer": fresh,
            "validFrom": moments,
            "credentialSubject": node(
                {"id": fresh, "type": st.just("EndorsementSubject")},
                {"endorsementComment": as_words(any_texts)},
            ),
        },
        {"name": as_words(any_texts), "proof": proof | some(proof)},
    )
