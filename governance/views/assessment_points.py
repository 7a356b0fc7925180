"""After the closing: who sees the result, the conversation, and points to act on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.forms.assessments import ConversationForm, DoneForm, LaterForm, PointForm, ShareForm
from governance.models import Assessment, AssessmentPoint, AssessmentState, Indicator, ResultSharing
from governance.selectors_assessments import indicators_of
from governance.services.assessments import following
from governance.views.assessments import manageable, visible
from governance.views.doing import one_thing, posted, tried
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render


def _closed(request: HttpRequest, public_id: str) -> Assessment:
    assessment = manageable(request, public_id)
    if assessment.state != AssessmentState.CLOSED:
        raise Http404
    return assessment


def share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say who sees the result."""
    assessment = _closed(request, public_id)
    return one_thing(
        request,
        ShareForm(posted(request), initial={"sharing": assessment.sharing}),
        lambda values: following.share_result(
            actor=request.user, assessment=assessment, sharing=ResultSharing(values["sharing"])
        ),
        title=_("Share the result"),
        intro=assessment.subject,
        action=_("Share the result"),
        back=assessment.get_absolute_url(),
        done=_("The result is shared as you chose."),
        consequences=[
            _("Who took part, the steering group and the coordination team see it in any case."),
            _("Free texts, the conversation and points to act on go along."),
        ],
    )


def conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the deepening conversation says."""
    assessment = _closed(request, public_id)
    indicators = indicators_of(assessment.instrument)
    initial = _said(assessment, indicators)
    form = ConversationForm(posted(request), indicators=indicators, initial=initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():

        def keep() -> None:
            following.keep_conversation(
                actor=request.user,
                assessment=assessment,
                version=form.cleaned_data["version"],
                talked_on=form.cleaned_data["talked_on"],
                outcome=form.cleaned_data["outcome"],
                notes=form.notes(),
            )

        try:
            if tried(form, keep):
                messages.success(request, _("The conversation is kept."))
                return redirect(assessment)
        except EditConflict as error:
            # The fields of the form go by other names than those of the record.
            saved: Any = error.record
            for name, text in _said(saved, indicators).items():
                setattr(saved, name, text)
            conflict = beside(form, error)
            form = ConversationForm(sent_again(request, error), indicators=indicators)
    context = {"form": form, "assessment": assessment, "conflict": conflict}
    status = 409 if conflict else 200
    return render(request, "governance/assessments/conversation.html", context, status=status)


def _said(assessment: Assessment, indicators: list[Indicator]) -> dict[str, Any]:
    """Give what is kept of a conversation, by the fields of its form; an indicator without a note is empty."""
    notes = {note.indicator.number: note.text for note in assessment.notes.select_related("indicator")}
    return {
        "talked_on": assessment.talked_on,
        "outcome": assessment.talk_outcome,
        "version": assessment.version,
        **{f"n{one.number}": notes.get(one.number, "") for one in indicators},
    }


def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a point to act on."""
    assessment = _closed(request, public_id)
    return one_thing(
        request,
        PointForm(posted(request), instrument=assessment.instrument),
        lambda values: following.add_point(actor=request.user, assessment=assessment, **values),
        title=_("Add a point to act on"),
        intro=assessment.subject,
        action=_("Add the point"),
        back=f"{assessment.get_absolute_url()}#punten",
        done=_("The point is added; its owner finds it under 'my work' until it is done."),
    )


def _mine(request: HttpRequest, pk: int) -> AssessmentPoint:
    """Give a point that is open and that the person answers for; 404 for who sees nothing of it."""
    point = get_object_or_404(AssessmentPoint.objects.select_related("assessment", "owner"), pk=pk)
    if not following.may_finish(request.user, point):
        visible(request, point.assessment.public_id)
        raise NotAllowed(_("Only {name} can say what came of this.").format(name=point.owner))
    return point


def _back(request: HttpRequest, point: AssessmentPoint) -> str:
    """Give where one goes after: the owner need not see the result itself."""
    seen = Assessment.objects.visible_to(request.user).filter(pk=point.assessment_id).exists()
    manages = may(request.user, "assessment", "manage", point.assessment)
    return f"{point.assessment.get_absolute_url()}#punten" if seen or manages else reverse("home")


def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of a point."""
    point = _mine(request, pk)
    if point.done_on:
        return redirect(_back(request, point))
    return one_thing(
        request,
        DoneForm(posted(request)),
        lambda values: following.finish_point(actor=request.user, point=point, **values),
        title=point.what,
        intro=str(point.assessment),
        action=_("This is done"),
        back=_back(request, point),
        done=_("The point is done."),
    )


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a point another day."""
    point = _mine(request, pk)
    if point.done_on:
        return redirect(_back(request, point))
    return one_thing(
        request,
        LaterForm(posted(request), initial={"due_on": point.due_on}),
        lambda values: following.move_point(actor=request.user, point=point, **values),
        title=point.what,
        intro=str(point.assessment),
        action=_("Choose another day"),
        back=_back(request, point),
        done=_("The point has another day."),
    )
