# SPDX-License-Identifier: Apache-2.0
"""Draws a badge for every achievement: the same words always give the same bytes of SVG.

Built like an enamel pin: a dark rim, a coloured body with a line pattern that is the achievement's own, a
paper medallion, one bold glyph for the field of skill, one to four diamonds for the level. In a browser the
fine detail switches itself off at small sizes, so one file serves a list and a download.
"""

import hashlib
import math
from xml.sax.saxutils import escape

from cairn.achievements.facts import BadgeDesign, BadgeKind

#: Up to this many pixels a rasteriser gets the drawing without its fine parts.
SMALL = 64

Point = tuple[float, float]
CENTRE = 256.0
MEDALLION = 138


def _gear() -> str:
    points = [
        (50 + radius * math.cos(turn + nudge), 50 + radius * math.sin(turn + nudge))
        for turn in (math.tau * tooth / 8 - math.pi / 2 for tooth in range(8))
        for nudge, radius in ((-0.25, 28), (-0.17, 37), (0.17, 37), (0.25, 28))
    ]
    outline = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{outline}Z"/><circle cx="50" cy="50" r="11"/>'


#: Field of skill -> hue in OKLCH degrees and glyph. Neighbours of a list differ.
FIELDS: dict[str, tuple[int, str]] = {
    "data": (252, "bars"),
    "code": (278, "code"),
    "ai": (302, "nodes"),
    "security": (232, "lock"),
    "health": (12, "pulse"),
    "care": (350, "heart"),
    "language": (200, "speech"),
    "teaching": (52, "book"),
    "design": (330, "nib"),
    "media": (38, "play"),
    "business": (265, "steps"),
    "finance": (160, "coins"),
    "green": (145, "leaf"),
    "engineering": (70, "gear"),
    "science": (185, "flask"),
    "leadership": (25, "flag"),
    "people": (215, "people"),
    "law": (285, "scales"),
    "food": (60, "cup"),
    "general": (258, "star"),
}

#: Glyphs on a box of 100 by 100, stroked, class "f" filled. Drawn for this project.
GLYPHS: dict[str, str] = {
    "bars": '<path d="M20 80h60"/><path d="M31 66V52M50 66V38M69 66V24"/>',
    "code": '<path d="M32 32 14 50l18 18M68 32l18 18-18 18M57 24 43 76"/>',
    "nodes": (
        '<path d="M50 50 26 30M50 50l26-16M50 50 32 76M50 50l22 22"/>'
        '<circle cx="50" cy="50" r="11" class="f"/><circle cx="24" cy="28" r="6.5" class="f"/>'
        '<circle cx="78" cy="33" r="6.5" class="f"/><circle cx="31" cy="77" r="6.5" class="f"/>'
        '<circle cx="73" cy="73" r="6.5" class="f"/>'
    ),
    "lock": (
        '<rect x="24" y="45" width="52" height="38" rx="9"/><path d="M35 45V34a15 15 0 0 1 30 0v11M50 60v9"/>'
    ),
    "pulse": '<path d="M12 54h17l9-24 15 44 11-28 6 8h18"/>',
    "heart": '<path d="M50 80C26 63 16 50 16 37a17 17 0 0 1 34-4 17 17 0 0 1 34 4c0 13-10 26-34 43Z"/>',
    "speech": (
        '<path d="M24 22h52a9 9 0 0 1 9 9v28a9 9 0 0 1-9 9H48L31 82V68h-7a9 9 0 0 1-9-9V31a9 9 0 0 1 9-9Z"/>'
        '<path d="M33 39h34M33 52h20"/>'
    ),
    "book": (
        '<path d="M50 31v48M50 31C42 23 30 21 15 22v47c15-1 27 2 35 10 8-8 20-11 35-10V22c-15-1-27 1-35 9Z"/>'
    ),
    "nib": (
        '<path d="M50 14 73 50 61 74H39L27 50Z"/><path d="M50 18v28M37 86h26"/>'
        '<circle cx="50" cy="52" r="5" class="f"/>'
    ),
    "play": ('<rect x="14" y="24" width="72" height="52" rx="11"/><path class="f" d="M43 39v22l19-11Z"/>'),
    "steps": '<path d="M16 78h17V60h17V42h17V24h17"/>',
    "coins": (
        '<ellipse cx="50" cy="28" rx="28" ry="11"/>'
        '<path d="M22 28v22c0 6 12 11 28 11s28-5 28-11V28M22 50v22c0 6 12 11 28 11s28-5 28-11V50"/>'
    ),
    "leaf": ('<path d="M24 76C14 42 36 18 82 18c4 44-18 70-52 58"/><path d="M18 86C28 66 40 54 58 43"/>'),
    "flask": '<path d="M40 16h20M43 16v24L22 75a7 7 0 0 0 6 10h44a7 7 0 0 0 6-10L57 40V16M32 62h36"/>',
    "flag": '<path d="M28 86V16M28 20h48L65 37l11 17H28"/>',
    "people": (
        '<circle cx="36" cy="36" r="13"/>'
        '<path d="M12 80c0-15 10-24 24-24s24 9 24 24M63 25a13 13 0 0 1 0 24M70 58c11 3 18 11 18 22"/>'
    ),
    "scales": '<path d="M50 16v66M32 82h36M22 28h56M22 28 11 56h22L22 28ZM78 28 67 56h22L78 28Z"/>',
    "cup": (
        '<path d="M18 36h50v24a18 18 0 0 1-18 18H36a18 18 0 0 1-18-18ZM68 42h7a9 9 0 0 1 0 20h-8'
        'M33 16v8M50 16v8"/>'
    ),
    "star": (
        '<path d="m50 15 10.6 22.4 24.4 3.3-17.8 17 4.5 24.3L50 70.2 28.3 82l4.5-24.3L15 40.7l24.4-3.3Z"/>'
    ),
    "gear": _gear(),
}

