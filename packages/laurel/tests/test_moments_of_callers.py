# SPDX-License-Identifier: Apache-2.0
"""A mistake of the caller's own is named at the door, with what to do, and not by an error of Python's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from holder_world import CHALLENGE, DOMAIN, Learner
from issuer_world import NOW, IssuerWorld
from samples import golden_document

from laurel import issue, present, verify
from laurel.status import bitstring, token
from laurel.verify.material import Kept
from laurel.verify.nonces import NoncesInMemory

NAIVE = NOW.replace(tzinfo=None)
ASKED: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}
LIST: dict[str, Any] = {"url": "https://a.example/1", "issuer": "did:web:a.example", "purpose": "revocation"}

college = IssuerWorld()
amara = Learner()
BADGE = issue.sign(issue.check_document(golden_document()), college.key, created=NOW)
SHOWN = present.check([BADGE], holder=None)
SHOWABLE = present.sign(SHOWN, amara.key, created=NOW, **ASKED)


def fetch(url: str) -> bytes:
    raise AssertionError(f"{url} was asked for before the argument was looked at")


TOKEN: dict[str, Any] = {"uri": "https://a.example/1", "statuses": {}, "bits": 1, "length": 8}
DOORS: dict[str, tuple[str, Callable[[datetime], Any]]] = {
    "check at": ("at", lambda moment: verify.check(BADGE, fetch=fetch, at=moment)),
    "check seen_at": ("seen_at", lambda moment: verify.check(BADGE, fetch=fetch, at=NOW, seen_at=moment)),
    "check nonsense": ("at", lambda moment: verify.check(b"{", fetch=fetch, at=moment)),
    "needs at": ("at", lambda moment: verify.needs(verify.read(BADGE), {}, at=moment)),
    "needs seen_at": ("seen_at", lambda moment: verify.needs(verify.read(BADGE), {}, at=NOW, seen_at=moment)),
    "verify at": ("at", lambda moment: verify.verify(verify.read(BADGE), {}, at=moment)),
    "verify seen_at": (
        "seen_at",
        lambda moment: verify.verify(verify.read(BADGE), {}, at=NOW, seen_at=moment),
    ),
    "check_presentation at": (
        "at",
        lambda moment: verify.check_presentation(SHOWABLE, fetch=fetch, at=moment, **ASKED),
    ),
    "check_presentation seen_at": (
        "seen_at",
        lambda moment: verify.check_presentation(SHOWABLE, fetch=fetch, at=NOW, seen_at=moment, **ASKED),
    ),
    "needs_presentation at": (
        "at",
        lambda moment: verify.needs_presentation(verify.read_presentation(SHOWABLE), {}, at=moment),
    ),
    "verify_presentation at": (
        "at",
        lambda moment: verify.verify_presentation(
            verify.read_presentation(SHOWABLE), {}, at=moment, challenge=None, domain=None
        ),
    ),
    "kept": ("since", lambda moment: Kept(b"{}", moment)),
    "nonce given": ("at", lambda moment: NoncesInMemory().give(at=moment)),
    "nonce taken": ("at", lambda moment: NoncesInMemory().take("a", at=moment)),
    "sign": (
        "created",
        lambda moment: issue.sign(issue.check_document(golden_document()), college.key, created=moment),
    ),
    "sign_status_list": (
        "created",
        lambda moment: issue.sign_status_list(
            bitstring.list_credential(**LIST, valid_from=NOW), college.key, created=moment
        ),
    ),
    "batch": (
        "created",
        lambda moment: issue.Batch(golden_document(), college.key).issue({}, created=moment),
    ),
    "batch of JWTs": (
        "created",
        lambda moment: issue.Batch(golden_document(), college.key, form="open-badges-3.0").issue(
            {}, created=moment
        ),
    ),
    "present": ("created", lambda moment: present.sign(SHOWN, amara.key, created=moment, **ASKED)),
    "present expires": (
        "expires",
        lambda moment: present.sign(SHOWN, amara.key, created=NOW, expires=moment, **ASKED),
    ),
    "present JWT": ("created", lambda moment: present.sign_jwt(SHOWN, amara.key, created=moment, **ASKED)),
    "present JWT expires": (
        "expires",
        lambda moment: present.sign_jwt(SHOWN, amara.key, created=NOW, expires=moment, **ASKED),
    ),
    "bind": ("created", lambda moment: present.bind("a~", amara.key, created=moment, **ASKED)),
    "list": ("valid_from", lambda moment: bitstring.list_credential(**LIST, valid_from=moment)),
    "list ends": (
        "valid_until",
        lambda moment: bitstring.list_credential(**LIST, valid_from=NOW, valid_until=moment),
    ),
    "token list": ("issued_at", lambda moment: token.sign(college.key, **TOKEN, issued_at=moment)),
    "token list ends": (
        "expires",
        lambda moment: token.sign(college.key, **TOKEN, issued_at=NOW, expires=moment),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_moment_without_a_zone_is_no_riddle_about_offset_naive_datetimes(door: str) -> None:
    name, call = DOORS[door]

    with pytest.raises(ValueError, match=rf"^{name} has no offset from UTC.*datetime\.now\(UTC\)"):
        call(NAIVE)


@pytest.mark.parametrize("moment", ["2026-11-22T09:30:00Z", None, 1_700_000_000])
def test_what_is_no_moment_is_named_too(moment: Any) -> None:
    with pytest.raises(TypeError, match=r"^at is of the type .*datetime\.now\(UTC\)"):
        verify.check(BADGE, fetch=fetch, at=moment)


def test_a_moment_of_another_zone_is_taken() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5)))

    assert verify.check(BADGE, fetch=college.fetch, at=there) == verify.check(
        BADGE, fetch=college.fetch, at=there.astimezone(UTC)
    )


@pytest.mark.parametrize(
    "read",
    [
        verify.read,
        verify.read_presentation,
        lambda data: verify.check(data, fetch=fetch, at=NOW),
        lambda data: verify.check_presentation(data, fetch=fetch, at=NOW, **ASKED),
    ],
)
def test_a_text_where_a_file_is_wanted_is_told_to_be_bytes(read: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="give bytes"):
        read(BADGE.decode())


def test_a_check_that_there_is_not_tells_which_there_are() -> None:
    report = verify.check(b"{", fetch=fetch, at=NOW)
    shown = verify.check_presentation(b"{", fetch=fetch, at=NOW, **ASKED)

    with pytest.raises(KeyError, match=r"'nope' is no check.* readable, proof, .*, holder"):
        report["nope"]
    with pytest.raises(KeyError, match=r"'nope' is no check.*readable.*audience"):
        shown["nope"]
    assert report["readable"] is report.checks[0]
