"""The page of a twinning and what both cities do there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms.pilots import LookBackForm, MeetingForm, TermsForm
from activities.models import Lesson, Pilot, Twinning, TwinningReview
from activities.models.twinning import TwinningState
from activities.services.pilots import twinnings
from activities.views.pilots.acting import form_page, tried
from activities.views.pilots.record import TWIN_TONES
from activities.workflow.pilot import TWINNING
from cities.forms.reasons import ReasonForm
from cities.presenting import transition_history
from cities.views.posting import posted
from nss_portal.core.access import may, require
from nss_portal.core.conflicts import saved_now, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.formats import format_date
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

LOOKED_BACK_ON = (TwinningState.AGREED, TwinningState.FINISHED, TwinningState.ENDED)


def find(request: HttpRequest, public_id: str) -> Twinning:
    """Give a twinning that the person may see; raises Http404."""
    seen = Twinning.objects.visible_to(request.user).select_related("pilot", "follower", "city")
    return get_object_or_404(seen, public_id=public_id)


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who learns what from whom until when, when both meet, what was learned and what is applied."""
    twinning = find(request, public_id)
    body = KeptPart(request, "twinning", lambda: _record_context(request, twinning), request.user.pk)
    crumbs = KeptPart(request, "twinning-crumbs", lambda: {"pilot_url": _pilot_url(request, twinning)})
    context = {"twinning": twinning, "crumbs": crumbs, "body": body}
    return render(request, "activities/pilots/twinning.html", context)


def _record_context(request: HttpRequest, twinning: Twinning) -> dict[str, Any]:
    actor = request.user
    may_change = may(actor, "twinning", "change", twinning)
    may_decide = may(actor, "twinning", "decide", twinning)
    may_report = may(actor, "twinning", "report", twinning)
    rights = {"change": may_change, "decide": may_decide, "report": may_report}
    moves = [one for one in TWINNING.open_steps(twinning) if rights[str(one.action)] and one.name != "agree"]
    labels = {state.value: str(state.label) for state in TwinningState}
    seen = set(Lesson.objects.visible_to(actor).filter(pk__in=twinning.reviews.values("lesson")).values_list("pk"))
    return {
        "twinning": twinning,
        "tone": TWIN_TONES[TwinningState(twinning.state)],
        "facts": _facts(twinning),
        "meetings": [{"day": one.on, "about": one.about} for one in twinning.meetings.all()],
        "reviews": [
            _review(one, seen, may_report=may_report) for one in twinning.reviews.select_related("lesson")
        ],
        "may_agree": may_decide and twinning.state == TwinningState.ASKED,
        "may_change": may_change and twinning.state == TwinningState.AGREED,
        "may_report": may_report and twinning.state in LOOKED_BACK_ON,
        "moves": moves,
        "history": transition_history(twinning, labels, with_people=True) if may_change else [],
    }


def _pilot_url(request: HttpRequest, twinning: Twinning) -> str:
    visible = Pilot.objects.visible_to(request.user).filter(pk=twinning.pilot_id).exists()
    return twinning.pilot.get_absolute_url() if visible else ""


def _facts(twinning: Twinning) -> list[tuple[str, str]]:
    facts = [
        (_("Follows"), twinning.follower.local_name),
        (_("Learns from"), twinning.city.local_name),
        (_("Until"), format_date(twinning.until) if twinning.until else ""),
        (_("Next look back"), format_date(twinning.ask_on) if twinning.ask_on else ""),
    ]
    return [(label, text) for label, text in facts if text]


def _review(one: TwinningReview, seen: set[tuple[int]], *, may_report: bool) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "day": format_date(one.on),
        "learned": one.learned,
        "applied": one.get_applied_display(),
        "note": one.applied_note,
        "lesson": one.lesson if one.lesson and (one.lesson.pk,) in seen else None,
        "may_make": may_report and one.lesson_id is None,
    }


