# SPDX-License-Identifier: Apache-2.0
"""A credential goes into an SVG and comes out meaning the same; hostile XML is refused before it costs anything."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_folder import shared, shared_files

from laurel.errors import CorruptImage, NotACredential, TooLarge, Unreadable
from laurel.formats.baking import bake_svg, unbake, unbake_svg

JSON = '{"name": "Data Cleaning with Python", "für": "Ọmọ́lará 🌿"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6d2ViOmZlcm5oaWxsLmV4YW1wbGUifQ.c2lnbmF0dXJl"
BADGE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img">
  <title>Data Cleaning with Python</title><!-- drawn by hand -->
  <path d="M16 2 30 8v12L16 30 2 20V8Z" fill="#1559aa"/>
</svg>"""
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


class TestBakeSvg:
    @given(value=st.dictionaries(st.text(st.characters(codec="utf-8")), json_values, max_size=4))
    def test_gives_back_the_same_json(self, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False)

        assert json.loads(unbake_svg(bake_svg(BADGE, text))) == value

    @pytest.mark.parametrize("text", [JSON, JWS, '{"markup": "<b>&amp;</b> ]] > <![CDATA["}'])
    def test_gives_back_an_ordinary_text_letter_by_letter(self, text: str) -> None:
        assert unbake_svg(bake_svg(BADGE, text)) == text

    def test_keeps_the_end_of_a_cdata_section_inside_the_json(self) -> None:
        value = {"narrative": "x]]>y", "list": [["a]]>"], ["]]>]]>"]], "odd": "\ufffe\uffff"}

        baked = bake_svg(BADGE, json.dumps(value, ensure_ascii=False))

        assert baked.count(b"]]>") == 1
        assert json.loads(unbake_svg(baked)) == value

    def test_puts_the_credential_straight_after_the_root(self) -> None:
        baked = bake_svg(BADGE, JWS).decode()

        opening = baked.index("<openbadges:credential")
        assert 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"' in baked[:opening]
        assert f'<openbadges:credential verify="{JWS}"/>' in baked
        assert "<" not in baked[baked.index("<svg") + 1 : opening]

    def test_leaves_the_drawing_as_it_was(self) -> None:
        baked = bake_svg(BADGE, JSON).decode()

        assert '<path d="M16 2 30 8v12L16 30 2 20V8Z" fill="#1559aa"/>' in baked
        assert "<!-- drawn by hand -->" in baked
        assert 'viewBox="0 0 32 32"' in baked

    def test_replaces_the_credential_of_an_earlier_baking(self) -> None:
        again = bake_svg(bake_svg(BADGE, JWS), JSON)

        assert again.count(b"openbadges:credential>") == 2
        assert JWS.encode() not in again
        assert unbake_svg(again) == JSON

    @pytest.mark.parametrize(
        "active",
        [
            "<script>alert(1)</script>",
            "<g><SCRIPT>alert(1)</SCRIPT></g>",
            '<path onclick="alert(1)" d="M0 0"/>',
            '<path ONLOAD="alert(1)" d="M0 0"/>',
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
            '<a href="javascript:alert(1)"/>',
            '<a href=" JavaScript:alert(1)"/>',
            '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="data:text/html,hello"/>',
            '<animate attributeName="href" values="javascript:alert(1)"/>',
            '<set attributeName="href" to="javascript:alert(1)"/>',
        ],
    )
    def test_refuses_a_picture_that_would_run_something(self, active: str) -> None:
        picture = f'<svg xmlns="http://www.w3.org/2000/svg">{active}</svg>'.encode()

        with pytest.raises(CorruptImage, match="run something"):
            bake_svg(picture, JSON)

    @pytest.mark.parametrize("text", ["", "words", "<openbadges:credential/>", "a.b"])
    def test_refuses_a_text_that_is_no_credential(self, text: str) -> None:
        with pytest.raises(NotACredential):
            bake_svg(BADGE, text)


