# SPDX-License-Identifier: Apache-2.0
"""The shapes that programme editors fill in. Forms clean; what may be saved is decided by the rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cairn.achievements import images, words
from cairn.achievements.facts import (
    About,
    Alignment,
    Assessment,
    BadgeDesign,
    BadgeKind,
    Content,
    Criterion,
    EvidenceTask,
    Finding,
    HandIn,
    Level,
    Participation,
    PublicFacts,
    Rubric,
    Skills,
    Supervision,
)
from cairn.foundation.errors import FileTooLarge
from cairn.foundation.words import say

#: More rows than any rule allows are still read, so that the answer can name the number.
MOST_ROWS = 60
FIRST_LEVELS = (_("Emerging"), _("Developing"), _("Proficient"), _("Exemplary"))
NOT_SAID = ("", _("Not said"))


class InputForm(forms.Form):
    """A form whose inputs look like those of the stylesheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput | forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put each finding beside its field, or on top where the form has no such field."""
        for finding in findings:
            self.add_error(finding.field if finding.field in self.fields else None, words.say(finding))


class StartForm(InputForm):
    """The few words that a programme starts from."""

    name = forms.CharField(
        label=_("Title"),
        required=False,
        help_text=_("What stands on the credential, for example Data Cleaning with Python"),
    )
    description = forms.CharField(
        label=_("What it is, in one or two sentences"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language of the programme"), choices=settings.LANGUAGES)
    field = forms.ChoiceField(
        label=_("Field of skill"),
        choices=list(words.FIELDS.items()),
        initial="general",
        help_text=_("A badge is drawn for you from it. You can change it later."),
    )


class AboutForm(InputForm):
    """Title, description, outcomes and criteria."""

    name = forms.CharField(label=_("Title"), required=False)
    description = forms.CharField(
        label=_("What it is, in one or two sentences"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outcomes = forms.CharField(
        label=_("Afterwards a person can …"),
        required=False,
        help_text=_("One outcome a line, each starting with a verb: find and describe errors in a dataset"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    criteria_narrative = forms.CharField(
        label=_("To earn it a person …"),
        required=False,
        help_text=_("What they do and how well. You can use Markdown: **bold**, - lists, [links](https://…)"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    achievement_type = forms.ChoiceField(label=_("Kind of award"), choices=list(words.TYPES.items()))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return what the fields start with."""
        return {
            "name": content.name,
            "description": content.description,
            "outcomes": "\n".join(content.outcomes),
            "criteria_narrative": content.criteria_narrative,
            "achievement_type": content.achievement_type,
            "language": content.language,
        }

    def part(self) -> About:
        """Return the part as the room takes it."""
        sent = self.cleaned_data
        return About(
            name=" ".join(sent["name"].split()),
            description=sent["description"].strip(),
            criteria_narrative=sent["criteria_narrative"].replace("\r\n", "\n").strip(),
            outcomes=tuple(
                line.strip().removeprefix("- ") for line in sent["outcomes"].splitlines() if line.strip()
            ),
            achievement_type=sent["achievement_type"],
            language=sent["language"],
        )


