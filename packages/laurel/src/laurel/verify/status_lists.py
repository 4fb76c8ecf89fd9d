# SPDX-License-Identifier: Apache-2.0
"""Whether a status list may be believed: whose it is, who signed it, and of when it is."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, final
from urllib.parse import urlsplit

from laurel import did
from laurel.errors import CorruptBitstring, LaurelError, NotADid, Unreadable
from laurel.jsonld.effort import Effort
from laurel.model.timestamp import parse_timestamp
from laurel.status import bitstring
from laurel.status.entries import Entry
from laurel.status.faults import StatusFault
from laurel.strictjson import JsonValue
from laurel.verify import presented as reading
from laurel.verify import signatures
from laurel.verify.material import Kept, Material, document, text
from laurel.verify.memory import Memory
from laurel.verify.presented import Presented
from laurel.verify.report import Result
from laurel.verify.signatures import Signature

SKEW: Final = timedelta(minutes=5)


class Untrusted(LaurelError):
    """A status list that does not tell us anything, and why. `wanted` is a URL that would help."""

    def __init__(self, message: str, *, code: str, wanted: str | None = None) -> None:
        """Take the sentence, the code and the URL."""
        super().__init__(message, code=code)
        self.wanted = wanted


class Dates(Protocol):
    """When a signature was made, and from when and until when it serves."""

    @property
    def created(self) -> datetime | None: ...
    @property
    def begins(self) -> datetime | None: ...
    @property
    def expires(self) -> datetime | None: ...


#: Why a list does not tell the status.
Doubt = (Untrusted, StatusFault, CorruptBitstring)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the lists are asked with: the material, the moments, and what the caller trusts and remembers.

    `seen` collects what a believed list brings to the memory; `opened` holds lists that were judged already.
    """

    found: Mapping[str, Material]
    at: datetime
    seen_at: datetime
    effort: Effort
    trust: Collection[str] = ()
    memory: Memory = field(default_factory=Memory)
    seen: list[Memory] = field(default_factory=list)
    opened: dict[str, Mapping[str, JsonValue] | LaurelError] = field(default_factory=dict)


def value_of(entry: Entry, presented: Presented, question: Question) -> int:
    """Return what a list says of a credential: 0 for nothing, or the value of its entry.

    Raises:
        NotFound: the list could not be had.
        Untrusted, StatusFault, CorruptBitstring: it could, and does not tell.

    Spec: Bitstring Status List 1.0 §3.2 (validate algorithm)
    """
    if entry.kind == "1EdTechRevocationList":
        return _in_plain_list(entry, presented, question)
    listing = _opened(entry.list_url, presented, question)
    bits = _bits(entry, listing)
    return bitstring.value_at(bits, entry.index, size=entry.size)


def _bits(entry: Entry, listing: Mapping[str, JsonValue]) -> bytes:
    if entry.kind == "BitstringStatusListEntry":
        return bitstring.bits_of(listing, entry)
    from laurel.status import legacy  # loaded with the first of them

    return legacy.bits_of_2021(listing, entry)


def _opened(url: str, presented: Presented, question: Question) -> Mapping[str, JsonValue]:
    """Return the credential that a list is, once it may be believed; several entries may name one list."""
    if url not in question.opened:
        try:
            question.opened[url] = _believed(url, presented, question)
        except LaurelError as error:
            question.opened[url] = error
    outcome = question.opened[url]
    if isinstance(outcome, LaurelError):
        raise outcome
    return outcome


def _believed(url: str, presented: Presented, question: Question) -> Mapping[str, JsonValue]:
    try:
        listing = reading.read(text(question.found, url))
    except Unreadable as error:
        raise Untrusted(f"The status list cannot be read. {error}", code="status.unreadable") from error
    known_at = max(question.at, question.seen_at)
    outcome = signatures.best(listing, question.found, at=known_at, effort=question.effort)
    if not outcome.holds or outcome.issuer.result is not Result.PASSED:
        message = "The status list is not signed by the one who should have signed it."
        raise Untrusted(message, code="status.bad-signature", wanted=outcome.wanted)
    # Whom an issuer lets keep its lists is for the verifier to decide, by trusting that one too.
    if listing.issuer_id != presented.issuer_id and listing.issuer_id not in question.trust:
        raise Untrusted("The status list comes from another issuer.", code="status.other-issuer")
    if listing.document.get("id") != url:
        raise Untrusted("What was found is another list than the one named.", code="status.other-list")
    begins = _require_current(listing.document, outcome.signature, question)
    require_fresh(question.found[url], lifetime_of(listing.document), question.seen_at)
    require_no_older(url, begins, question.memory)
    require_known_key(listing.issuer_id, outcome.issuer.remember, question.memory)
    question.seen.append(Memory({url: begins} if begins else {}) + outcome.issuer.remember)
    return listing.document


def _require_current(
    listing: Mapping[str, JsonValue], signature: Signature | None, question: Question
) -> datetime | None:
    """Return when a list begins; refuse one that was current neither when it was found nor at `at`.

    Raises: Untrusted.
    """
    starts, ends, begins = period_of(listing, signature)
    require_period(starts, ends, question.at, question.seen_at)
    return begins


