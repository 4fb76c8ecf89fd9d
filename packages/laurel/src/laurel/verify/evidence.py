# SPDX-License-Identifier: Apache-2.0
"""Do the files still fit the fingerprints that were signed?"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from laurel.proof.encodings import NotCanonical, from_base58btc, from_base64url
from laurel.strictjson import JsonValue
from laurel.verify.material import Material, Rewritten
from laurel.verify.presented import Presented
from laurel.verify.report import Check, Result, not_checked

_SRI: Final = ("sha256", "sha384", "sha512")
#: What a multihash begins with: the kind of hash, then its length.
_MULTIHASHES: Final = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}
_LONGEST_DIGEST: Final = 128


def needs(presented: Presented) -> list[str | None]:
    """Return the addresses of the files whose fingerprints were signed."""
    return [url for url, _ in _resources(presented)]


def check(presented: Presented, found: Mapping[str, Material]) -> Check:
    """Compare the files that were found with their fingerprints.

    Not required: the files belong to the learner, who may keep them private. But a file that was found and
    does not fit is a failure.

    Spec: VCDM 2.0 #integrity-of-related-resources
    """
    resources = _resources(presented)
    at_hand = [
        (url, resource, material)
        for url, resource in resources
        if isinstance(material := found.get(url), bytes) and not isinstance(material, Rewritten)
    ]
    if not resources:
        message = "It carries no fingerprints of files."
        return not_checked("evidence", message, code="evidence.none", required=False)
    if not at_hand:
        asked = any(url in found for url, _ in resources)
        message = (
            "None of the files behind it was at hand; the learner can keep them private."
            if asked
            else "The files behind it were not looked at."
        )
        return not_checked("evidence", message, required=False)
    outcomes = [(url, fits_digests(resource, material)) for url, resource, material in at_hand]
    changed = [url for url, fits in outcomes if fits is False]
    if changed:
        return Check(
            name="evidence",
            result=Result.FAILED,
            code="evidence.changed",
            message="A file is not the one whose fingerprint was signed.",
            required=False,
            detail={"url": changed[0]},
        )
    if any(fits is None for _, fits in outcomes):
        message = "A file has a fingerprint of a kind that we do not know."
        return not_checked("evidence", message, code="evidence.unknown-digest", required=False)
    if len(at_hand) < len(resources):
        message = (
            f"{len(at_hand)} of {len(resources)} files fit their fingerprints; the others were not found."
        )
        return not_checked("evidence", message, code="evidence.partly", required=False)
    return Check(
        name="evidence",
        result=Result.PASSED,
        code="evidence.ok",
        message=f"{_count(len(at_hand))} the fingerprint that was signed.",
        required=False,
    )


def _count(number: int) -> str:
    return "The file fits" if number == 1 else f"All {number} files fit"


def _resources(presented: Presented) -> list[tuple[str, Mapping[str, JsonValue]]]:
    """Return what has a fingerprint: the related resources, and evidence or an image that says its own.

    Open Badges 3.0 gives evidence and images no fingerprint of their own, and lists them as related
    resources; the W3C's terms for one may stand with any object.
    """
    found: list[tuple[str, Mapping[str, JsonValue]]] = []
    for name in ("relatedResource", "evidence", "image"):
        value = presented.document.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and {"digestSRI", "digestMultibase"} & item.keys():
                url = item.get("id")
                if isinstance(url, str):
                    found.append((url, item))
    return found


def fits_digests(resource: Mapping[str, JsonValue], data: bytes) -> bool | None:
    """Tell whether every fingerprint fits; None when one is of a kind that we do not know."""
    answers: list[bool | None] = []
    if "digestMultibase" in resource:
        answers.append(_fits_multibase(resource["digestMultibase"], data))
    if "digestSRI" in resource:
        answers.append(_fits_sri(resource["digestSRI"], data))
    if False in answers:
        return False
    return None if None in answers else True


def _fits_multibase(digest: JsonValue, data: bytes) -> bool | None:
    """Compare with a multihash in base64url or base58btc. Spec: Data Integrity 1.0 #resource-integrity"""
    try:
        found = _from_multibase(digest if isinstance(digest, str) else "")
    except NotCanonical:
        return None
    if len(found) == hashlib.sha256().digest_size:  # without what names the hash, as W3C tests write it
        found = _MULTIHASHES["sha256"] + found
    for name, prefix in _MULTIHASHES.items():
        if found.startswith(prefix) and len(found) == len(prefix) + hashlib.new(name).digest_size:
            return compare_digest(found, prefix + hashlib.new(name, data).digest())
    return None


def _from_multibase(text: str) -> bytes:
    if len(text) > _LONGEST_DIGEST:
        raise NotCanonical("A digest is shorter.")
    return from_base64url(text[1:]) if text.startswith("u") else from_base58btc(text)


def _fits_sri(digest: JsonValue, data: bytes) -> bool | None:
    """Compare with the strongest kind of digest that is given. Spec: Subresource Integrity §3.3"""
    named = [part.partition("-") for part in digest.split()] if isinstance(digest, str) else []
    known = [name for name, _, _ in named if name in _SRI]
    if not known:
        return None
    strongest = max(known, key=_SRI.index)
    expected = b64encode(hashlib.new(strongest, data).digest())
    return any(name == strongest and compare_digest(value.encode(), expected) for name, _, value in named)
