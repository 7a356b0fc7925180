"""Forms of pilots: propose, change, ask parties, say what one's own organisation does, take steps, follow."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms.people import PeopleForm
from activities.forms.pilots import FollowForm, PartForm, PilotForm, initial_of
from activities.forms.serving import seen_bottlenecks
from activities.models import Pilot
from activities.models.pilot import ENDED
from activities.selectors.pilot_fit import fitting_pilots
from activities.services.pilots import pilots, twinnings
from activities.views.pilots.record import changeable, find
from activities.views.programmes.common import complain
from activities.workflow.pilot import PILOT
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck, Municipality
from cities.views.offering import is_search, offered_bottlenecks
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def form_page(request: HttpRequest, form: Form | None, *, title: str, back: str, **more: Any) -> HttpResponse:
    """Draw a short form, or only a question, that does one thing."""
    context = {
        "form": form,
        "title": title,
        "intro": "",
        "action": title,
        "back_url": back,
        "danger": False,
        "consequences": [],
        **more,
    }
    status = context.pop("status", 200)
    return render(request, "activities/pilots/one_thing.html", context, status=status)


def tried(form: Form, act: Callable[[], Any]) -> Any:
    """Do something and give what comes of it; None when it is refused, with the reason beside the field."""
    try:
        return act()
    except ValidationError as error:
        complain(form, error)
    except TransitionRefused as error:
        form.add_error(None, str(error))
    return None


def _offered(request: HttpRequest, pilot: Pilot | None) -> list[Bottleneck]:
    return offered_bottlenecks(request, seen_bottlenecks(request.user, pilot))


def new(request: HttpRequest) -> HttpResponse:
    """Propose a pilot; a title is enough to keep it."""
    leaders = pilots.leading_organisations(request.user)
    if not leaders:
        raise NotAllowed(_("You cannot propose a pilot: your organisation leads none."))
    initial = {"bottlenecks": request.GET.getlist("knelpunt")}
    offered = _offered(request, None)
    form = PilotForm(posted(request), actor=request.user, offered=offered, leaders=leaders, initial=initial)
    if is_search(request):
        form.errors.clear()
    elif request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        organisation = values.pop("organisation")
        made = tried(
            form, lambda: pilots.propose_pilot(actor=request.user, organisation=organisation, values=values)
        )
        if made:
            messages.success(request, _("The proposal is saved. Ask other cities to take part."))
            return redirect(made)
    return _pilot_page(request, form, None)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a pilot; a colleague's change in between is shown beside it."""
    pilot = changeable(request, public_id)
    more: dict[str, Any] = {"actor": request.user, "pilot": pilot, "offered": _offered(request, pilot)}
    form = PilotForm(posted(request), initial=initial_of(pilot), **more)
    conflict: list[dict[str, Any]] = []
    if is_search(request):
        form.errors.clear()
    elif request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            saved = tried(
                form,
                lambda: pilots.change_pilot(
                    actor=request.user, pilot=pilot, version=version, values=form.cleaned_data
                ),
            )
        except EditConflict as error:
            conflict = beside(form, error)
            form = PilotForm(sent_again(request, error), initial=initial_of(pilot), **more)
        else:
            if saved:
                messages.success(request, _("The changes are saved."))
                return redirect(pilot)
    return _pilot_page(request, form, pilot, conflict)


def _pilot_page(
    request: HttpRequest, form: PilotForm, pilot: Pilot | None, conflict: Sequence[dict[str, Any]] = ()
) -> HttpResponse:
    searching = is_search(request)
    context = {"form": form, "pilot": pilot, "searching": searching, "fields": _fields(form), "conflict": conflict}
    return render(request, "activities/pilots/form.html", context, status=409 if conflict else 200)


def _fields(form: PilotForm) -> dict[str, list[Any]]:
    """Give the fields before and after those of the bottlenecks, which are searched."""
    names = list(form.fields)
    cut = names.index("bottlenecks")
    hidden = ("version",)
    return {
        "before": [form[name] for name in names[:cut]],
        "after": [form[name] for name in names[cut + 2 :] if name not in hidden],
    }


