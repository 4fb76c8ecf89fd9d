# SPDX-License-Identifier: Apache-2.0
"""Names that mislead the eye, taken apart so that a page can point at the letters that do it."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from cairn.credentials.facts import LetterRun, OddName
from cairn.foundation import names
from laurel.verify.appearance import notes

#: Letters of one name, and names, that a warning shows.
_MOST_LETTERS = 120
_MOST_NAMES = 12
#: Alphabets of which some letters look like Latin ones; first words of Unicode's names.
_LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"})
#: Where full-width letters are as usual as others.
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
#: Signs made of letters that stand in many honest names.
_SIGNS = "™℠№℡℃℉ªº²³"


def odd_names(named: Iterable[tuple[str, str | None]], issuer_id: str | None) -> tuple[OddName, ...]:
    """Return the names in which laurel finds something odd, those that hide most first.

    Args:
        named: whose name each is, and the name.
        issuer_id: its host is read out where it is written in letters of another alphabet.
    """
    found = [odd for whose, name in named if name for odd in _odd(whose, name)]
    if read_out := notes((), issuer_id).get("issuer_host"):
        runs = (LetterRun(text=names.cut(read_out, _MOST_LETTERS)),)
        found.append(OddName(whose="issuer", kind="host", runs=runs))
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda odd: odd.kind != "hidden"))[:_MOST_NAMES]


def _odd(whose: str, name: str) -> Iterator[OddName]:
    told = notes([(whose, name)], None)
    if "hidden_characters" in told:
        points = set(told["hidden_characters"].split()[1:])
        letters = [(letter, _code_point(letter) in points) for letter in name]
        runs = [LetterRun(text=_code_point(one) if odd else one, is_odd=odd) for one, odd in _part(letters)]
        yield OddName(whose=whose, kind="hidden", runs=_joined(runs))
    elif "mixed_letters" in told:
        runs = [LetterRun(text=one, is_odd=odd) for one, odd in _part(list(_foreign(name)))]
        if any(run.is_odd for run in runs):
            yield OddName(whose=whose, kind="mixed", runs=_joined(runs))


def _part(letters: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return what a warning shows of a name: its start, or what lies about the first odd letter."""
    first = next((place for place, (_letter, odd) in enumerate(letters) if odd), 0)
    start = max(0, first - _MOST_LETTERS // 2)
    shown = letters[start : start + _MOST_LETTERS]
    before = [("…", False)] if start else []
    after = [("…", False)] if start + _MOST_LETTERS < len(letters) else []
    return before + shown + after


def _foreign(name: str) -> Iterator[tuple[str, bool]]:
    """Yield each letter of a name, and whether it stands among Latin ones and is none, or is dressed up."""
    is_east_asian = any(_kind(letter) in _EAST_ASIAN for letter in name)
    for _is_space, word in groupby(name, str.isspace):
        letters = list(word)
        has_latin = any(_kind(letter) == "LATIN" for letter in letters)
        for letter in letters:
            kind = _kind(letter)
            plain = unicodedata.normalize("NFKC", letter)
            is_dressed = plain != letter and any(part.isascii() and part.isalpha() for part in plain)
            is_guest = has_latin and kind in _LIKE_LATIN
            is_usual = letter in _SIGNS or (is_east_asian and kind == "FULLWIDTH")
            yield letter, (is_dressed or is_guest) and not is_usual


def _kind(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _joined(runs: Iterable[LetterRun]) -> tuple[LetterRun, ...]:
    """Put neighbours of one kind together, but for code points, which stand each by itself."""
    joined: list[LetterRun] = []
    for run in runs:
        if joined and joined[-1].is_odd == run.is_odd and not run.text.startswith("U+"):
            joined[-1] = LetterRun(text=joined[-1].text + run.text, is_odd=run.is_odd)
        else:
            joined.append(run)
    return tuple(joined)


def _code_point(letter: str) -> str:
    return f"U+{ord(letter):04X}"
