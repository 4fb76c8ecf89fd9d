# SPDX-License-Identifier: Apache-2.0
"""A pasted list of people, as it comes out of a mail, a spreadsheet or a register."""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cairn.credentials.facts import ListedPerson

MOST_ROWS = 500
LONGEST_NAME = 300
#: Spec: RFC 5321 §4.5.3.1 (lengths)
LONGEST_EMAIL = 254
LONGEST_MAILBOX = 64
#: No name with an address is longer, and a text of one endless line is no list of people.
LONGEST_LINE = 1_000
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s.<>\"(),:;\[\]\\]{2,}")
_ANGLE = re.compile(r"^\s*\"?(?P<name>[^<>\"]*)\"?\s*<(?P<email>[^<>\s]+)>\s*$")
#: First cells of a heading row, which names no person.
_HEADINGS = {"name", "names", "naam", "full name", "email", "e-mail", "e-mailadres", "mail", "first name"}


class Fault(StrEnum):
    """What is wrong with one row."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    EMAIL_MISSING = "email_missing"
    EMAIL_ODD = "email_odd"
    TWICE = "twice"
    HOLDS_IT = "holds_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One row with what is wrong with it; `twin` is the number of the earlier row of the same person."""

    person: ListedPerson = field(repr=False)
    fault: Fault | None = None
    twin: int = 0


def read(text: str) -> tuple[ListedPerson, ...]:
    """Take a pasted list apart: a name and an e-mail address a line, in any order and with any separator.

    Commas, semicolons, tabs, quotes and `Name <address>` are understood, a heading row and blank lines are
    passed over; so is what follows `LONGEST_LINE` characters of a line. Rows keep the number of their line.
    Nothing is refused here: see `check` and `overlong_line`.
    """
    people: list[ListedPerson] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line[:LONGEST_LINE]
        cells = _cells(line)
        if not cells or (not people and _is_heading(cells)):
            continue
        people.append(_person(number, line, cells))
    return tuple(people)


def overlong_line(text: str) -> int:
    """Return the number of the first line that is too long for one person, 1-based, or 0."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if len(line) > LONGEST_LINE), 0)


def check(people: Iterable[ListedPerson], *, holders: Collection[str] = ()) -> tuple[CheckedRow, ...]:
    """Find what is wrong with each row, the first fault of each.

    Args:
        holders: the addresses, in lower case, of people who hold the credential already.
    """
    first: dict[str, int] = {}
    checked = []
    for person in people:
        address = person.email.casefold()
        fault = _fault(person)
        twin = 0
        if fault is None and address in first:
            fault, twin = Fault.TWICE, first[address]
        elif fault is None and address in holders:
            fault = Fault.HOLDS_IT
        first.setdefault(address, person.number)
        checked.append(CheckedRow(person=person, fault=fault, twin=twin))
    return tuple(checked)


def _fault(person: ListedPerson) -> Fault | None:
    if not person.email:
        return Fault.EMAIL_MISSING
    mailbox = person.email.partition("@")[0]
    if len(person.email) > LONGEST_EMAIL or len(mailbox) > LONGEST_MAILBOX:
        return Fault.EMAIL_ODD
    if not _ADDRESS.fullmatch(person.email) or not person.email.isprintable():
        return Fault.EMAIL_ODD
    if not person.name:
        return Fault.NAME_MISSING
    return Fault.NAME_TOO_LONG if len(person.name) > LONGEST_NAME else None


def cleaned(person: ListedPerson) -> ListedPerson:
    """Return a row with its texts in Unicode NFC, without control characters and double spaces."""
    return replace(person, name=_clean(person.name), email=_clean(person.email).replace(" ", ""))


def _person(number: int, line: str, cells: list[str]) -> ListedPerson:
    angle = _ANGLE.match(line)
    if angle:
        return cleaned(ListedPerson(number=number, name=angle["name"], email=angle["email"]))
    with_at = [cell for cell in cells if "@" in cell]
    email = with_at[0] if with_at else (cells[1] if len(cells) > 1 else "")
    names = [cell for cell in cells if cell != email]
    if len(cells) == 1 and with_at:
        # "Amara Okafor amara@example.org": no separator but spaces.
        words = cells[0].split()
        email = next(word for word in words if "@" in word)
        names = [" ".join(word for word in words if word != email)]
    return cleaned(ListedPerson(number=number, name=" ".join(names[:2]), email=email.strip("<>")))


def _cells(line: str) -> list[str]:
    separator = next((one for one in ("\t", ";", ",") if one in line), ",")
    row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [cell.strip() for cell in row if cell.strip()]


def _is_heading(cells: list[str]) -> bool:
    return "@" not in "".join(cells) and cells[0].casefold() in _HEADINGS


def _clean(text: str) -> str:
    kept = "".join(letter if unicodedata.category(letter) != "Cc" else " " for letter in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())