class FactsForm(InputForm):
    """The elements of the EU recommendation, and a few more."""

    workload_hours = forms.DecimalField(
        label=_("Workload in hours"),
        required=False,
        help_text=_("All the time an average learner needs, with self-study: for example 50"),
        error_messages={"invalid": _("Enter the hours as a number, for example 50.")},
    )
    ects = forms.DecimalField(
        label=_("ECTS credits"),
        required=False,
        help_text=_("One credit is 25 to 30 hours. Leave it empty if you give none"),
        error_messages={"invalid": _("Enter the credits as a number, for example 2.")},
    )
    eqf_level = forms.ChoiceField(
        label=_("Level in the European Qualifications Framework"),
        required=False,
        choices=[NOT_SAID, *((str(n), f"EQF {n}") for n in range(1, 9)), ("none", _("No level applies"))],
    )
    assessment_type = forms.ChoiceField(
        label=_("Type of assessment"), required=False, choices=[NOT_SAID, *words.ASSESSMENTS.items()]
    )
    participation = forms.ChoiceField(
        label=_("How people take part"), required=False, choices=[NOT_SAID, *words.PARTICIPATIONS.items()]
    )
    quality_assurance = forms.CharField(
        label=_("Quality assurance"),
        required=False,
        help_text=_("Who looks at the quality, and how often: External review every three years"),
    )
    supervision = forms.ChoiceField(
        label=_("Supervision and identity during assessment"),
        required=False,
        choices=[NOT_SAID, *words.SUPERVISIONS.items()],
    )
    identity_check = forms.CharField(
        label=_("How identity is checked"), required=False, help_text=_("For example: Photo ID, in person")
    )
    prerequisites = forms.CharField(
        label=_("What a person needs before"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    stackability = forms.CharField(
        label=_("What it counts towards"),
        required=False,
        help_text=_("For example: Data Analyst Foundations. Or say that it stands alone"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    valid_for_months = forms.IntegerField(
        label=_("Valid for how many months"),
        required=False,
        help_text=_("Leave it empty if it does not end"),
        error_messages={"invalid": _("Enter the months as a whole number, for example 24.")},
    )
    review_by = forms.DateField(
        label=_("Content is looked at again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter the day as year, month and day, for example 2027-09-01.")},
    )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under their headings."""
        headed = (
            (_("How much, and at what level"), ("workload_hours", "ects", "eqf_level")),
            (
                _("How people learn and are assessed"),
                ("participation", "assessment_type", "supervision", "identity_check", "quality_assurance"),
            ),
            (
                _("Before and after"),
                ("prerequisites", "stackability", "valid_for_months", "review_by"),
            ),
        )
        return [(str(heading), [self[name] for name in names]) for heading, names in headed]

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return what the fields start with."""
        names = [name for name in cls.base_fields if name != "eqf_level"]
        level = str(content.eqf_level or "") if content.level_applies else "none"
        return {**{name: getattr(content, name) for name in names}, "eqf_level": level}

    def part(self) -> PublicFacts:
        """Return the part as the room takes it."""
        sent = self.cleaned_data
        level = sent["eqf_level"]
        return PublicFacts(
            workload_hours=sent["workload_hours"],
            ects=sent["ects"],
            eqf_level=int(level) if level.isdecimal() else None,
            level_applies=level != "none",
            assessment_type=Assessment(sent["assessment_type"]) if sent["assessment_type"] else None,
            participation=Participation(sent["participation"]) if sent["participation"] else None,
            quality_assurance=sent["quality_assurance"].strip(),
            prerequisites=sent["prerequisites"].strip(),
            supervision=Supervision(sent["supervision"]) if sent["supervision"] else None,
            identity_check=sent["identity_check"].strip(),
            stackability=sent["stackability"].strip(),
            valid_for_months=sent["valid_for_months"],
            review_by=sent["review_by"],
        )


class DesignForm(InputForm):
    """How a badge is drawn."""

    field = forms.ChoiceField(label=_("Field of skill"), choices=list(words.FIELDS.items()))
    level = forms.TypedChoiceField(label=_("Level"), choices=list(words.LEVELS.items()), coerce=int)
    kind = forms.ChoiceField(label=_("Shape"), choices=list(words.KINDS.items()))
    hue = forms.IntegerField(
        label=_("Hue"),
        required=False,
        help_text=_("0 to 359. Leave it empty for the field's own: red is near 25, green 145, blue 255"),
        widget=forms.NumberInput(attrs={"min": 0, "max": 359}),
        error_messages={"invalid": _("Enter the hue as a whole number from 0 to 359, for example 252.")},
    )

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return what the fields start with."""
        design = content.badge
        return {
            "field": design.field,
            "level": design.level,
            "kind": design.kind.value,
            "hue": design.hue,
        }

    def design(self) -> BadgeDesign:
        """Return the design as the room takes it."""
        sent = self.cleaned_data
        return BadgeDesign(
            field=sent["field"], level=sent["level"], kind=BadgeKind(sent["kind"]), hue=sent["hue"]
        )


class UploadForm(InputForm):
    """An image of one's own in place of the drawing."""

    image = forms.FileField(
        label=_("Image file"),
        help_text=_(
            "PNG, JPEG or SVG, square if you can, at most 5 MB. Text in an SVG: turn it into outlines"
        ),
        error_messages={
            "required": _("Choose a PNG, JPEG or SVG file."),
            "empty": _("The file is empty. Choose the image again."),
        },
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg", "class": "input filepad"}),
    )

    def clean_image(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before its bytes are read."""
        image: UploadedFile[bytes] = self.cleaned_data["image"]
        try:
            images.require_size(image.size or 0)
        except FileTooLarge as refusal:
            raise forms.ValidationError(say(refusal)) from refusal
        return image


# Rows: lists that grow, shrink and change order by plain buttons.


class LevelForm(InputForm):
    """The name of one level of the rubric."""

    name = forms.CharField(label=_("Name of the level"), required=False)


class CriterionForm(InputForm):
    """One criterion: its name, what it means at each level, which level passes."""

    id = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What is looked at"), required=False, help_text=_("For example: Treats missing values")
    )
    description = forms.CharField(label=_("A note for assessors"), required=False)

    def __init__(self, *args: Any, levels: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rung, level in enumerate(levels):
            self.fields[f"level_{rung}"] = forms.CharField(
                label=level or _("Level %(number)s") % {"number": rung + 1},
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
            )
        self.fields["required"] = forms.ChoiceField(
            label=_("Passes from"),
            required=False,
            choices=[
                *((str(rung), level or str(rung + 1)) for rung, level in enumerate(levels)),
                ("", _("Any level")),
            ],
            widget=forms.Select(attrs={"class": "input"}),
        )
        self.level_fields = [f"level_{rung}" for rung in range(len(levels))]

    def level_inputs(self) -> list[forms.BoundField]:
        """Return the inputs of the levels, low to high."""
        return [self[name] for name in self.level_fields]


class TaskForm(InputForm):
    """One thing to hand in."""

    id = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What is handed in"), required=False, help_text=_("For example: Cleaning notebook")
    )
    description = forms.CharField(
        label=_("What it must show"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    required = forms.BooleanField(label=_("Needed to be marked"), required=False, initial=True)


class SkillForm(InputForm):
    """One skill in somebody's framework."""

    target_name = forms.CharField(label=_("Skill"), required=False)
    target_framework = forms.CharField(label=_("Framework"), required=False, help_text=_("For example: ESCO"))
    target_url = forms.CharField(
        label=_("Address in the framework"),
        required=False,
        help_text=_("The page or identifier, starting with http:// or https://"),
        widget=forms.URLInput,
    )
    target_code = forms.CharField(label=_("Code, if it has one"), required=False)


class HandInForm(InputForm):
    """Who marks."""

    assessors_needed = forms.TypedChoiceField(
        label=_("Who marks the work"),
        choices=[
            (2, _("Two assessors, apart from each other")),
            (1, _("One assessor")),
            (0, _("Nobody: it is given without marking")),
        ],
        coerce=int,
    )


class TagsForm(InputForm):
    """Words to find it by."""

    tags = forms.CharField(
        label=_("Tags"), required=False, help_text=_("Words people search for, separated by commas")
    )


Row = dict[str, Any]
#: What an id of a criterion or task looks like: it becomes part of addresses and of other tables.
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A list of like forms under one prefix."""

    prefix: str
    forms: tuple[InputForm, ...]

    def is_valid(self) -> bool:
        """Check every row, not only the first that fails."""
        valid = [form.is_valid() for form in self.forms]
        return all(valid)


def read_rows(sent: QueryDict, prefix: str, names: Iterable[str], flags: Iterable[str] = ()) -> list[Row]:
    """Return the rows of one prefix as they were sent, empty ones left out.

    A row is there while any of its inputs was sent; `flags` are checkboxes, sent only when ticked.
    """
    names, flags = tuple(names), tuple(flags)
    rows = []
    for place in range(MOST_ROWS):
        start = f"{prefix}-{place}-"
        if not any(f"{start}{name}" in sent for name in names):
            break
        row: Row = {name: sent.get(start + name, "") for name in names}
        rows.append({**row, **{flag: start + flag in sent for flag in flags}})
    return rows


def without_blank(rows: list[Row], *but: str) -> list[Row]:
    """Return the rows in which somebody wrote something; flags and the `but` fields do not count."""
    return [
        row
        for row in rows
        if any(isinstance(value, str) and value.strip() for name, value in row.items() if name not in but)
    ]


def rearrange(rows: list[Row], deed: str, prefix: str, blank: Row) -> list[Row]:
    """Return the rows after a button was pressed: `add-task`, `remove-task-1`, `up-task-1`, `down-task-1`."""
    rows = list(rows)
    if deed == f"add-{prefix}":
        return [*rows, dict(blank)]
    match = re.fullmatch(rf"(remove|up|down)-{prefix}-(\d{{1,3}})", deed)
    if not match or int(match[2]) >= len(rows):
        return rows
    place = int(match[2])
    row = rows.pop(place)
    if match[1] != "remove":
        rows.insert(max(0, place - 1) if match[1] == "up" else place + 1, row)
    return rows


def bind(form: type[InputForm], prefix: str, rows: list[Row], *, check: bool, **extra: Any) -> Rows:
    """Return the rows as forms: with answers to check, or only to show."""
    made = []
    for place, row in enumerate(rows):
        name = f"{prefix}-{place}"
        if check:
            sent = {f"{name}-{key}": value for key, value in row.items() if value is not False}
            made.append(form(sent, prefix=name, **extra))
        else:
            made.append(form(initial=row, prefix=name, **extra))
    return Rows(prefix=prefix, forms=tuple(made))


def refuse(findings: Iterable[Finding], form: InputForm | None, *groups: Rows) -> list[str]:
    """Put each finding beside its field in a form or row; return the sentences that have no field."""
    loose = []
    for finding in findings:
        target, name = _target(finding.field, form, groups)
        if target is None:
            loose.append(words.say(finding))
        else:
            target.add_error(name, words.say(finding))
    return loose


def _target(
    field: str, form: InputForm | None, groups: tuple[Rows, ...]
) -> tuple[InputForm | None, str | None]:
    match = re.fullmatch(r"([a-z]+)-(\d+)-(\w+)", field)
    for group in groups:
        if match and match[1] == group.prefix and int(match[2]) < len(group.forms):
            return group.forms[int(match[2])], match[3]
    if form is not None and field in form.fields:
        return form, field
    return None, None


# The rubric: one scale of levels for all criteria, because that is how it is marked and read.

CRITERION_NAMES = ("id", "name", "description", "required")


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricRows:
    """The rubric as rows: names of levels, low to high, and criteria with a text for each level."""

    levels: list[Row]
    criteria: list[Row]

    @classmethod
    def of(cls, rubric: tuple[Criterion, ...]) -> "RubricRows":
        """Return the rows of a stored rubric, or four levels and one empty criterion to begin with."""
        if not rubric:
            levels: list[Row] = [{"name": str(name)} for name in FIRST_LEVELS]
            return cls(levels=levels, criteria=[{"required": str(len(levels) - 2)}])
        criteria = []
        for criterion in rubric:
            rungs = [level.id for level in criterion.levels]
            passing = criterion.required_level
            criteria.append(
                {
                    "id": criterion.id,
                    "name": criterion.name,
                    "description": criterion.description,
                    "required": str(rungs.index(passing)) if passing in rungs else "",
                    **{f"level_{rung}": level.description for rung, level in enumerate(criterion.levels)},
                }
            )
        return cls(levels=[{"name": level.name} for level in rubric[0].levels], criteria=criteria)

    @classmethod
    def sent(cls, sent: QueryDict) -> "RubricRows":
        """Return the rows that were sent."""
        levels = read_rows(sent, "level", ("name",))
        names = (*CRITERION_NAMES, *(f"level_{rung}" for rung in range(len(levels))))
        return cls(levels=levels, criteria=read_rows(sent, "criterion", names))

    def after(self, deed: str) -> "RubricRows":
        """Return the rows after a button was pressed; a level goes with its text in every criterion."""
        match = re.fullmatch(r"remove-level-(\d{1,3})", deed)
        if match and int(match[1]) < len(self.levels):
            gone = int(match[1])
            return RubricRows(
                levels=rearrange(self.levels, deed, "level", {}),
                criteria=[_without_level(row, gone, len(self.levels)) for row in self.criteria],
            )
        blank = {"required": str(max(0, len(self.levels) - 2))}
        return RubricRows(
            levels=rearrange(self.levels, deed, "level", {"name": ""}),
            criteria=rearrange(self.criteria, deed, "criterion", blank),
        )

    def tidied(self) -> "RubricRows":
        """Return the rows without levels and criteria that were left empty; one row stays to speak of."""
        rows = self
        for rung in reversed(range(len(self.levels))):
            texts = (row.get(f"level_{rung}", "") for row in self.criteria)
            if not any(text.strip() for text in (self.levels[rung]["name"], *texts)):
                rows = rows.after(f"remove-level-{rung}")
        criteria = without_blank(rows.criteria, "id", "required") or rows.criteria[:1]
        return RubricRows(levels=rows.levels, criteria=criteria)

    def part(self) -> Rubric:
        """Return the part as the room takes it. New criteria get the first free id."""
        taken = _ids_of(self.criteria)
        built = []
        for row in self.criteria:
            own = _own_id(row, "c", taken)
            built.append(self._criterion(own, row))
        return Rubric(rubric=tuple(built))

    def _criterion(self, own: str, row: Row) -> Criterion:
        levels = tuple(
            Level(
                id=f"{own}-l{rung + 1}",
                name=_line(level["name"]),
                description=row.get(f"level_{rung}", "").strip(),
            )
            for rung, level in enumerate(self.levels)
        )
        passing = row["required"]
        return Criterion(
            id=own,
            name=_line(row["name"]),
            description=row["description"].strip(),
            levels=levels,
            required_level=levels[int(passing)].id if passing.isdecimal() else None,
        )


def hand_in_part(assessors_needed: int, rows: list[Row]) -> HandIn:
    """Return what is handed in, as the room takes it. New tasks get the first free id."""
    taken = _ids_of(rows)
    tasks = []
    for row in rows:
        own = _own_id(row, "t", taken)
        tasks.append(
            EvidenceTask(
                id=own,
                name=_line(row["name"]),
                description=row["description"].strip(),
                required=bool(row["required"]),
            )
        )
    return HandIn(evidence_tasks=tuple(tasks), assessors_needed=assessors_needed)


def skills_part(rows: list[Row], tags: str, before: Iterable[Alignment]) -> Skills:
    """Return the skills as the room takes them; what the form does not show of a skill is kept."""
    known = {alignment.target_url: alignment for alignment in before}
    alignments = []
    for row in rows:
        url = row["target_url"].strip()
        earlier = known.get(url)
        alignments.append(
            Alignment(
                target_name=_line(row["target_name"]),
                target_url=url,
                target_framework=_line(row["target_framework"]),
                target_code=_line(row["target_code"]),
                target_type=earlier.target_type if earlier else "",
                target_description=earlier.target_description if earlier else "",
            )
        )
    said = dict.fromkeys(_line(tag) for tag in tags.split(",") if tag.strip())
    return Skills(alignments=tuple(alignments), tags=tuple(said))


def _without_level(row: Mapping[str, Any], gone: int, count: int) -> Row:
    texts = [row.get(f"level_{rung}", "") for rung in range(count) if rung != gone]
    kept = {name: value for name, value in row.items() if not name.startswith("level_")}
    passing = row.get("required", "")
    if passing.isdecimal() and len(passing) < 4 and int(passing) >= gone:
        # The level that passed moved down one, or was the one that went: take its neighbour below.
        kept["required"] = str(max(0, int(passing) - 1))
    return {**kept, **{f"level_{rung}": text for rung, text in enumerate(texts)}}


def _ids_of(rows: list[Row]) -> dict[str, int]:
    """Return the ids that the rows came with, each with the number of rows that go by it already: none."""
    return {row["id"]: 0 for row in rows if _ID.fullmatch(row["id"])}


def _own_id(row: Row, letter: str, taken: dict[str, int]) -> str:
    """Return a row's id, a new one where it has none, or one that no page of ours sent: odd, or twice."""
    own = row["id"] if taken.get(row["id"]) == 0 else _free_id(letter, set(taken))
    taken[own] = 1
    return own


def _free_id(letter: str, taken: set[str]) -> str:
    return next(f"{letter}{n}" for n in range(1, 10_000) if f"{letter}{n}" not in taken)


def _line(text: str) -> str:
    return " ".join(text.split())
