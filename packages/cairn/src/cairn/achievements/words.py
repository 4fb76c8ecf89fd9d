# SPDX-License-Identifier: Apache-2.0
"""The words that people read for this room's choices and findings, in their language."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cairn.achievements.facts import (
    Assessment,
    BadgeKind,
    Content,
    Finding,
    Participation,
    State,
    Supervision,
)

ASSESSMENTS = {
    Assessment.PROJECT: _("Project"),
    Assessment.PORTFOLIO: _("Portfolio"),
    Assessment.COURSEWORK: _("Coursework"),
    Assessment.WRITTEN_EXAM: _("Written exam"),
    Assessment.ORAL_EXAM: _("Oral exam"),
    Assessment.PRACTICAL: _("Practical test"),
    Assessment.PRIOR_LEARNING: _("Recognition of prior learning"),
    Assessment.ATTENDANCE: _("Attendance"),
}
PARTICIPATIONS = {
    Participation.ONLINE: _("Online"),
    Participation.ON_SITE: _("On site"),
    Participation.BLENDED: _("Online and on site"),
    Participation.WORK_BASED: _("At work"),
}
SUPERVISIONS = {
    Supervision.UNSUPERVISED: _("Without supervision"),
    Supervision.SUPERVISED: _("Supervised, identity not checked"),
    Supervision.ONLINE_WITH_IDENTITY: _("Supervised online, identity checked"),
    Supervision.ON_SITE_WITH_IDENTITY: _("Supervised on site, identity checked"),
}
KINDS = {
    BadgeKind.CREDENTIAL: _("Hexagon: one assessed achievement"),
    BadgeKind.STACK: _("Scallop: several achievements together"),
    BadgeKind.LICENCE: _("Shield: the right to practise"),
    BadgeKind.PARTICIPATION: _("Circle: took part"),
}
LEVELS = {
    0: _("No level shown"),
    1: _("Introductory"),
    2: _("Intermediate"),
    3: _("Advanced"),
    4: _("Expert"),
}
TYPES = {
    "MicroCredential": _("Micro-credential"),
    "Badge": _("Badge"),
    "Certificate": _("Certificate"),
    "CertificateOfCompletion": _("Certificate of completion"),
    "Certification": _("Certification"),
    "Competency": _("Competency"),
    "Course": _("Course"),
    "License": _("Licence"),
    "Achievement": _("Achievement"),
}
FIELDS = {
    "data": _("Data"),
    "code": _("Programming"),
    "ai": _("Artificial intelligence"),
    "security": _("Security"),
    "health": _("Health"),
    "care": _("Care"),
    "language": _("Languages"),
    "teaching": _("Teaching"),
    "design": _("Design"),
    "media": _("Media"),
    "business": _("Business"),
    "finance": _("Finance"),
    "green": _("Climate and nature"),
    "engineering": _("Engineering"),
    "science": _("Science"),
    "leadership": _("Leadership"),
    "people": _("Working with people"),
    "law": _("Law"),
    "food": _("Food"),
    "general": _("General"),
}
STATES = {
    State.DRAFT: (_("Draft"), "idle"),
    State.PUBLISHED: (_("Published"), "ok"),
    State.CHANGING: (_("Published, new version begun"), "ok"),
    State.ARCHIVED: (_("Archived"), "idle"),
}


#: Values of findings that are words of ours, not somebody's.
OUR_WORDS = frozenset({"element", "source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry of the strip of facts: a term, what it is, and a small note."""

    term: str
    says: str
    note: str = ""


def say(finding: Finding) -> str:
    """Return a finding as a sentence in the reader's language."""
    # Only our own words are translated: somebody's criterion may be called "Data" in every language.
    values = {name: gettext(value) if name in OUR_WORDS else value for name, value in finding.values}
    return gettext(finding.message) % values


def element(finding: Finding) -> str:
    """Return the element of the EU recommendation that a finding is about, alone, for a list."""
    return gettext(dict(finding.values).get("element", finding.message))


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language, or its code where there is none."""
    try:
        locale = Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str(locale.territories.get(code, code))


def language_name(code: str) -> str:
    """Return the name of a language in itself, or its code where there is none."""
    try:
        return (Locale.parse(code, sep="-").get_display_name() or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code


def number(value: Decimal) -> str:
    """Return a number in the reader's spelling, with no more places than it has."""
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimal_pos=places)


def hours(value: Decimal) -> str:
    """Return a workload in words."""
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2) % {"hours": number(value)}


def passing_level(content: Content) -> str:
    """Return the name of the level that passes, if it is the same for every criterion."""
    names = {
        level.name
        for criterion in content.rubric
        for level in criterion.levels
        if level.id == criterion.required_level
    }
    same = len(names) == 1 and all(criterion.required_level for criterion in content.rubric)
    return names.pop() if same else ""


def fact_strip(content: Content, country: str) -> tuple[Fact, ...]:
    """Return what a reader wants to know about an achievement, the EU recommendation's elements among it.

    What is not given is left out, never guessed.
    """
    return tuple(_level(content)) + tuple(_work(content)) + tuple(_checks(content, country))


def _level(content: Content) -> Iterable[Fact]:
    ours = str(LEVELS[content.badge.level]) if content.badge.level else ""
    ours_of_4 = gettext("%(level)s, %(number)s of 4") % {"level": ours, "number": content.badge.level}
    if content.eqf_level:
        yield Fact(term=gettext("Level"), says=f"EQF {content.eqf_level}", note=ours_of_4 if ours else "")
    elif ours:
        yield Fact(term=gettext("Level"), says=ours_of_4)
    elif not content.level_applies:
        yield Fact(term=gettext("Level"), says=gettext("Not in a level framework"))


def _work(content: Content) -> Iterable[Fact]:
    credits = (
        gettext("%(credits)s ECTS") % {"credits": number(content.ects)} if content.ects is not None else ""
    )
    if content.workload_hours is not None:
        yield Fact(term=gettext("Workload"), says=hours(content.workload_hours), note=credits)
    elif credits:
        yield Fact(term=gettext("Workload"), says=credits)
    if content.participation:
        yield Fact(term=gettext("Takes part"), says=str(PARTICIPATIONS[content.participation]))


def _checks(content: Content, country: str) -> Iterable[Fact]:
    if content.assessment_type:
        assessors = ngettext("One assessor", "%(count)s assessors", content.assessors_needed) % {
            "count": content.assessors_needed
        }
        yield Fact(
            term=gettext("Assessed by"),
            says=str(ASSESSMENTS[content.assessment_type]),
            note=assessors if content.assessors_needed else "",
        )
    if content.supervision:
        yield Fact(
            term=gettext("Supervision"),
            says=str(SUPERVISIONS[content.supervision]),
            note=content.identity_check,
        )
    if content.quality_assurance:
        yield Fact(term=gettext("Quality assurance"), says=content.quality_assurance)
    if country:
        yield Fact(term=gettext("Country"), says=country_name(country))
    yield Fact(term=gettext("Valid for"), says=_validity(content), note=_review(content))


def _validity(content: Content) -> str:
    months = content.valid_for_months
    if months is None:
        return gettext("No end date")
    if months % 12 == 0:
        return ngettext("%(count)s year", "%(count)s years", months // 12) % {"count": months // 12}
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def _review(content: Content) -> str:
    if content.review_by is None:
        return ""
    return gettext("Content reviewed by %(date)s") % {"date": date_format(content.review_by, "j F Y")}
