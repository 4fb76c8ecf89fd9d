# SPDX-License-Identifier: Apache-2.0
"""Makes a file readable on a page: text, the cells of a notebook, the rows of a table; always bounded."""

import csv
import io
import json
from typing import Any

from cairn.assessment.facts import Cell, Shown, ShownAs

#: What is read to be shown; everything else a browser shows or downloads by itself.
READ = frozenset({ShownAs.TEXT, ShownAs.NOTEBOOK, ShownAs.TABLE})
MOST_LETTERS = 100_000
MOST_CELLS = 300
MOST_ROWS = 200
MOST_COLUMNS = 30
LONGEST_FIELD = 400
LONGEST_OUTPUT = 4_000


def shown(how: ShownAs, content: bytes) -> Shown:
    """Return a file as a page shows it. What cannot be read as it claims is shown as text."""
    if how is ShownAs.NOTEBOOK:
        return _notebook(content) or _text(content)
    if how is ShownAs.TABLE:
        return _table(content) or _text(content)
    if how is ShownAs.TEXT:
        return _text(content)
    return Shown(how=how)


def as_text(content: bytes) -> str:
    """Return the letters of a text file: UTF-8, or else the Windows code page of western Europe."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _text(content: bytes) -> Shown:
    text = as_text(content)
    return Shown(how=ShownAs.TEXT, text=text[:MOST_LETTERS], is_cut=len(text) > MOST_LETTERS)


def _table(content: bytes) -> Shown | None:
    """Return the rows, `None` where this is no table. Spec: RFC 4180 §2, with any usual delimiter"""
    text = as_text(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[tuple[str, ...]] = []
    is_cut = False
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(rows) > MOST_ROWS:
                is_cut = True
                break
            is_cut = is_cut or len(row) > MOST_COLUMNS
            rows.append(tuple(field[:LONGEST_FIELD] for field in row[:MOST_COLUMNS]))
    except csv.Error:
        return None
    if not rows or len(rows[0]) < 2:
        return None
    width = max(map(len, rows))
    head, *body = (row + ("",) * (width - len(row)) for row in rows)
    return Shown(how=ShownAs.TABLE, head=head, rows=tuple(body), is_cut=is_cut)


def _notebook(content: bytes) -> Shown | None:
    """Return the cells, `None` where this is no notebook. Spec: Jupyter nbformat 4"""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    listed = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return None
    cells: list[Cell] = []
    letters = 0
    for raw in listed:
        for cell in _cells_of(raw):
            letters += len(cell.text)
            if len(cells) >= MOST_CELLS or letters > MOST_LETTERS:
                return Shown(how=ShownAs.NOTEBOOK, cells=tuple(cells), is_cut=True)
            cells.append(cell)
    return Shown(how=ShownAs.NOTEBOOK, cells=tuple(cells))


def _cells_of(raw: Any) -> list[Cell]:
    if not isinstance(raw, dict):
        return []
    kind = "code" if raw.get("cell_type") == "code" else "text"
    cells = [Cell(kind=kind, text=_lines(raw.get("source")))]
    outputs = raw.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        text = _output(output)
        if text.strip():
            cells.append(Cell(kind="output", text=text))
    return [cell for cell in cells if cell.text.strip()]


def _output(output: Any) -> str:
    """Return the plain text of a cell's output. HTML and pictures in it are never shown."""
    if not isinstance(output, dict):
        return ""
    data = output.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else output.get("text")
    text = _lines(plain if plain is not None else output.get("evalue"))
    return text if len(text) <= LONGEST_OUTPUT else text[:LONGEST_OUTPUT] + " …"


def _lines(source: Any) -> str:
    """Return a notebook's multi-line text, which is one text or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