def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree with the terms, or change them while it runs."""
    twinning = find(request, public_id)
    is_new = twinning.state == TwinningState.ASKED
    if not is_new and twinning.state != TwinningState.AGREED:
        raise Http404
    require(request.user, "twinning", "decide" if is_new else "change", twinning)
    initial = {name: getattr(twinning, name) for name in ("learns", "gives", "until", "version")}
    initial["learns"] = initial["learns"] or twinning.wish
    form = TermsForm(posted(request), initial=initial)
    theirs: list[str] = []
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version") or 0
        try:
            saved = tried(form, lambda: _agreed(request, twinning, values, None if is_new else version))
        except EditConflict as error:
            theirs = saved_now(form, error)
            form = TermsForm(sent_again(request, error), initial=initial)
            form.add_error(None, _("The other city saved in the meantime. Choose what stays, and save again."))
        else:
            if saved:
                messages.success(request, _("Agreed. The other city gets a mail."))
                return redirect(twinning)
    title = _("What do you agree?") if is_new else _("Change what was agreed")
    action = _("Agree") if is_new else _("Save")
    more = {"consequences": theirs, "status": 409 if theirs else 200}
    back = twinning.get_absolute_url()
    return form_page(request, form, title=title, intro=str(twinning), action=action, back=back, **more)


def _agreed(request: HttpRequest, twinning: Twinning, values: dict[str, Any], version: int | None) -> Twinning:
    """Agree, or change what was agreed at a version."""
    actor = request.user
    if version is None:
        return twinnings.agree(actor=actor, twinning=twinning, values=values)
    return twinnings.change_terms(actor=actor, twinning=twinning, version=version, values=values)


def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a meeting down."""
    twinning = find(request, public_id)
    require(request.user, "twinning", "change", twinning)
    form = MeetingForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: twinnings.plan_meeting(actor=request.user, twinning=twinning, **form.cleaned_data),
        )
    ):
        messages.success(request, _("The meeting is put down."))
        return redirect(twinning)
    title = _("Plan a meeting")
    return form_page(
        request, form, title=title, intro=str(twinning), action=_("Put it down"), back=twinning.get_absolute_url()
    )


def look_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what was learned and what is applied."""
    twinning = find(request, public_id)
    require(request.user, "twinning", "report", twinning)
    form = LookBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act = twinnings.look_back
        saved = tried(form, lambda: act(actor=request.user, twinning=twinning, **form.cleaned_data))
        if saved:
            messages.success(request, _("Saved. With one click it becomes a draft lesson for others."))
            return redirect(twinning)
    title = _("What did you learn, and what do you apply?")
    return form_page(
        request, form, title=title, intro=str(twinning), action=_("Save"), back=twinning.get_absolute_url()
    )


@require_POST
def lesson(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Make a draft lesson of a look back, and go there."""
    twinning = find(request, public_id)
    review = get_object_or_404(twinning.reviews, pk=number)
    made = twinnings.make_lesson(actor=request.user, review=review)
    messages.success(request, _("The draft of the lesson is made. Read it through before it goes on."))
    return redirect(made)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Decline, withdraw, finish or end early."""
    twinning = find(request, public_id)
    chosen = next((one for one in TWINNING.open_steps(twinning) if one.name == step and step != "agree"), None)
    if chosen is None:
        raise Http404
    require(request.user, "twinning", str(chosen.action), twinning)
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            twinnings.move_twinning(actor=request.user, twinning=twinning, step=step, reason=reason)
        except TransitionRefused as error:
            messages.error(request, str(error))
        visible = Twinning.objects.visible_to(request.user).filter(pk=twinning.pk).exists()
        return redirect(twinning) if visible else redirect("activities:pilots")
    return form_page(
        request,
        form,
        title=str(chosen.label),
        intro=str(twinning),
        back=twinning.get_absolute_url(),
        danger=step in ("decline", "end"),
        consequences=[_("Both cities get a mail.")],
    )
