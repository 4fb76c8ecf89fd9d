# SPDX-License-Identifier: Apache-2.0
"""What somebody uploads becomes a plain square PNG, or is refused with a reason."""

import time
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from cairn.achievements import images
from cairn.achievements.errors import NotAnImage, UnsafeImage
from cairn.foundation.errors import FileEmpty, FileTooLarge, Refusal

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'


def svg(inside: str, head: str = HEAD) -> bytes:
    """Return a drawing with this inside."""
    return f"{head}{inside}</svg>".encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    """Return a plain blue picture."""
    out = BytesIO()
    Image.new("RGB", size, "#1456b8").save(out, kind, **options)
    return out.getvalue()


def opened(png: bytes) -> Image.Image:
    """Return a PNG, loaded."""
    image = Image.open(BytesIO(png), formats=["PNG"])
    image.load()
    return image


class TestUpload:
    @pytest.mark.parametrize(("kind", "name"), [("PNG", "badge.png"), ("JPEG", "badge.JPG")])
    def test_becomes_a_square_png_with_nothing_cut_off(self, kind, name):
        image = opened(images.as_badge_png(picture(kind), name=name))

        assert image.size == (1024, 1024)
        assert image.getpixel((512, 10))[3] == 0
        red, green, blue, alpha = image.getpixel((512, 512))
        assert alpha == 255
        assert abs(red - 0x14) < 4
        assert abs(green - 0x56) < 4
        assert abs(blue - 0xB8) < 4

    def test_carries_nothing_hidden_along(self):
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "where Amara lives")
        hidden = picture(pnginfo=note) + b"PK\x03\x04 a second file"

        png = images.as_badge_png(hidden, name="badge.png")

        assert b"Amara" not in png
        assert b"second file" not in png

    def test_that_is_empty_is_refused(self):
        with pytest.raises(FileEmpty):
            images.as_badge_png(b"", name="badge.png")

    def test_of_9_mb_is_refused_with_both_sizes(self):
        with pytest.raises(FileTooLarge, match=r"The file is 9 MB\. The most we can take is 5 MB"):
            images.as_badge_png(b"\xff\xd8\xff" + bytes(9 * 1024 * 1024), name="photo.jpg")

    @pytest.mark.parametrize(
        ("upload", "name"),
        [
            (picture("JPEG"), "badge.png"),
            (picture(), "badge.svg"),
            (picture(), "badge.jpeg"),
            (svg("<path d='M0 0h9'/>"), "badge.png"),
        ],
    )
    def test_that_lies_about_its_kind_is_refused(self, upload, name):
        with pytest.raises(NotAnImage, match="The name ends in"):
            images.as_badge_png(upload, name=name)

    @pytest.mark.parametrize(
        ("upload", "name"),
        [
            (b"%PDF-1.7 hello", "badge.png"),
            (b"MZ\x90\x00", "badge.png"),
            (picture("GIF"), "badge.gif"),
            (b"<html><body>hello</body></html>", "badge.svg"),
            (picture(), "badge"),
        ],
    )
    def test_of_another_kind_is_refused(self, upload, name):
        with pytest.raises(NotAnImage):
            images.as_badge_png(upload, name=name)

    @pytest.mark.parametrize("cut", [20, 60, 200])
    def test_that_ends_too_early_is_refused(self, cut):
        with pytest.raises(NotAnImage, match="broken"):
            images.as_badge_png(picture()[:cut], name="badge.png")

    def test_under_64_pixels_is_refused(self):
        with pytest.raises(NotAnImage, match="64 pixels"):
            images.as_badge_png(picture(size=(64, 63)), name="badge.png")

    def test_that_promises_a_billion_pixels_is_refused_before_they_are_unpacked(self):
        header = (50_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
        chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
        bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
            len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
            for kind, body in chunks
        )

        with pytest.raises(UnsafeImage, match="40 million"):
            images.as_badge_png(bomb, name="badge.png")