def period_of(
    listing: Mapping[str, JsonValue], signature: Dates | None
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Return from when and until when a list serves, and when it says that it begins.

    Its signature may end before the list does, and may begin later.

    Raises:
        Untrusted: a date is none.
    """
    try:
        starts = _moment(listing.get("validFrom", listing.get("issuanceDate")))
        ends = _moment(listing.get("validUntil", listing.get("expirationDate")))
    except ValueError as error:
        raise Untrusted("The status list has a date that is none.", code="status.stale") from error
    begins = starts
    if signature is not None:
        begins = starts or signature.created
        starts = max(filter(None, (starts, signature.begins)), default=None)
        ends = min(filter(None, (ends, signature.expires)), default=None)
    return starts, ends, begins


def require_period(starts: datetime | None, ends: datetime | None, at: datetime, seen_at: datetime) -> None:
    """Refuse a list that was current neither when it was found nor at the moment to judge by."""
    if not any(
        (starts is None or starts - moment <= SKEW) and (ends is None or moment - ends <= SKEW)
        for moment in (at, seen_at)
    ):
        day = f" It ended on {ends.astimezone(UTC):%-d %B %Y}." if ends is not None else ""
        raise Untrusted(f"The status list that was found is not current.{day}", code="status.stale")


def require_fresh(material: Material, lifetime: timedelta | None, seen_at: datetime) -> None:
    """Refuse a kept copy that is older than its issuer lets copies become.

    Only the caller knows when a copy was fetched. The time to live counts from then, not from when the list
    begins, so a copy of which nothing is known counts as fresh.

    Spec: Bitstring Status List 1.0 §2.2 (ttl)
    """
    if isinstance(material, Kept) and lifetime is not None and seen_at - material.since > lifetime:
        message = "The copy of the status list is older than its issuer lets it become. Fetch it again."
        raise Untrusted(message, code="status.stale")


def require_no_older(url: str, begins: datetime | None, memory: Memory) -> None:
    """Refuse a list that is older than one that was seen before: somebody may have taken it back in time.

    Raises:
        Untrusted: `status.rolled-back`, also for a list that no longer says when it begins.
    """
    newest = memory.lists.get(url)
    if newest is not None and (begins is None or begins < newest):
        message = (
            f"The status list is older than one of {newest.astimezone(UTC):%-d %B %Y} that was seen before."
        )
        raise Untrusted(message, code="status.rolled-back")


def require_known_key(issuer: str | None, used: Memory, memory: Memory) -> None:
    """Refuse a list that its issuer signed with a key never seen before. Raises: Untrusted."""
    keys = used.keys.get(issuer or "", frozenset())
    if not all(memory.knows(issuer, key) for key in keys):
        message = "The status list is signed with a key that its issuer did not use before."
        raise Untrusted(message, code="status.new-key")


def still_wanted(look: Callable[[], object]) -> list[str | None]:
    """Return the URLs without which a look into a list cannot be believed yet.

    What else is wrong with the list the check will say; nothing more can be fetched for it.
    """
    try:
        look()
    except Untrusted as error:
        return [error.wanted]
    except LaurelError:
        pass
    return []


def _in_plain_list(entry: Entry, presented: Presented, question: Question) -> int:
    """Return 1 when a 1EdTech Revocation List names the credential, and 0 when it does not.

    Nobody signs such a list. That it revokes is believed of whatever address the issuer has signed; that it
    does not, only of the issuer's own host, over https.
    """
    name = presented.document.get("id")
    if not isinstance(name, str):
        raise StatusFault("The credential has no id by which a list could name it.")
    from laurel.status import legacy

    listing = document(question.found, entry.list_url)
    if legacy.is_revoked(listing, name, presented.issuer_id):
        return 1
    if not _is_issuers_own(entry.list_url, presented.issuer_id):
        message = (
            "The list does not name it, but nobody has signed the list, and its host is not the issuer's."
        )
        raise Untrusted(message, code="status.unsigned")
    return 0


def _is_issuers_own(url: str, issuer_id: str | None) -> bool:
    home = issuer_id
    if issuer_id is not None and issuer_id.startswith("did:"):
        try:
            home = did.resolve_url(issuer_id)
        except NotADid:
            return False
    return home is not None and _origin(home) is not None and _origin(home) == _origin(url)


def _origin(url: str) -> str | None:
    """Return scheme, host and port of an address on the web that cannot be read in two ways."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_plain = parts.scheme in ("https", "http") and parts.netloc and "@" not in parts.netloc
    return f"{parts.scheme}://{parts.netloc.lower()}" if is_plain else None


def lifetime_of(listing: Mapping[str, JsonValue]) -> timedelta | None:
    """Return how long a copy of a list serves, where the list tells. Spec: Bitstring Status List 1.0 §2.2"""
    subject = listing.get("credentialSubject")
    milliseconds = subject.get("ttl") if isinstance(subject, dict) else None
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or milliseconds < 0:
        return None
    return timedelta(milliseconds=min(milliseconds, 10**12))


def lifetime_in(data: bytes) -> timedelta | None:
    """Return how long a copy of what was served may be kept, where it is a list that tells.

    Nothing is checked: whoever made it up can only have copies thrown away sooner.

    Spec: Bitstring Status List 1.0 §2.2 (ttl); Token Status List §5.1 (ttl)
    """
    from laurel.status import token

    with suppress(LaurelError, UnicodeDecodeError):
        return token.read(data.decode("ascii").strip()).ttl
    with suppress(LaurelError):
        return lifetime_of(reading.read(data).document)
    return None


def _moment(value: JsonValue) -> datetime | None:
    if value is None:
        return None
    return parse_timestamp(value if isinstance(value, str) else "")
