# SPDX-License-Identifier: Apache-2.0
"""The certificate for printing: one A4 page, PDF/A-3 and PDF/UA-1, with the signed credential attached."""

import io
import json
from functools import cache
from pathlib import Path

import segno
import typst
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cairn.credentials.facts import Claims, CredentialView
from cairn.credentials.rules.identifiers import grouped

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LONGEST_SUMMARY = 220


def typeset(
    shown: CredentialView, document: bytes, *, badge_svg: str, language: str, hue: int = 258
) -> bytes:
    """Return the certificate of a verified credential.

    A name in letters that no font at hand can draw is written with a stand-in, and the page says where the
    name stands in full; the document may not hold text without shapes.

    Args:
        document: the signed JSON, attached as it is.
        language: of the words around the claims, such as "en".
        hue: the issuer's, OKLCH degrees.

    Raises:
        ValueError: the credential did not verify, so there is nothing to certify.

    Spec: ISO 19005-3 (PDF/A-3a); ISO 14289-1 (PDF/UA-1)
    """
    if shown.claims is None:
        raise ValueError("what did not verify is not certified")
    with translation.override(language):
        said = _words(shown, shown.claims, language, hue)
        inputs = {
            "credential": document.decode(),
            "badge": badge_svg,
            "qr": _qr(shown.page_url),
        }
        try:
            return _compile({**inputs, "data": json.dumps(said)}, system_fonts=True)
        except typst.TypstError:
            # PDF/UA takes no text without shapes: leave out what our own fonts are known not to draw.
            said = {key: _drawable(value) for key, value in said.items()}
            said["note"] = _(
                "Our fonts cannot draw every letter of this certificate. "
                "The attached credential and the page below have the text in full."
            )
            return _compile({**inputs, "data": json.dumps(said)}, system_fonts=False)


def _words(shown: CredentialView, claims: Claims, language: str, hue: int) -> dict[str, object]:
    facts = [{"label": _("Issued"), "value": _day(claims.valid_from.date())}]
    labels = {"level": _("Level"), "workload": _("Workload"), "assessment": _("Assessed by")}
    for fact in claims.facts:
        if fact.kind in labels:
            value = f"{fact.value}, {fact.note}" if fact.kind == "workload" and fact.note else fact.value
            facts.append({"label": labels[fact.kind], "value": value})
    if claims.valid_until:
        facts.append({"label": _("Valid until"), "value": _day(claims.valid_until.date())})
    return {
        "lang": language.partition("-")[0],
        "hue": hue,
        "title": _("%(name)s: certificate for %(holder)s")
        % {"name": claims.name, "holder": claims.holder_name},
        "day": [shown.checked_at.year, shown.checked_at.month, shown.checked_at.day],
        "issuer": shown.issuer_name,
        "holder": claims.holder_name,
        "name": claims.name,
        "certifies": _("%(issuer)s certifies that") % {"issuer": shown.issuer_name},
        "earned": _("has earned the micro-credential")
        if claims.achievement_type == "MicroCredential"
        else _("has earned"),
        "summary": _shortened(claims.description),
        "facts": facts,
        "note": "",
        "badge_alt": _("Badge: %(name)s") % {"name": claims.name},
        "qr_alt": _("QR code for %(url)s") % {"url": shown.page_url},
        "paper": _("Paper cannot prove itself."),
        "scan": _("To see whether this certificate is genuine and still current, scan the code or go to"),
        "url": shown.page_url,
        "short_url": shown.short_url.replace(shown.ref, grouped(shown.ref)),
        "made": _("Made on %(day)s.") % {"day": _day(shown.checked_at.date())},
        "attached": _("The signed credential, Open Badges 3.0"),
    }


def _compile(inputs: dict[str, str], *, system_fonts: bool) -> bytes:
    compiled = typst.compile(
        HERE / "certificate.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=not system_fonts,
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        sys_inputs=inputs,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("one PDF is one file")
    return compiled


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", border=0, xmldecl=False, dark="#171e2a")
    return drawn.getvalue().decode()


def _day(day: object) -> str:
    return date_format(day, "j F Y")  # type: ignore[arg-type]  # a date; the stubs ask for a datetime


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= LONGEST_SUMMARY:
        return words
    return words[:LONGEST_SUMMARY].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def _drawable(value: object) -> object:
    if isinstance(value, str):
        return "".join(letter if ord(letter) in _covered() else "□" for letter in value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{key: _drawable(part) for key, part in one.items()} for one in value]
    return value


@cache
def _covered() -> frozenset[int]:
    """Return the code points that our own fonts draw."""
    points: set[int] = set()
    for text in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        start, _dash, end = text.partition("-")
        points.update(range(int(start, 16), int(end or start, 16) + 1))
    return frozenset(points)
