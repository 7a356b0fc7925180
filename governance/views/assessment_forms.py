"""Pages on which an assessment is made, people are invited, and it is opened and closed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.forms.assessments import AssessmentForm, InviteForm, NewAssessmentForm, ReasonForm
from governance.models import Assessment, AssessmentState
from governance.services.assessments import holding
from governance.services.ownership import organisations_for
from governance.views.assessments import manageable
from governance.views.doing import one_thing, posted, tried
from nss_portal.core.access import NotAllowed
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.time import today

# What is filled in as the time to answer.
OPEN_FOR = timedelta(days=21)
# Names on the page of invitations; more of them are counted.
SHOWN = 200


def new(request: HttpRequest) -> HttpResponse:
    """Make a draft."""
    organisations = organisations_for(request.user, "assessment", "manage")
    if not organisations.exists():
        raise NotAllowed(_("Only who leads programmes and the coordination team hold assessments."))
    initial = {"closes_on": today() + OPEN_FOR}
    form = NewAssessmentForm(posted(request), actor=request.user, organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        about, _bar, key = values["subject"].partition("|")
        made: list[Assessment] = []

        def make() -> None:
            made.append(
                holding.create_assessment(
                    actor=request.user,
                    organisation=values["organisation"],
                    instrument=form.instruments[about],
                    subject_key=key,
                    values=values,
                )
            )

        if tried(form, make):
            _invite_those_known(request, made[0])
            return redirect("governance:assessment_invite", public_id=made[0].public_id)
    return render(request, "governance/assessments/form.html", {"form": form, "assessment": None})


def _invite_those_known(request: HttpRequest, assessment: Assessment) -> None:
    """Put the people of a programme, as far as one may know them, on the list of the draft."""
    kind = holding.kinds().get(assessment.subject_kind)
    known = kind.people(request.user, assessment.subject_key) if kind else ()
    if known:
        holding.invite(actor=request.user, assessment=assessment, addresses=known)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the last day and the word to who takes part."""
    assessment = manageable(request, public_id)
    if assessment.state not in (AssessmentState.DRAFT, AssessmentState.OPEN):
        raise NotAllowed(_("This assessment is closed and does not change any more."))
    initial = {name: getattr(assessment, name) for name in (*holding.TEXTS, "version")}
    form = AssessmentForm(posted(request), initial=initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            holding.change_assessment(
                actor=request.user, assessment=assessment, version=values["version"] or 0, values=values
            )
        except EditConflict as error:
            conflict = beside(form, error)
            form = AssessmentForm(sent_again(request, error), initial=initial)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(assessment)
    context = {"form": form, "assessment": assessment, "conflict": conflict}
    return render(request, "governance/assessments/form.html", context, status=409 if conflict else 200)


def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say who is asked."""
    assessment = manageable(request, public_id)
    if assessment.state not in (AssessmentState.DRAFT, AssessmentState.OPEN):
        raise NotAllowed(_("This assessment is closed and does not change any more."))
    form = InviteForm(posted(request), initial={"language": "nl"})
    counted: list[int] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def ask() -> None:
            number = holding.invite(actor=request.user, assessment=assessment, **values)
            counted.append(number)

        if tried(form, ask):
            messages.success(request, _told(assessment, counted[0]))
            return redirect("governance:assessment_invite", public_id=public_id)
    people = assessment.participants.order_by("email", "pk")
    context = {
        "form": form,
        "assessment": assessment,
        "people": list(people[:SHOWN]),
        "count": people.count(),
        "is_draft": assessment.state == AssessmentState.DRAFT,
    }
    return render(request, "governance/assessments/invite.html", context)


def _told(assessment: Assessment, number: int) -> str:
    """Say how many were added; mails of a draft go only when it opens."""
    if assessment.state == AssessmentState.DRAFT:
        text = ngettext(
            "{number} person was added. The mail goes when you open the assessment.",
            "{number} people were added. The mails go when you open the assessment.",
            number,
        )
    else:
        text = ngettext("{number} person is invited.", "{number} people are invited.", number)
    return text.format(number=number)


def remove(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take somebody off the list of a draft."""
    assessment = manageable(request, public_id)
    participant = get_object_or_404(assessment.participants, pk=pk)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.remove_participant(
            actor=request.user, assessment=assessment, participant=participant
        ),
        title=_("Take {address} off the list?").format(address=participant.email),
        action=_("Take off the list"),
        back=reverse("governance:assessment_invite", args=[public_id]),
    )


def open_it(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a draft: the mails go."""
    assessment = _in_state(request, public_id, AssessmentState.DRAFT)
    number = assessment.participants.count()
    mails = ngettext("{number} person gets a mail.", "{number} people get a mail.", number).format(number=number)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.open_assessment(actor=request.user, assessment=assessment),
        title=_("Open this assessment?"),
        intro=assessment.subject,
        action=_("Open and invite by mail"),
        back=assessment.get_absolute_url(),
        done=_("The assessment is open; the mails go now."),
        consequences=[
            mails,
            _("From now on nobody is taken off the list: that would tell who answered. You can add people."),
            _("It closes by itself after {day}.").format(day=date_format(assessment.closes_on, "j F Y")),
        ],
    )


def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close for good."""
    assessment = _in_state(request, public_id, AssessmentState.OPEN)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.close_assessment(actor=request.user, assessment=assessment),
        title=_("Close now, for good?"),
        intro=assessment.subject,
        action=_("Close and show the result"),
        back=assessment.get_absolute_url(),
        done=_("The assessment is closed; this is the result."),
        consequences=[
            _("Answers are no longer taken. What was started and not sent does not count."),
            _("The result is made once, for good: a second one would tell who answered in between."),
            _("Where fewer than five people gave a score there are no figures, and they never come."),
        ],
    )


def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop without a result."""
    assessment = _in_state(request, public_id, AssessmentState.OPEN)
    return one_thing(
        request,
        ReasonForm(posted(request)),
        lambda values: holding.withdraw_assessment(actor=request.user, assessment=assessment, **values),
        title=_("Withdraw this assessment?"),
        intro=assessment.subject,
        action=_("Withdraw"),
        back=assessment.get_absolute_url(),
        consequences=[_("All answers are deleted. There will be no result.")],
        danger=True,
    )


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    assessment = _in_state(request, public_id, AssessmentState.DRAFT)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.discard_assessment(actor=request.user, assessment=assessment),
        title=_("Throw this draft away?"),
        intro=assessment.subject,
        action=_("Throw the draft away"),
        back=assessment.get_absolute_url(),
        then=reverse("governance:assessments"),
        done=_("The draft is thrown away."),
        danger=True,
    )


def _in_state(request: HttpRequest, public_id: str, state: AssessmentState) -> Assessment:
    assessment = manageable(request, public_id)
    if assessment.state != state:
        raise Http404
    return assessment
