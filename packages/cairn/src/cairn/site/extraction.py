# SPDX-License-Identifier: Apache-2.0
"""Collects every message of the platform from code and templates, and brings the translations up to date."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from cairn.site.words import LOCALE

SOURCE = LOCALE.parent.parent
TEMPLATES = frozenset({".html", ".txt"})
#: Function -> which of its arguments is the context (c), the message, and its plural.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WIDTH = 110
#: Classes that are no refusals, and whose `message` is a sentence all the same.
FAULTS = frozenset({"Fault", "Finding"})


def collect() -> Catalog:
    """Return a catalog of every message in the code and templates of the platform, untranslated."""
    catalog = Catalog(project="Cairn", charset="utf-8")
    for path in sorted(SOURCE.rglob("*")):
        place = path.relative_to(SOURCE)
        if path.suffix == ".py" and "migrations" not in place.parts:
            code = path.read_bytes()
            for line, message in _given_to_refusals(code):
                catalog.add(message, locations=[(place.as_posix(), line)])
        elif path.suffix in TEMPLATES and "templates" in place.parts:
            code = _as_code(path.read_text(encoding="utf-8"), str(place))
        else:
            continue
        for line, marked, context in _marked(code):
            catalog.add(marked, locations=[(place.as_posix(), line)], context=context)
    return catalog


def update_all(locale: Path = LOCALE) -> dict[str, int]:
    """Bring each `.po` below a folder up to date with the source; return how many messages each lacks.

    Translations are kept. What the source no longer says goes, and nothing is guessed from a likeness: a
    new sentence waits for its translation.
    """
    template = collect()
    lacks = {}
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parts[-3])
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        out = BytesIO()
        write_po(out, catalog, width=WIDTH, sort_output=True, include_lineno=False)
        # The name of the tool's release would change the file on every machine.
        lines = [one for one in out.getvalue().splitlines(True) if not one.startswith(b'"Generated-By:')]
        partial = po.with_suffix(".po.new")
        partial.write_bytes(b"".join(lines))
        partial.replace(po)
        lacks[po.parts[-3]] = sum(not is_translated(message.string) for message in catalog if message.id)
    return lacks


def is_translated(string: object) -> bool:
    """Tell whether a message has its translation, in all its plural forms."""
    return all(string) if isinstance(string, tuple) else bool(string)


def _as_code(template: str, place: str) -> bytes:
    """Turn a Django template into Python-like text in which only its messages are calls."""
    # Babel reads it as Python, where the indents of a template would be faults.
    lines = templatize(template, origin=place).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _marked(code: bytes) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    """Yield line, message (a pair where it has a plural) and context of every marked sentence."""
    # Babel's types promise less than it gives: one argument comes alone, a variable comes as nothing.
    calls: Iterator[Any] = extract_python(BytesIO(code), KEYWORDS, (), {"encoding": "utf-8"})
    for line, function, found, _comments in calls:
        wanted = KEYWORDS[function] or (1,)
        said = found if isinstance(found, tuple) else (found,)
        context = next((said[one[0] - 1] for one in wanted if isinstance(one, tuple)), None)
        parts = [said[one - 1] for one in wanted if isinstance(one, int) and one <= len(said)]
        # A call on a variable marks nothing: its sentence is marked where it is written.
        if parts and all(parts):
            yield line, (parts[0], parts[1]) if len(parts) == 2 else parts[0], context


def _given_to_refusals(code: bytes) -> Iterator[tuple[int, str]]:
    """Yield line and message of every sentence that is written out as the words of a refusal or a fault."""
    refusals = _refusals()
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in refusals:
            given = node.args[:1]
        elif called in FAULTS:
            given = [one.value for one in node.keywords if one.arg == "message"]
        else:
            continue
        for one in given:
            for said in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.lineno, said.value


def _refusals() -> frozenset[str]:
    """Return the names of every class in the rooms' `errors`: each is a refusal."""
    return frozenset(
        node.name
        for path in SOURCE.glob("*/errors.py")
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.ClassDef)
    )
