# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 facts of every shape, for property tests."""

import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import samples
from hypothesis import strategies as st

from laurel.model.achievement import Achievement, Criteria, Related
from laurel.model.alignment import Alignment
from laurel.model.credential import (
    AchievementSubject,
    CredentialSchema,
    IdentityObject,
    OpenBadgeCredential,
    StatusEntry,
)
from laurel.model.evidence import Evidence, RelatedResource
from laurel.model.profile import Address, GeoCoordinates, IdentifierEntry, Image, Profile
from laurel.model.result import Result, ResultDescription, RubricCriterionLevel

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30
).filter(str.strip)
urls = st.builds(
    "https://{}.example/{}".format,
    st.sampled_from(["fernhill", "rivermouth", "xn--bcher-kva"]),
    st.from_regex(r"\A[a-z0-9/]{1,20}\Z"),
)
subjects = st.one_of(urls, st.just("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"))
moments = st.datetimes(datetime(1971, 1, 1), datetime(2399, 12, 31)).flatmap(  # noqa: DTZ001
    lambda moment: st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    )
)
credits_ = st.decimals(0, 300, places=2).map(lambda number: Decimal(str(float(number))))
degrees = st.decimals(-90, 90, places=4).map(lambda number: Decimal(str(float(number))))


def maybe(strategy):
    """Return the strategy, or None half of the time."""
    return st.none() | strategy


def some(strategy, most: int = 2):
    """Return a tuple of a few."""
    return st.lists(strategy, max_size=most).map(tuple)


extras = st.dictionaries(
    st.sampled_from(["termsOfUse", "x-note", "schemaVersion"]),
    st.none() | texts | st.integers(-9, 9) | st.lists(st.dictionaries(st.just("type"), texts), max_size=2),
    max_size=2,
)
images = st.builds(Image, id=urls, caption=maybe(texts))
identifiers = st.builds(IdentifierEntry, identifier=texts, identifier_type=st.just("systemId"))
addresses = st.builds(
    Address,
    address_country=maybe(texts),
    postal_code=maybe(texts),
    geo=maybe(st.builds(GeoCoordinates, latitude=degrees, longitude=degrees)),
)
profiles = st.builds(
    Profile,
    id=urls,
    name=maybe(texts),
    url=maybe(urls),
    email=maybe(texts),
    image=maybe(images),
    address=maybe(addresses),
    other_identifiers=some(identifiers),
    parent_org=maybe(st.builds(Profile, id=urls, name=maybe(texts))),
    given_name=maybe(texts),
    date_of_birth=maybe(st.dates(date(1900, 1, 1), date(2020, 1, 1))),
    extra=extras,
)
alignments = st.builds(Alignment, target_name=texts, target_url=urls, target_code=maybe(texts), extra=extras)
rungs = st.builds(
    RubricCriterionLevel, id=urls, name=texts, level=maybe(texts), alignments=some(alignments, 1)
)
scales = st.builds(
    ResultDescription,
    id=urls,
    name=texts,
    result_type=st.just("RubricCriterionLevel"),
    rubric_criterion_levels=some(rungs),
    allowed_values=some(texts),
    required_level=maybe(urls),
)
achievements = st.builds(
    Achievement,
    id=urls,
    name=texts,
    description=texts,
    criteria=st.builds(Criteria, id=maybe(urls), narrative=texts),
    alignments=some(alignments),
    creator=maybe(profiles),
    credits_available=maybe(credits_),
    image=maybe(images),
    in_language=st.sampled_from([None, "en", "nl", "pt-BR"]),
    related=some(st.builds(Related, id=urls, version=maybe(texts))),
    result_descriptions=some(scales),
    tags=some(texts),
    extra=extras,
)
results = st.builds(
    Result, result_description=maybe(urls), achieved_level=maybe(urls), value=maybe(texts), extra=extras
)
learners = st.builds(
    AchievementSubject,
    id=maybe(subjects),
    achievement=achievements,
    identifiers=some(
        st.builds(
            IdentityObject,
            identity_hash=texts,
            identity_type=st.just("emailAddress"),
            hashed=st.booleans(),
            salt=maybe(texts),
        )
    ),
    results=some(results),
    activity_start_at=maybe(moments),
    credits_earned=maybe(credits_),
    source=maybe(profiles),
    extra=extras,
)
credentials = st.builds(
    OpenBadgeCredential,
    id=urls,
    issuer=profiles,
    valid_from=moments,
    valid_until=maybe(moments),
    awarded_date=maybe(moments),
    name=maybe(texts),
    description=maybe(texts),
    image=maybe(images),
    subject=learners,
    evidence=some(
        st.builds(Evidence, id=maybe(urls), name=maybe(texts), narrative=maybe(texts), extra=extras)
    ),
    status=some(
        st.builds(
            StatusEntry,
            id=maybe(urls),
            purpose=st.sampled_from(["revocation", "suspension"]),
            index=st.integers(0, 2**31),
            list_url=urls,
            size=st.sampled_from([1, 1, 2]),
        )
    ),
    schemas=some(st.builds(CredentialSchema, id=urls)),
    related_resources=some(
        st.builds(RelatedResource, id=urls, media_type=maybe(texts), digest_multibase=maybe(texts))
    ),
    extra=extras,
)


def _sound(
    name: str, story: str, tags: list[str], credits_earned: Decimal, rung: int, start: datetime, days: int
) -> OpenBadgeCredential:
    scale = samples.FINDING_FAULTS
    achievement = replace(
        samples.DATA_CLEANING, name=name, criteria=Criteria(narrative=story), tags=tuple(tags)
    )
    subject = replace(
        samples.AMARA,
        achievement=achievement,
        results=(Result(result_description=scale.id, achieved_level=scale.rubric_criterion_levels[rung].id),),
        credits_earned=credits_earned,
        narrative=story,
    )
    return replace(
        samples.GOLDEN,
        name=name,
        description=story,
        subject=subject,
        valid_from=start,
        valid_until=start + timedelta(days=days),
        evidence=(replace(samples.GOLDEN.evidence[0], narrative=story), *samples.GOLDEN.evidence[1:]),
    )


# Texts of any script, with line breaks: what people type into the forms.
prose = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), max_size=60).filter(
    str.strip
)
sound_credentials = st.builds(
    _sound,
    name=prose,
    story=prose,
    tags=st.lists(prose.map(lambda text: unicodedata.normalize("NFC", text)), max_size=4, unique=True),
    credits_earned=credits_,
    rung=st.integers(0, 2),
    start=moments,
    days=st.integers(0, 4000),
)
