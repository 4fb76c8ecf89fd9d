# SPDX-License-Identifier: Apache-2.0
"""The tasks of a programme: each page saves one part of its draft, and keeps every answer it refuses."""

from base64 import b64encode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.achievements import forms, queries, rules, services, words
from cairn.achievements.errors import Unfit
from cairn.achievements.facts import BadgeDesign, Draft, Finding
from cairn.foundation.errors import FileEmpty, FileTooLarge, Refusal
from cairn.foundation.words import say
from cairn.people.facts import Organization
from cairn.people.frame import staff_frame
from cairn.people.middleware import ActorRequest

ANY = ["GET", "HEAD", "POST"]


@require_http_methods(ANY)
def about(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Edit title, description, outcomes and criteria."""
    return _plain_part(request, slug, ref, forms.AboutForm, "achievements/about.html")


@require_http_methods(ANY)
def facts(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Edit the elements of the EU recommendation."""
    return _plain_part(request, slug, ref, forms.FactsForm, "achievements/facts.html")


@require_http_methods(ANY)
def rubric(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Edit the rubric: criteria by levels. The row buttons answer with the rows changed and nothing saved."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    if request.method != "POST":
        return _rubric_page(request, organization, draft, forms.RubricRows.of(draft.rubric))
    rows = forms.RubricRows.sent(request.POST)
    if deed := request.POST.get("do", ""):
        return _rubric_page(request, organization, draft, rows.after(deed), deed=deed)
    return _save_rubric(request, organization, draft, rows.tidied())


@require_http_methods(ANY)
def hand_in(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Edit what learners hand in and who marks it."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    names = ("id", "name", "description")
    blank: forms.Row = {"required": True}
    if request.method != "POST":
        rows = [
            {"id": task.id, "name": task.name, "description": task.description, "required": task.required}
            for task in draft.evidence_tasks
        ]
        form: forms.InputForm = forms.HandInForm(initial={"assessors_needed": draft.assessors_needed})
        return _rows_page(request, organization, draft, "hand_in", form, _tasks(rows or [blank]))
    rows = forms.read_rows(request.POST, "task", names, ("required",))
    form = forms.HandInForm(request.POST)
    if deed := request.POST.get("do", ""):
        changed = forms.rearrange(rows, deed, "task", blank)
        return _rows_page(request, organization, draft, "hand_in", form, _tasks(changed), deed=deed)
    rows = forms.without_blank(rows, "id")
    bound = _tasks(rows, check=True)
    loose: list[str] = []
    if all((form.is_valid(), bound.is_valid())):
        part = forms.hand_in_part(form.cleaned_data["assessors_needed"], rows)
        try:
            services.edit(ref, part, by=request.actor, at=timezone.now())
        except Unfit as unfit:
            loose = forms.refuse(unfit.findings, form, bound)
        else:
            return _saved(request, slug, ref)
    return _rows_page(request, organization, draft, "hand_in", form, bound, loose=loose, status=422)


@require_http_methods(ANY)
def skills(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Edit skills in frameworks, and tags."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    names = tuple(forms.SkillForm.base_fields)
    if request.method != "POST":
        rows = [{name: getattr(one, name) for name in names} for one in draft.alignments]
        form: forms.InputForm = forms.TagsForm(initial={"tags": ", ".join(draft.tags)})
        return _rows_page(request, organization, draft, "skills", form, _skills(rows or [{}]))
    rows = forms.read_rows(request.POST, "skill", names)
    form = forms.TagsForm(request.POST)
    if deed := request.POST.get("do", ""):
        changed = forms.rearrange(rows, deed, "skill", {})
        return _rows_page(request, organization, draft, "skills", form, _skills(changed), deed=deed)
    rows = forms.without_blank(rows)
    bound = _skills(rows, check=True)
    loose: list[str] = []
    if all((form.is_valid(), bound.is_valid())):
        part = forms.skills_part(rows, form.cleaned_data["tags"], draft.alignments)
        try:
            services.edit(ref, part, by=request.actor, at=timezone.now())
        except Unfit as unfit:
            loose = forms.refuse(unfit.findings, form, bound)
        else:
            return _saved(request, slug, ref)
    return _rows_page(request, organization, draft, "skills", form, bound, loose=loose, status=422)


@require_http_methods(ANY)
def badge(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Choose how the badge is drawn; `do=preview` shows the choice without saving it."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    if request.method != "POST":
        form = forms.DesignForm(initial=forms.DesignForm.initial_of(draft))
        return _badge_page(request, organization, draft, form, design=draft.badge)
    form = forms.DesignForm(request.POST)
    design = _checked_design(form)
    if design is None:
        return _badge_page(request, organization, draft, form, design=draft.badge, status=422)
    if request.POST.get("do") == "preview":
        return _badge_page(request, organization, draft, form, design=design, unsaved=True)
    services.draw_badge(ref, design, by=request.actor, at=timezone.now())
    return _saved(request, slug, ref)


@require_safe
def badge_preview(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Answer a choice with the three sizes drawn; a choice that cannot be drawn with words."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    form = forms.DesignForm(request.GET)
    design = _checked_design(form)
    context = _preview(draft, organization, design or draft.badge, unsaved=design is not None)
    context["refused"] = [str(fault) for faults in form.errors.values() for fault in faults]
    reply = render(
        request, "achievements/_badge_preview.html", context, status=200 if design is not None else 422
    )
    reply["Vary"] = "HX-Request"
    return reply


@require_POST
def badge_upload(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    """Take an image of the organization's own in place of the drawing."""
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    upload = forms.UploadForm(request.POST, request.FILES)
    if upload.is_valid():
        image = upload.cleaned_data["image"]
        try:
            services.upload_badge(ref, image.read(), name=image.name, by=request.actor, at=timezone.now())
        except Refusal as refusal:
            if refusal.status not in (FileEmpty.status, FileTooLarge.status):
                raise
            upload.add_error("image", say(refusal))
        else:
            messages.success(request, gettext("Your image is in place."))
            return redirect("achievements:badge", slug, ref)
    form = forms.DesignForm(initial=forms.DesignForm.initial_of(draft))
    return _badge_page(request, organization, draft, form, design=draft.badge, upload=upload, status=422)


def _plain_part(
    request: ActorRequest,
    slug: str,
    ref: str,
    kind: type[forms.AboutForm] | type[forms.FactsForm],
    template: str,
) -> HttpResponse:
    organization, draft = queries.draft_to_edit(slug, ref, by=request.actor)
    form = kind(request.POST) if request.method == "POST" else kind(initial=kind.initial_of(draft))
    if form.is_valid():
        try:
            services.edit(ref, form.part(), by=request.actor, at=timezone.now())
        except Unfit as unfit:
            form.refuse(unfit.findings)
        else:
            return _saved(request, slug, ref)
    context = {"form": form, **_frame(request, organization, draft)}
    return render(request, template, context, status=422 if form.errors else 200)


def _save_rubric(
    request: ActorRequest, organization: Organization, draft: Draft, rows: forms.RubricRows
) -> HttpResponse:
    levels, criteria = _bound_rubric(rows, check=True)
    loose: list[str] = []
    if all((levels.is_valid(), criteria.is_valid())):
        try:
            services.edit(draft.ref, rows.part(), by=request.actor, at=timezone.now())
        except Unfit as unfit:
            loose = forms.refuse(_once(unfit), None, levels, criteria)
        else:
            return _saved(request, organization.slug, draft.ref)
    context = {
        "levels": levels,
        "criteria": criteria,
        "problems": _problems([*levels.forms, *criteria.forms], loose),
        **_frame(request, organization, draft),
    }
    return render(request, "achievements/rubric.html", context, status=422)


def _once(unfit: Unfit) -> list[Finding]:
    """Return each finding once: all criteria share one scale, so a fault of it is found in each of them."""
    return list(dict.fromkeys(unfit.findings))


def _rubric_page(
    request: ActorRequest,
    organization: Organization,
    draft: Draft,
    rows: forms.RubricRows,
    deed: str = "",
) -> HttpResponse:
    levels, criteria = _bound_rubric(rows, check=False)
    context = {
        "levels": levels,
        "criteria": criteria,
        "unsaved": bool(deed),
        **_frame(request, organization, draft),
    }
    return render(request, "achievements/rubric.html", context)


def _bound_rubric(rows: forms.RubricRows, *, check: bool) -> tuple[forms.Rows, forms.Rows]:
    names = tuple(level["name"] for level in rows.levels)
    return (
        forms.bind(forms.LevelForm, "level", rows.levels, check=check),
        forms.bind(forms.CriterionForm, "criterion", rows.criteria, check=check, levels=names),
    )


def _rows_page(
    request: ActorRequest,
    organization: Organization,
    draft: Draft,
    page: str,
    form: forms.InputForm,
    rows: forms.Rows,
    *,
    deed: str = "",
    loose: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "unsaved": bool(deed),
        "problems": _problems([*rows.forms, form], loose or []) if status == 422 else [],
        **_frame(request, organization, draft),
    }
    return render(request, f"achievements/{page}.html", context, status=status)


def _badge_page(
    request: ActorRequest,
    organization: Organization,
    draft: Draft,
    form: forms.DesignForm,
    *,
    design: BadgeDesign,
    upload: forms.UploadForm | None = None,
    unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    upload = upload or forms.UploadForm()
    context = {
        "form": form,
        "upload": upload,
        "problems": _problems([form, upload], []) if status == 422 else [],
        **_preview(draft, organization, design, unsaved=unsaved),
        **_frame(request, organization, draft),
    }
    return render(request, "achievements/badge.html", context, status=status)


def _preview(
    draft: Draft, organization: Organization, design: BadgeDesign, *, unsaved: bool
) -> dict[str, object]:
    svg = queries.preview(draft, organization.name, design)
    return {
        "picture": "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii"),
        "sizes": [(512, gettext("Large")), (96, gettext("In a list")), (48, gettext("Small"))],
        "is_upload": design.upload is not None,
        "unsaved": unsaved,
        "shape": words.KINDS[design.kind],
        "level": words.LEVELS[design.level],
    }


def _checked_design(form: forms.DesignForm) -> BadgeDesign | None:
    if not form.is_valid():
        return None
    design = form.design()
    try:
        rules.check_design(design)
    except Unfit as unfit:
        form.refuse(unfit.findings)
        return None
    return design


def _tasks(rows: list[forms.Row], *, check: bool = False) -> forms.Rows:
    return forms.bind(forms.TaskForm, "task", rows, check=check)


def _skills(rows: list[forms.Row], *, check: bool = False) -> forms.Rows:
    return forms.bind(forms.SkillForm, "skill", rows, check=check)


def _problems(of: list[forms.InputForm], loose: list[str]) -> list[tuple[str, str]]:
    """Return every fault with the input it belongs to, for the summary on top."""
    found = [("", sentence) for sentence in loose]
    for form in of:
        if not form.is_bound:
            continue
        found += [("", str(fault)) for fault in form.non_field_errors()]
        found += [(field.id_for_label, str(fault)) for field in form for fault in field.errors]
    return found


def _frame(request: ActorRequest, organization: Organization, draft: Draft) -> dict[str, object]:
    return {"draft": draft, **staff_frame(organization, "programmes", request.actor)}


def _saved(request: ActorRequest, slug: str, ref: str) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return redirect("achievements:programme", slug, ref)
