# SPDX-License-Identifier: Apache-2.0
"""The page of one credential: who may see which form of it, what was verified, what the files hold now."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from cairn.credentials.errors import NoSuchCredential
from cairn.credentials.facts import (
    ChangeKind,
    CheckLine,
    Claims,
    CredentialView,
    Disclosure,
    EndorsementLine,
    EvidenceFile,
    EvidenceLine,
    FileState,
    OddName,
    OpenedCredential,
    Visibility,
)
from cairn.credentials.models import IssuedCredential, StatusChange
from cairn.credentials.queries.awards import as_award
from cairn.credentials.queries.credentials import NOTHING_HERE, row_of
from cairn.credentials.queries.documents import Format, material_of, signed_document
from cairn.credentials.rules import endorsing, identifiers, naming, reading
from cairn.foundation import files, names
from cairn.people import queries as people
from cairn.people.facts import Actor, Organization, Role
from laurel import verify as laurel
from laurel.errors import NotACredential
from laurel.formats import open_badges_3
from laurel.model.credential import OpenBadgeCredential


def disclosure(ref: str, *, viewer: Actor) -> Disclosure:
    """Return which form of a credential a person may see. Two queries.

    Raises:
        NoSuchCredential: there is none, or it is not open to them; both look the same.
    """
    return _disclosure(row_of(ref), viewer)


def view(ref: str, *, viewer: Actor, at: datetime) -> CredentialView:
    """Return the page of a credential for whoever asks, verified at this moment. Eight queries.

    Raises:
        NoSuchCredential: there is none, or it is not open to them; both look the same.
    """
    return open_credential(ref, viewer=viewer, at=at).view


def open_credential(ref: str, *, viewer: Actor, at: datetime) -> OpenedCredential:
    """Return the same with the capacity in which they read, and the issuer. Eight queries."""
    row = row_of(ref)
    allowed = _disclosure(row, viewer)
    organization = people.organization_by_id(row.organization_id)
    shown = _view(row, organization, evidence=allowed.evidence, marks=allowed.marks, at=at)
    return OpenedCredential(view=shown, disclosure=allowed, organization=organization)


def view_shared(ref: str, *, evidence: bool, marks: bool, at: datetime) -> CredentialView:
    """Return the page of a credential for whoever holds a link. Eight queries.

    The caller has checked the link.

    Raises:
        NoSuchCredential: there is none of that reference, or its form was not prepared.
    """
    row = row_of(ref)
    organization = people.organization_by_id(row.organization_id)
    return _view(row, organization, evidence=evidence, marks=marks, at=at)


def report(ref: str, *, at: datetime, evidence: bool = True, marks: bool = True) -> laurel.Report:
    """Verify one of our own credentials with our own documents, without a network. Six queries.

    Raises:
        NoSuchCredential: there is none of that reference, or its form was not prepared.
    """
    row = row_of(ref)
    organization = people.organization_by_id(row.organization_id)
    found, _told, _lines = _report(row, organization, evidence=evidence, marks=marks, at=at)
    return found


def open_document(ref: str, *, format: Format, viewer: Actor) -> bytes:
    """Return the signed bytes of the form that a person may see. Three queries. Raises `NoSuchCredential`."""
    row = row_of(ref)
    allowed = _disclosure(row, viewer)
    found = signed_document(row, evidence=allowed.evidence, marks=allowed.marks)
    return bytes(found.document) if format == "json" else found.jwt.encode("ascii")


def open_evidence(ref: str, number: int, *, viewer: Actor) -> EvidenceFile:
    """Return a stored evidence file for a person who may see the evidence. Four queries.

    Raises:
        NoSuchCredential: there is no such file, or it is not open to them.
    """
    if not disclosure(ref, viewer=viewer).evidence:
        raise NoSuchCredential(NOTHING_HERE)
    return evidence_file(ref, number)


def evidence_file(ref: str, number: int) -> EvidenceFile:
    """Return a stored evidence file by its 1-based number. Two queries.

    Whoever asks: the caller has decided that they may.

    Raises:
        NoSuchCredential: there is none of that reference, or it holds no such file.
    """
    award = as_award(row_of(ref).award)
    if not 1 <= number <= len(award.evidence) or award.evidence[number - 1].file_key is None:
        raise NoSuchCredential(NOTHING_HERE)
    work = award.evidence[number - 1]
    if work.file_key is None or files.sha256_now(work.file_key) is None:
        raise NoSuchCredential(NOTHING_HERE)
    return EvidenceFile(key=work.file_key, name=work.name, media_type=work.media_type, size=work.size)


def as_view(found: laurel.Report, *, at: datetime) -> CredentialView:
    """Return the page of anybody's verified credential, as far as its own claims go. No query."""
    told = _Told.of(found)
    return CredentialView(
        ref="",
        page_url="",
        short_url="",
        host=names.domain_of(found.issuer_id or ""),
        badge_url="",
        issuer_page_url="",
        verdict=str(found.verdict),
        checked_at=at,
        checks=told.checks,
        technical=found.technical,
        claims=told.claims,
        issuer_name=told.claims.issuer_name if told.claims else "",
        evidence=told.claims.evidence if told.claims else (),
        endorsements=told.endorsements,
        odd_names=told.odd_names,
    )


