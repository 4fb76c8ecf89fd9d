# SPDX-License-Identifier: Apache-2.0
"""The shapes that learners and assessors fill in. Forms clean; what is enough is decided by the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cairn.achievements.facts import Criterion, EvidenceTask, Level
from cairn.assessment import words
from cairn.assessment.facts import Fault, Mark, ProposedLevel, Upload, Words
from cairn.assessment.rules.marking import LONGEST_COMMENT
from cairn.assessment.rules.submissions import LONGEST_STATEMENT
from cairn.foundation.words import TOO_LONG


class TextField(forms.CharField):
    """Some lines of plain text. A browser sends every line end as two characters; one is kept."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.Textarea(attrs={"class": "input", "rows": rows}),
            error_messages={"max_length": TOO_LONG},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Return the text with single line ends."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class WorkForm(forms.Form):
    """What a learner says about their work. The files come beside it, one input a task."""

    statement = TextField(
        label=_("What I did"),
        help_text=_(
            "A few sentences: the task, how you went about it, what came out. "
            "It becomes part of your credential."
        ),
        rows=5,
        max_length=LONGEST_STATEMENT,
    )
    ai_statement = TextField(
        label=_("How I used AI"),
        help_text=_("Which tool, for what, and what you changed. Write “I did not” if you did not."),
        rows=3,
        max_length=LONGEST_STATEMENT,
    )

    def words(self) -> Words | None:
        """Return what was written, `None` where it cannot be kept as it is."""
        if {"statement", "ai_statement"} & set(self.errors):
            return None
        return Words(statement=self.cleaned_data["statement"], ai_statement=self.cleaned_data["ai_statement"])

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Put each fault about the words beside its field; those about files are not the form's."""
        for fault in faults:
            if fault.field in self.fields:
                self.add_error(fault.field, words.say(fault))


def uploads(request: HttpRequest, client_key: str, tasks: Sequence[EvidenceTask]) -> tuple[Upload, ...]:
    """Return the files that came with a request, in the order of the tasks. Nothing is read yet."""
    return tuple(
        Upload(
            client_key=f"{client_key[:64]}.{task.id}.{at}".replace("\0", "")[:120],
            task_id=task.id,
            name=file.name or "",
            size=file.size or 0,
            read=file.read,
        )
        for task in tasks
        for at, file in enumerate(request.FILES.getlist(f"files-{task.id}"))
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One level as a radio button. `number` is 1-based, low to high."""

    level: Level
    number: int
    is_checked: bool


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion of a form: its levels to choose from and its text."""

    criterion: Criterion
    choices: tuple[Choice, ...]
    level: BoundField
    text: BoundField
    required: Level | None


class RubricForm(forms.Form):
    """A level and a text for each criterion, in the rubric's order."""

    text_label = _("What did you see?")

    def __init__(self, criteria: Sequence[Criterion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for at, criterion in enumerate(criteria):
            self.fields[f"level-{at}"] = forms.ChoiceField(
                label=criterion.name,
                required=False,
                choices=[(level.id, level.name) for level in criterion.levels],
                widget=forms.RadioSelect,
            )
            self.fields[f"text-{at}"] = TextField(label=self.text_label, rows=2, max_length=LONGEST_COMMENT)

    def rows(self) -> list[CriterionRow]:
        """Return the form as the page draws it."""
        return [
            CriterionRow(
                criterion=criterion,
                choices=tuple(
                    Choice(level, number, self[f"level-{at}"].value() == level.id)
                    for number, level in enumerate(criterion.levels, 1)
                ),
                level=self[f"level-{at}"],
                text=self[f"text-{at}"],
                required=next(
                    (level for level in criterion.levels if level.id == criterion.required_level), None
                ),
            )
            for at, criterion in enumerate(self.criteria)
        ]

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its criterion: on the level where that is missing, else on the text."""
        at_of = {criterion.id: at for at, criterion in enumerate(self.criteria)}
        for fault in faults:
            part = "level" if fault.code.endswith("-level") else "text"
            field = f"{part}-{at_of[fault.field]}" if fault.field in at_of else None
            self.add_error(field, words.say(fault))

    def _lines(self) -> list[tuple[str, str, str]]:
        return [
            (criterion.id, self.cleaned_data[f"level-{at}"], self.cleaned_data[f"text-{at}"])
            for at, criterion in enumerate(self.criteria)
        ]


class MarkForm(RubricForm):
    """One assessor's marks."""

    @staticmethod
    def of(marks: Iterable[Mark], criteria: Sequence[Criterion]) -> dict[str, str]:
        """Return stored marks as the form's first values."""
        stored = {mark.criterion_id: mark for mark in marks}
        first: dict[str, str] = {}
        for at, criterion in enumerate(criteria):
            mark = stored.get(criterion.id, Mark(criterion_id=criterion.id))
            first |= {f"level-{at}": mark.level_id, f"text-{at}": mark.comment}
        return first

    def marks(self) -> tuple[Mark, ...]:
        """Return what was filled in so far."""
        return tuple(
            Mark(criterion_id=criterion_id, level_id=level_id, comment=text)
            for criterion_id, level_id, text in self._lines()
        )


class ProposalForm(RubricForm):
    """A level and a reason for each criterion on which marks differ."""

    text_label = _("Why this level? The learner reads this")

    def levels(self) -> tuple[ProposedLevel, ...]:
        """Return what is proposed."""
        return tuple(
            ProposedLevel(criterion_id=criterion_id, level_id=level_id, reason=text)
            for criterion_id, level_id, text in self._lines()
        )


def as_uuid(text: str) -> UUID | None:
    """Return an id that came in an address or a form, `None` where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
