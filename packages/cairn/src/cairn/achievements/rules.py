# SPDX-License-Identifier: Apache-2.0
"""What makes an achievement fit to be saved, and ready to be published."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from urllib.parse import urlsplit

from cairn.achievements.badge import FIELDS
from cairn.achievements.errors import NotReady, Unfit
from cairn.achievements.facts import (
    About,
    BadgeDesign,
    Content,
    Criterion,
    Finding,
    HandIn,
    Part,
    PublicFacts,
    Rubric,
    Skills,
)
from cairn.foundation.sentences import gettext_noop as _
from cairn.people.facts import Organization

MOST_NAME = 200
MOST_DESCRIPTION = 2_000
MOST_OUTCOMES = 20
MOST_OUTCOME = 300
MOST_CRITERIA = 20
MOST_LEVELS = 6
MOST_TASKS = 20
MOST_ALIGNMENTS = 40
MOST_TAGS = 30
MOST_HOURS = Decimal(10_000)

#: Spec: OB 3.0 #achievementtype-enumeration, the words of it that fit what is earned here.
TYPES = (
    "MicroCredential",
    "Badge",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "Competency",
    "Course",
    "License",
    "Achievement",
)


#: Country -> words that a micro-credential's title must not hold, and who says so.
#: Spec: NZQA Micro-credential Listing, Approval and Accreditation Rules 2022
TITLE_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "NZ": (
        _("the NZQA rules of 2022"),
        (
            "New Zealand",
            "national",
            "diploma",
            "degree",
            "bachelor",
            "master",
            "doctor",
            "undergraduate",
            "postgraduate",
        ),
    ),
}

ECTS_HOURS_LEAST = 25
ECTS_HOURS_MOST = 30


NO_SUCH_FIELD = _("Choose one of the fields of skill.")
NOTHING_LEFT = Finding(
    code="achievements.nothing-left",
    part="publish",
    message=_("Nothing of this was published yet. Archive the programme instead."),
)


def check_part(part: Part, *, today: date) -> None:
    """Refuse a part of a draft that can never be right; what is only unfinished may be saved.

    Args:
        today: the day to judge dates by.

    Raises:
        Unfit: with every fault, each beside its field.
    """
    if isinstance(part, About):
        found = _faults_of_about(part)
    elif isinstance(part, Rubric):
        found = _faults_of_rubric(part.rubric)
    elif isinstance(part, HandIn):
        found = _faults_of_hand_in(part)
    elif isinstance(part, Skills):
        found = _faults_of_skills(part)
    else:
        found = _faults_of_facts(part, today)
    if faults := tuple(found):
        raise Unfit(faults)


def check_start(name: str, description: str, field: str) -> None:
    """Refuse a start with nothing to go on. Raises `Unfit`."""
    faults = [
        *_faults_of_name(name),
        *_too_long("about", "description", description, MOST_DESCRIPTION),
        *([] if field in FIELDS else [_wrong("badge.field", "badge", NO_SUCH_FIELD, "field")]),
    ]
    if faults:
        raise Unfit(tuple(faults))


def check_design(design: BadgeDesign) -> None:
    """Refuse a badge that cannot be drawn. Raises `Unfit`."""
    faults = []
    if design.field not in FIELDS:
        faults.append(_wrong("badge.field", "badge", NO_SUCH_FIELD, "field"))
    if not 0 <= design.level <= 4:
        faults.append(_wrong("badge.level", "badge", _("Choose a level from 0 to 4."), "level"))
    if design.hue is not None and not 0 <= design.hue < 360:
        faults.append(_wrong("badge.hue", "badge", _("Enter a hue from 0 to 359, for example 252."), "hue"))
    if faults:
        raise Unfit(tuple(faults))


def require_ready(content: Content, organization: Organization, *, today: date) -> None:
    """Refuse to publish what is not finished. Raises `NotReady` with everything that is missing."""
    if blocking := tuple(found for found in findings(content, organization, today=today) if found.blocks):
        raise NotReady(blocking)


def findings(content: Content, organization: Organization, *, today: date) -> tuple[Finding, ...]:
    """Return everything a draft lacks, in the order of its tasks; what blocks and what is worth a look."""
    return (
        *_about_lacks(content, organization.country),
        *_rubric_lacks(content),
        *_hand_in_lacks(content),
        *_skills_lack(content),
        *_facts_lack(content, today),
        *eu_missing(content, organization),
    )


def eu_missing(content: Content, organization: Organization) -> tuple[Finding, ...]:
    """Return which mandatory elements of the EU recommendation are missing.

    The learner and the date of issuing come with each credential. None of the others is ever guessed: an
    achievement without one may be published, but is not called EU-conformant.

    Spec: EU 2022/C 243/02 Annex I
    """
    elements = (
        (bool(content.name), "about", "name", _("the title")),
        (bool(organization.country), "facts", "", _("the country of the issuer")),
        (bool(organization.name), "facts", "", _("the awarding body")),
        (bool(content.outcomes), "about", "outcomes", _("the learning outcomes")),
        (content.workload_hours is not None, "facts", "workload_hours", _("the workload in hours")),
        (
            content.eqf_level is not None or not content.level_applies,
            "facts",
            "eqf_level",
            _("the level, or that none applies"),
        ),
        (content.assessment_type is not None, "facts", "assessment_type", _("the type of assessment")),
        (content.participation is not None, "facts", "participation", _("the form of participation")),
        (
            bool(content.quality_assurance),
            "facts",
            "quality_assurance",
            _("the type of quality assurance"),
        ),
    )
    return tuple(
        Finding(
            code=f"eu.{field or 'issuer'}",
            part=part,
            field=field,
            message=_("The EU recommendation asks for %(element)s."),
            values=(("element", element),),
            blocks=False,
        )
        for present, part, field, element in elements
        if not present
    )


def is_eu_conformant(content: Content, organization: Organization) -> bool:
    """Tell whether every mandatory element of Annex I is there."""
    return not eu_missing(content, organization)


def ects_range(hours: Decimal) -> tuple[Decimal, Decimal]:
    """Return the fewest and most ECTS credits that this many hours are, rounded inwards to hundredths.

    Spec: ECTS Users' Guide 2015: one credit is 25 to 30 hours
    """
    cent = Decimal("0.01")
    return (
        (hours / ECTS_HOURS_MOST).quantize(cent, ROUND_UP),
        (hours / ECTS_HOURS_LEAST).quantize(cent, ROUND_DOWN),
    )


def check_title(name: str, country: str) -> tuple[Finding, ...]:
    """Return which words of a title its country's rules forbid; whole words, in any case of letters."""
    source, words = TITLE_WORDS.get(country, ("", ()))
    return tuple(
        _wrong(
            "about.title-word",
            "about",
            _("The title holds the word “%(word)s”, which %(source)s do not allow. Choose another title."),
            "name",
            word=word,
            source=source,
        )
        for word in words
        if re.search(rf"\b{re.escape(word)}\b", name, re.IGNORECASE)
    )


