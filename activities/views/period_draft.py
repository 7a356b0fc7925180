"""What coordinators write: a new agenda, its lines with means, activities that are put on it, a revision."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from activities.forms.periods import (
    LineForm,
    MeansFormSet,
    PeriodForm,
    first_free_day,
    initial_means,
    initial_of_line,
)
from activities.models import Activity
from activities.models.activity import COMING_STATES
from activities.models.period import AgendaLine, AgendaVersion, VersionState
from activities.presenting.agenda import HERE
from activities.services.agenda import leading_organisations
from activities.services.periods import drafting
from activities.views.periods import line_of, visible
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.time import today

OFFERED = 200
MONTHS = 18


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at the fields it is about."""
    refused = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in refused.items():
        form.add_error(name if name in form.fields else None, texts)


def draft_of(request: HttpRequest, public_id: str) -> AgendaVersion:
    """Give the draft of a period for who draws it up: 404 when it is not visible, 403 for others."""
    version = visible(request, public_id)
    drafting.require_word(request.user, "propose")
    if version.state != VersionState.DRAFT:
        raise Http404
    return version


def new(request: HttpRequest) -> HttpResponse:
    """Draw up the agenda of a new period."""
    drafting.require_word(request.user, "propose")
    first = first_free_day()
    months = first.year * 12 + first.month - 1 + MONTHS
    last = first.replace(year=months // 12, month=months % 12 + 1, day=1).toordinal() - 1
    initial = {"starts_on": first, "ends_on": type(first).fromordinal(last)}
    form = PeriodForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafting.create_period(actor=request.user, values=form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The draft is saved. Put activities on it now."))
            return redirect(draft.period)
    return render(request, "activities/period_form.html", {"form": form, "draft": None, "conflict": []})


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what a draft is for; a colleague's change in between is shown beside it."""
    draft = draft_of(request, public_id)
    kept = {name: getattr(draft.period, name) for name in ("title", "starts_on", "ends_on")}
    initial = {**kept, "goal": draft.goal, "note": draft.note, "version": draft.version}
    form = PeriodForm(posted(request), initial=initial, draft=draft)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        values = form.values(draft.period)
        try:
            drafting.change_draft(
                actor=request.user, draft=draft, version=form.cleaned_data["version"] or 0, values=values
            )
        except ValidationError as error:
            add_errors(form, error)
        except EditConflict as error:
            conflict = beside(form, error)
            form = PeriodForm(sent_again(request, error), draft=draft)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(draft.period)
    context = {"form": form, "draft": draft, "conflict": conflict}
    return render(request, "activities/period_form.html", context, status=409 if conflict else 200)


def line_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put something on the agenda that is not planned yet."""
    return _line(request, draft_of(request, public_id), None)


def line_edit(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Change a line of a draft, with who brings what."""
    draft = draft_of(request, public_id)
    return _line(request, draft, line_of(draft, key))


def _line(request: HttpRequest, draft: AgendaVersion, line: AgendaLine | None) -> HttpResponse:
    leaders = leading_organisations(request.user)
    initial = initial_of_line(line) if line else {}
    form = LineForm(posted(request), initial=initial, period=draft.period, leaders=leaders)
    # The choices are read once, not once for each line.
    bringers = Organisation.objects.filter(pk__in=leaders.values("pk")).order_by("name", "pk")
    means = MeansFormSet(
        posted(request),
        initial=initial_means(line) if line else [],
        prefix="m",
        form_kwargs={"organisations": bringers},
    )
    if request.method == "POST" and form.is_valid() and means.is_valid():
        brought = [one.means() for one in means if hasattr(one, "cleaned_data")]
        try:
            drafting.save_line(
                actor=request.user,
                draft=draft,
                line=line,
                values=form.values(line),
                means=[one for one in brought if one is not None],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The line is saved."))
            if "another" in request.POST:
                return redirect("activities:period_line_new", public_id=draft.period.public_id)
            return redirect(draft.period)
    context = {"form": form, "means": means, "draft": draft, "line": line}
    return render(request, "activities/period_line.html", context)


def line_remove(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Take a line off a draft, after asking."""
    draft = draft_of(request, public_id)
    line = line_of(draft, key)
    if request.method == "POST":
        drafting.remove_line(actor=request.user, draft=draft, line=line)
        messages.success(request, _("The line is taken off."))
        return redirect(draft.period)
    context = {
        "title": _("Take this off the agenda?"),
        "intro": line.title,
        "consequences": [_("An activity that exists already stays as it is.")],
        "action": _("Take it off"),
        "back_url": draft.period.get_absolute_url(),
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)


class AddForm(forms.Form):
    """Which activities go on the agenda."""

    activities = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put activities that are planned already on a draft."""
    draft = draft_of(request, public_id)
    period = draft.period
    there = draft.lines.exclude(activity=None).order_by().values("activity")
    inside = Activity.objects.visible_to(request.user).filter(state__in=COMING_STATES).exclude(pk__in=there)
    dated = inside.filter(starts_at__date__gte=period.starts_on, starts_at__date__lte=period.ends_on)
    undated = inside.filter(starts_at__isnull=True) if period.ends_on >= today() else inside.none()
    offered = list(dated.select_related("organisation").order_by("starts_at", "pk")[:OFFERED])
    offered += list(undated.select_related("organisation").order_by("-pk")[:OFFERED])
    form = AddForm(posted(request))
    field = form.fields["activities"]
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type
    field.choices = [(one.public_id, one.title) for one in offered]
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in offered if one.public_id in form.cleaned_data["activities"]]
        try:
            number = drafting.add_activities(actor=request.user, draft=draft, activities=chosen)
        except ValidationError as error:
            add_errors(form, error)
        else:
            if number:
                messages.success(request, _("The activities stand on the agenda. Say at each who brings what."))
            return redirect(period)
    chosen_ids = set(request.POST.getlist("activities"))
    rows = [
        {
            "id": one.public_id,
            "title": one.title,
            "kind": one.get_kind_display(),
            "lead": one.organisation.short_name or one.organisation.name,
            "date": one.starts_at.astimezone(HERE).date() if one.starts_at else None,
            "chosen": one.public_id in chosen_ids,
        }
        for one in offered
    ]
    return render(request, "activities/period_add.html", {"draft": draft, "form": form, "rows": rows})
