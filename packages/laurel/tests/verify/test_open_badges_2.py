# SPDX-License-Identifier: Apache-2.0
"""A badge of Open Badges 2.0 is what its issuer's host shows, or what a key signed that its issuer lists."""

import json
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from issuer_world import NOW, NoAnswer

from laurel import verify as verifying
from laurel.errors import NotAKey
from laurel.proof import jose
from laurel.proof.keys import SigningKey
from laurel.proof.pem import from_pem
from laurel.verify import Report, Result, Verdict

HOST = "https://badges.example"
CONTEXT = "https://w3id.org/openbadges/v2"


class Host:
    """A host of badges: change `documents` to make it misbehave."""

    def __init__(self) -> None:
        self.key = SigningKey.generate("rsa2048")
        self.documents: dict[str, Any] = {
            f"{HOST}/b/1": {
                "@context": CONTEXT,
                "type": "BadgeClass",
                "id": f"{HOST}/b/1",
                "name": "Robotics",
                "description": "Built one.",
                "criteria": f"{HOST}/criteria",
                "issuer": f"{HOST}/issuer",
            },
            f"{HOST}/issuer": {
                "@context": CONTEXT,
                "type": "Issuer",
                "id": f"{HOST}/issuer",
                "name": "Robot club",
                "url": HOST,
                "email": "club@badges.example",
                "publicKey": f"{HOST}/key",
                "revocationList": f"{HOST}/revoked",
            },
            f"{HOST}/key": {
                "@context": CONTEXT,
                "type": "CryptographicKey",
                "id": f"{HOST}/key",
                "owner": f"{HOST}/issuer",
                "publicKeyPem": pem_of(self.key),
            },
            f"{HOST}/revoked": {"type": "RevocationList", "id": f"{HOST}/revoked", "revokedAssertions": []},
        }
        self.asked: list[str] = []

    def assertion(self, kind: str = "hosted", **changes: Any) -> dict[str, Any]:
        return {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": f"{HOST}/a/1",
            "recipient": {"type": "email", "hashed": False, "identity": "beth@example.org"},
            "issuedOn": "2020-01-01T00:00:00Z",
            "badge": f"{HOST}/b/1",
            "verification": {"type": kind},
        } | changes

    def hosted(self, **changes: Any) -> bytes:
        assertion = self.assertion(**changes)
        self.documents[assertion["id"]] = deepcopy(assertion)
        return json.dumps(assertion).encode()

    def signed(self, key: SigningKey | None = None, **changes: Any) -> bytes:
        assertion = self.assertion("signed", **changes)
        text = jose.encode({"alg": "RS256"}, json.dumps(assertion).encode(), key or self.key)
        return text.encode()

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise NoAnswer(f"{url} did not answer.")
        return json.dumps(self.documents[url]).encode()


