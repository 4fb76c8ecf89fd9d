# SPDX-License-Identifier: Apache-2.0
"""The shape of what people send to this room. Forms clean; they never save."""

from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cairn.foundation.words import TOO_LONG
from cairn.people import rules
from cairn.people.errors import NotAnAddress
from cairn.people.facts import Organization, Role
from cairn.people.models import Person

ROLE_NAMES = {
    Role.ADMIN: _("Administrator"),
    Role.EDITOR: _("Programme editor"),
    Role.ASSESSOR: _("Assessor"),
    Role.ISSUER: _("Issuer"),
    Role.LEARNER: _("Learner"),
}
ROLE_DEEDS = {
    Role.ADMIN: _("manages people and settings, and may do everything but learn"),
    Role.EDITOR: _("writes programmes and rubrics"),
    Role.ASSESSOR: _("marks what learners hand in"),
    Role.ISSUER: _("issues and withdraws credentials"),
    Role.LEARNER: _("hands in work and earns credentials"),
}
#: The hues an organization can choose from, in degrees; 258 is the one a new organization has.
HUES = tuple(range(6, 360, 12))
_HUE_NAMES = (
    (24, _("Rose")),
    (48, _("Red")),
    (72, _("Orange")),
    (100, _("Amber")),
    (128, _("Lime")),
    (156, _("Green")),
    (190, _("Teal")),
    (226, _("Cyan")),
    (262, _("Blue")),
    (292, _("Indigo")),
    (320, _("Violet")),
    (344, _("Magenta")),
    (361, _("Pink")),
)
#: Territories that Unicode knows and ISO 3166-1 does not assign.
_NOT_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)


def _input(**attrs: str) -> dict[str, str]:
    return {"class": "input", **attrs}


def countries() -> list[tuple[str, str]]:
    """Return the countries of ISO 3166-1 with their names in the reader's language, by name."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    known = [(str(code), name) for code, name in names.items() if code not in _NOT_COUNTRIES]
    # Three digits stand for continents.
    return [("", "–"), *sorted((pair for pair in known if len(pair[0]) == 2), key=lambda pair: pair[1])]


def hue_name(hue: int) -> str:
    """Return a colour's everyday name with its degree, so that neighbours can be told apart by ear."""
    return f"{next(str(name) for below, name in _HUE_NAMES if hue < below)} {hue}"


def role_choices() -> list[tuple[str, Any]]:
    """Return the roles with what each is for."""
    return [(role.value, format_lazy("{}: {}", ROLE_NAMES[role], ROLE_DEEDS[role])) for role in Role]


class AddressField(forms.CharField):
    """One e-mail address, held to the same rule as everywhere else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=400,
            label=options.pop("label", _("Email")),
            widget=forms.EmailInput(attrs=_input(autocomplete=options.pop("autocomplete", "email"))),
            error_messages={
                "required": _("Enter an email like name@example.org."),
                "max_length": TOO_LONG,
            },
            **options,
        )

    def clean(self, value: Any) -> str:
        """Return the address as it is kept; empty where none is needed and none was given."""
        text = str(super().clean(value))
        if not text:
            return ""
        try:
            return rules.clean_address(text)
        except NotAnAddress:
            raise forms.ValidationError(_("Enter an email like name@example.org."), code="invalid")


class NameField(forms.CharField):
    """A person's whole name in one field, as they give it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Your name"),
            help_text=_("In full, as it should stand on your credentials."),
            max_length=300,
            widget=forms.TextInput(attrs=_input(autocomplete="name")),
            error_messages={
                "required": _("Enter your name as it should stand on your credentials."),
                "max_length": _(
                    "The name has %(show_value)d characters. The most we keep is %(limit_value)d."
                ),
            },
            **options,
        )


class LinkForm(forms.Form):
    """Asks for a sign-in link."""

    email = AddressField()


class PasswordSignInForm(forms.Form):
    """Signs in with a password."""

    email = AddressField(autocomplete="username")
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs=_input(autocomplete="current-password")),
        error_messages={"required": _("Enter your password.")},
    )


class NameForm(forms.Form):
    """Asks somebody new for their name."""

    name = NameField()


class ProfileForm(forms.Form):
    """A person's name and language."""

    name = NameField()
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("For these pages, and for the messages we send you."),
        choices=settings.LANGUAGES,
        widget=forms.Select(attrs=_input()),
    )


class AddAddressForm(forms.Form):
    """Adds an e-mail address."""

    email = AddressField(label=_("Another email"), autocomplete="off")


class PasswordForm(forms.Form):
    """Sets a password, or changes it."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs=_input(autocomplete="current-password")),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("15 characters or more. Four or five words that only you would put together are good."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs=_input(autocomplete="new-password")),
        error_messages={"required": _("Enter a new password of 15 characters or more.")},
    )

    def __init__(self, *args: Any, person: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        if isinstance(person, Person) and not person.has_usable_password():
            del self.fields["current"]

    def clean_password(self) -> str:
        """Return the password, if it is hard enough to guess."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.person)
        return password


class InviteForm(forms.Form):
    """Offers roles to an e-mail address."""

    email = AddressField(autocomplete="off")
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )

    def chosen(self) -> frozenset[Role]:
        """Return the roles that were ticked."""
        return frozenset(Role(role) for role in self.cleaned_data["roles"])


class RolesForm(forms.Form):
    """Sets what a member may do."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def chosen(self) -> frozenset[Role]:
        """Return the roles that were ticked."""
        return frozenset(Role(role) for role in self.cleaned_data["roles"])


class SearchForm(forms.Form):
    """Narrows the list of people down."""

    q = forms.CharField(
        label=_("Name or email"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_input(type="search")),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("Every role")), *((role.value, name) for role, name in ROLE_NAMES.items())],
        widget=forms.Select(attrs=_input()),
    )


class OrganizationForm(forms.Form):
    """What an organization says of itself."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs=_input(autocomplete="organization")),
        error_messages={
            "required": _("Enter the name that stands on your credentials."),
            "max_length": TOO_LONG,
        },
    )
    description = forms.CharField(
        label=_("About"),
        required=False,
        max_length=2000,
        help_text=_("Two or three sentences for people who have not heard of you."),
        widget=forms.Textarea(attrs=_input(rows="4")),
        error_messages={"max_length": TOO_LONG},
    )
    url = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput(attrs=_input(autocomplete="url")),
        error_messages={
            "invalid": _("Enter an address like https://www.example.org/."),
            "max_length": TOO_LONG,
        },
    )
    email = AddressField(
        label=_("Email for questions"),
        required=False,
        help_text=_("Shown on your public page."),
        autocomplete="off",
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=countries,
        widget=forms.Select(attrs=_input()),
        error_messages={"required": _("Choose the country in which you award.")},
    )
    quality_assurance = forms.CharField(
        label=_("Quality assurance"),
        required=False,
        max_length=300,
        help_text=_("Who reviews your awards and how often. It stands on every credential."),
        widget=forms.TextInput(attrs=_input()),
        error_messages={"max_length": TOO_LONG},
    )
    hue = forms.TypedChoiceField(
        label=_("Colour"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_(
            "This page shows your choice as you make it. Every colour is readable by day and by night."
        ),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        super().__init__(*args, **options)
        hue = self.fields["hue"]
        assert isinstance(hue, forms.TypedChoiceField)
        hues = sorted({*HUES, organization.hue})
        hue.choices = [(one, hue_name(one)) for one in hues]
