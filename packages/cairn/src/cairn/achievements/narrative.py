# SPDX-License-Identifier: Apache-2.0
"""The criteria as signed: what Open Badges 3.0 has no terms for stands in the narrative, and reads back.

The EU recommendation asks for more than Open Badges 3.0 has terms for: the type of assessment, the form of
participation, the quality assurance. An own JSON-LD context would make every other verifier refuse our
credentials, so these elements are lines of Markdown under a heading of their own: any wallet shows them, and
`read` takes them apart again for our own page.

Spec: EU 2022/C 243/02 Annex I
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: The elements, in the order in which they are written, with their label in each language.
ELEMENTS: Mapping[str, Mapping[str, str]] = {
    "level": {"en": "Level", "nl": "Niveau"},
    "workload": {"en": "Workload", "nl": "Studielast"},
    "credits": {"en": "Credits", "nl": "Studiepunten"},
    "assessment": {"en": "Type of assessment", "nl": "Vorm van toetsing"},
    "assessors": {"en": "Assessors", "nl": "Beoordelaars"},
    "participation": {"en": "Form of participation", "nl": "Vorm van deelname"},
    "quality_assurance": {"en": "Quality assurance", "nl": "Kwaliteitsborging"},
    "supervision": {"en": "Supervision", "nl": "Toezicht"},
    "identity_check": {"en": "Identity check", "nl": "Identiteitscontrole"},
    "prerequisites": {"en": "Prerequisites", "nl": "Voorkennis"},
    "stackability": {"en": "Counts towards", "nl": "Telt mee voor"},
    "review_by": {"en": "Content reviewed by", "nl": "Inhoud herzien voor"},
}
_OUTCOMES = {"en": "What a person can do", "nl": "Wat iemand kan"}
_ABOUT = {"en": "About this credential", "nl": "Over dit certificaat"}
#: Words for the choices that an achievement is described with, by element and choice.
CHOICES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "assessment": {
        "project": {"en": "Project", "nl": "Project"},
        "portfolio": {"en": "Portfolio", "nl": "Portfolio"},
        "coursework": {"en": "Coursework", "nl": "Opdrachten"},
        "written_exam": {"en": "Written exam", "nl": "Schriftelijk examen"},
        "oral_exam": {"en": "Oral exam", "nl": "Mondeling examen"},
        "practical": {"en": "Practical test", "nl": "Praktijktoets"},
        "prior_learning": {"en": "Recognition of prior learning", "nl": "Erkenning van eerder leren"},
        "attendance": {"en": "Attendance", "nl": "Aanwezigheid"},
    },
    "participation": {
        "online": {"en": "Online", "nl": "Online"},
        "on_site": {"en": "On site", "nl": "Op locatie"},
        "blended": {"en": "Online and on site", "nl": "Online en op locatie"},
        "work_based": {"en": "At work", "nl": "Op het werk"},
    },
    "supervision": {
        "unsupervised": {"en": "Without supervision", "nl": "Zonder toezicht"},
        "supervised": {
            "en": "Supervised, identity not checked",
            "nl": "Toezicht, identiteit niet gecontroleerd",
        },
        "online_with_identity": {
            "en": "Supervised online, identity checked",
            "nl": "Online toezicht, identiteit gecontroleerd",
        },
        "on_site_with_identity": {
            "en": "Supervised on site, identity checked",
            "nl": "Toezicht op locatie, identiteit gecontroleerd",
        },
    },
    "level": {
        "1": {"en": "Introductory, 1 of 4", "nl": "Inleidend, 1 van 4"},
        "2": {"en": "Intermediate, 2 of 4", "nl": "Gevorderd, 2 van 4"},
        "3": {"en": "Advanced, 3 of 4", "nl": "Zeer gevorderd, 3 van 4"},
        "4": {"en": "Expert, 4 of 4", "nl": "Expert, 4 van 4"},
    },
}
_BY_LABEL = {label: element for element, labels in ELEMENTS.items() for label in labels.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The criteria of an achievement in parts; `elements` are keys of `ELEMENTS`."""

    narrative: str
    outcomes: tuple[str, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)


def choice(element: str, value: str, language: str) -> str:
    """Return the word for a choice in a language; English where there is none."""
    words = CHOICES.get(element, {}).get(value)
    return _in(words, language) if words else value


def write(criteria: Criteria, language: str) -> str:
    """Return the criteria as one Markdown text."""
    parts = [criteria.narrative.strip()] if criteria.narrative.strip() else []
    if criteria.outcomes:
        lines = "\n".join(f"- {_line(outcome)}" for outcome in criteria.outcomes)
        parts.append(f"### {_in(_OUTCOMES, language)}\n\n{lines}")
    told = [
        f"- {_in(labels, language)}: {_line(criteria.elements[element])}"
        for element, labels in ELEMENTS.items()
        if _line(criteria.elements.get(element, ""))
    ]
    if told:
        parts.append(f"### {_in(_ABOUT, language)}\n\n" + "\n".join(told))
    return "\n\n".join(parts)


def read(text: str) -> Criteria:
    """Take a signed narrative apart. A text by somebody else comes back whole, as the narrative."""
    rest, about = _cut(text, _ABOUT)
    rest, outcomes = _cut(rest, _OUTCOMES)
    elements = {}
    for line in about:
        label, colon, value = line.partition(": ")
        if colon and label in _BY_LABEL:
            elements[_BY_LABEL[label]] = value
    return Criteria(narrative=rest, outcomes=tuple(outcomes), elements=elements)


def _cut(text: str, headings: Mapping[str, str]) -> tuple[str, list[str]]:
    """Cut a list under one of our headings from the end of a text."""
    for heading in headings.values():
        match = re.search(r"(?:\A|\n\n)### " + re.escape(heading) + r"\n\n((?:- [^\n]+(?:\n|\Z))+)\Z", text)
        if match:
            return text[: match.start()], [line[2:] for line in match[1].splitlines()]
    return text, []


def _line(text: str) -> str:
    return " ".join(text.split())


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language.partition("-")[0], words["en"])
