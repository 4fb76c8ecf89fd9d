# SPDX-License-Identifier: Apache-2.0
"""Reads the test cases of the SD-JWT specification: the part of YAML that they use, with its `!sd` marks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SPACE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*")
_KEY = re.compile(r"""(?:!sd\s+)?(?:"[^"]*"|'[^']*'|[^\s"'\[{#,!&*|>-][^:#\n]*?)\s*:(?=\s|$)""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = {"null": None, "True": True, "true": True, "False": False, "false": False, "None": None}


@dataclass(frozen=True)
class Sd:
    """A key or a value that carries the mark."""

    value: Any

    def __hash__(self) -> int:
        return hash(("sd", str(self.value)))


def load(path: Path) -> Any:
    """Return the document, with `Sd` around what is marked."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = re.sub(r"(^|\s)#.*$", "", line).rstrip()
        if bare:
            lines.append((len(bare) - len(bare.lstrip()), bare.strip()))
    value, rest = _block(lines, 0)
    assert rest == len(lines), lines[rest]
    return value


def _block(lines: list[tuple[int, str]], start: int) -> tuple[Any, int]:
    indent, text = lines[start]
    if text.startswith("- ") or text == "-":
        return _sequence(lines, start, indent)
    if _KEY.match(text):
        return _mapping(lines, start, indent)
    # A flow value over several lines; it ends where its brackets do.
    joined, at = text, start + 1
    while _open(joined):
        joined += " " + lines[at][1]
        at += 1
    return _scalar(joined), at


def _open(text: str) -> bool:
    plain = re.sub(r'"[^"]*"|\'[^\']*\'', "", text)
    return sum(map(plain.count, "[{")) > sum(map(plain.count, "]}"))


def _sequence(lines: list[tuple[int, str]], start: int, indent: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    at = start
    while at < len(lines) and lines[at][0] == indent and (lines[at][1] + " ").startswith("- "):
        rest = lines[at][1][2:].strip()
        if rest == "!sd":
            value, at = _block(lines, at + 1)
            items.append(Sd(value))
        elif rest == "":
            value, at = _block(lines, at + 1)
            items.append(value)
        else:
            # What follows the dash stands as if on a line of its own.
            offset = len(lines[at][1]) - len(rest)
            lines[at] = (indent + offset, rest)
            value, at = _block(lines, at)
            items.append(value)
    return items, at


def _mapping(lines: list[tuple[int, str]], start: int, indent: int) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    at = start
    while at < len(lines) and lines[at][0] == indent and (match := _KEY.match(lines[at][1])):
        name = match[0].rstrip()[:-1].strip()
        key: Any = _text(name.removeprefix("!sd").strip())
        if name.startswith("!sd"):
            key = Sd(key)
        rest = lines[at][1][match.end() :].strip()
        if rest == ">-":
            folded = []
            at += 1
            while at < len(lines) and lines[at][0] > indent:
                folded.append(lines[at][1])
                at += 1
            found[key] = " ".join(folded)
            continue
        if rest:
            lines[at] = (indent + 1, rest)
            while _open(rest):
                at += 1
                rest += " " + lines[at][1]
            found[key] = _scalar(rest)
            at += 1
        elif at + 1 < len(lines) and (
            lines[at + 1][0] > indent or (lines[at + 1][0] == indent and lines[at + 1][1].startswith("- "))
        ):
            found[key], at = _block(lines, at + 1)
        else:
            found[key] = None
            at += 1
    return found, at


def _text(name: str) -> str:
    return name[1:-1] if name[:1] in "\"'" else name


def _scalar(text: str) -> Any:
    value, end = _flow(text, 0)
    # A plain text holds commas and the like where no bracket is open.
    return value if not text[end:].strip() else text


def _flow(text: str, at: int) -> tuple[Any, int]:
    at = _skip(text, at)
    if text.startswith("!sd", at):
        value, at = _flow(text, at + 3)
        return Sd(value), at
    if text[at] == "[":
        items: list[Any] = []
        at = _skip(text, at + 1)
        while text[at] != "]":
            value, at = _flow(text, at)
            items.append(value)
            at = _skip(text, at)
            at = _skip(text, at + 1) if text[at] == "," else at
        return items, at + 1
    if text[at] == "{":
        found: dict[Any, Any] = {}
        at = _skip(text, at + 1)
        while text[at] != "}":
            key, at = _flow(text, at)
            at = _skip(text, at)
            assert text[at] == ":", text[at:]
            value, at = _flow(text, at + 1)
            found[key if isinstance(key, str) else str(key)] = value
            at = _skip(text, at)
            at = _skip(text, at + 1) if text[at] == "," else at
        return found, at + 1
    if text[at] == '"':
        value, end = json.JSONDecoder().raw_decode(text, at)
        return value, end
    if text[at] == "'":
        end = text.index("'", at + 1)
        return text[at + 1 : end], end + 1
    match = re.compile(r"[^,\]}\[{:]+(?::(?=\S)[^,\]}]*)*").match(text, at)
    assert match, text[at:]
    word = match[0].strip()
    if word in _WORDS:
        return _WORDS[word], match.end()
    return (json.loads(word) if _NUMBER.fullmatch(word) else word), match.end()


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at