def _disclosure(row: IssuedCredential, viewer: Actor) -> Disclosure:
    is_holder = viewer.person_id is not None and viewer.person_id == row.person_id
    is_staff = viewer.has_role(row.organization_id, Role.ISSUER, Role.ADMIN)
    if is_holder or is_staff:
        return Disclosure(is_holder=is_holder, is_staff=is_staff, visibility=Visibility(row.visibility))
    if row.visibility != Visibility.LINK or row.undone_at is not None:
        raise NoSuchCredential(NOTHING_HERE)
    return Disclosure(evidence=row.shows_evidence, marks=row.shows_marks, visibility=Visibility.LINK)


def _view(
    row: IssuedCredential, organization: Organization, *, evidence: bool, marks: bool, at: datetime
) -> CredentialView:
    found, told, lines = _report(row, organization, evidence=evidence, marks=marks, at=at)
    claims = told.claims
    change = (
        StatusChange.objects.filter(credential=row).exclude(kind=ChangeKind.REINSTATED).last()
        if found.verdict in ("withdrawn", "on_hold")
        else None
    )
    url = identifiers.credential_url(settings.CAIRN_BASE_URL, row.ref)
    return CredentialView(
        ref=row.ref,
        page_url=url,
        short_url=url.partition("://")[2],
        host=urlsplit(settings.CAIRN_BASE_URL).netloc,
        badge_url=_badge_url(claims) or f"/a/{row.achievement_ref}/badge.svg",
        issuer_page_url=f"/o/{organization.slug}",
        verdict=str(found.verdict),
        checked_at=at,
        checks=told.checks,
        technical=found.technical,
        claims=claims,
        issuer_name=claims.issuer_name if claims else organization.name,
        evidence=lines,
        endorsements=told.endorsements,
        odd_names=told.odd_names,
        shows_evidence=evidence,
        shows_marks=marks,
        changed_at=change.at if change else None,
        reason=change.reason if change else "",
    )


def _report(
    row: IssuedCredential, organization: Organization, *, evidence: bool, marks: bool, at: datetime
) -> tuple[laurel.Report, "_Told", tuple[EvidenceLine, ...]]:
    document = bytes(signed_document(row, evidence=evidence, marks=marks).document)
    found = laurel.verify(laurel.read(document), material_of(row, organization), at=at)
    told = _Told.of(found)
    lines = _compared(row, told.claims.evidence) if told.claims and told.claims.evidence else ()
    found = reading.with_evidence(found, lines)
    return found, replace(told, checks=_checks(found, told.endorsements)), lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a report tells a page."""

    checks: tuple[CheckLine, ...]
    claims: Claims | None
    endorsements: tuple[EndorsementLine, ...]
    odd_names: tuple[OddName, ...]

    @classmethod
    def of(cls, found: laurel.Report) -> "_Told":
        credential = _credential(found)
        claims = reading.claims(credential) if credential else None
        endorsements = endorsing.lines(found, credential)
        named = reading.names_shown(claims) if claims else ()
        given = tuple(("endorser", line.name) for line in endorsements)
        return cls(
            checks=_checks(found, endorsements),
            claims=claims,
            endorsements=endorsements,
            odd_names=naming.odd_names((*named, *given), found.issuer_id),
        )


def _checks(found: laurel.Report, endorsements: tuple[EndorsementLine, ...]) -> tuple[CheckLine, ...]:
    lines = (endorsing.as_line(check) for check in found.checks)
    summed = (
        endorsing.summed_up(line, endorsements) if line.name == "endorsements" else line for line in lines
    )
    return reading.shown_checks(tuple(summed))


def _badge_url(claims: Claims | None) -> str:
    """Return our own drawing of the badge as SVG, if that is what was signed."""
    start = settings.CAIRN_BASE_URL
    if claims is None or not claims.image_url.startswith(f"{start}/a/"):
        return ""
    return claims.image_url.removeprefix(start).removesuffix(".png") + ".svg"


def _credential(found: laurel.Report) -> OpenBadgeCredential | None:
    # What did not verify is not shown: the report holds the claims only when the proof covers them.
    if not found.credential:
        return None
    try:
        return open_badges_3.from_json(found.credential)
    except NotACredential:
        return None  # a signed document of another kind: a status list, an endorsement, an older badge


def _compared(row: IssuedCredential, signed: tuple[EvidenceLine, ...]) -> tuple[EvidenceLine, ...]:
    """Hash the stored files again and say what that told. One query."""
    works = {
        f"{identifiers.credential_url(settings.CAIRN_BASE_URL, row.ref)}/evidence/{number}": work
        for number, work in enumerate(as_award(row.award).evidence, start=1)
        if work.file_key
    }
    lines = []
    for line in signed:
        work = works.get(line.id)
        if work is None or work.file_key is None or not line.sha256:
            lines.append(line)
            continue
        now = files.sha256_now(work.file_key)
        state = (
            FileState.GONE
            if now is None
            else FileState.UNCHANGED
            if now == line.sha256
            else FileState.CHANGED
        )
        lines.append(replace(line, state=state, is_kept=now is not None, size=work.size))
    return tuple(lines)