def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Search cities and partners, and ask several at once to take part."""
    pilot = changeable(request, public_id)
    if pilot.state in ENDED:
        raise Http404
    there = pilot.parts.exclude(state="left").values_list("organisation", flat=True)
    searching = "search" in request.POST
    form = PeopleForm(posted(request), actor=request.user, without=None, without_organisations=there)
    if searching:
        form.errors.clear()
    elif request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["organisations"]
        asked = tried(form, lambda: pilots.ask_parties(actor=request.user, pilot=pilot, organisations=chosen))
        if asked is not None:
            text = ngettext("%(number)d is asked by mail.", "%(number)d are asked by mail.", len(asked))
            messages.success(request, text % {"number": len(asked)})
            return redirect(pilot)
    context = {
        "form": form,
        "searching": searching,
        "title": _("Who pilots with you?"),
        "intro": _("Cities and partners. Each says what it does, pays and gains, or that it does not take part."),
        "action": _("Ask them"),
        "back_url": pilot.get_absolute_url(),
        "pilot": pilot,
    }
    return render(request, "activities/pilots/ask.html", context)


def part(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Say yes for the own organisation, or change what it does, pays and gains."""
    pilot = find(request, public_id)
    found = get_object_or_404(pilot.parts.select_related("organisation", "pilot"), pk=number)
    if not pilots.may_speak_for(request.user, found):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=found.organisation))
    initial = {name: getattr(found, name) for name in pilots.PART}
    form = PartForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = tried(form, lambda: pilots.take_part(actor=request.user, part=found, values=form.cleaned_data))
        if saved:
            messages.success(request, _("Saved. The other cities see it on the page."))
            return redirect(pilot)
    name = found.organisation.local_name
    asked = found.state == "asked"
    title = _("{name} takes part").format(name=name) if asked else _("What {name} does").format(name=name)
    action = _("We take part") if asked else _("Save")
    return form_page(request, form, title=title, intro=pilot.title, action=action, back=pilot.get_absolute_url())


def leave(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Say no, or leave, with the reason."""
    pilot = find(request, public_id)
    found = get_object_or_404(pilot.parts.select_related("organisation", "pilot"), pk=number)
    if not pilots.may_speak_for(request.user, found):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=found.organisation))
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: pilots.leave_pilot(actor=request.user, part=found, reason=reason)):
            messages.success(request, _("Who leads the pilot gets a mail."))
            visible = Pilot.objects.visible_to(request.user).filter(pk=pilot.pk).exists()
            return redirect(pilot) if visible else redirect("activities:pilots")
    title = _("{name} does not take part").format(name=found.organisation.local_name)
    return form_page(
        request,
        form,
        title=title,
        intro=pilot.title,
        action=_("We do not take part"),
        back=pilot.get_absolute_url(),
        danger=True,
    )


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the workflow."""
    pilot = changeable(request, public_id)
    chosen = next((one for one in PILOT.open_steps(pilot) if one.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if form is not None and step == "complete":
        form.fields["reason"].label = _("What came of it?")
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            pilots.move_pilot(actor=request.user, pilot=pilot, step=step, reason=reason)
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect(pilot)
    consequences = {
        "start": [_("Cities can follow it from now on; the network sees it at least.")],
        "complete": [_("Everybody who reads the pilot reads what came of it.")],
        "stop": [_("Everybody who reads the pilot reads the reason: others learn from that.")],
        "resume": [_("It goes back to the proposals.")],
    }
    return form_page(
        request,
        form,
        title=str(chosen.label),
        intro=pilot.title,
        back=pilot.get_absolute_url(),
        danger=step == "stop",
        consequences=consequences[step],
    )


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a proposal away that nobody else has seen, after asking."""
    pilot = changeable(request, public_id)
    if request.method == "POST":
        pilots.discard_pilot(actor=request.user, pilot=pilot)
        messages.success(request, _("The proposal is thrown away."))
        return redirect("activities:pilots")
    title = _("Throw this proposal away?")
    return form_page(request, None, title=title, intro=pilot.title, back=pilot.get_absolute_url(), danger=True)


def follow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask a city of the pilot to learn from it; the one that fits best is chosen already, with why."""
    pilot = find(request, public_id)
    if not may(request.user, "pilot", "follow"):
        raise NotAllowed(_("Only municipalities follow pilots."))
    own = twinnings.may_follow_for(request.user, pilot)
    if not own:
        raise NotAllowed(_("Your city takes part in this pilot or follows it already."))
    cities = twinnings.cities_of(pilot)
    municipality = Municipality.objects.filter(organisation=own.first()).first()
    fits = fitting_pilots(request.user, municipality, only=pilot) if municipality else []
    fit = fits[0] if fits else None
    best = cities.filter(pk=fit.city.organisation).first() if fit and fit.city else None
    form = FollowForm(posted(request), own=own, cities=cities, initial={"city": best} if best else None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: twinnings.ask_to_follow(actor=request.user, pilot=pilot, **form.cleaned_data),
        )
        if made:
            messages.success(request, _("Asked. The city answers on this page; you get a mail."))
            return redirect(made)
    return form_page(
        request,
        form,
        title=_("Follow this pilot"),
        intro=pilot.title,
        action=_("Ask to follow"),
        back=pilot.get_absolute_url(),
        consequences=fit.reasons if fit else [],
    )