def _wrong(code: str, part: str, message: str, field: str = "", **values: str) -> Finding:
    return Finding(code=code, part=part, message=message, field=field, values=tuple(values.items()))


def _worth_a_look(code: str, part: str, message: str, field: str = "", **values: str) -> Finding:
    return Finding(
        code=code, part=part, message=message, field=field, values=tuple(values.items()), blocks=False
    )


def _too_long(part: str, field: str, text: str, most: int) -> Iterable[Finding]:
    if len(text) > most:
        yield _wrong(
            f"{part}.too-long",
            part,
            _("This is %(length)s characters long. Shorten it to %(most)s."),
            field,
            length=str(len(text)),
            most=str(most),
        )


def _faults_of_name(name: str) -> Iterable[Finding]:
    if not name.strip():
        yield _wrong(
            "about.no-name", "about", _("Enter a title, for example Data Cleaning with Python."), "name"
        )
    yield from _too_long("about", "name", name, MOST_NAME)


def _faults_of_about(about: About) -> Iterable[Finding]:
    yield from _faults_of_name(about.name)
    yield from _too_long("about", "description", about.description, MOST_DESCRIPTION)
    yield from _too_long("about", "criteria_narrative", about.criteria_narrative, 10_000)
    if len(about.outcomes) > MOST_OUTCOMES:
        yield _wrong(
            "about.too-many-outcomes",
            "about",
            _("There are %(count)s outcomes. Keep the %(most)s that matter most."),
            "outcomes",
            count=str(len(about.outcomes)),
            most=str(MOST_OUTCOMES),
        )
    for outcome in about.outcomes:
        yield from _too_long("about", "outcomes", outcome, MOST_OUTCOME)
    if twice := _first_twice(about.outcomes, str):
        yield _wrong(
            "about.outcome-twice",
            "about",
            _("“%(name)s” is there twice. Remove one."),
            "outcomes",
            name=twice,
        )
    if about.achievement_type not in TYPES:
        yield _wrong("about.type", "about", _("Choose one of the kinds of award."), "achievement_type")


def _faults_of_rubric(rubric: tuple[Criterion, ...]) -> Iterable[Finding]:
    if len(rubric) > MOST_CRITERIA:
        yield _wrong(
            "rubric.too-many",
            "rubric",
            _("There are %(count)s criteria. Keep %(most)s or fewer."),
            count=str(len(rubric)),
            most=str(MOST_CRITERIA),
        )
    for place, criterion in enumerate(rubric):
        yield from _faults_of_criterion(place, criterion)
    for place, criterion in enumerate(rubric):
        if any(_same(criterion.name, earlier.name) for earlier in rubric[:place]):
            yield _wrong(
                "rubric.criterion-twice",
                "rubric",
                _("Two criteria are called “%(name)s”. Give one of them another name."),
                f"criterion-{place}-name",
                name=criterion.name,
            )


