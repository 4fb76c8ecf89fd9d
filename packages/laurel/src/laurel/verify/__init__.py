# SPDX-License-Identifier: Apache-2.0
"""Is it genuine? Read what was presented, say what must be looked up, and judge what was found.

`needs` and `verify` are pure: whoever calls them fetches in between, and may ask `needs` again until nothing
new is wanted. `check` is that loop, for callers who have a way to fetch. `read_presentation`,
`needs_presentation`, `verify_presentation` and `check_presentation` are the same for presentations.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from laurel.errors import LaurelError, Unreadable
from laurel.model.timestamp import require_offset
from laurel.strictjson import JsonValue
from laurel.verify import refreshing
from laurel.verify.express import needs, verify
from laurel.verify.material import Material, Rewritten, Unreachable, is_on_the_web
from laurel.verify.memory import Memory
from laurel.verify.possession import MOST_AGE
from laurel.verify.presentation_judgement import needs_presentation, verify_presentation
from laurel.verify.presentation_report import (
    PRESENTATION_CHECK_NAMES,
    PresentationReport,
    PresentationVerdict,
    unreadable_presentation,
)
from laurel.verify.presentations import Presentation
from laurel.verify.presentations import read as read_presentation
from laurel.verify.presented import Presented, read, require_bytes
from laurel.verify.report import (
    CHECK_NAMES,
    Check,
    Endorsement,
    Party,
    Report,
    Result,
    Verdict,
    unreadable,
)

__all__ = [
    "CHECK_NAMES",
    "PRESENTATION_CHECK_NAMES",
    "Check",
    "Endorsement",
    "Material",
    "Memory",
    "Party",
    "Presentation",
    "PresentationReport",
    "PresentationVerdict",
    "Presented",
    "Report",
    "Result",
    "Rewritten",
    "Unreachable",
    "Verdict",
    "check",
    "check_presentation",
    "needs",
    "needs_presentation",
    "read",
    "read_presentation",
    "unreadable",
    "unreadable_presentation",
    "verify",
    "verify_presentation",
]

# A log, its witnesses, a list of another issuer, and again a log with witnesses behind that.
MOST_ROUNDS: Final = 5
MOST_FETCHES: Final = 5


def check(
    data: bytes,
    *,
    fetch: Callable[[str], bytes],
    at: datetime,
    trust: Collection[str] | None = None,
    evidence: bool = False,
    seen_at: datetime | None = None,
    recipient: str | None = None,
    refresh: bool = False,
    challenge: str | None = None,
    domain: str | None = None,
    memory: Memory | None = None,
    most_fetches: int = MOST_FETCHES,
    at_hand: Callable[[Mapping[str, JsonValue]], Mapping[str, Material]] | None = None,
) -> Report:
    """Read, fetch and verify in one go. Whatever the bytes hold, the answer is a report.

    Args:
        data: the file as it came: JSON, compact JWS, PNG, SVG or PDF.
        fetch: gives the document behind a URL, or raises a `LaurelError` when it cannot be had. It is
            called `most_fetches` times at most; only for keys until the signature holds, then for lists.
        at: the moment to judge by, UTC.
        trust: the ids of the issuers that the caller trusts; None when it keeps no list.
        evidence: also fetch the files whose fingerprints were signed.
        seen_at: now, where `at` is another moment; see `verify`.
        recipient: the e-mail address or the id of the person whose it should be; see `verify`.
        refresh: also ask the issuer for a newer copy, if the credential says where, and judge that one when
            it holds. It tells the issuer that somebody looks at this credential.
        challenge, domain: what the holder had to sign; see `verify`.
        memory: what earlier checks have seen; see `verify`.
        most_fetches: raise it when `fetch` keeps a budget of its own.
        at_hand: gives of what a credential may ask for, by its URL, what need not be fetched.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
        TypeError: `data` is a text.
    """
    _require_usable(data, at, seen_at)
    found: dict[str, Material] = {}

    def ask(url: str) -> bytes | Unreachable:
        if url not in found:
            found[url] = _fetched(fetch, url) if len(found) < most_fetches else _too_many(most_fetches)
        return found[url]

    def judged(data: bytes) -> Report:
        return _check(
            data,
            found,
            ask,
            at=at,
            trust=trust,
            evidence=evidence,
            seen_at=seen_at,
            recipient=recipient,
            challenge=challenge,
            domain=domain,
            memory=memory,
            at_hand=at_hand,
        )

    report = judged(data)
    url = refreshing.address(report) if refresh else None
    if url is None:
        return report
    newer = ask(url)
    if isinstance(newer, Unreachable):
        return refreshing.kept(report, newer.reason)
    return refreshing.better(report, judged(newer))


def _check(
    data: bytes,
    found: dict[str, Material],
    ask: Callable[[str], bytes | Unreachable],
    *,
    at: datetime,
    trust: Collection[str] | None,
    evidence: bool,
    seen_at: datetime | None,
    recipient: str | None,
    challenge: str | None,
    domain: str | None,
    memory: Memory | None,
    at_hand: Callable[[Mapping[str, JsonValue]], Mapping[str, Material]] | None,
) -> Report:
    try:
        presented = read(data)
    except Unreadable as error:
        return unreadable(error)
    if at_hand is not None:
        found.update(at_hand(presented.document))
    for _ in range(MOST_ROUNDS):
        wanted = needs(presented, found, at=at, seen_at=seen_at, evidence=evidence)
        if not wanted:
            break
        for url in wanted:
            ask(url)
    return verify(
        presented,
        found,
        at=at,
        trust=trust,
        seen_at=seen_at,
        recipient=recipient,
        challenge=challenge,
        domain=domain,
        memory=memory,
    )


def check_presentation(
    data: bytes,
    *,
    fetch: Callable[[str], bytes],
    at: datetime,
    challenge: str | None,
    domain: str | None,
    trust: Collection[str] | None = None,
    evidence: bool = False,
    seen_at: datetime | None = None,
    most_age: timedelta = MOST_AGE,
    memory: Memory | None = None,
    most_fetches: int = MOST_FETCHES,
) -> PresentationReport:
    """Read, fetch and verify a presentation in one go. Whatever the bytes hold, the answer is a report.

    Args:
        data, fetch, at, trust, evidence, seen_at: as for `check`.
        challenge, domain, most_age: as for `verify_presentation`.
        memory: what earlier checks have seen, for each credential in it; see `verify`.
        most_fetches: for the presentation and all that is in it; raise it when `fetch` keeps a budget.

    Raises:
        ValueError: `at` or `seen_at` has no offset from UTC.
        TypeError: `data` is a text.
    """
    _require_usable(data, at, seen_at)
    try:
        presentation = read_presentation(data)
    except Unreadable as error:
        return unreadable_presentation(error)
    found: dict[str, bytes | Unreachable] = {}
    for _ in range(MOST_ROUNDS + 1):
        wanted = needs_presentation(presentation, found, at=at, seen_at=seen_at, evidence=evidence)
        if not wanted:
            break
        for url in wanted:
            found[url] = _fetched(fetch, url) if len(found) < most_fetches else _too_many(most_fetches)
    return verify_presentation(
        presentation,
        found,
        at=at,
        challenge=challenge,
        domain=domain,
        trust=trust,
        seen_at=seen_at,
        most_age=most_age,
        memory=memory,
    )


def _require_usable(data: object, at: object, seen_at: object) -> None:
    """Refuse what only a mistake of the caller's can be, before anybody is asked. Raises: see `check`."""
    require_bytes(data)
    require_offset(at, "at")
    if seen_at is not None:
        require_offset(seen_at, "seen_at")


def _too_many(most: int) -> Unreachable:
    return Unreachable(
        f"The limit for one file is reached: with most_fetches={most} nothing more is looked up."
    )


def _fetched(fetch: Callable[[str], bytes], url: str) -> bytes | Unreachable:
    if not is_on_the_web(url):
        return Unreachable(f"{url[:80]} is not an address on the web.")
    try:
        return fetch(url)
    except LaurelError as error:
        return Unreachable(str(error))
