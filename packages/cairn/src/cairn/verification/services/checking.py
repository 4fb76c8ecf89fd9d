# SPDX-License-Identifier: Apache-2.0
"""What was presented, who may see it, and what laurel says about it. Nothing is stored."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from cairn.credentials import queries as credentials
from cairn.credentials.facts import CredentialView, State
from cairn.foundation.errors import NotFound
from cairn.foundation.refs import clean_ref
from cairn.people.facts import Actor
from cairn.verification import rules
from cairn.verification.errors import NotALink, NothingPresented, TooMuchPresented, UnknownReference
from cairn.verification.examiner import Examiner
from cairn.verification.facts import Examined, Kind, Way
from cairn.verification.services.looking_up import Finder, is_ours
from cairn.verification.services.seats import seated
from cairn.wallet import queries as wallet
from laurel import verify as laurel
from laurel.errors import Unreadable
from laurel.fetch import FetchFailed

UNKNOWN = gettext_noop(
    "We do not know this reference, or it is not open to you. Check it, or ask for the link."
)
WANTED = gettext_noop("Enter the link or the reference, which has 26 letters and digits")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def page_of(text: str, *, by: Actor, at: datetime) -> str | None:
    """Return the path of our own page for a link or reference of ours; `None` for anything else.

    Raises:
        UnknownReference: it is none of ours, or it is private; the two look the same.
        ShareSwitchedOff, ShareEnded, ClaimUsed: the link was one of ours and is over.
    """
    text = text.strip()
    if ref := clean_ref(text):
        _require_open(ref, by)
        return f"/c/{ref}"
    url = as_url(text)
    if url is None or not is_ours(url):
        return None
    steps = _steps(url)
    match steps:
        case ["x", token, *_rest]:
            _known(lambda: wallet.open_share(token, at=at))
        case ["k", key, *_rest]:
            _known(lambda: wallet.get_claim(key, by=by))
        case ["c", named, *_rest]:
            ref = clean_ref(named.partition(".")[0])
            if ref is None:
                raise UnknownReference(UNKNOWN)
            _require_open(ref, by)
            return f"/c/{ref}"
        case _:
            raise UnknownReference(UNKNOWN)
    return "/" + "/".join(steps)


@seated
def check_text(
    text: str, *, at: datetime, examiner: Examiner | None = None, find: Finder | None = None
) -> Examined:
    """Check a pasted credential, or what a stranger's link leads to. Our own links: see `page_of`.

    Raises:
        NothingPresented: there is no text.
        NotALink: it is neither a credential nor an address that can be fetched.
        TooMuchPresented: it is larger than any credential.
        TooBusy: as many checks run as the site runs at once.
    """
    text = text.strip()
    if not text:
        raise NothingPresented(WANTED)
    data = text.encode(errors="replace")
    if len(data) > rules.TEXT_LIMIT:
        raise TooMuchPresented("The text is larger than any credential. The most we can take is 512 KB.")
    if text[0] in "{[" or _JWT.fullmatch(text):
        return _examined(data, way=Way.TEXT, source="", at=at, examiner=examiner, find=find)
    url = as_url(text)
    if url is None:
        raise NotALink(WANTED)
    find = find or Finder(at=at)
    find.fresh()
    try:
        data = find(url)
    except FetchFailed as fault:
        return _not_fetched(url, fault, at)
    return _examined(data, way=Way.LINK, source=url, at=at, examiner=examiner, find=find)


@seated
def check_file(
    data: bytes,
    *,
    name: str,
    at: datetime,
    examiner: Examiner | None = None,
    find: Finder | None = None,
) -> Examined:
    """Check a file of any issuer: JSON, JWT, PNG, SVG or PDF.

    Raises:
        TooMuchPresented: it is larger than 5 MB.
        TooBusy: as many checks run as the site runs at once.
    """
    if len(data) > rules.FILE_LIMIT:
        raise TooMuchPresented("The file is over 5 MB, the most we can take. Choose a smaller one.")
    find = find or Finder(at=at)
    find.fresh()
    return _examined(data, way=Way.FILE, source=name, at=at, examiner=examiner, find=find)


def our_own(text: str, *, by: Actor, at: datetime) -> tuple[Examined, ...] | None:
    """Check what a link or reference of ours shows; `None` for anything else.

    Raises:
        UnknownReference, ShareSwitchedOff, ShareEnded, ClaimUsed: as `page_of`.
    """
    path = page_of(text, by=by, at=at)
    if path is None:
        return None
    match path.strip("/").split("/"):
        case ["c", ref, *_rest]:
            views: tuple[CredentialView, ...] = (credentials.view(ref, viewer=by, at=at),)
            paths = [path]
        case ["k", key, *_rest]:
            _claim, issued = wallet.get_claim(key, by=by)
            views = (credentials.view_shared(issued.ref, evidence=True, marks=True, at=at),)
            paths = [f"/k/{key}"]
        case ["x", token, *rest]:
            share, shown = wallet.open_share(token, at=at)
            wanted = [int(step) for step in rest[:1] if step.isdecimal()] or range(1, len(shown) + 1)
            numbers = [number for number in wanted if 1 <= number <= len(shown)]
            views = tuple(
                credentials.view_shared(
                    shown[number - 1].ref, evidence=share.shows_evidence, marks=share.shows_marks, at=at
                )
                for number in numbers
            )
            paths = [f"/x/{token}/{number}" for number in numbers]
        case _:
            return None
    return tuple(
        Examined(
            view=view,
            answer=replace(
                rules.answer_of(view, way=Way.LINK, kind=Kind.JSON, source=text.strip()),
                url=settings.CAIRN_BASE_URL + where,
            ),
        )
        for view, where in zip(views, paths, strict=True)
    )


def as_url(text: str) -> str | None:
    """Return the https or http address that somebody typed, the scheme left out or not."""
    if re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", text) or len(text) > rules.LONGEST_LINE:
        return None
    if not re.match(r"https?://", text, re.IGNORECASE):
        if re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE):
            return None
        own = urlsplit(settings.CAIRN_BASE_URL)
        text = f"{own.scheme if text.split('/')[0] == own.netloc else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not ("." in host or ":" in host or host == "localhost"):
        return None
    # Everything before the path is in small letters, as our own base address is.
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _steps(url: str) -> list[str]:
    base = urlsplit(settings.CAIRN_BASE_URL).path
    return [unquote(step) for step in urlsplit(url).path.removeprefix(base).strip("/").split("/")]


def _require_open(ref: str, by: Actor) -> None:
    _known(lambda: credentials.disclosure(ref, viewer=by))


def _known(look: object) -> None:
    """Look something of ours up, so that what is private and what is unknown give one answer."""
    assert callable(look)
    try:
        look()
    except NotFound:
        raise UnknownReference(UNKNOWN) from None


def _examined(
    data: bytes,
    *,
    way: Way,
    source: str,
    at: datetime,
    examiner: Examiner | None,
    find: Finder | None,
) -> Examined:
    find = find or Finder(at=at)
    if examiner is None:
        with Examiner() as own:
            report = own.examine(data, fetch=find, at=at)
    else:
        report = examiner.examine(data, fetch=find, at=at)
    view = _with_our_record(credentials.as_view(report, at=at))
    silent = next((check.detail["host"] for check in report.checks if check.detail.get("host")), "")
    view = replace(view, unreachable_host=silent)
    return Examined(answer=rules.answer_of(view, way=way, kind=rules.look_at(data), source=source), view=view)


def _with_our_record(view: CredentialView) -> CredentialView:
    """Add what only we know of a file that is one of ours: its badge, and when and why it was withdrawn."""
    if view.claims is None or not is_ours(view.claims.id):
        return view
    ref = credentials.find_ref(view.claims.id)
    if ref is None:
        return view
    # Whoever signs may write an id of ours into a credential of their own: the key has to be ours too.
    ours = credentials.view_shared(ref, evidence=True, marks=True, at=view.checked_at)
    passed = {check.name for check in view.checks if check.result == "passed"}
    if not {"proof", "issuer"} <= passed or ours.claims is None:
        return view
    if view.claims.issuer_id != ours.claims.issuer_id:
        return view
    view = replace(view, badge_url=ours.badge_url, issuer_page_url=ours.issuer_page_url)
    issued = credentials.issued_by_ref(ref)
    if issued.state not in (State.WITHDRAWN, State.HELD):
        return view
    return replace(view, changed_at=issued.state_at, reason=issued.reason)


def _not_fetched(url: str, fault: FetchFailed, at: datetime) -> Examined:
    """Answer for a link that gave nothing: nothing was read, so nothing can be said of it.

    Raises:
        NotALink: we do not look there at all, or nothing lies there.
    """
    host = urlsplit(url).hostname or url
    if fault.code in ("fetch.url", "fetch.address"):
        raise NotALink("We look only at https addresses on the public internet. Choose the file instead.")
    if fault.code == "fetch.status":
        raise NotALink("Nothing lies at this address. Check it for typing errors, or choose the file.")
    report = laurel.unreadable(Unreadable(str(fault), code=fault.code))
    view = replace(credentials.as_view(report, at=at), verdict="unfinished", unreachable_host=host, host=host)
    return Examined(answer=rules.answer_of(view, way=Way.LINK, kind=Kind.OTHER, source=url), view=view)
