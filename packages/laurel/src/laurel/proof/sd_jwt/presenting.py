# SPDX-License-Identifier: Apache-2.0
"""Presenting an SD-JWT: the holder keeps the disclosures to be shown, and may sign for the receiver."""

from collections.abc import Collection
from datetime import datetime

from laurel.errors import NotACredential
from laurel.proof.keys import SigningKey
from laurel.proof.sd_jwt import binding
from laurel.proof.sd_jwt.disclosures import CannotDisclose
from laurel.proof.sd_jwt.pointers import lies_under, tokens
from laurel.proof.sd_jwt.reading import SdJwt, read


def present(
    text: str,
    disclose: Collection[str],
    *,
    key: SigningKey | None = None,
    audience: str | None = None,
    nonce: str | None = None,
    issued_at: datetime | None = None,
) -> str:
    """Return the SD-JWT with the chosen disclosures only, bound to the holder's key if there is one.

    Args:
        text: the SD-JWT as the issuer gave it.
        disclose: JSON Pointers (RFC 6901) into the whole of its claims. Each shows one claim or element;
            those around it that are hidden too are shown with it, those inside it only when they are named.
        key: the holder's key, the one that the token names in `cnf`.
        audience, nonce: for whom it is, and what they gave to be signed; needed with a key.
        issued_at: when the holder signs; any zone, needed with a key.

    Raises:
        Unreadable, ProofFault: as `read` does.
        NotACredential: the text holds a key binding already: it is not the issuer's but a presentation.
        CannotDisclose: `disclosure.not-there` for a pointer that leads nowhere, `disclosure.part` for one
            into a claim that can be shown only as a whole, `disclosure.binding` when the key is not the one
            that the token names, or comes without audience, nonce or time.

    Spec: RFC 9901 §7.2 (processing by the holder)
    """
    whole = read(text)
    if whole.binding is not None:
        raise NotACredential("This is a presentation already. Choose from the SD-JWT that the issuer gave.")
    chosen: set[str] = set()
    for pointer in disclose:
        chosen |= _needed(whole, pointer)
    token = whole.text.partition("~")[0]
    shown = [each.text for place, each in whole.disclosed.items() if place in chosen]
    selected = "~".join([token, *shown, ""])
    if key is None:
        return selected
    if audience is None or nonce is None or issued_at is None:
        message = "To sign for a receiver, say for whom, with which nonce and when."
        raise CannotDisclose(message, pointer="", code="disclosure.binding")
    return selected + binding.sign(read(selected), key, audience=audience, nonce=nonce, issued_at=issued_at)


def _needed(whole: SdJwt, pointer: str) -> set[str]:
    """Return the places of the disclosures that a pointer asks for, none for what is open to all."""
    if not _is_there(whole, pointer):
        message = f"{pointer} leads nowhere, so it cannot be shown."
        raise CannotDisclose(message, pointer=pointer, code="disclosure.not-there")
    around = {place for place in whole.disclosed if lies_under(pointer, place)}
    if around and pointer not in around:
        nearest = max(around, key=len)
        message = f"{pointer} can be shown only as part of {nearest}. Name that one to show all of it."
        raise CannotDisclose(message, pointer=pointer, code="disclosure.part")
    return around


def _is_there(whole: SdJwt, pointer: str) -> bool:
    value: object = whole.claims
    for token in tokens(pointer):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isascii() and token.isdigit() and int(token[:9]) < len(value):
            value = value[int(token)]
        else:
            return False
    return True
