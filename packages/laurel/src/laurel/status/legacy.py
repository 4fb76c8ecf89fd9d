# SPDX-License-Identifier: Apache-2.0
"""Two older kinds of list, read and never made: StatusList2021, and the 1EdTech Revocation List."""

from collections.abc import Mapping

from laurel.errors import CorruptBitstring
from laurel.proof.encodings import NotCanonical, from_base64url
from laurel.status.bitstring import SMALLEST_LENGTH
from laurel.status.entries import Entry
from laurel.status.faults import StatusFault
from laurel.status.packing import GZIP, MAX_PACKED, inflate
from laurel.strictjson import JsonValue

_OTHER_ALPHABET = str.maketrans("+/", "-_")


def bits_of_2021(document: Mapping[str, JsonValue], entry: Entry) -> bytes:
    """Return the bits of a StatusList2021Credential, if it is the list that the entry means.

    Its `encodedList` has no letter for its base in front; both alphabets of base64 and padding occur.

    Raises:
        StatusFault: `status.not-a-list`, or `status.purpose` when the list is for something else.
        CorruptBitstring: the list does not unpack, or has too few entries.

    Spec: Status List 2021 §4.2 and §5.2
    """
    subject, types = document.get("credentialSubject"), document.get("type")
    is_list = "StatusList2021Credential" in types if isinstance(types, list | str) else False
    if not is_list or not isinstance(subject, dict) or subject.get("type") != "StatusList2021":
        raise StatusFault("What was found is not a status list.", code="status.not-a-list")
    if subject.get("statusPurpose") != entry.purpose:
        raise StatusFault(f"The status list is not for {entry.purpose}.", code="status.purpose")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str) or len(encoded) > MAX_PACKED:
        raise StatusFault("The status list holds no list.", code="status.not-a-list")
    try:
        packed = from_base64url(encoded.rstrip("=").translate(_OTHER_ALPHABET))
    except NotCanonical as error:
        raise CorruptBitstring(f"The status list cannot be unpacked. {error}") from error
    bits = inflate(packed, window=GZIP)
    if len(bits) * 8 < SMALLEST_LENGTH:
        raise CorruptBitstring(
            f"The status list has fewer than {SMALLEST_LENGTH:,} entries.", code="status.length"
        )
    return bits


def is_revoked(document: Mapping[str, JsonValue], credential_id: str, issuer_id: str | None) -> bool:
    """Tell whether a 1EdTech Revocation List names a credential as revoked.

    Nobody signs such a list; whom it may be believed is the caller's to decide.

    Args:
        document: the list as it was served: `id`, `issuer` and `revokedCredential`, each of those with an
            `id` and perhaps `revoked`, which counts as true where it is missing.

    Raises:
        StatusFault: `status.not-a-list` for something else, `status.other-issuer` when the list names another
            issuer than the credential does.

    Spec: 1EdTech Revocation List 1.0 #data-model
    """
    listed, issuer = document.get("revokedCredential"), document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    rows = listed if isinstance(listed, list) else [] if listed is None else [listed]
    is_list = listed is not None or (issuer is not None and "id" in document)
    if not is_list or not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise StatusFault("What was found is not a list of revoked credentials.", code="status.not-a-list")
    if named is not None and named != issuer_id:
        raise StatusFault("The status list comes from another issuer.", code="status.other-issuer")
    # Whatever is not plainly false revokes: a careless list must not let anything through.
    return any(
        isinstance(row, dict) and row.get("id") == credential_id and row.get("revoked", True) is not False
        for row in rows
    )