def _faults_of_criterion(place: int, criterion: Criterion) -> Iterable[Finding]:
    field = f"criterion-{place}-name"
    if not criterion.name.strip():
        yield _wrong("rubric.no-name", "rubric", _("Name the criterion, or remove it."), field)
    yield from _too_long("rubric", field, criterion.name, MOST_NAME)
    levels = criterion.levels
    if len(levels) < 2:
        yield _wrong(
            "rubric.one-level",
            "rubric",
            _("A rubric needs two levels or more, so that there is a difference to see. Add a level."),
            "level-0-name",
        )
    if len(levels) > MOST_LEVELS:
        yield _wrong(
            "rubric.too-many-levels",
            "rubric",
            _("A rubric has %(most)s levels at most. Remove some."),
            "level-0-name",
            most=str(MOST_LEVELS),
        )
    for rung, level in enumerate(levels):
        if not level.name.strip():
            yield _wrong(
                "rubric.level-no-name", "rubric", _("Name the level, or remove it."), f"level-{rung}-name"
            )
        elif any(_same(level.name, earlier.name) for earlier in levels[:rung]):
            yield _wrong(
                "rubric.level-twice",
                "rubric",
                _("Two levels are called “%(name)s”. Give one of them another name."),
                f"level-{rung}-name",
                name=level.name,
            )
    if criterion.required_level is not None and criterion.required_level not in {one.id for one in levels}:
        yield _wrong(
            "rubric.required-level",
            "rubric",
            _("Choose the level that passes from the levels above."),
            f"criterion-{place}-required",
        )


def _faults_of_hand_in(hand_in: HandIn) -> Iterable[Finding]:
    if len(hand_in.evidence_tasks) > MOST_TASKS:
        yield _wrong(
            "hand-in.too-many",
            "hand-in",
            _("There are %(count)s things to hand in. Keep %(most)s or fewer."),
            count=str(len(hand_in.evidence_tasks)),
            most=str(MOST_TASKS),
        )
    if hand_in.assessors_needed not in (0, 1, 2):
        yield _wrong(
            "hand-in.assessors", "hand-in", _("Choose no, one or two assessors."), "assessors_needed"
        )
    for place, task in enumerate(hand_in.evidence_tasks):
        field = f"task-{place}-name"
        if not task.name.strip():
            yield _wrong("hand-in.no-name", "hand-in", _("Name what is handed in, or remove it."), field)
        yield from _too_long("hand-in", field, task.name, MOST_NAME)
        if any(_same(task.name, earlier.name) for earlier in hand_in.evidence_tasks[:place]):
            yield _wrong(
                "hand-in.twice",
                "hand-in",
                _("Two things are called “%(name)s”. Give one of them another name."),
                field,
                name=task.name,
            )


def _faults_of_skills(skills: Skills) -> Iterable[Finding]:
    if len(skills.alignments) > MOST_ALIGNMENTS:
        yield _wrong(
            "skills.too-many",
            "skills",
            _("There are %(count)s skills. Keep the %(most)s that matter most."),
            count=str(len(skills.alignments)),
            most=str(MOST_ALIGNMENTS),
        )
    for place, alignment in enumerate(skills.alignments):
        if not alignment.target_name.strip():
            yield _wrong(
                "skills.no-name", "skills", _("Name the skill, or remove it."), f"skill-{place}-target_name"
            )
        if not _is_web_address(alignment.target_url):
            yield _wrong(
                "skills.no-address",
                "skills",
                _("Enter the skill's address in its framework, starting with https:// or http://."),
                f"skill-{place}-target_url",
            )
        if any(alignment.target_url == earlier.target_url for earlier in skills.alignments[:place]):
            yield _wrong(
                "skills.twice",
                "skills",
                _("This skill is there twice. Remove one."),
                f"skill-{place}-target_url",
            )
    if len(skills.tags) > MOST_TAGS:
        yield _wrong(
            "skills.too-many-tags",
            "skills",
            _("There are %(count)s tags. Keep %(most)s or fewer."),
            "tags",
            count=str(len(skills.tags)),
            most=str(MOST_TAGS),
        )
    for tag in skills.tags:
        yield from _too_long("skills", "tags", tag, 60)


