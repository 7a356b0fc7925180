"""Begin a programme, change what it is about, take the steps of its life."""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activities.forms.programmes.about import (
    ExtendForm,
    NewProgrammeForm,
    NothingForm,
    ProgrammeForm,
    StopForm,
    TurnForm,
)
from activities.models import Programme, ProgrammeTurn
from activities.services.programmes import editing, moving, reviews
from activities.views.programmes.common import Values, autosaved, changeable, complain, draft_page, one_thing
from activities.workflow.programme import PROGRAMME
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck
from cities.views.posting import posted
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, granted
from nss_portal.core.rendering import render
from nss_portal.core.time import today

FOUND = 12
Kind = ProgrammeTurn.Kind
CONSEQUENCES = {
    "explore": [gettext_lazy("You can ask partners; each says yes or no, and why.")],
    "prepare": [gettext_lazy("You write the covenant together: goal, agreements, time path, contributions.")],
    "sign": [
        gettext_lazy("The text is fixed from now on, with milestones and contributions as they stand."),
        gettext_lazy("Open a signing round after this; each party signs for itself."),
    ],
    "execute": [
        gettext_lazy("The programme runs from the first day in the covenant."),
        gettext_lazy("Twice a year a reflection is filled in for you; once a year partners estimate their hours."),
    ],
    "scale": [gettext_lazy("Say per theme what has to happen in the next five years, and who sees to it.")],
    "close": [
        gettext_lazy("Nothing changes any more after this."),
        gettext_lazy("What was learned is offered as a draft lesson to who leads the programme."),
    ],
    "reopen": [gettext_lazy("The text can be changed again; the open signing round goes.")],
    "stop": [gettext_lazy("The reason stands on the page, so that others learn from it.")],
    "retry": [gettext_lazy("The exploration begins again, with the partners who are there.")],
}


def leading(request: HttpRequest) -> Any:
    """Give the organisations in whose name somebody leads a programme."""
    led = granted(request.user, "programme", "change").get("organiser", frozenset())
    own = organisations_for(request.user, "programme", "change")
    return Organisation.objects.existing_on(today()).filter(Q(pk__in=led) | Q(pk__in=own.values("pk")))


