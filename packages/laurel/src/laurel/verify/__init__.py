# SPDX-License-Identifier: Apache-2.0
"""Is it genuine? Read what was presented, say what must be looked up, and judge what was found.

`needs` and `verify` are pure: whoever calls them fetches in between, and may ask `needs` again until nothing
new is wanted. `check` is that loop, for callers who have a way to fetch.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from laurel.errors import LaurelError, Unreadable
from laurel.verify.judgement import needs, verify
from laurel.verify.material import Material, Rewritten, Unreachable
from laurel.verify.presented import Presented, read
from laurel.verify.report import CHECK_NAMES, Check, Report, Result, Verdict, unreadable

__all__ = [
    "CHECK_NAMES",
    "Check",
    "Material",
    "Presented",
    "Report",
    "Result",
    "Rewritten",
    "Unreachable",
    "Verdict",
    "check",
    "needs",
    "read",
    "unreadable",
    "verify",
]

MOST_ROUNDS: Final = 3
MOST_FETCHES: Final = 5


def check(
    data: bytes,
    *,
    fetch: Callable[[str], bytes],
    at: datetime,
    trust: Collection[str] | None = None,
    evidence: bool = False,
    seen_at: datetime | None = None,
    most_fetches: int = MOST_FETCHES,
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
        most_fetches: raise it when `fetch` keeps a budget of its own.
    """
    try:
        presented = read(data)
    except Unreadable as error:
        return unreadable(error)
    found: dict[str, bytes | Unreachable] = {}
    for _ in range(MOST_ROUNDS):
        wanted = needs(presented, found, at=at, seen_at=seen_at, evidence=evidence)
        if not wanted:
            break
        for url in wanted:
            found[url] = _fetched(fetch, url) if len(found) < most_fetches else _TOO_MANY
    return verify(presented, found, at=at, trust=trust, seen_at=seen_at)


_TOO_MANY: Final = Unreachable("The credential names more addresses than we look up for one credential.")


def _fetched(fetch: Callable[[str], bytes], url: str) -> bytes | Unreachable:
    try:
        return fetch(url)
    except LaurelError as error:
        return Unreachable(str(error))
