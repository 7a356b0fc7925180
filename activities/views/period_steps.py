"""Steps of an agenda: put to the vote, voted on, decided, published, revised, planned."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.forms.periods import ClosingForm, DecisionForm, VoteForm
from activities.models.period import ADOPTED, AgendaVersion, AgendaVote, VersionState
from activities.presenting.periods import outcome_in_words
from activities.selectors.periods import tally_of, voting_for
from activities.services.periods import drafting, voting
from activities.views.period_draft import add_errors, draft_of
from activities.views.periods import line_of, visible
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def _page(request: HttpRequest, version: AgendaVersion, form: forms.Form | None, **context: Any) -> HttpResponse:
    context = {
        "intro": version.period.title,
        "back_url": version.period.get_absolute_url(),
        "form": form,
        **context,
    }
    return render(request, "components/confirm.html", context)


def open_vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a draft to the vote until a day."""
    draft = draft_of(request, public_id)
    form = ClosingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            voting.open_vote(actor=request.user, draft=draft, closes_on=form.cleaned_data["closes_on"])
        except ValidationError as error:
            add_errors(form, error)
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The vote is open. Cities, ministries and partners find it in 'my work'."))
            return redirect(draft.period)
    lines = [
        _("From now on the agenda does not change any more."),
        _("Cities with a transition team, ministries and partners vote; each organisation has one vote."),
        _("They get a mail a week and a day before the last day if they have not voted."),
    ]
    label = _("Put it to the vote")
    return _page(request, draft, form, title=label, action=label, consequences=lines)


def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the vote go on until a later day."""
    version = visible(request, public_id)
    drafting.require_word(request.user, "propose")
    if version.state != VersionState.VOTE:
        raise Http404
    form = ClosingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            voting.extend_vote(actor=request.user, version=version, closes_on=form.cleaned_data["closes_on"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The vote goes on."))
            return redirect(version.period)
    lines = [_("Votes that were cast stay, and can be changed.")]
    label = _("Let the vote go on")
    return _page(request, version, form, title=label, action=label, consequences=lines)


def vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Vote in the name of an organisation, or change its vote."""
    version = visible(request, public_id)
    drafting.require_word(request.user, "vote")
    if version.opened_at is None:
        raise Http404
    if not voting.is_open(version):
        raise NotAllowed(_("The vote is closed."))
    organisations = voting_for(request.user)
    there = AgendaVote.objects.filter(version=version, organisation__in=organisations).first()
    initial = {"organisation": there.organisation, "choice": there.choice, "remark": there.remark} if there else {}
    form = VoteForm(posted(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            voting.cast_vote(actor=request.user, version=version, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            text = _("{name} has voted. You can change the vote until {day}.")
            day = date_format(version.closes_on, "j F Y") if version.closes_on else ""
            messages.success(request, text.format(name=form.cleaned_data["organisation"], day=day))
            return redirect(version.period)
    label = _("Vote on the agenda")
    lines = [_("Everybody in the network sees what your organisation votes, with the remark.")]
    return _page(request, version, form, title=label, action=_("Cast the vote"), consequences=lines)


def decide(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Adopt an agenda or send it back."""
    version = visible(request, public_id)
    drafting.require_word(request.user, "decide")
    if version.state != VersionState.VOTE or step not in ("adopt", "return"):
        raise Http404
    form = ReasonForm(posted(request)) if step == "return" else DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            voting.decide(actor=request.user, version=version, step=step, reason=form.cleaned_data["reason"])
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(version.period)
    label = _("Adopt the agenda") if step == "adopt" else _("Send it back")
    last = (
        _("It is in force from now on, and does not change any more; the coordinators publish it.")
        if step == "adopt"
        else _("The coordinators make a new version, which is voted on again. Everybody reads the reason.")
    )
    lines = [*outcome_in_words(tally_of(version)), last]
    return _page(request, version, form, title=label, action=label, consequences=lines)


def publish(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Let everybody read an adopted agenda, after asking."""
    version = visible(request, public_id, number)
    drafting.require_word(request.user, "propose")
    if version.state not in ADOPTED or version.published_at is not None:
        raise Http404
    if request.method == "POST":
        voting.publish(actor=request.user, version=version)
        messages.success(request, _("The agenda is public."))
        return redirect(version)
    lines = [_("Everybody reads the agenda with its means and the outcome of the vote; not who voted what.")]
    label = _("Publish the agenda")
    return _page(request, version, None, title=label, action=label, consequences=lines)


def revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a next version, after asking."""
    version = visible(request, public_id)
    drafting.require_word(request.user, "propose")
    if version.state in (VersionState.DRAFT, VersionState.VOTE):
        raise Http404
    if request.method == "POST":
        drafting.revise(actor=request.user, period=version.period)
        messages.success(request, _("This is the draft of a new version. Change what has to change."))
        return redirect(version.period)
    lines = [
        _("A new version begins with the lines of this one; what changes is shown line by line."),
        _("What was adopted stays in force until the new version is adopted too."),
    ]
    label = _("Revise the agenda")
    return _page(request, version, None, title=label, action=label, consequences=lines)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    draft = draft_of(request, public_id)
    if request.method == "POST":
        first = draft.number == 1
        drafting.discard_draft(actor=request.user, draft=draft)
        messages.success(request, _("The draft is thrown away."))
        return redirect("activities:periods") if first else redirect(draft.period)
    title, action = _("Throw this draft away?"), _("Throw the draft away")
    lines = [_("Its lines and means are gone for good; activities stay.")]
    return _page(request, draft, None, title=title, action=action, consequences=lines, danger=True)


def plan(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Make the activity that a line of the adopted agenda promises, after asking."""
    version = visible(request, public_id)
    if version.state != VersionState.ADOPTED:
        # A revision is under way: the one in force is an older one.
        in_force = version.period.versions.filter(state=VersionState.ADOPTED).select_related("period").first()
        version = in_force or version
    line = line_of(version, key)
    if not voting.may_plan(request.user, line):
        raise NotAllowed(_("The coordinators plan this, or the organisation that leads it."))
    if version.state != VersionState.ADOPTED or line.activity is not None:
        raise Http404
    if request.method == "POST":
        activity = voting.plan_line(actor=request.user, line=line)
        messages.success(request, _("It is an activity now. Say when it is and what it is about."))
        return redirect("activities:activity_edit", public_id=activity.public_id)
    lines = [_("An activity is made that {name} leads. The agenda leads to it.").format(name=line.lead)]
    label = _("Plan this activity")
    return _page(request, version, None, title=label, intro=line.title, action=label, consequences=lines)