KIND_NAMES = {
    BadgeKind.CREDENTIAL: "Micro-credential",
    BadgeKind.STACK: "Stacked award",
    BadgeKind.LICENCE: "Licence to practise",
    BadgeKind.PARTICIPATION: "Participation badge",
}


def draw(name: str, issuer: str, design: BadgeDesign, *, small: bool = False) -> str:
    """Return the badge as SVG, 512 units square, without fonts, scripts or outside parts.

    Args:
        name: the achievement's name; with the issuer's it decides the line pattern.
        small: leave the fine parts out, for rasterisers, which ignore media queries.
    """
    digest = hashlib.sha256(f"{name}\x1f{issuer}".encode()).digest()
    own = "b" + digest.hex()[:6]
    field_hue, glyph = FIELDS.get(design.field, FIELDS["general"])
    hue = field_hue if design.hue is None else design.hue
    # A tiny shift: siblings are related, not the same.
    ink = palette((hue + digest[0] % 13 - 6) % 360)
    middle = CENTRE - 12 if design.kind is BadgeKind.LICENCE else CENTRE
    fine = "" if small else _rosette(digest, middle)
    plate = "" if small else _plate(design.level, middle, ink["rim"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" role="img"'
        f' aria-labelledby="{own}t {own}d">'
        f'<title id="{own}t">{escape(name)}</title>'
        f'<desc id="{own}d">{escape(_description(issuer, design))}</desc>'
        f"{_small_size_style(own, middle)}"
        f'<defs><linearGradient id="{own}g" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{ink["bright"]}"/><stop offset=".55" stop-color="{ink["body"]}"/>'
        f'<stop offset="1" stop-color="{ink["deep"]}"/></linearGradient>'
        f'<clipPath id="{own}c"><path d="{silhouette(design.kind, 22)}"/></clipPath></defs>'
        f'<g class="{own}"><path d="{silhouette(design.kind, 2)}" fill="{ink["rim"]}" stroke="{ink["line"]}"'
        f' stroke-width="4" stroke-opacity=".45"/>'
        f'<path d="{silhouette(design.kind, 15)}" fill="url(#{own}g)"/>'
        f'<g class="r" clip-path="url(#{own}c)" fill="none" stroke="{ink["line"]}" stroke-width="1.6"'
        f' opacity=".5">{fine}</g>'
        f'<path class="fine" d="{silhouette(design.kind, 22)}" fill="none" stroke="{ink["line"]}"'
        f' stroke-width="2.5" opacity=".75"/>'
        f"{_medallion(glyph, middle, ink, small=small)}"
        f'<g class="p" fill="{ink["paper"]}">{plate}</g></g></svg>'
    )


def wrap_png(png_base64: str, name: str) -> str:
    """Return an SVG that carries an uploaded image, for places that ask for the badge as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" role="img" aria-labelledby="t">'
        f'<title id="t">{escape(name)}</title>'
        f'<image width="512" height="512" href="data:image/png;base64,{png_base64}"/></svg>'
    )


def palette(hue: float) -> dict[str, str]:
    """Return the seven colours of a hue; ink on paper and paper on rim have a contrast of 7 or more."""
    # Yellows look drab when dark, so they are lifted.
    gold = max(0.0, 1 - abs(hue - 88) / 38)
    return {
        "rim": oklch(0.28 + 0.03 * gold, 0.09, hue),
        "deep": oklch(0.37 + 0.08 * gold, 0.125, hue),
        "body": oklch(0.47 + 0.11 * gold, 0.145, hue),
        "bright": oklch(0.57 + 0.13 * gold, 0.155, hue),
        "line": oklch(0.88, 0.07, hue),
        "paper": oklch(0.985, 0.008, hue),
        "ink": oklch(0.32, 0.115, hue),
    }


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return `#rrggbb`, with as much of the chroma as sRGB can show.

    Spec: CSS Color 4 #ok-lab (matrices of OKLab)
    """
    for _ in range(40):
        a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        rgb = (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
        if all(-1e-4 <= part <= 1.0001 for part in rgb):
            break
        chroma *= 0.95
    return "#{:02x}{:02x}{:02x}".format(*(_gamma(part) for part in rgb))


def _gamma(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def silhouette(kind: BadgeKind, inset: float) -> str:
    """Return the outline that says what a badge is, drawn this far inside the edge, as path data."""
    radius = 246 - inset
    if kind is BadgeKind.CREDENTIAL:
        turns = (math.radians(degrees) for degrees in range(-90, 270, 60))
        corners = [(CENTRE + radius * math.cos(turn), CENTRE + radius * math.sin(turn)) for turn in turns]
        return _rounded(corners, 62)
    if kind is BadgeKind.STACK:
        return _scallop(radius * 0.888)
    if kind is BadgeKind.LICENCE:
        return _shield(radius / 246)
    return (
        f"M{CENTRE - radius:.1f} {CENTRE}a{radius:.1f} {radius:.1f} 0 1 0 {2 * radius:.1f} 0"
        f"a{radius:.1f} {radius:.1f} 0 1 0 {-2 * radius:.1f} 0Z"
    )


def _rounded(corners: list[Point], size: float) -> str:
    """Close a polygon with every corner rounded by a quadratic of this size."""
    drawn: list[str] = []
    for place, corner in enumerate(corners):
        before = _toward(corner, corners[place - 1], size)
        after = _toward(corner, corners[(place + 1) % len(corners)], size)
        drawn.append(
            f"{'L' if drawn else 'M'}{before[0]:.1f} {before[1]:.1f}"
            f"Q{corner[0]:.1f} {corner[1]:.1f} {after[0]:.1f} {after[1]:.1f}"
        )
    return "".join(drawn) + "Z"


def _toward(start: Point, end: Point, size: float) -> Point:
    share = min(0.5, size / math.dist(start, end))
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _scallop(base: float) -> str:
    petals = 14
    points = [
        (CENTRE + base * math.sin(math.tau * k / petals), CENTRE - base * math.cos(math.tau * k / petals))
        for k in range(petals)
    ]
    arc = math.dist(points[0], points[1]) * 0.56
    curves = "".join(f"A{arc:.1f} {arc:.1f} 0 0 1 {x:.1f} {y:.1f}" for x, y in [*points[1:], points[0]])
    return f"M{points[0][0]:.1f} {points[0][1]:.1f}{curves}Z"


def _shield(scale: float) -> str:
    def at(x: float, y: float) -> str:
        return f"{CENTRE + x * scale:.1f} {CENTRE + y * scale:.1f}"

    return (
        f"M{at(0, -240)}C{at(60, -204)} {at(130, -190)} {at(196, -188)}Q{at(214, -187)} {at(214, -168)}"
        f"V{CENTRE - 10 * scale:.1f}C{at(214, 110)} {at(130, 196)} {at(0, 240)}"
        f"C{at(-130, 196)} {at(-214, 110)} {at(-214, -10)}V{CENTRE - 168 * scale:.1f}"
        f"Q{at(-214, -187)} {at(-196, -188)}C{at(-130, -190)} {at(-60, -204)} {at(0, -240)}Z"
    )


def _rosette(digest: bytes, middle: float) -> str:
    """Draw turned ellipses, like security printing; the digest sets their number, shape and turn."""
    count = (9, 11, 12, 14, 16, 18)[digest[1] % 6]
    wide, high = 196 + digest[2] % 22, 62 + digest[3] % 62
    offset = digest[4] % 20
    return "".join(
        f'<ellipse cx="{CENTRE:g}" cy="{middle:g}" rx="{wide}" ry="{high}"'
        f' transform="rotate({180 * k / count + offset:.2f} {CENTRE:g} {middle:g})"/>'
        for k in range(count)
    )


def _plate(level: int, middle: float, rim: str) -> str:
    """Draw the level as diamonds. Empty ones are not drawn: level 2 must not look unfinished."""
    if not level:
        return ""
    step, y = 40, middle + MEDALLION + 30
    half = (level - 1) / 2 * step + 36
    diamonds = "".join(
        f'<path d="M{CENTRE + (k - (level - 1) / 2) * step:g} {y - 15:g}l13 15-13 15-13-15Z"/>'
        for k in range(level)
    )
    plate = (
        f'<rect x="{CENTRE - half:g}" y="{y - 30:g}" width="{2 * half:g}" height="60" rx="30" fill="{rim}"/>'
    )
    return plate + diamonds


def _medallion(glyph: str, middle: float, ink: dict[str, str], *, small: bool) -> str:
    centre = f'cx="{CENTRE:g}" cy="{middle:g}"'
    back = f"translate({-CENTRE:g} {-middle:g})"
    grow = f' transform="translate({CENTRE:g} {middle:g}) scale(1.22) {back}"' if small else ""
    drawing = GLYPHS[glyph].replace('class="f"', f'fill="{ink["ink"]}" stroke="none"')
    return (
        f'<g class="m"{grow}><circle {centre} r="{MEDALLION + 11}" fill="{ink["rim"]}"/>'
        f'<circle {centre} r="{MEDALLION}" fill="{ink["paper"]}"/>'
        f'<circle class="fine" {centre} r="{MEDALLION - 11}" fill="none" stroke="{ink["line"]}"'
        f' stroke-width="2"/>'
        f'<g class="g" transform="translate({CENTRE - 88:g} {middle - 88:g}) scale(1.76)" fill="none"'
        f' stroke="{ink["ink"]}" stroke-width="7.6" stroke-linecap="round" stroke-linejoin="round">'
        f"{drawing}</g></g>"
    )


def _small_size_style(own: str, middle: float) -> str:
    # The drawing is whole without this: mail programs and sanitisers strip style elements.
    return (
        f"<style>@media (max-width:120px){{.{own} .r,.{own} .fine{{display:none}}"
        f".{own} .g{{stroke-width:8.6px}}}}@media (max-width:64px){{.{own} .p{{display:none}}"
        f".{own} .m{{transform:scale(1.22);transform-origin:{CENTRE:g}px {middle:g}px}}}}</style>"
    )


def _description(issuer: str, design: BadgeDesign) -> str:
    level = f", level {design.level} of 4" if design.level else ""
    return f"{KIND_NAMES[design.kind]}{level}, issued by {issuer}"
