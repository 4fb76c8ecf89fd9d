# SPDX-License-Identifier: Apache-2.0
"""Pages of this room: check one, check many, what each answer means. Open to everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.foundation.errors import Refusal
from cairn.foundation.http import is_htmx
from cairn.foundation.words import say
from cairn.people.middleware import ActorRequest
from cairn.verification import queries, rules, services
from cairn.verification.facts import Answer, Examined, Presented, Voice, Way, Words
from cairn.verification.forms import CheckForm, ListForm


def voice() -> Voice:
    """Return how words are said to this reader."""
    return Voice(
        gettext=gettext,
        ngettext=ngettext,
        day=lambda moment: date_format(moment, "j F Y"),
        moment=lambda moment: date_format(moment, _("j F Y \\a\\t H:i")) + " UTC",
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActorRequest) -> HttpResponse:
    """Check a link, a reference, a pasted credential or a file."""
    if request.method != "POST":
        return _check_form(request, CheckForm(initial={"ref": request.GET.get("ref", "")}))
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _check_form(request, form)
    now = timezone.now()
    text, file = form.cleaned_data["ref"], form.cleaned_data["file"]
    try:
        if file is not None:
            examined = services.check_file(file.read(rules.FILE_LIMIT + 1), name=file.name or "", at=now)
        elif page := services.page_of(text, by=request.actor, at=now):
            return redirect(page)
        else:
            examined = services.check_text(text, at=now)
    except Refusal as refusal:
        form.add_error("file" if file is not None else "ref", say(refusal))
        return _check_form(request, form)
    return _result(request, examined)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_list(request: ActorRequest) -> HttpResponse:
    """Take up to 500 links, references or files, and lead to the page where their answers appear."""
    if request.method != "POST":
        return _list_form(request, ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_form(request, form)
    try:
        lines = rules.pasted_lines(form.cleaned_data["lines"])
        files = form.cleaned_data["uploads"]
        rules.require_list(lines, [file.size or 0 for file in files])
        presented = [
            *(Presented(text=line) for line in lines),
            *(Presented(data=file.read(), name=file.name or "") for file in files),
        ]
        key = services.start_list(presented, at=timezone.now())
    except Refusal as refusal:
        form.add_error("lines", say(refusal))
        return _list_form(request, form)
    return redirect("verification:list-so-far", key)


@login_not_required
@require_safe
def list_so_far(request: ActorRequest, key: str) -> HttpResponse:
    """Check a few seconds' worth of a list, and show what is known; the page asks again until all is."""
    now = timezone.now()
    services.go_on(key, at=now)
    found = queries.list_so_far(key, at=now, voice=voice())
    context = {"key": key, "found": found, "fine": sum(row.words.tone == "ok" for row in found.rows)}
    template = "verification/_list.html" if is_htmx(request) else "verification/list_so_far.html"
    reply = render(request, template, context)
    reply["Vary"] = "HX-Request"
    reply["X-Robots-Tag"] = "noindex"
    return reply


@login_not_required
@require_safe
def list_csv(request: ActorRequest, key: str) -> HttpResponse:
    """Hand over the answers for a spreadsheet."""
    head = (_("Line"), _("Answer"), _("In words"), _("What to do"), _("Person"), _("Credential"), _("From"),
            _("Level"), _("Valid from"), _("Valid until"), _("Presented as"))  # fmt: skip
    found = queries.list_so_far(key, at=timezone.now(), voice=voice())
    reply = HttpResponse(rules.as_csv(found.rows, head), content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = 'attachment; filename="checked-credentials.csv"'
    return reply


@login_not_required
@require_safe
def answers(request: ActorRequest) -> HttpResponse:
    """Show every answer the checker can give, with what it means."""
    return render(request, "verification/answers.html", {"examples": _examples()})


def _result(request: ActorRequest, examined: Examined) -> HttpResponse:
    said = voice()
    context = {
        "answer": examined.answer,
        "view": examined.view,
        "words": rules.words(examined.answer, at=timezone.now(), voice=said),
        # One of ours needs no such warning: whose it is, is known here.
        "domain": examined.view.host if examined.view.claims and not examined.view.issuer_page_url else "",
    }
    return render(request, "verification/result.html", context)


def _check_form(request: ActorRequest, form: CheckForm) -> HttpResponse:
    return render(request, "verification/check.html", {"form": form}, status=422 if form.errors else 200)


def _list_form(request: ActorRequest, form: ListForm) -> HttpResponse:
    return render(request, "verification/list.html", {"form": form}, status=422 if form.errors else 200)


def _examples() -> list[tuple[Words, str]]:
    """Return each answer in words, on an invented credential, with what it means."""
    now = timezone.now()
    known = {
        "way": Way.FILE,
        "kind": rules.look_at(b"\xff\xd8\xff"),
        "issuer_name": "Fernhill College",
        "subject_name": "Amara Okafor",
        "checks": tuple(
            rules.passed_check(name) for name in ("proof", "issuer", "status", "period", "schema")
        ),
        "valid_until": now,
        "changed_at": now,
        "reason": _("awarded in error"),
        "host": "fernhill.example",
    }
    meanings = {
        "genuine": _(
            "It is exactly what the issuer signed, it has not been withdrawn, and it is in date. "
            "Check that the person showing it is its holder."
        ),
        "out_of_date": _(
            "Everything holds but the date. Some skills are certified for a time only, and then shown again."
        ),
        "on_hold": _("The issuer looks into something. It may stand again tomorrow, or be withdrawn."),
        "withdrawn": _("The issuer took it back, for good. The reason is the issuer's own."),
        "changed": _(
            "Somebody edited it after it was signed, or it was damaged on the way. "
            "Nothing in it can be believed."
        ),
        "unknown_issuer": _(
            "The signature holds, but it was made with a key that nobody vouches for. "
            "Anybody can make such a key."
        ),
        "unfinished": _(
            "Something we need did not answer or could not be checked. Try again later. "
            "It is no sign that something is wrong."
        ),
        "unreadable": _("There is no credential in what you gave us, or none of a kind that we know."),
    }
    return [
        (rules.words(Answer(verdict=verdict, **known), at=now, voice=voice()), meaning)  # type: ignore[arg-type]  # one dict for eight answers
        for verdict, meaning in meanings.items()
    ]
