# SPDX-License-Identifier: Apache-2.0
"""The shape of what is presented. Forms clean; they never save."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cairn.foundation import files
from cairn.verification import rules

WANTED = _("Enter the link or the reference, which has 26 letters and digits")
ACCEPTED = ".png,.svg,.json,.jsonld,.jwt,.txt,.pdf"


class CheckForm(forms.Form):
    """A link, a reference or a pasted credential; or a file."""

    ref = forms.CharField(
        label=_("Link, reference or the credential itself"),
        help_text=_("A reference has 26 letters and digits, with or without dashes"),
        required=False,
        max_length=rules.TEXT_LIMIT,
        widget=forms.Textarea(
            attrs={
                "class": "input",
                "rows": 2,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "max_length": _("The text is larger than any credential. The most we can take is 512 KB.")
        },
    )
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_(
            "Badge image (PNG or SVG), credential file (JSON or JWT) or certificate (PDF). Up to 5 MB."
        ),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input filepad", "accept": ACCEPTED}),
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        """Refuse a file over the limit; what came of it holds its size and no bytes."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > rules.FILE_LIMIT:
            raise forms.ValidationError(
                _("The file is %(size)s. The most we can take is %(most)s."),
                params={"size": files.as_size(file.size or 0), "most": files.as_size(rules.FILE_LIMIT)},
            )
        return file

    def clean(self) -> dict[str, Any] | None:
        """See that there is something to check."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("ref", "").strip() and cleaned.get("file") is None:
            self.add_error("ref", str(WANTED))
        return cleaned


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, none included."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Return the files in the order in which they were chosen."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [file for file in (super(ManyFilesField, self).clean(one, initial) for one in chosen) if file]


class ListForm(forms.Form):
    """Lines and files to be checked in one go."""

    lines = forms.CharField(
        label=_("Links or references"),
        help_text=_("One on each line, up to 500."),
        required=False,
        widget=forms.Textarea(
            attrs={"class": "input mono", "rows": 8, "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    uploads = ManyFilesField(
        label=_("Or files"),
        help_text=_("As many as you like, up to 500, 5 MB each and 25 MB in all."),
        required=False,
        allow_empty_file=True,
        widget=ManyFiles(attrs={"class": "input filepad", "accept": ACCEPTED}),
    )