def pem_of(key: SigningKey) -> str:
    jwk = key.public.to_jwk()
    numbers = [int.from_bytes(from_base64url(jwk[name])) for name in ("e", "n")]
    public = rsa.RSAPublicNumbers(*numbers).public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def from_base64url(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("rsa2048")


@pytest.fixture
def host() -> Host:
    return Host()


def judge(host: Host, data: bytes, **more: Any) -> Report:
    return verifying.check(data, **({"fetch": host.fetch, "at": NOW} | more))


class TestHosted:
    def test_is_genuine_as_its_own_address_shows_it(self, host: Host) -> None:
        report = judge(host, host.hosted())

        assert report.verdict is Verdict.GENUINE, report.checks
        assert report.format == "open-badges-2.0"
        assert (report.issuer_id, report.issuer_name) == (f"{HOST}/issuer", "Robot club")
        assert report.achievement_name == "Robotics"
        assert report.credential is not None
        assert report.credential["badge"]["issuer"]["name"] == "Robot club"  # type: ignore[index,call-overload]
        assert tuple(check.name for check in report.checks) == verifying.CHECK_NAMES

    def test_shows_what_the_host_says_and_not_what_was_presented(self, host: Host) -> None:
        data = host.hosted().replace(b"beth@example.org", b"mallory@example.org")
        report = judge(host, data)

        assert report.verdict is Verdict.UNFINISHED
        assert report["proof"].code == "proof.other-copy"
        assert "mallory" not in str(report.credential)

    @pytest.mark.parametrize("asked", [{"challenge": "n-1", "domain": "us"}, {"challenge": "n-1"}])
    def test_does_not_prove_its_holder_to_who_asked_for_that(self, host: Host, asked: dict[str, str]) -> None:
        report = judge(host, host.hosted(), **asked)

        assert report.verdict is Verdict.UNFINISHED
        assert report["holder"].required
        assert report["holder"].result is Result.NOT_CHECKED

    @pytest.mark.parametrize("part", ["b/1", "issuer"])
    def test_never_shows_a_document_that_calls_itself_by_an_address_elsewhere(
        self, host: Host, part: str
    ) -> None:
        data = host.hosted()
        host.documents[f"{HOST}/{part}"]["id"] = f"https://famous.example/{part}"
        report = judge(host, data)

        assert report.verdict is Verdict.UNFINISHED
        assert report.credential is None

    def test_shows_where_its_issuer_was_found_and_not_what_that_calls_itself(self, host: Host) -> None:
        data = host.hosted()
        host.documents[f"{HOST}/issuer"]["id"] = f"{HOST}/other-issuer"
        report = judge(host, data)

        assert report.credential is not None
        assert report.credential["badge"]["issuer"]["id"] == report.issuer_id == f"{HOST}/issuer"  # type: ignore[index,call-overload]

    @pytest.mark.parametrize("said", [True, "true", 1, None])
    def test_is_withdrawn_by_whatever_is_not_plainly_false(self, host: Host, said: Any) -> None:
        assert judge(host, host.hosted(revoked=said)).verdict is Verdict.WITHDRAWN
        assert judge(host, host.hosted(revoked=False)).verdict is Verdict.GENUINE

    def test_is_not_the_issuers_where_it_lies_on_another_host(self, host: Host) -> None:
        forged = host.assertion(id="https://evil.example/a/1")
        host.documents["https://evil.example/a/1"] = forged
        report = judge(host, json.dumps(forged).encode())

        assert report.verdict is Verdict.UNKNOWN_ISSUER
        assert report["issuer"].code == "issuer.other-place"

    @pytest.mark.parametrize(
        ("policy", "place", "holds"),
        [
            ({"startsWith": f"{HOST}/a/"}, f"{HOST}/a/1", True),
            ({"startsWith": [f"{HOST}/x/", f"{HOST}/a/"]}, f"{HOST}/a/1", True),
            ({"startsWith": f"{HOST}/x/"}, f"{HOST}/a/1", False),
            ({"startsWith": HOST}, "https://badges.example.evil.example/a/1", False),
            ({"startsWith": HOST}, f"{HOST}/a/1", True),
            ({"allowedOrigins": "cdn.example"}, "https://cdn.example/a/1", True),
            ({"allowedOrigins": ["cdn.example"]}, f"{HOST}/a/1", False),
            (
                {"allowedOrigins": "cdn.example", "startsWith": "https://cdn.example/b/"},
                "https://cdn.example/a/1",
                False,
            ),
            ({}, "https://user@badges.example@evil.example/a/1", False),
        ],
    )
    def test_lies_where_its_issuer_says(self, host: Host, policy: Any, place: str, holds: bool) -> None:
        host.documents[f"{HOST}/issuer"]["verification"] = policy
        report = judge(host, host.hosted(id=place))

        assert (report.verdict is Verdict.GENUINE) is holds

    def test_is_another_badge_when_its_address_gives_another(self, host: Host) -> None:
        data = host.hosted()
        host.documents[f"{HOST}/a/1"]["id"] = f"{HOST}/a/2"

        assert judge(host, data)["proof"].code == "proof.other-badge"

    def test_is_withdrawn_when_its_address_says_so(self, host: Host) -> None:
        data = host.hosted()
        host.documents[f"{HOST}/a/1"] |= {"revoked": True, "revocationReason": "Bought, not built"}
        report = judge(host, data)

        assert report["status"].code == "status.withdrawn"
        assert report["status"].detail == {"message": "Bought, not built"}

    @pytest.mark.parametrize("missing", ["a/1", "b/1", "issuer"])
    def test_is_doubt_while_a_document_is_missing(self, host: Host, missing: str) -> None:
        data = host.hosted()
        del host.documents[f"{HOST}/{missing}"]
        report = judge(host, data)

        assert report.verdict is Verdict.UNFINISHED
        assert report.credential is None
        assert report["proof"].detail["url"] == f"{HOST}/{missing}"

    def test_tells_whose_it_is(self, host: Host) -> None:
        data = host.hosted()

        assert judge(host, data, recipient="Beth@example.org")["recipient"].result is Result.PASSED
        assert judge(host, data, recipient="other@example.org").verdict is Verdict.OTHER_RECIPIENT

    def test_is_trusted_by_its_issuers_address(self, host: Host) -> None:
        assert judge(host, host.hosted(), trust=[f"{HOST}/issuer"]).verdict is Verdict.GENUINE
        assert judge(host, host.hosted(), trust=[HOST]).verdict is Verdict.UNKNOWN_ISSUER


class TestSigned:
    def test_is_genuine_under_a_key_that_its_issuer_lists(self, host: Host) -> None:
        report = judge(host, host.signed())

        assert report.verdict is Verdict.GENUINE, report.checks
        assert f"{HOST}/a/1" not in host.asked

    def test_is_changed_under_another_key(self, host: Host, key: SigningKey) -> None:
        assert judge(host, host.signed(key)).verdict is Verdict.CHANGED

    def test_a_key_that_only_the_badge_names_counts_for_nothing(self, host: Host, key: SigningKey) -> None:
        mine = "https://evil.example/key"
        host.documents[mine] = host.documents[f"{HOST}/key"] | {
            "id": mine,
            "publicKeyPem": pem_of(key),
            "owner": f"{HOST}/issuer",
        }
        data = host.signed(key, verification={"type": "signed", "creator": mine})
        report = judge(host, data)

        assert report["proof"].result is Result.NOT_CHECKED
        assert report.credential is None
        assert mine not in host.asked

    def test_a_key_of_another_owner_counts_for_nothing(self, host: Host) -> None:
        host.documents[f"{HOST}/key"]["owner"] = "https://evil.example/issuer"

        assert judge(host, host.signed())["proof"].result is Result.NOT_CHECKED

    @pytest.mark.parametrize("entry", [f"{HOST}/a/1", {"id": f"{HOST}/a/1", "revocationReason": "Bought"}])
    def test_is_withdrawn_when_the_list_names_it(self, host: Host, entry: Any) -> None:
        host.documents[f"{HOST}/revoked"]["revokedAssertions"] = ["urn:uuid:1", entry, {"id": None}]

        assert judge(host, host.signed()).verdict is Verdict.WITHDRAWN

    def test_is_doubt_while_the_list_is_missing(self, host: Host) -> None:
        del host.documents[f"{HOST}/revoked"]
        report = judge(host, host.signed())

        assert (report.verdict, report["status"].code) == (Verdict.UNFINISHED, "status.unreachable")

    def test_asks_for_five_documents_at_most(self, host: Host) -> None:
        judge(host, host.signed())

        assert len(host.asked) <= 5


class TestHostile:
    @pytest.mark.parametrize("name", ["badge", "id", "recipient", "verification", "issuedOn", "@context"])
    @pytest.mark.parametrize("value", [None, 5, [], {}, [[]], "", "https://", {"id": 5}, "https://[", True])
    def test_no_value_of_a_member_is_too_strange(self, host: Host, name: str, value: Any) -> None:
        assertion = host.assertion(**{name: value})
        host.documents[f"{HOST}/a/1"] = assertion
        for data in (json.dumps(assertion).encode(), host.signed(**{name: value})):
            report = judge(host, data)
            # A signed badge is found by its signature: any name serves as its id.
            assert report.verdict is not Verdict.GENUINE or (
                name == "id" and value in ("https://", "https://[")
            )

    @pytest.mark.parametrize("url", [f"{HOST}/b/1", f"{HOST}/issuer", f"{HOST}/key", f"{HOST}/revoked"])
    @pytest.mark.parametrize("value", [[], "text", {}, {"issuer": {}}, {"publicKeyPem": "no"}])
    def test_no_linked_document_is_too_strange(self, host: Host, url: str, value: Any) -> None:
        host.documents[url] = value
        report = judge(host, host.signed())

        # A list without entries withdraws nothing; whatever else is not there is doubt.
        assert report.verdict is not Verdict.GENUINE or url == f"{HOST}/revoked"

    @pytest.mark.parametrize(
        "text", ["", "no", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "x" * 9000]
    )
    def test_a_key_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(NotAKey):
            from_pem(text)
