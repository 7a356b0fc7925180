"""The page of one programme, the page for newcomers, and the text of the covenant."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityRequest, Phase, Programme, ReflectionSubject
from activities.models.programme import AT_WORK, BEFORE_COVENANT
from activities.models.programme_partner import Answer
from activities.presenting import programmes as words
from activities.selectors.assessments import assessments_of
from activities.selectors.programmes import (
    Whole,
    party_keys,
    signing_keys,
    takes_part,
    whole_of,
    with_parts,
)
from activities.workflow.programme import PROGRAMME
from cities.models import Bottleneck
from cities.presenting import knows_people, transition_history
from nss_portal.core.access import Actor, granted, may, standing_of
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def find(request: HttpRequest, public_id: str, *names: str) -> Whole:
    """Give a programme with its parts (all of them unless named) that the person may see; raises Http404."""
    seen = with_parts(Programme.objects.visible_to(request.user), *names)
    return whole_of(get_object_or_404(seen, public_id=public_id))


def is_inside(request: HttpRequest, whole: Whole) -> bool:
    """Say whether somebody reads what partners share among themselves: who takes part, and who sees all."""
    sees_all = "all" in granted(request.user, "programme", "view")
    return sees_all or takes_part(request.user, whole)


def _named(request: HttpRequest, public_id: str) -> Programme:
    """Give no more of a programme than its name, where the person may see it; raises Http404."""
    seen = Programme.objects.visible_to(request.user).only("title", "public_id")
    return get_object_or_404(seen, public_id=public_id)


def record(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One programme; an older readable part of the address leads to the present one."""
    found = _named(request, public_id)
    if slug != found.slug:
        return redirect(found, permanent=True)
    # It lists activities, of which a person may see more than colleagues with the same roles.
    template = "activities/programmes/_record.html"
    body = kept_part(request, template, lambda: context_of(request, public_id), request.user.pk)
    return render(request, "activities/programmes/record.html", {"programme": found, "body": body})


