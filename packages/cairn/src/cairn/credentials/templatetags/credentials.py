# SPDX-License-Identifier: Apache-2.0
"""Tags of a credential's page: countries, dates and media types in words, references in groups."""

from datetime import date

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cairn.credentials import words
from cairn.credentials.facts import CheckLine
from cairn.credentials.rules.identifiers import grouped

register = template.Library()

_ICONS = (("video/", "video"), ("image/", "image"), ("application/x-ipynb", "code"), ("text/x-", "code"))


@register.filter
def country_name(code: str) -> str:
    """Return a country's name in the reader's language; what is no code comes back as it is."""
    try:
        locale = Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str(locale.territories.get(code.upper(), code))


@register.filter
def day(text: str) -> str:
    """Return an ISO date as people write it."""
    return date_format(date.fromisoformat(text), "j F Y") if text else ""


@register.filter
def grouped_ref(ref: str) -> str:
    """Return a reference in groups of four."""
    return grouped(ref)


@register.filter
def sentence(check: CheckLine) -> str:
    """Return what a check found, in the reader's language."""
    return words.say(check)


@register.filter
def file_icon(media_type: str) -> str:
    """Return the icon for a kind of file."""
    return next((icon for start, icon in _ICONS if media_type.startswith(start)), "doc")


@register.filter
def file_kind(media_type: str) -> str:
    """Return what a file is, in words."""
    known = {
        "application/pdf": "PDF",
        "application/x-ipynb+json": _("Jupyter notebook"),
        "application/json": "JSON",
        "application/zip": "ZIP",
        "text/csv": "CSV",
        "text/plain": _("Text"),
        "text/markdown": _("Text"),
        "image/png": _("PNG image"),
        "image/jpeg": _("JPEG image"),
    }
    if media_type in known:
        return known[media_type]
    kind, _slash, form = media_type.partition("/")
    kinds = {"video": _("Video"), "audio": _("Sound"), "image": _("Image"), "text": _("Text")}
    return kinds.get(kind, form.upper() if len(form) <= 5 else _("File"))