def new(request: HttpRequest) -> HttpResponse:
    """Begin a programme with a name and two sentences."""
    organisations = leading(request)
    if not organisations.exists():
        raise NotAllowed(_("Cities, ministries and partners begin programmes here."))
    form = NewProgrammeForm(posted(request), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = editing.begin_programme(
                actor=request.user, organisation=values.pop("organisation"), values=values
            )
        except ValidationError as error:
            complain(form, error)
        else:
            messages.success(request, _("The programme is there. Only you and your colleagues see it."))
            return redirect("activities:programme_edit", public_id=made.public_id)
    return render(request, "activities/programmes/new.html", {"form": form})


def _choosable(request: HttpRequest, programme: Programme) -> Any:
    """Give the bottlenecks to choose from: those chosen, and those that fit the words that were sent."""
    chosen = Q(programmes=programme)
    sent = request.POST.getlist("bottlenecks")
    words = request.POST.get("find", "").split()
    seen = Bottleneck.objects.visible_to(request.user)
    wanted = chosen | Q(public_id__in=sent) if sent else chosen
    if words:
        found = seen.exclude(sharing="draft")
        for word in words:
            found = found.filter(title__icontains=word)
        wanted |= Q(pk__in=list(found.values_list("pk", flat=True)[:FOUND]))
    return seen.filter(wanted).distinct().order_by("title", "pk")


def _form(request: HttpRequest, programme: Programme, data: Any) -> ProgrammeForm:
    initial = {name: getattr(programme, name) for name in (*editing.TEXTS, "version")}
    initial |= {"steps": list(programme.steps.all()), "bottlenecks": list(programme.bottlenecks.all())}
    for name in ("raised_by", "domain", "task", "tied_to"):
        key = "public_id" if name == "raised_by" else "code"
        initial[name] = getattr(initial[name], key) if initial[name] else None
    initial["steps"] = [one.code for one in initial["steps"]]
    initial["bottlenecks"] = [one.public_id for one in initial["bottlenecks"]]
    return ProgrammeForm(data, initial=initial, bottlenecks=_choosable(request, programme))


def _save(request: HttpRequest, programme: Programme, values: Values) -> Programme:
    return editing.change_programme(
        actor=request.user,
        programme=programme,
        version=values["version"] or 0,
        values={name: values[name] for name in editing.TEXTS if name in values},
        bottlenecks=values.get("bottlenecks"),
        steps=values.get("steps"),
    )


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what a programme is about."""
    programme = changeable(request, public_id)

    def make(data: Any) -> forms.Form:
        return _form(request, programme, data)

    looking = bool(request.POST.get("find", "").strip())
    here = reverse("activities:programme_edit", args=[public_id])
    context = {
        "back_url": f"{here}#id_bottlenecks" if looking else programme.get_absolute_url(),
        "autosave_url": reverse("activities:programme_autosave", args=[public_id]),
        "saved_at": programme.changed_at,
    }
    if looking:
        return _looked(request, programme, make, context)
    return draft_page(
        request,
        programme,
        make,
        lambda values: _save(request, programme, values),
        title=_("What it is about"),
        intro=_("Fill in what you know. The rest is asked for when the programme goes on."),
        context=context,
    )


def _looked(request: HttpRequest, programme: Programme, make: Any, context: Values) -> HttpResponse:
    """Show the bottlenecks that were looked for, with all that was typed still there."""
    form = make(request.POST)
    page = {
        "programme": programme,
        "form": form,
        "title": _("What it is about"),
        "intro": _("Choose from the bottlenecks that fit, and save."),
        "conflict": [],
        **context,
        "back_url": programme.get_absolute_url(),
    }
    return render(request, "activities/programmes/draft.html", page)


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save what it is about while somebody types."""
    programme = changeable(request, public_id)
    return autosaved(_form(request, programme, request.POST), lambda values: _save(request, programme, values))


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the life cycle, with the reason where one is asked."""
    programme = changeable(request, public_id)
    chosen = next((one for one in PROGRAMME.open_steps(programme) if one.name == step), None)
    if chosen is None:
        raise Http404
    form: forms.Form = NothingForm(posted(request))
    if chosen.needs_reason:
        known = _after_midterm(request, programme)
        form = StopForm(posted(request), initial=known) if step == "stop" else ReasonForm(posted(request))
    return one_thing(
        request,
        programme,
        form,
        lambda values: moving.move_programme(
            actor=request.user,
            programme=programme,
            step=step,
            reason=values.get("reason", ""),
            retry_on=values.get("retry_on"),
        ),
        title=str(chosen.label),
        action=str(chosen.label),
        intro=programme.title,
        consequences=[str(line) for line in CONSEQUENCES[step]],
        danger=step == "stop",
    )


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what nobody else has seen."""
    programme = changeable(request, public_id)
    return one_thing(
        request,
        programme,
        NothingForm(posted(request)),
        lambda _values: editing.discard_programme(actor=request.user, programme=programme),
        title=_("Throw this programme away?"),
        action=_("Throw the programme away"),
        consequences=[_("It is gone for good. Nobody else has seen it.")],
        danger=True,
        back=reverse("activities:programmes") if request.method == "POST" else programme.get_absolute_url(),
    )


def _a_year_after(day: date) -> date:
    last = monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


def _after_midterm(request: HttpRequest, programme: Programme) -> Values:
    """Give what is known of how a programme goes on: its name, another year, and why, out of a midterm review."""
    initial: Values = {"title": programme.title}
    if programme.ends_on is not None:
        initial["ends_on"] = _a_year_after(programme.ends_on)
    asked = request.GET.get("midterm", "")
    review = programme.reviews.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
    if review is not None:
        day = date_format(review.held_on, "j F Y")
        said = _("Decided in the midterm review of {day}.").format(day=day)
        initial["reason"] = "\n\n".join(filter(None, (said, review.assessment, review.conversation)))
    return initial


def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a programme run longer."""
    programme = changeable(request, public_id)
    return one_thing(
        request,
        programme,
        ExtendForm(posted(request), initial=_after_midterm(request, programme)),
        lambda values: reviews.extend(actor=request.user, programme=programme, **values),
        title=_("Extend the programme"),
        action=_("Extend the programme"),
        done=_("The programme runs longer."),
        place="wendingen",
    )


def turn(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Begin a next tranche, or start anew."""
    programme = changeable(request, public_id)
    if kind not in (Kind.TRANCHE, Kind.RESTART):
        raise Http404
    title = _("Begin a next tranche") if kind == Kind.TRANCHE else _("Restart it")
    return one_thing(
        request,
        programme,
        TurnForm(posted(request), initial=_after_midterm(request, programme)),
        lambda values: reviews.go_on_in_another(
            actor=request.user, programme=programme, kind=Kind(kind), **values
        ),
        title=title,
        action=title,
        consequences=[
            _("A programme of its own begins, linked to this one; this one stays as it is."),
            _("The partners of now are asked again: each says yes or no."),
        ],
        done=_("It goes on in a programme of its own, linked below. Its partners are asked again."),
        place="wendingen",
    )
