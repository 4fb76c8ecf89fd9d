# SPDX-License-Identifier: Apache-2.0
"""Was it given to the person one has in mind? Holds an e-mail address or id against the signed claims."""

from collections.abc import Iterator, Mapping
from typing import Final

from laurel.formats.identities import is_same
from laurel.strictjson import JsonValue
from laurel.verify.report import Check, Result, not_checked

_EMAIL: Final = ("emailAddress", "email")


def check(claims: Mapping[str, JsonValue], known: str | None) -> Check:
    """Compare what one knows of a person with whom the claims are about.

    Required once somebody was named. It says whose credential this is, and not who is showing it: whoever
    knows the address can name it.

    Args:
        known: an e-mail address, or the id of the subject: a URL, URN or DID. None when nobody asked.

    Spec: OB 3.0 #verify-identifier
    """
    if known is None:
        message = "Nobody asked whose it is. Name an e-mail address or an id to compare."
        return not_checked("recipient", message, code="recipient.not-asked", required=False)
    known = known.strip()
    is_email = _is_email(known)
    answers = list(_answers(claims, known, is_email=is_email))
    if True in answers:
        return Check(
            name="recipient",
            result=Result.PASSED,
            code="recipient.ok",
            message="It was given to the person you named.",
        )
    if not answers:
        kind = "e-mail address" if is_email else "id"
        message = f"It names its holder by no {kind}, so there is nothing to compare."
        return not_checked("recipient", message, code="recipient.none")
    if None in answers:
        message = "It names its holder by a hash of a kind that we do not know."
        return not_checked("recipient", message, code="recipient.unknown-hash")
    return Check(
        name="recipient",
        result=Result.FAILED,
        code="recipient.other",
        message="It was given to somebody else than the person you named.",
    )


def _is_email(known: str) -> bool:
    name, at, host = known.rpartition("@")
    return bool(name and at and host) and ":" not in name and "/" not in known


def _answers(claims: Mapping[str, JsonValue], known: str, *, is_email: bool) -> Iterator[bool | None]:
    """Yield for each name of the subject that is of the kind of the known one whether they are the same."""
    subjects = claims.get("credentialSubject")
    for subject in subjects if isinstance(subjects, list) else [subjects]:
        if not isinstance(subject, dict):
            continue
        identifier = subject.get("id")
        if isinstance(identifier, str):
            if not is_email:
                yield is_same(known, identifier, hashed=False)
            elif identifier.startswith("mailto:"):
                yield is_same(known, identifier.removeprefix("mailto:"), hashed=False, fold=True)
        if is_email:
            yield from _of_entries(subject.get("identifier"), known)


def _of_entries(entries: JsonValue, known: str) -> Iterator[bool | None]:
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict) or entry.get("identityType") not in _EMAIL:
            continue
        written, salt = entry.get("identityHash"), entry.get("salt", "")
        if isinstance(written, str) and isinstance(salt, str) and isinstance(entry.get("hashed"), bool):
            yield is_same(known, written, hashed=entry["hashed"] is True, salt=salt, fold=True)
