# SPDX-License-Identifier: Apache-2.0
"""An assessor's pages: what waits, marking beside the evidence, agreeing, what is done."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.assessment import queries, services, words
from cairn.assessment.errors import (
    AlreadyFinished,
    Incomplete,
    NothingToMark,
    NotMarkable,
    ProposalChanged,
    TooManyStarted,
)
from cairn.assessment.facts import Comparison, Desk, DoneLine, Evidence, Finished, State, Table
from cairn.assessment.forms import CriterionRow, MarkForm, ProposalForm, as_uuid
from cairn.foundation import files
from cairn.foundation.http import is_htmx, stored_file
from cairn.foundation.words import say
from cairn.people.frame import assessor_frame
from cairn.people.middleware import ActorRequest


@dataclass(frozen=True, slots=True)
class Tab:
    """One file of the viewer. `url` shows it, `file_url` hands it out."""

    evidence: Evidence
    icon: str
    is_open: bool
    file_url: str


@dataclass(frozen=True, slots=True)
class Done:
    """One line of the finished work, with its tag and, once decided, the page with all marks."""

    line: DoneLine
    tag: words.Tag
    url: str


@require_safe
def queue(request: ActorRequest) -> HttpResponse:
    """Show what waits for the assessor."""
    found = queries.queue_of(request.actor)
    return render(
        request,
        "assessment/queue.html",
        {
            **assessor_frame("to-mark"),
            "queue": found,
            "is_empty": not (found.started or found.to_agree or found.waiting or found.to_confirm),
        },
    )


@require_POST
def take_next(request: ActorRequest) -> HttpResponse:
    """Give the assessor the work that waits longest."""
    try:
        submission_id = services.take_next(by=request.actor, at=timezone.now())
    except (NothingToMark, TooManyStarted) as refusal:
        messages.info(request, say(refusal))
        return redirect("assessment:queue")
    return redirect("assessment:mark", submission_id)


@require_safe
def done(request: ActorRequest) -> HttpResponse:
    """Show what the assessor has finished."""
    lines = [
        Done(one, words.FOR_ASSESSORS[one.state], _after_marking(one.id, one.state))
        for one in queries.done_of(request.actor)
    ]
    return render(request, "assessment/done.html", {**assessor_frame("marked"), "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: ActorRequest, submission_id: UUID) -> HttpResponse:
    """Show the evidence beside the rubric; keep, and finish, the marks."""
    show = as_uuid(request.POST.get("show", "") or request.GET.get("show", ""))
    found = queries.desk(submission_id, show=show, by=request.actor)
    if request.method == "POST":
        return _save(request, found, show)
    rubric = found.achievement.rubric
    form = MarkForm(rubric, initial=MarkForm.of(found.marks, rubric))
    return _desk_page(request, found, form)


@require_POST
def give_back(request: ActorRequest, submission_id: UUID) -> HttpResponse:
    """Take a piece of work off the assessor's desk."""
    services.give_back(submission_id, by=request.actor, at=timezone.now())
    messages.info(request, _("You gave it back. Somebody else marks it."))
    return redirect("assessment:queue")


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: ActorRequest, submission_id: UUID) -> HttpResponse:
    """Show the marks side by side, and take a proposal for those that differ."""
    found = queries.table(submission_id, show=as_uuid(request.GET.get("show", "")), by=request.actor)
    differing = [one for one in found.comparisons if one.differs]
    criteria = [one.criterion for one in differing]
    if request.method != "POST":
        return _table_page(request, found, ProposalForm(criteria, initial=_proposed(differing)))
    form = ProposalForm(criteria, request.POST)
    if form.is_valid():
        try:
            services.propose(submission_id, form.levels(), by=request.actor, at=timezone.now())
        except Incomplete as refusal:
            form.refuse(refusal.faults)
        else:
            messages.info(request, _("Your proposal is there for the other assessor to confirm."))
            return redirect("assessment:queue")
    return _table_page(request, found, form)


@require_POST
def confirm(request: ActorRequest, submission_id: UUID) -> HttpResponse:
    """Say yes to the proposal that was read."""
    number = request.POST.get("proposal", "")
    try:
        finished = services.confirm(
            submission_id,
            # Python refuses to read numbers of thousands of digits; no work has that many proposals.
            int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0,
            by=request.actor,
            at=timezone.now(),
        )
    except ProposalChanged as refusal:
        messages.warning(request, say(refusal))
        return redirect("assessment:agree", submission_id)
    except NotMarkable:
        # Agreed meanwhile, as by a button that was pressed twice: the page of the result says so.
        return redirect("assessment:agree", submission_id)
    messages.info(request, _outcome(finished))
    return redirect("assessment:queue")