def context_of(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Give all that the page of a programme shows."""
    whole = find(request, public_id)
    programme, actor = whole.programme, request.user
    may_change = may(actor, "programme", "change", programme)
    inside = may_change or is_inside(request, whole)
    mine = party_keys(actor)
    assessments = assessments_of(actor, programme)
    return {
        "programme": programme,
        "tone": words.TONES[Phase(programme.phase)],
        "steps": words.road(programme),
        "facts": words.facts(whole),
        "inside": inside,
        "is_member": knows_people(actor),
        "may_change": may_change,
        "is_open": programme.phase not in (Phase.CLOSED, Phase.STOPPED),
        "next": words.onward(whole) if inside else None,
        "mine": _mine(whole, mine, signing_keys(actor), programme.phase),
        "my_organisations": mine,
        "partners": words.partners(whole, inside=inside),
        "money": words.money(whole, inside=inside),
        "covenant": whole.covenant if inside or (whole.covenant and whole.covenant.fixed_at) else None,
        "rounds": words.rounds(whole),
        "round_is_open": any(one.closed_on is None for one in whole.rounds),
        "unsigned": words.unsigned(whole) if inside else [],
        "milestones": words.milestones(whole) if inside or programme.phase not in BEFORE_COVENANT else [],
        "groups": words.groups(whole, actor),
        "room": words.room(whole, actor),
        "reflections": whole.reflections if inside else [],
        "reviews": words.reviews(whole, assessments) if inside else [],
        "assessments": assessments,
        "results": words.results(whole),
        "scalings": words.scalings(whole),
        "closing": whole.closing,
        "turns": words.turns(whole),
        "bottlenecks": list(
            Bottleneck.objects.visible_to(actor).filter(programmes=programme).select_related("organisation")
        ),
        **_activities(actor, whole, may_change=may_change),
        "roadmap_steps": list(programme.steps.all()),
        "shows": {
            name: may_change and words.shows(programme, name)
            for name in ("covenant", "milestones", "groups", "results", "reviews", "scaling", "closing")
        },
        "moves": _moves(programme, may_change),
        "turns_to": _turns_to(programme, may_change),
        "history": transition_history(
            programme,
            {phase.value: str(phase.label) for phase in Phase},
            with_people=knows_people(actor),
        )
        if inside
        else [],
    }


def _activities(actor: Actor, whole: Whole, *, may_change: bool) -> dict[str, Any]:
    """Give the activities that are part of a programme, reflections on its results, and what is asked for."""
    programme = whole.programme
    reflections = ReflectionSubject.objects.filter(programme=programme).order_by().values("activity")
    theirs = Q(programme=programme) | Q(pk__in=reflections)
    # Only who leads the programme reads what it asked for, and only of activities that they see themselves.
    unsettled = (ActivityRequest.State.ASKED, ActivityRequest.State.REFUSED)
    asked = {one.activity_id: one for one in whole.requests if may_change and one.state in unsettled}
    seen = Activity.objects.visible_to(actor).filter(theirs | Q(pk__in=list(asked)))
    activities, requests = [], []
    for one in seen.order_by("starts_at", "pk").distinct():
        if one.programme_id != programme.pk and one.pk in asked:
            requests.append({"activity": one, "asked": asked[one.pk]})
        else:
            activities.append(one)
    return {"activities": activities, "requests": requests}


def _mine(whole: Whole, mine: frozenset[int], signing: frozenset[int], phase: str) -> dict[str, str] | None:
    """Give what is asked of the person's own organisation: an answer, or a signature."""
    programme = whole.programme
    opened = any(one.closed_on is None for one in whole.rounds)
    for one in whole.partners:
        if one.left_on is not None:
            continue
        if (
            one.organisation_id in mine
            and one.answer == Answer.ASKED
            and phase not in (Phase.CLOSED, Phase.STOPPED)
        ):
            url = reverse("activities:programme_answer", args=[programme.public_id, one.pk])
            return {"label": _("Say yes or no"), "url": url}
        if opened and one.organisation_id in signing and one.answer == Answer.YES and one.pk not in whole.signed:
            url = reverse("activities:programme_sign", args=[programme.public_id, one.pk])
            return {"label": _("Read and sign the covenant"), "url": url}
    return None


def _moves(programme: Programme, may_change: bool) -> list[Any]:
    aside = ("reopen", "stop", "retry")
    return [step for step in PROGRAMME.open_steps(programme) if step.name in aside] if may_change else []


def _turns_to(programme: Programme, may_change: bool) -> list[tuple[str, str]]:
    """Give how a programme can go on: longer, in a next tranche, or anew."""
    if not may_change:
        return []
    turns = []
    if programme.phase in AT_WORK:
        turns.append(
            (_("Extend the programme"), reverse("activities:programme_extend", args=[programme.public_id]))
        )
    if programme.phase in (*AT_WORK, Phase.CLOSED):
        address = reverse("activities:programme_turn", args=[programme.public_id, "tranche"])
        turns.append((_("Begin a next tranche"), address))
    if programme.phase in (*AT_WORK, Phase.CLOSED, Phase.STOPPED):
        turns.append(
            (_("Restart it"), reverse("activities:programme_turn", args=[programme.public_id, "restart"]))
        )
    return turns


def newcomer(request: HttpRequest, public_id: str) -> HttpResponse:
    """For who joins later: what was agreed, by whom, why, and who to call. Made to be printed."""
    programme = _named(request, public_id)
    # Whoever takes part reads more than colleagues of others with the same roles.
    template = "activities/programmes/_newcomer.html"
    body = kept_part(request, template, lambda: _newcomer_context(request, public_id), request.user.pk)
    return render(request, "activities/programmes/newcomer.html", {"programme": programme, "body": body})


def _newcomer_context(request: HttpRequest, public_id: str) -> dict[str, Any]:
    whole = find(request, public_id)
    inside = may(request.user, "programme", "change", whole.programme) or is_inside(request, whole)
    labels = {phase.value: str(phase.label) for phase in Phase}
    return {
        "programme": whole.programme,
        "tone": words.TONES[Phase(whole.programme.phase)],
        "covenant": whole.covenant if inside or (whole.covenant and whole.covenant.fixed_at) else None,
        "partners": words.partners(whole, inside=inside),
        "money": words.money(whole, inside=inside),
        "coming": [one for one in words.milestones(whole) if one.is_open],
        "reached": [one for one in whole.milestones if one.done_on],
        "groups": words.groups(whole),
        "points": [one for one in whole.points if one.done_on is None] if inside else [],
        "results": words.results(whole),
        "last": next((one for one in whole.reflections if one.submitted_at), None) if inside else None,
        "rounds": words.rounds(whole),
        "facts": words.facts(whole),
        "inside": inside,
        "day": today(),
        "history": transition_history(whole.programme, labels, with_people=knows_people(request.user))
        if inside
        else [],
    }


def covenant(request: HttpRequest, public_id: str) -> HttpResponse:
    """The text of the covenant: as it is signed, or as it stands while partners write it."""
    programme = _named(request, public_id)
    # Who signs for which organisation is another for each who looks.
    template = "activities/programmes/_covenant.html"
    body = kept_part(request, template, lambda: _covenant_context(request, public_id), request.user.pk)
    return render(request, "activities/programmes/covenant.html", {"programme": programme, "body": body})


def _covenant_context(request: HttpRequest, public_id: str) -> dict[str, Any]:
    whole = find(request, public_id, "partners", "milestones", "rounds", "signatures")
    programme = whole.programme
    may_change = may(request.user, "programme", "change", programme)
    inside = may_change or is_inside(request, whole)
    text = whole.covenant
    if text is None or not (inside or text.fixed_at):
        raise Http404
    return {
        "programme": programme,
        "covenant": text,
        "fixed": words.fixed_text(text.fixed),
        "partners": words.partners(whole, inside=inside)["yes"],
        "milestones": words.milestones(whole),
        "rounds": words.rounds(whole),
        "may_change": may_change and programme.phase in BEFORE_COVENANT,
        "mine": _mine(whole, frozenset(), signing_keys(request.user), programme.phase),
        "is_visitor": not standing_of(request.user).organisations,
    }
