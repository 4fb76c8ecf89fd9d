# SPDX-License-Identifier: Apache-2.0
"""A learner's pages: what I can hand in, handing in, the result."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.assessment import queries, services, words
from cairn.assessment.errors import AlreadyHandedIn, Incomplete, NoSuchWork
from cairn.assessment.facts import Evidence, Fault, State, Work, WorkLine
from cairn.assessment.forms import WorkForm, as_uuid, uploads
from cairn.assessment.rules.media import ACCEPT, WHAT_WE_TAKE
from cairn.assessment.rules.submissions import tasks_of
from cairn.foundation import files
from cairn.foundation.files import as_size
from cairn.foundation.http import stored_file
from cairn.foundation.words import say
from cairn.people.frame import learner_frame
from cairn.people.middleware import ActorRequest


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, with its tag and the page it leads to."""

    work: WorkLine
    tag: words.Tag
    url: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file with its icon."""

    evidence: Evidence
    icon: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary on top: where to fix it, which file it is about, what is wrong."""

    url: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class TaskBox:
    """One task of the page with its files and what was refused."""

    id: str
    name: str
    description: str
    required: bool
    files: tuple[FileLine, ...]
    removed: tuple[Evidence, ...]
    faults: tuple[tuple[str, str], ...]


@require_safe
def works(request: ActorRequest) -> HttpResponse:
    """Show what the learner can hand in and has handed in."""
    lines = [
        Line(one, words.for_learner(one.state), reverse("assessment:work", args=[one.ref]))
        for one in queries.works_of(request.actor)
    ]
    return render(request, "assessment/works.html", {**learner_frame("work"), "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: ActorRequest, ref: str) -> HttpResponse:
    """Show the work for one achievement, and keep what the learner writes, adds, removes and hands in."""
    found = queries.work(ref, by=request.actor)
    if request.method == "POST":
        return _keep(request, found)
    if found.current is not None and found.current.state.is_decided:
        return redirect("assessment:feedback", ref, found.current.attempt)
    form = WorkForm(initial=_written(found))
    return _work_page(request, found, form)


@require_POST
def begin_again(request: ActorRequest, ref: str) -> HttpResponse:
    """Begin a new attempt."""
    services.begin_again(ref, by=request.actor, at=timezone.now())
    return redirect("assessment:work", ref)


@require_safe
def feedback(request: ActorRequest, ref: str, attempt: int) -> HttpResponse:
    """Show the result of one attempt, and what the assessors saw."""
    found = queries.feedback(ref, attempt, by=request.actor)
    context = {
        **learner_frame("work"),
        "feedback": found,
        "tag": words.for_learner(found.submission.state),
        "passed": found.submission.state is State.PASSED,
        "files": _file_lines(found.submission.evidence),
        "earlier": range(1, found.submission.attempt),
    }
    return render(request, "assessment/feedback.html", context)


@require_safe
def own_file(request: ActorRequest, ref: str, evidence_id: UUID) -> HttpResponseBase:
    """Hand a learner a file of their own."""
    found = queries.evidence_of_learner(ref, evidence_id, by=request.actor)
    return stored_file(
        files.read(found.file_key), name=found.name, media_type=found.media_type, size=found.size
    )


def _keep(request: ActorRequest, found: Work) -> HttpResponse:
    """Keep everything that came, whichever button sent it, and only then do what the button says.

    Keeping and handing in are two transactions on purpose: a refusal to hand in must cost nothing.
    """
    now, ref = timezone.now(), found.achievement.ref
    form = WorkForm(request.POST)
    sent = uploads(request, request.POST.get("client_key", ""), tasks_of(found.achievement))
    written = form.words()
    try:
        kept = services.keep(ref, written, sent, by=request.actor, at=now)
    except AlreadyHandedIn as refusal:
        if request.POST.get("do") != "hand-in":
            raise
        # The button was pressed twice, or its answer was lost on the way: it did what it said.
        messages.info(request, say(refusal))
        return redirect("assessment:work", ref)
    form.refuse(kept.faults)
    removed, put_back = as_uuid(request.POST.get("remove", "")), as_uuid(request.POST.get("put_back", ""))
    if removed:
        services.remove(ref, removed, by=request.actor, at=now)
    elif put_back:
        services.put_back(ref, put_back, by=request.actor)
    elif request.POST.get("do") == "hand-in" and written and not kept.faults:
        try:
            services.hand_in(ref, by=request.actor, at=now)
        except AlreadyHandedIn:
            # The other of two presses was faster, and it did the same.
            return redirect("assessment:work", ref)
        except Incomplete as refusal:
            form.refuse(refusal.faults)
            return _work_page(request, queries.work(ref, by=request.actor), form, refusal.faults)
        return redirect("assessment:work", ref)
    if kept.faults or form.errors:
        return _work_page(request, queries.work(ref, by=request.actor), form, kept.faults)
    if request.POST.get("do") == "save":
        messages.info(request, _saved_words(kept.added))
    return redirect("assessment:work", ref)


def _saved_words(added: int) -> str:
    if not added:
        return _("Your draft is saved.")
    return ngettext(
        "Your draft is saved. %(n)s file was added.", "Your draft is saved. %(n)s files were added.", added
    ) % {"n": added}


def _written(found: Work) -> dict[str, str]:
    if found.current is None:
        return {}
    said = found.current.words
    return {"statement": said.statement, "ai_statement": said.ai_statement}


def _work_page(
    request: ActorRequest, found: Work, form: WorkForm, faults: tuple[Fault, ...] = ()
) -> HttpResponse:
    state = found.current.state if found.current else State.DRAFT
    if state.is_decided:
        raise NoSuchWork("There is nothing here by that name.")
    at_tasks = [fault for fault in faults if fault.field not in form.fields]
    boxes = [
        TaskBox(
            id=one.task.id,
            name=words.name_of(one.task),
            description=one.task.description,
            required=one.task.required,
            files=_file_lines(one.evidence),
            removed=one.removed,
            faults=tuple((fault.about, words.say(fault)) for fault in at_tasks if fault.field == one.task.id),
        )
        for one in found.tasks
    ]
    context = {
        **learner_frame("work"),
        "work": found,
        "form": form,
        "boxes": boxes,
        "accept": ACCEPT,
        "what_we_take": _(WHAT_WE_TAKE),
        "limit": as_size(settings.CAIRN_FILE_LIMIT),
        "tag": words.for_learner(state),
        "is_draft": state is State.DRAFT,
        "problems": [
            *(Problem(f"#id_{name}", "", str(error)) for name in form.errors for error in form.errors[name]),
            *(Problem(f"#files-{fault.field}", fault.about, words.say(fault)) for fault in at_tasks),
        ],
        # Made anew with every page, so that a browser that sends one page twice adds nothing twice.
        "client_key": uuid4().hex,
        "criteria": found.achievement.rubric,
        "refuses": bool(faults or form.errors),
    }
    status = 422 if faults or form.errors else 200
    template = "assessment/work.html" if state is State.DRAFT else "assessment/handed_in.html"
    return render(request, template, context, status=status)


def _file_lines(evidence: tuple[Evidence, ...]) -> tuple[FileLine, ...]:
    return tuple(FileLine(one, words.icon_of(one)) for one in evidence)