class TestUnbakeSvg:
    def test_refuses_two_credentials(self) -> None:
        twice = f"{OPEN}<openbadges:credential verify='{JWS}'/><openbadges:credential verify='{JWS}'/></svg>"

        with pytest.raises(CorruptImage) as refusal:
            unbake_svg(twice.encode())

        assert refusal.value.code == "unreadable.several-credentials"

    def test_refuses_a_token_and_json_at_once(self) -> None:
        both = f"{OPEN}<openbadges:credential verify='{JWS}'>{{}}</openbadges:credential></svg>"

        with pytest.raises(CorruptImage, match="two things"):
            unbake_svg(both.encode())

    def test_refuses_elements_inside_the_credential(self) -> None:
        nested = f"{OPEN}<openbadges:credential>{{<b/>}}</openbadges:credential></svg>"

        with pytest.raises(CorruptImage):
            unbake_svg(nested.encode())

    def test_refuses_a_credential_deeper_in_the_picture(self) -> None:
        deeper = f"{OPEN}<g><openbadges:credential verify='{JWS}'/></g></svg>"

        with pytest.raises(CorruptImage, match="straight under"):
            unbake_svg(deeper.encode())

    def test_says_when_there_is_none(self) -> None:
        for empty in (BADGE, f"{OPEN}<credential verify='{JWS}'/></svg>".encode()):
            with pytest.raises(CorruptImage) as refusal:
                unbake_svg(empty)
            assert refusal.value.code == "unreadable.no-credential"

    def test_names_a_badge_of_open_badges_2(self) -> None:
        old = b'<svg xmlns="http://www.w3.org/2000/svg"><a:assertion xmlns:a="http://openbadges.org"/></svg>'

        with pytest.raises(CorruptImage) as refusal:
            unbake_svg(old)

        assert refusal.value.code == "unreadable.open-badges-2"

    def test_refuses_an_entity_bomb_in_little_time(self) -> None:
        lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
        bomb = f"<!DOCTYPE svg [{''.join(lines)}]>{OPEN}<openbadges:credential>&a11;</openbadges:credential></svg>"
        started = time.monotonic()

        with pytest.raises(CorruptImage):
            unbake_svg(bomb.encode())

        assert time.monotonic() - started < 0.5

    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
            '<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>',
            f'<!DOCTYPE svg [<!ATTLIST openbadges:credential verify CDATA "{JWS}">]>',
        ],
    )
    def test_refuses_a_document_type_with_a_body(self, doctype: str) -> None:
        picture = f"{doctype}{OPEN}<openbadges:credential/></svg>".encode()

        with pytest.raises(CorruptImage, match="of its own"):
            unbake_svg(picture)
        with pytest.raises(CorruptImage, match="of its own"):
            bake_svg(picture, JSON)

    def test_reads_past_the_document_type_that_drawing_programs_write(self) -> None:
        doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        picture = f"{doctype}{OPEN}<openbadges:credential verify='{JWS}'/></svg>"

        assert unbake_svg(picture.encode()) == JWS

    @pytest.mark.parametrize(
        "broken",
        [
            b"",
            b"<svg",
            b"<svg/>",
            b"<html/>",
            b"<?xml version='1.0' encoding='no-such-encoding'?><svg/>",
            b"<?xml version='1.0' encoding='utf-16'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\xff\xfe<\0s\0v\0g\0/",
            b"<svg xmlns='http://www.w3.org/2000/svg'>&nothing;</svg>",
            b"<svg xmlns='http://www.w3.org/2000/svg'>\0</svg>",
            b"<a>" * 500_000,
        ],
    )
    def test_refuses_what_is_no_sound_svg(self, broken: bytes) -> None:
        with pytest.raises(CorruptImage):
            unbake_svg(broken)
        with pytest.raises(CorruptImage):
            bake_svg(broken, JSON)

    def test_refuses_a_very_deep_picture_in_little_time(self) -> None:
        deep = (
            OPEN + f"<openbadges:credential verify='{JWS}'/>" + "<g>" * 100_000 + "</g>" * 100_000 + "</svg>"
        )

        with pytest.raises(CorruptImage, match="deeper"):
            unbake_svg(deep.encode())

    def test_refuses_sizes_beyond_its_limits(self) -> None:
        with pytest.raises(TooLarge):
            unbake_svg(BADGE + b" " * 2 * 1024 * 1024)
        with pytest.raises(TooLarge):
            unbake_svg(f"{OPEN}<openbadges:credential>{'x' * 300_000}</openbadges:credential></svg>".encode())

    @given(noise=st.binary(max_size=60), at=st.integers(0, 400))
    def test_only_ever_raises_our_own_errors(self, noise: bytes, at: int) -> None:
        baked = bake_svg(BADGE, JWS)

        try:
            unbake_svg(baked[:at] + noise + baked[at:])
        except Unreadable:
            return


class TestForeignSvg:
    def test_that_1edtech_baked_is_read(self) -> None:
        baked = shared("standards", "1edtech-validator", "ob30", "simple-json.svg").read_bytes()

        assert json.loads(unbake(baked))["name"] == "Teamwork Badge"

    @pytest.mark.parametrize(
        "path", shared_files("*.svg", "ux", "badge", "examples"), ids=lambda path: path.stem
    )
    def test_badge_of_our_own_drawing_carries_a_credential(self, path) -> None:
        assert unbake(bake_svg(path.read_bytes(), JSON)) == JSON

    def test_of_the_attack_collection_never_raises_anything_else(self) -> None:
        attacks = [
            path
            for path in shared("hostile", "payloadsallthethings").rglob("*")
            if path.suffix in {".svg", ".xml"} and path.is_file()
        ]
        assert attacks
        for path in attacks:
            with pytest.raises(Unreadable):
                unbake_svg(path.read_bytes())