class TestDrawing:
    def test_is_drawn(self):
        image = opened(images.as_badge_png(svg("<rect width='100' height='100' fill='#f00'/>"), name="a.svg"))

        assert image.size == (1024, 1024)
        assert image.getpixel((512, 512)) == (255, 0, 0, 255)

    @pytest.mark.parametrize(
        "inside",
        [
            "<script>alert(1)</script>",
            "<g onclick='alert(1)'/>",
            "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
            "<image href='https://tracker.example/x.png' width='9' height='9'/>",
            "<image xlink:href='/etc/passwd' width='9' height='9'/>",
            "<image href='file:///etc/passwd' width='9' height='9'/>",
            "<image href='data:image/svg+xml;base64,PHN2Zy8+' width='9' height='9'/>",
            "<use href='other.svg#a'/>",
            "<style>@import url(https://tracker.example/x.css);</style>",
            "<rect width='9' height='9' style='fill:url(https://tracker.example/x.svg#p)'/>",
            "<rect width='9' height='9' fill='url( \"//tracker.example/x.svg#p\")'/>",
            "<text x='9' y='9'>Fernhill</text>",
        ],
    )
    def test_that_runs_or_reaches_out_is_refused(self, inside):
        with pytest.raises(UnsafeImage):
            images.as_badge_png(svg(inside), name="badge.svg")

    def test_with_entities_is_refused(self):
        levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "lol">{levels}]>{HEAD}<path d="&e9;"/></svg>'

        with pytest.raises(UnsafeImage, match="entities"):
            images.as_badge_png(bomb.encode(), name="badge.svg")

    def test_that_reads_a_file_by_an_entity_is_refused(self):
        thief = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<desc>&x;</desc></svg>'

        with pytest.raises(UnsafeImage):
            images.as_badge_png(thief.encode(), name="badge.svg")

    def test_that_doubles_itself_again_and_again_is_refused(self):
        chain = "".join(
            f"<g id='a{n}'><use href='#a{n - 1}'/><use href='#a{n - 1}'/></g>" for n in range(1, 40)
        )

        with pytest.raises(UnsafeImage, match="repeats itself"):
            images.as_badge_png(svg(f"<path id='a0' d='M0 0h9'/>{chain}"), name="badge.svg")

    def test_that_contains_itself_is_refused(self):
        with pytest.raises(UnsafeImage):
            images.as_badge_png(svg("<g id='a'><use href='#a'/></g>"), name="badge.svg")

    def test_that_is_too_much_work_is_given_up_on(self):
        # Thirty blurs over the whole of a huge canvas: small to send, minutes to draw.
        blurs = "".join(f"<feGaussianBlur stdDeviation='{400 + n}'/>" for n in range(400))
        turbulence = "<feTurbulence baseFrequency='9' numOctaves='2000000'/>"
        heavy = svg(
            f"<filter id='f' x='-9' y='-9' width='19' height='19'>{turbulence}{blurs}</filter>"
            "<rect width='100' height='100' filter='url(#f)'/>"
        )
        began = time.monotonic()

        with pytest.raises(Refusal):
            images.as_badge_png(heavy, name="badge.svg")

        assert time.monotonic() - began < 8

    def test_with_six_thousand_parts_is_refused(self):
        with pytest.raises(UnsafeImage, match="5,000 parts"):
            images.as_badge_png(svg("<path d='M0 0h9'/>" * 6_000), name="badge.svg")

    def test_nested_a_thousand_deep_is_refused(self):
        with pytest.raises(Refusal):
            images.as_badge_png(svg("<g>" * 2_000 + "</g>" * 2_000), name="badge.svg")

    def test_that_is_not_well_formed_is_refused(self):
        with pytest.raises(NotAnImage, match="well-formed"):
            images.as_badge_png(svg("<g>"), name="badge.svg")

    def test_that_is_another_document_is_refused(self):
        with pytest.raises(NotAnImage, match="not an SVG"):
            images.as_badge_png(b"<?xml version='1.0'?><book><svg/></book>", name="badge.svg")