def _faults_of_facts(facts: PublicFacts, today: date) -> Iterable[Finding]:
    if facts.workload_hours is not None and not 0 < facts.workload_hours <= MOST_HOURS:
        yield _wrong(
            "facts.hours", "facts", _("Enter the hours of work, between 1 and 10,000."), "workload_hours"
        )
    if facts.ects is not None and not 0 < facts.ects <= 400:
        yield _wrong("facts.ects", "facts", _("Enter the ECTS credits, for example 2 or 2.5."), "ects")
    if facts.eqf_level is not None and not 1 <= facts.eqf_level <= 8:
        yield _wrong("facts.eqf", "facts", _("Choose a level from 1 to 8."), "eqf_level")
    if facts.valid_for_months is not None and not 1 <= facts.valid_for_months <= 600:
        yield _wrong("facts.months", "facts", _("Enter the months, between 1 and 600."), "valid_for_months")
    if facts.review_by is not None and facts.review_by <= today:
        yield _wrong(
            "facts.review-past",
            "facts",
            _("This day has passed. Enter the day by which the content is looked at again."),
            "review_by",
        )
    yield from _too_long("facts", "quality_assurance", facts.quality_assurance, 300)
    yield from _too_long("facts", "identity_check", facts.identity_check, 200)
    for field, text in (("prerequisites", facts.prerequisites), ("stackability", facts.stackability)):
        yield from _too_long("facts", field, text, 2_000)


def _about_lacks(content: Content, country: str) -> Iterable[Finding]:
    yield from check_title(content.name, country)
    if not content.description.strip():
        yield _wrong(
            "about.no-description", "about", _("Describe it in one or two sentences."), "description"
        )
    if not content.outcomes:
        yield _wrong(
            "about.no-outcomes", "about", _("Say what a person will be able to do afterwards."), "outcomes"
        )
    if not content.criteria_narrative.strip():
        yield _wrong(
            "about.no-criteria", "about", _("Say what a person does to earn it."), "criteria_narrative"
        )


def _rubric_lacks(content: Content) -> Iterable[Finding]:
    if not content.rubric:
        if content.assessors_needed:
            yield _wrong("rubric.none", "rubric", _("Add the criteria by which the work is marked."))
        return
    yield from _faults_of_rubric(content.rubric)
    for place, criterion in enumerate(content.rubric):
        if criterion.required_level is None:
            yield _worth_a_look(
                "rubric.nothing-required",
                "rubric",
                _("“%(name)s” has no level that passes, so any level will do."),
                f"criterion-{place}-required",
                name=criterion.name,
            )
        for rung, level in enumerate(criterion.levels):
            if not level.description.strip():
                yield _wrong(
                    "rubric.level-not-described",
                    "rubric",
                    _("Say what “%(level)s” looks like for “%(criterion)s”."),
                    f"criterion-{place}-level_{rung}",
                    level=level.name,
                    criterion=criterion.name,
                )


def _hand_in_lacks(content: Content) -> Iterable[Finding]:
    if content.assessors_needed and not content.evidence_tasks:
        yield _wrong("hand-in.none", "hand-in", _("Say what a person hands in to be marked."))
    if content.evidence_tasks and not any(task.required for task in content.evidence_tasks):
        yield _worth_a_look(
            "hand-in.nothing-required",
            "hand-in",
            _("Nothing has to be handed in. Mark at least one thing as needed."),
        )
    if content.evidence_tasks and not content.assessors_needed:
        yield _worth_a_look(
            "hand-in.nobody-marks",
            "hand-in",
            _("Work is handed in, but nobody marks it."),
            "assessors_needed",
        )


def _skills_lack(content: Content) -> Iterable[Finding]:
    if not content.alignments:
        yield _worth_a_look(
            "skills.none", "skills", _("No skill is linked, so employers cannot find it by skill.")
        )


def _facts_lack(content: Content, today: date) -> Iterable[Finding]:
    if content.review_by is not None and content.review_by <= today:
        yield _wrong(
            "facts.review-past",
            "facts",
            _("This day has passed. Enter the day by which the content is looked at again."),
            "review_by",
        )
    if content.ects is None or content.workload_hours is None:
        return
    least, most = ects_range(content.workload_hours)
    said = {"hours": str(content.workload_hours), "least": str(least), "most": str(most)}
    if content.ects > most:
        yield _wrong(
            "facts.ects-over",
            "facts",
            _(
                "%(hours)s hours are %(least)s to %(most)s ECTS credits."
                " Lower the credits, or check the hours."
            ),
            "ects",
            **said,
        )
    elif content.ects < least:
        yield _worth_a_look(
            "facts.ects-under",
            "facts",
            _("%(hours)s hours are %(least)s to %(most)s ECTS credits, and fewer are given."),
            "ects",
            **said,
        )


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold() != ""


def _first_twice(texts: Iterable[str], key: Callable[[str], str]) -> str:
    seen: list[str] = []
    for text in texts:
        if any(_same(key(text), earlier) for earlier in seen):
            return text
        seen.append(key(text))
    return ""


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and "." in (parts.hostname or "") and " " not in url
