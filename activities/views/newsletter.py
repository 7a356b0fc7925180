"""The newsletter: choose, order and introduce, see it as it will be, take it along, note that it was sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms.newsletter import NewsletterForm, SentForm
from activities.models import Newsletter
from activities.models.newsletter import NewsletterState
from activities.presenting.newsletter import html_of, letter, text_of
from activities.selectors.newsletter import KINDS, Entry, chosen, offered
from activities.services import newsletter as services
from cities.views.posting import posted
from nss_portal.core.access import require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import kept
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

LAST = 9999


def letters(request: HttpRequest) -> HttpResponse:
    """The draft, or a button to begin one, and those that were sent."""
    require(request.user, "newsletter", "change")
    if request.method == "POST":
        return redirect(services.begin(actor=request.user))
    found = list(Newsletter.objects.visible_to(request.user).defer("html", "text", "items")[:50])
    context = {
        "draft": next((one for one in found if one.state == NewsletterState.DRAFT), None),
        "sent": [one for one in found if one.state == NewsletterState.SENT],
    }
    return render(request, "activities/newsletter/list.html", context)


def _find(request: HttpRequest, public_id: str) -> Newsletter:
    return get_object_or_404(Newsletter.objects.visible_to(request.user), public_id=public_id)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form of a draft; one that was sent is read."""
    newsletter = _find(request, public_id)
    if newsletter.state == NewsletterState.SENT:
        return preview(request, public_id)
    entries = _entries(request, newsletter)
    form = NewsletterForm(posted(request), initial=_initial(newsletter))
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, newsletter, form, entries)
        except EditConflict as error:
            conflict = beside(form, error)
            form = NewsletterForm(sent_again(request, error), initial=_initial(newsletter))
        else:
            return redirect("activities:newsletter_preview", public_id=newsletter.public_id)
    context = {
        "newsletter": newsletter,
        "form": form,
        "parts": _parts(entries, newsletter.items, posted(request)),
        "conflict": conflict,
    }
    return render(request, "activities/newsletter/form.html", context, status=409 if conflict else 200)


def _initial(newsletter: Newsletter) -> dict[str, Any]:
    names = ("title", "introduction", "version")
    return {name: getattr(newsletter, name) for name in names} | {"until": timezone.now().isoformat()}


def _entries(request: HttpRequest, newsletter: Newsletter) -> dict[str, list[Entry]]:
    """Give what can be chosen per kind: what is offered, and what was chosen before and is public still."""
    # What was published is the same for all editors.
    found = {
        code: list(entries)
        for code, entries in kept(
            "newsletter", request.user, newsletter.since, make=lambda: offered(newsletter.since)
        ).items()
    }
    keys = {(one.kind, one.id) for entries in found.values() for one in entries}
    more = [item for item in newsletter.items if (item["kind"], item["id"]) not in keys]
    for _label, entries in chosen(more) if more else ():
        found[entries[0].kind] += entries
    return found


def _parts(
    entries: Mapping[str, list[Entry]], items: Iterable[Mapping[str, str]], data: QueryDict | None
) -> list[dict[str, Any]]:
    """Give the rows under their headings, in the order in which they stand in the letter; what was sent wins."""
    places = {f"{item['kind']}-{item['id']}": place for place, item in enumerate(items)}
    parts = []
    for kind in KINDS:
        ordered = sorted(entries[kind.code], key=lambda one: places.get(one.key, LAST))
        rows: list[dict[str, Any]] = [
            {"entry": one, "is_taken": one.key in places, "place": at} for at, one in enumerate(ordered, 1)
        ]
        if data is not None:
            rows = [
                {
                    "entry": one,
                    "is_taken": one.key in data.getlist("take"),
                    "place": data.get(f"place-{one.key}", ""),
                }
                for one in ordered
            ]
        parts.append({"label": kind.label(), "rows": rows})
    return parts


def _items(entries: Mapping[str, list[Entry]], data: QueryDict) -> list[dict[str, str]]:
    """Read which rows are chosen, in the order of the numbers beside them."""
    taken = set(data.getlist("take"))

    def place(entry: Entry) -> int:
        said = data.get(f"place-{entry.key}", "").strip()
        return int(said) if said.isascii() and said.isdigit() and len(said) < len(str(LAST)) else LAST

    return [
        {"kind": one.kind, "id": one.id}
        for kind in KINDS
        for one in sorted(entries[kind.code], key=place)
        if one.key in taken
    ]


def _save(
    request: HttpRequest, newsletter: Newsletter, form: NewsletterForm, entries: Mapping[str, list[Entry]]
) -> Newsletter:
    values = form.cleaned_data
    return services.change(
        actor=request.user,
        newsletter=newsletter,
        version=values["version"] or 0,
        values={**values, "items": _items(entries, request.POST)},
        until=values["until"] or newsletter.until,
    )


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save while somebody types or ticks; answers with the time and the new version, or 409 with what to do."""
    newsletter = _find(request, public_id)
    form = NewsletterForm(request.POST)
    if newsletter.state != NewsletterState.DRAFT or not form.is_valid():
        message = _("Not saved by itself. Save the form to see what is asked.")
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, newsletter, form, _entries(request, newsletter))
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})


@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letter as it will be, to take along as HTML and as text."""
    newsletter = _find(request, public_id)
    context = letter(newsletter) | {
        "is_draft": newsletter.state == NewsletterState.DRAFT,
        "html": html_of(newsletter),
        "text": text_of(newsletter),
    }
    return render(request, "activities/newsletter/preview.html", context)


def _download(content: str, kind: str, newsletter: Newsletter, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    day = timezone.localdate(newsletter.changed_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="nieuwsbrief-{day}.{ending}"'
    return response


@require_safe
def as_html(request: HttpRequest, public_id: str) -> HttpResponse:
    """The mail as a file of HTML."""
    newsletter = _find(request, public_id)
    return _download(html_of(newsletter), "text/html", newsletter, "html")


@require_safe
def as_text(request: HttpRequest, public_id: str) -> HttpResponse:
    """The mail as a file of plain text."""
    newsletter = _find(request, public_id)
    return _download(text_of(newsletter), "text/plain", newsletter, "txt")


def send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note on which day it was sent."""
    newsletter = _find(request, public_id)
    form = SentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.send(actor=request.user, newsletter=newsletter, sent_on=form.cleaned_data["sent_on"])
        except ValidationError as error:
            form.add_error("sent_on", error.message_dict["sent_on"])
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. The next newsletter begins after this one."))
            return redirect("activities:newsletters")
    context = {
        "title": _("Note that it was sent"),
        "intro": newsletter.title,
        "consequences": [
            _("It stays here as it is now."),
            _("The next newsletter brings what is published after this one."),
        ],
        "form": form,
        "action": _("It was sent"),
        "back_url": newsletter.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that it was not sent after all."""
    newsletter = _find(request, public_id)
    try:
        services.reopen(actor=request.user, newsletter=newsletter)
    except TransitionRefused as error:
        messages.error(request, str(error))
        return redirect(newsletter)
    messages.success(request, _("It is a draft again."))
    return redirect(newsletter)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    newsletter = _find(request, public_id)
    if request.method == "POST":
        services.discard(actor=request.user, newsletter=newsletter)
        return redirect("activities:newsletters")
    context = {
        "title": _("Throw the draft away"),
        "intro": newsletter.title,
        "consequences": [
            _("The choice and the introduction are gone for good. What it is about stays published.")
        ],
        "form": None,
        "action": _("Throw the draft away"),
        "back_url": newsletter.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
