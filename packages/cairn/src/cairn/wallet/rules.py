# SPDX-License-Identifier: Apache-2.0
"""When a mailed link signs somebody in, what a share may show, and when it stops."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, timezone
from urllib.parse import urlencode
from uuid import UUID

from cairn.wallet.errors import (
    ClaimUsed,
    EndsInThePast,
    NoSuchCredential,
    NothingChosen,
    RemarkEmpty,
    ShareEnded,
    ShareSwitchedOff,
    SignInFirst,
    SomebodyElse,
    TooLateToUndo,
    TooManyChosen,
)
from cairn.wallet.facts import Claim, ClaimState, NewShare, RemarkKind, Share, ShareState

CLAIM_FRESH_FOR = timedelta(days=30)
UNDO_FOR = timedelta(minutes=10)
MOST_IN_A_SHARE = 50
#: The end that the form proposes.
SHARE_LASTS_FOR = timedelta(days=30)


def claim_state(claim: Claim, *, at: datetime) -> ClaimState:
    """Tell where a mailed link stands."""
    if claim.used_at is not None:
        return ClaimState.USED
    return ClaimState.FRESH if at < claim.made_at + CLAIM_FRESH_FOR else ClaimState.STALE


def require_shown(claim: Claim, *, asker: UUID | None) -> None:
    """Let a mailed link open its credential until it is kept; after that only for its holder.

    Raises:
        ClaimUsed: the credential was kept, and somebody else or nobody is signed in. The link has been
            through mailboxes and may have been forwarded since.
    """
    if claim.used_at is not None and asker != claim.person_id:
        raise ClaimUsed("This credential was kept already. Sign in to see it.")


def signs_in(claim: Claim, *, asker: UUID | None, by_mail_only: bool, at: datetime) -> UUID | None:
    """Decide whom a mailed link signs in when its credential is kept.

    Reading the mailbox proves as much as a sign-in link does, so the link signs its person in; once, for
    30 days, and never somebody who chose a password or works for an organization: a link that lies in a
    mailbox for weeks must not open more than a learner's own things.

    Args:
        asker: who is signed in already, if anybody.
        by_mail_only: the person has no password and works for no organization.

    Returns:
        The person to sign in, or `None` where they are signed in already.

    Raises:
        ClaimUsed: the credential was kept already.
        SomebodyElse: another person is signed in (security A30).
        SignInFirst: the link is older than 30 days, or the person signs in another way.
    """
    if asker == claim.person_id:
        return None
    if asker is not None:
        raise SomebodyElse(
            "This credential was issued to somebody else than you. Sign out, then open the link."
        )
    state = claim_state(claim, at=at)
    if state is ClaimState.USED:
        raise ClaimUsed("This credential was kept already. Sign in to see it.")
    if state is ClaimState.STALE:
        raise SignInFirst("This link is more than 30 days old. Sign in, and the credential is yours to keep.")
    if not by_mail_only:
        raise SignInFirst("Sign in with your own account, and the credential is yours to keep.")
    return claim.person_id


def share_state(share: Share, *, at: datetime) -> ShareState:
    """Tell where a share stands."""
    if share.off_at is not None:
        return ShareState.OFF
    return ShareState.ENDED if share.ends_at is not None and share.ends_at <= at else ShareState.LIVE


def require_live(share: Share, *, at: datetime) -> None:
    """Let a live share open. Raises `ShareSwitchedOff`, `ShareEnded`."""
    state = share_state(share, at=at)
    if state is ShareState.OFF:
        raise ShareSwitchedOff("The person who made this link has switched it off. Ask them for a new one.")
    if state is ShareState.ENDED:
        raise ShareEnded("This link has reached its end date. Ask the person who sent it for a new one.")


def may_undo(share: Share, *, at: datetime) -> bool:
    """Tell whether a share can be switched on again."""
    return share.off_at is not None and share.off_at <= at <= share.off_at + UNDO_FOR


def require_undo(share: Share, *, at: datetime) -> None:
    """Let a share be switched on again within ten minutes. Raises `TooLateToUndo`."""
    if not may_undo(share, at=at):
        raise TooLateToUndo("Ten minutes have passed, so this link stays off. Make a new one.")


def require_sharable(asked: NewShare, *, held: Collection[str], at: datetime) -> None:
    """See that a share shows something its maker holds, and ends after now.

    Raises:
        NothingChosen, TooManyChosen, NoSuchCredential, EndsInThePast
    """
    if not asked.refs:
        raise NothingChosen("Choose at least one credential to show.")
    if len(asked.refs) > MOST_IN_A_SHARE:
        raise TooManyChosen("One link shows up to %(most)s credentials. Choose fewer.", most=MOST_IN_A_SHARE)
    if not set(asked.refs) <= set(held):
        raise NoSuchCredential("There is nothing here by that name.")
    if asked.ends_at is not None and asked.ends_at <= at:
        raise EndsInThePast("The end date has passed. Choose today or a later day.")


def end_of_day(day: date, zone: timezone) -> datetime:
    """Return the moment a day ends in a zone: a link that ends on Friday works all Friday."""
    if day == date.max:
        # No day comes after it.
        return datetime.combine(day, time.max, tzinfo=zone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def require_said(kind: RemarkKind, *, right_name: str) -> None:
    """See that a remark says what the issuer needs. Raises `RemarkEmpty`."""
    if kind is RemarkKind.WRONG_NAME and not right_name.strip():
        raise RemarkEmpty("Enter your name as it should stand on the credential.")


def linkedin_url(
    *, name: str, organization_name: str, issued_at: datetime, ends_at: datetime | None, url: str, ref: str
) -> str:
    """Return LinkedIn's address that fills in its form for a certification. Spec: LinkedIn Add to Profile"""
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": organization_name,
        "issueYear": issued_at.year,
        "issueMonth": issued_at.month,
        "certUrl": url,
        "certId": ref,
    }
    if ends_at is not None:
        asked |= {"expirationYear": ends_at.year, "expirationMonth": ends_at.month}
    return f"https://www.linkedin.com/profile/add?{urlencode(asked)}"