@require_safe
@xframe_options_sameorigin
def file(request: ActorRequest, submission_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """Hand an assessor a file, under a name that does not tell whose it is. Our own viewer may frame it."""
    found = queries.evidence_for_assessor(submission_id, evidence_id, by=request.actor)
    return stored_file(
        files.read(found.file_key), name=found.name, media_type=found.media_type, size=found.size
    )


def _save(request: ActorRequest, found: Desk, show: UUID | None) -> HttpResponse:
    """Keep the marks first, whichever button sent them, and only then do what the button says.

    Keeping and finishing are two transactions on purpose: a refusal to finish must cost no mark.
    """
    now = timezone.now()
    form = MarkForm(found.achievement.rubric, request.POST)
    if not form.is_valid():
        return _desk_page(request, found, form)
    try:
        saved_at = services.save_marks(found.submission_id, form.marks(), by=request.actor, at=now)
    except AlreadyFinished as refusal:
        if request.POST.get("do") != "next":
            raise
        # The button was pressed twice: the marks are there, and these change nothing.
        messages.info(request, say(refusal))
        return redirect("assessment:mark", found.submission_id)
    deed = request.POST.get("do", "")
    if deed == "next":
        try:
            finished = services.finish(found.submission_id, by=request.actor, at=now)
        except AlreadyFinished:
            # The other of two presses was faster, and it did the same.
            return redirect("assessment:mark", found.submission_id)
        except Incomplete as refusal:
            form.refuse(refusal.faults)
            return _desk_page(request, found, form)
        messages.info(request, _outcome(finished))
        return take_next(request)
    if deed == "later":
        messages.info(request, _("Your marks are saved. You find them under “You have started”."))
        return redirect("assessment:queue")
    if show:
        return redirect(f"{reverse('assessment:mark', args=[found.submission_id])}?show={show}")
    if is_htmx(request):
        return _vary(render(request, "assessment/_saved.html", {"saved_at": saved_at}))
    return redirect("assessment:mark", found.submission_id)


def _outcome(finished: Finished) -> str:
    """Say what finishing or confirming led to."""
    if finished.state is State.PASSED:
        return _("Agreed: passed. The award is ready to issue.")
    if finished.state is State.NOT_YET:
        return _("Agreed: not yet. The learner reads your comments.")
    if finished.state is State.MARKS_DIFFER and not finished.waits_for_other:
        return _("Your marks are finished. They differ from the other assessor's: agree a result.")
    return _("Your marks are finished. The other assessor has still to finish.")


def _desk_page(request: ActorRequest, found: Desk, form: MarkForm) -> HttpResponse:
    context = {
        **assessor_frame("to-mark" if not found.is_finished else "marked"),
        "desk": found,
        "form": form,
        "rows": form.rows(),
        "tabs": _tabs(found.submission_id, found.evidence, found.open),
        "open": found.open,
        "shown": found.shown,
        "saved_at": found.saved_at,
        "can_agree": found.is_finished and (found.state is State.MARKS_DIFFER or found.state.is_decided),
    }
    page = render(request, "assessment/mark.html", context, status=422 if form.errors else 200)
    return _vary(page)


def _table_page(request: ActorRequest, found: Table, form: ProposalForm) -> HttpResponse:
    rows: dict[str, CriterionRow] = {row.criterion.id: row for row in form.rows()}
    context = {
        **assessor_frame("to-mark" if found.state is State.MARKS_DIFFER else "marked"),
        "table": found,
        "form": form,
        # What they differ on comes first: it is what the page is for.
        "lines": [
            (one, rows.get(one.criterion.id))
            for one in sorted(found.comparisons, key=lambda one: not one.differs)
        ],
        "tabs": _tabs(found.submission_id, found.evidence, found.open),
        "open": found.open,
        "shown": found.shown,
        "is_open": found.state is State.MARKS_DIFFER,
        "can_confirm": found.proposal and not found.proposed_by_me and not found.confirmed_by_me,
        "tag": words.FOR_ASSESSORS.get(found.state),
    }
    return render(request, "assessment/agree.html", context, status=422 if form.errors else 200)


def _proposed(differing: list[Comparison]) -> dict[str, str]:
    """Return the newest proposal as the form's first values."""
    first: dict[str, str] = {}
    for at, one in enumerate(differing):
        if one.proposed:
            first |= {f"level-{at}": one.proposed.level_id, f"text-{at}": one.proposed.reason}
    return first


def _tabs(submission_id: UUID, evidence: tuple[Evidence, ...], opened: Evidence | None) -> list[Tab]:
    return [
        Tab(one, words.icon_of(one), one == opened, reverse("assessment:file", args=[submission_id, one.id]))
        for one in evidence
    ]


def _after_marking(submission_id: UUID, state: State) -> str:
    page = "assessment:agree" if state.is_decided or state is State.MARKS_DIFFER else "assessment:mark"
    return reverse(page, args=[submission_id])


def _vary(page: HttpResponse) -> HttpResponse:
    patch_vary_headers(page, ["HX-Request"])
    return page
