# SPDX-License-Identifier: Apache-2.0
"""An organization's programmes: the list, one with its tasks, publishing it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.achievements import queries, rules, services, words
from cairn.achievements.errors import DraftExists, NotReady, Unfit
from cairn.achievements.facts import Draft, Finding, State
from cairn.achievements.forms import StartForm
from cairn.achievements.pages.public import SVG_POLICY, presentation
from cairn.foundation.words import say
from cairn.people.facts import Organization
from cairn.people.frame import staff_frame
from cairn.people.middleware import ActorRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the programme page. `tone` colours its state."""

    name: str
    hint: str
    url: str
    state: str
    tone: str
    icon: str


@require_safe
def programmes(request: ActorRequest, slug: str) -> HttpResponse:
    """List an organization's programmes with where each stands."""
    organization, found = queries.programmes_of(slug, by=request.actor)
    context = {
        "lines": [(one, *words.STATES[one.state]) for one in found if one.state is not State.ARCHIVED],
        "archived": [one for one in found if one.state is State.ARCHIVED],
        "may_edit": queries.may_edit(request.actor, organization.id),
        **staff_frame(organization, "programmes", request.actor),
    }
    return render(request, "achievements/programmes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActorRequest, slug: str) -> HttpResponse:
    """Start a programme from a title."""
    organization = queries.organization_to_edit(slug, by=request.actor)
    form = StartForm(request.POST or None, initial={"language": "en"})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            draft = services.draft(
                organization.id,
                " ".join(sent["name"].split()),
                description=sent["description"].strip(),
                language=sent["language"],
                field=sent["field"],
                by=request.actor,
                at=timezone.now(),
            )
        except Unfit as unfit:
            form.refuse(unfit.findings)
        else:
            messages.success(request, gettext("Started. Do the tasks in any order, then publish."))
            return redirect("achievements:programme", slug, draft.ref)
    context = {"form": form, **staff_frame(organization, "programmes", request.actor)}
    return render(request, "achievements/start.html", context, status=422 if form.errors else 200)


@require_safe
def programme(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Show one programme: its tasks while a draft is open, and what is published."""
    organization, shown = queries.get_programme(slug, ref, by=request.actor)
    state, tone = words.STATES[shown.state]
    found = findings_of(shown.draft, organization)
    may_edit = queries.may_edit(request.actor, organization.id)
    context = {
        "programme": shown,
        "state": state,
        "tone": tone,
        "tasks": tasks_of(shown.draft, slug, found) if shown.draft and may_edit else [],
        "left": sum(1 for task in tasks_of(shown.draft, slug, found)[:-1] if task.tone == "warn")
        if shown.draft
        else 0,
        "may_edit": may_edit,
        **presentation(shown.content, organization),
        **staff_frame(organization, "programmes", request.actor),
    }
    return render(request, "achievements/programme.html", context)


@require_safe
def badge_image(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Serve the badge of a programme to its staff, also while it is a draft."""
    svg = queries.programme_badge(slug, ref, by=request.actor)
    reply = HttpResponse(svg, content_type="image/svg+xml")
    reply["Content-Security-Policy"] = SVG_POLICY
    return reply


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Show what is missing and what everyone will see; publish on POST."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    status = 200
    if request.method == "POST":
        try:
            published = services.publish(ref, by=request.actor, at=timezone.now())
        except NotReady:
            status = 422
        else:
            messages.success(request, gettext("Published. Everyone can see it now."))
            return redirect("achievements:programme", slug, published.ref)
    found = findings_of(draft, organization)
    parts = links_of(draft, slug)
    missing = [(words.say(one), parts[one.part]) for one in found if one.blocks]
    context = {
        "draft": draft,
        "missing": missing,
        "look": [
            (words.say(one), parts[one.part])
            for one in found
            if not one.blocks and not one.code.startswith("eu.")
        ],
        "eu_links": [(words.element(one), parts[one.part]) for one in rules.eu_missing(draft, organization)],
        "refused": status == 422,
        **presentation(draft, organization),
        **staff_frame(organization, "programmes", request.actor),
    }
    return render(request, "achievements/publish.html", context, status=status)


@require_POST
def new_version(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Start a new version of a published programme."""
    queries.get_programme(slug, ref, by=request.actor)
    try:
        services.new_version(ref, by=request.actor, at=timezone.now())
    except DraftExists as refusal:
        messages.info(request, say(refusal))
    else:
        messages.success(
            request, gettext("A new version is open. What is published stays until you publish it.")
        )
    return redirect("achievements:programme", slug, ref)


@require_POST
def discard(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Drop the new version that is being written."""
    queries.get_programme(slug, ref, by=request.actor)
    services.discard(ref, by=request.actor)
    messages.success(request, gettext("The new version is gone. What is published has not changed."))
    return redirect("achievements:programme", slug, ref)


@require_POST
def archive(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Offer a programme no longer; the answer offers to undo it."""
    queries.get_programme(slug, ref, by=request.actor)
    services.archive(ref, by=request.actor, at=timezone.now())
    messages.success(request, gettext("Archived. Credentials that were issued keep working."))
    return redirect("achievements:programme", slug, ref)


@require_POST
def unarchive(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Offer an archived programme again."""
    queries.get_programme(slug, ref, by=request.actor)
    services.unarchive(ref, by=request.actor)
    messages.success(request, gettext("The programme is back."))
    return redirect("achievements:programme", slug, ref)


def findings_of(draft: Draft | None, organization: Organization) -> tuple[Finding, ...]:
    """Return what a draft lacks today."""
    if draft is None:
        return ()
    return rules.findings(draft, organization, today=timezone.now().date())


def links_of(draft: Draft, slug: str) -> dict[str, str]:
    """Return the address of each part's page."""
    return {
        part: reverse(f"achievements:{part}", args=(slug, draft.ref))
        for part in ("about", "rubric", "hand-in", "badge", "skills", "facts", "publish")
    }


def tasks_of(draft: Draft, slug: str, found: tuple[Finding, ...]) -> list[Task]:
    """Return the seven tasks of a draft with what is left to do in each."""
    links = links_of(draft, slug)
    names = {
        "about": (
            gettext("Outcomes and description"),
            gettext("What it is and what people can do afterwards"),
        ),
        "rubric": (gettext("Rubric"), gettext("What is looked at, level by level, and what passes")),
        "hand-in": (gettext("What to hand in"), gettext("The work people send, and who marks it")),
        "badge": (gettext("Badge image"), gettext("Drawn for you; change it or use your own")),
        "skills": (gettext("Skills"), gettext("In the words of a framework, so that employers find it")),
        "facts": (gettext("Facts for readers"), gettext("Hours, level, quality assurance: the EU list")),
    }
    tasks = [_task(part, name, hint, links[part], found) for part, (name, hint) in names.items()]
    blocking = any(one.blocks for one in found)
    tasks.append(
        Task(
            name=gettext("Check and publish"),
            hint=gettext("See what everyone will see"),
            url=links["publish"],
            state=gettext("Not yet") if blocking else gettext("Ready"),
            tone="idle" if blocking else "ok",
            icon="idle" if blocking else "ok",
        )
    )
    return tasks


def _task(part: str, name: str, hint: str, url: str, found: tuple[Finding, ...]) -> Task:
    own = [one for one in found if one.part == part]
    if any(one.blocks for one in own):
        state, tone = gettext("To do"), "warn"
    elif own:
        state, tone = gettext("Could be better"), "idle"
    else:
        state, tone = gettext("Done"), "ok"
    return Task(name=name, hint=hint, url=url, state=state, tone=tone, icon=tone)
