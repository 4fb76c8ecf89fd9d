# SPDX-License-Identifier: Apache-2.0
"""The shape of what people send to this room. Forms clean; they never save."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.achievements.facts import PublishedAchievement
from cairn.credentials.facts import ListedPerson, State
from cairn.credentials.rules import people_list, statuses
from cairn.foundation.words import TOO_LONG


class PeopleForm(forms.Form):
    """A pasted list of people, and what they get."""

    achievement = forms.ChoiceField(
        label=_("What they get"),
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "required": _("Choose what they get."),
            "invalid_choice": _("Choose one of the achievements on the list."),
        },
    )
    people = forms.CharField(
        label=_("Names and emails"),
        help_text=_("One person a line, for example: Amara Okafor, amara@example.org. Up to 500 people."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 10, "spellcheck": "false"}),
        error_messages={"required": _("Add a name and an email on each line."), "max_length": TOO_LONG},
        max_length=200_000,
    )

    def __init__(self, *args: object, achievements: Iterable[PublishedAchievement], **kwargs: object) -> None:
        """Take the achievements that can be chosen."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Form takes them
        field = self.fields["achievement"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose one")), *((str(one.id), one.name) for one in achievements)]

    def clean_people(self) -> tuple[ListedPerson, ...]:
        """Take the list apart."""
        if number := people_list.overlong_line(self.cleaned_data["people"]):
            raise forms.ValidationError(
                _("Line %(n)d is too long for one person. Put each person on a line of their own."),
                params={"n": number},
            )
        listed = people_list.read(self.cleaned_data["people"])
        if not listed:
            raise forms.ValidationError(_("There is no name on the list. Add one on each line."))
        if len(listed) > people_list.MOST_ROWS:
            raise forms.ValidationError(
                _("The list has %(n)d people. Issue to %(most)d at a time."),
                params={"n": len(listed), "most": people_list.MOST_ROWS},
            )
        return listed


class CheckedListForm(forms.Form):
    """The list on its second step: every row as it stands now, typed corrections in place."""

    list_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    achievement = forms.UUIDField(widget=forms.HiddenInput)
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def listed(self) -> tuple[ListedPerson, ...]:
        """Return the rows that are not left out, in the order of their lines."""
        rows = []
        for name in self.data:
            typed = name.removeprefix("email-")
            # No list has more lines than six digits count, and Python refuses to read thousands of them.
            if not name.startswith("email-") or not typed.isdecimal() or len(typed) > 6:
                continue
            number = int(typed)
            if f"leave-{number}" not in self.data:
                person = ListedPerson(
                    number=number,
                    name=str(self.data.get(f"name-{number}", "")),
                    email=str(self.data.get(name, "")),
                )
                rows.append(people_list.cleaned(person))
        return tuple(sorted(rows[: people_list.MOST_ROWS], key=lambda person: person.number))


class AwardsForm(forms.Form):
    """Which of the waiting awards to issue."""

    award = forms.MultipleChoiceField(
        error_messages={
            "required": _("Choose at least one person."),
            "invalid_choice": _("One of them was issued meanwhile. Check the list again."),
        }
    )

    def __init__(self, *args: object, waiting: Iterable[UUID], **kwargs: object) -> None:
        """Take the awards that can be chosen."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Form takes them
        field = self.fields["award"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(award_id), str(award_id)) for award_id in waiting]

    @staticmethod
    def ids_in(sent: Iterable[str]) -> set[UUID]:
        """Return the awards that were named, whether or not they can be chosen now."""
        found = set()
        for text in sent:
            try:
                found.add(UUID(text))
            except ValueError:
                continue
        return found

    def award_ids(self) -> list[UUID]:
        """Return the chosen awards."""
        return [UUID(award_id) for award_id in self.cleaned_data["award"]]


class ReasonForm(forms.Form):
    """A public reason."""

    reason = forms.CharField(
        label=_("Reason, shown to everyone who checks it"),
        help_text=_("One or two sentences. Do not name other people."),
        max_length=statuses.LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        error_messages={
            "required": _("Write the reason. Everyone who checks the credential will read it."),
            "max_length": _("Shorten the reason to %(limit_value)d characters. It has %(show_value)d."),
        },
    )


class ReinstateForm(ReasonForm):
    """A public reason that may be left out."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Ask for nothing."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Form takes them
        self.fields["reason"].required = False
        self.fields["reason"].label = _("Reason (you can leave this empty)")


class SearchForm(forms.Form):
    """Which credentials to list."""

    STATES = (
        ("", _("All")),
        (State.CURRENT, _("Current")),
        (State.HELD, _("On hold")),
        (State.WITHDRAWN, _("Withdrawn")),
        (State.ENDED, _("Ended")),
        (State.UNDONE, _("Undone")),
    )

    q = forms.CharField(
        label=_("Name, email, achievement or reference"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=STATES, widget=forms.Select(attrs={"class": "input"})
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def wanted(self) -> tuple[str, State | None, int]:
        """Return what to look for; what makes no sense is passed over."""
        self.is_valid()
        found = self.cleaned_data
        state = State(found["state"]) if found.get("state") else None
        return found.get("q", ""), state, found.get("page") or 1
