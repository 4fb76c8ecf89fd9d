# SPDX-License-Identifier: Apache-2.0
"""Compiles the translations with Babel, so that no GNU gettext is needed on any machine."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent / "locale"


def compile_all() -> list[Path]:
    """Write a `.mo` beside each `.po` that is newer, and return those written."""
    written = []
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parts[-3])
        partial = mo.with_suffix(".mo.new")
        with partial.open("wb") as out:
            write_mo(out, catalog)
        partial.replace(mo)
        written.append(mo)
    return written
