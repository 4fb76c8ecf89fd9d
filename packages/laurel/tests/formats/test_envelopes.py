# SPDX-License-Identifier: Apache-2.0
"""An envelope holds one signed text, spelled in one way, and says nothing beside it."""

from typing import Any

import pytest

from laurel.formats import envelopes
from laurel.formats.envelopes import NotAnEnvelope, unwrap, wrap

BASE = "https://www.w3.org/ns/credentials/v2"
TOKEN = "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"
SD_TOKEN = f"{TOKEN}~WyJzYWx0IiwiYSIsMV0~"


class TestEnvelopes:
    @pytest.mark.parametrize(
        ("media_type", "kind"),
        [
            ("application/vc+jwt", envelopes.CREDENTIAL),
            ("application/vc+sd-jwt", envelopes.CREDENTIAL),
            ("application/vp+jwt", envelopes.PRESENTATION),
            ("application/vp+sd-jwt", envelopes.PRESENTATION),
        ],
    )
    def test_give_back_what_was_put_in(self, media_type: str, kind: str) -> None:
        for text in (TOKEN, SD_TOKEN):
            made = wrap(text, media_type)

            assert made == {"@context": BASE, "id": f"data:{media_type},{text}", "type": kind}
            assert envelopes.is_envelope(made, kind)
            assert (unwrap(made, kind).media_type, unwrap(made, kind).text) == (media_type, text)

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": ["EnvelopedVerifiableCredential"]},
            {"@context": [BASE]},
            {"@context": [BASE, "https://www.w3.org/ns/credentials/examples/v2"]},
        ],
    )
    def test_may_stand_in_arrays(self, changes: dict[str, Any]) -> None:
        assert unwrap(wrap(TOKEN, envelopes.JWT) | changes, envelopes.CREDENTIAL).text == TOKEN

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": "EnvelopedVerifiablePresentation"},
            {"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]},
            {"type": ["EnvelopedVerifiableCredential"] * 2},
            {"type": None},
            {"@context": []},
            {"@context": None},
            {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
            {"@context": [{"id": "@id"}, BASE]},
            {"name": "A degree that nobody signed"},
            {"issuer": "did:web:fernhill.example"},
            {"proof": {}},
            {"id": TOKEN},
            {"id": None},
            {"id": [f"data:application/vc+jwt,{TOKEN}"]},
            *(
                {"id": url}
                for url in (
                    "",
                    "data:,",
                    f"data:,{TOKEN}",
                    "data:application/vc+jwt,",
                    f"DATA:application/vc+jwt,{TOKEN}",
                    f"data:Application/vc+jwt,{TOKEN}",
                    f"data: application/vc+jwt,{TOKEN}",
                    f" data:application/vc+jwt,{TOKEN}",
                    f"data:application/vc+jwt,{TOKEN}\n",
                    f"data:application/vc+jwt,{TOKEN}#fragment",
                    f"data:application/vc+jwt,{TOKEN}?query",
                    f"data:application/vc+jwt;base64,{TOKEN}",
                    f"data:application/vc+jwt;charset=utf-8,{TOKEN}",
                    f"data:application/vc+jwt;,{TOKEN}",
                    f"data:application/vc%2Bjwt,{TOKEN}",
                    f"data:application/vc+jwt,{TOKEN.replace('.', '%2E')}",
                    f"data:application/vc+jwt,{TOKEN},{TOKEN}",
                    f"data:application/vc+jwt,{TOKEN};data:application/vc+jwt,{TOKEN}",
                    f"data:application/vc-ld+jwt,{TOKEN}",
                    f"data:application/vc+cose,{TOKEN}",
                    f"data:application/vp+jwt,{TOKEN}",
                    f"data:text/jwt,{TOKEN}",
                    f"data:text/html,{TOKEN}",
                    f"https://example.org/{TOKEN}",
                )
            ),
        ],
    )
    def test_are_refused_in_any_other_spelling(self, changes: dict[str, Any]) -> None:
        with pytest.raises(NotAnEnvelope):
            unwrap(wrap(TOKEN, envelopes.JWT) | changes, envelopes.CREDENTIAL)

    def test_that_are_huge_are_read_at_once(self) -> None:
        text = "a" * 200_000

        assert unwrap(wrap(text, envelopes.JWT), envelopes.CREDENTIAL).text == text
        with pytest.raises(NotAnEnvelope):
            unwrap(wrap(text + "%", envelopes.JWT), envelopes.CREDENTIAL)
