# SPDX-License-Identifier: Apache-2.0
"""The shape of what learners send to this room. Forms clean; they never save."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cairn.credentials.facts import Issued, Visibility
from cairn.wallet import rules
from cairn.wallet.facts import NewShare


class ShareForm(forms.Form):
    """What a new link shows, and until when."""

    refs = forms.MultipleChoiceField(
        label=_("What to show"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one credential to show.")},
    )
    shows_evidence = forms.BooleanField(label=_("Show the evidence"), required=False)
    shows_marks = forms.BooleanField(label=_("Show the marks"), required=False)
    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Only you see this, for example: application to Acme."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"max_length": _("The name is longer than 120 letters. Shorten it.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_(
            "The link works all of that day. Empty it for a link that works until you switch it off."
        ),
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the last day like 2026-12-31.")},
    )

    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, held: Iterable[Issued], **kwargs: Any) -> None:
        """Take what the learner holds as the choices."""
        super().__init__(*args, **kwargs)
        choices = self.fields["refs"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [
            (one.ref, f"{one.achievement_name}, {date_format(one.issued_at, 'j F Y')}") for one in held
        ]

    def new_share(self) -> NewShare:
        """Return what was asked for."""
        asked = self.cleaned_data
        return NewShare(
            refs=tuple(asked["refs"]),
            name=asked["name"],
            shows_evidence=asked["shows_evidence"],
            shows_marks=asked["shows_marks"],
            ends_at=rules.end_of_day(asked["ends_on"], UTC) if asked["ends_on"] else None,
            key=asked["key"],
        )


class PublicPageForm(forms.Form):
    """Who may open a credential's own page, and what it shows them."""

    visibility = forms.ChoiceField(
        label=_("Who can open its page"),
        choices=[(Visibility.PRIVATE, _("Only you")), (Visibility.LINK, _("Anyone with the link"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who can open the page."),
            "invalid_choice": _("Choose who can open the page."),
        },
    )
    shows_evidence = forms.BooleanField(label=_("Show the evidence"), required=False)
    shows_marks = forms.BooleanField(label=_("Show the marks"), required=False)


class WrongNameForm(forms.Form):
    """How the name should stand on the credential."""

    right_name = forms.CharField(
        label=_("Your name as it should stand"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
        error_messages={
            "required": _("Enter your name as it should stand on the credential."),
            "max_length": _("The name is longer than 300 letters. Shorten it."),
        },
    )
    words = forms.CharField(
        label=_("Anything else they should know?"),
        help_text=_("You can leave this empty."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        error_messages={"max_length": _("This is longer than 2000 letters. Shorten it.")},
    )


class NotMineForm(forms.Form):
    """What somebody says who was sent another person's credential."""

    words = forms.CharField(
        label=_("What happened?"),
        help_text=_("You can leave this empty."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        error_messages={"max_length": _("This is longer than 2000 letters. Shorten it.")},
    )
