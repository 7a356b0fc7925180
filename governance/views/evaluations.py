"""Does the variant still fit: begin to look, read what came of it, conclude, decide."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import presenting_assessments as words
from governance.forms.design import DecisionForm
from governance.forms.evaluations import ConclusionForm, EvaluationForm
from governance.models import Assessment, AssessmentState, VariantEvaluation
from governance.models.design import ProposalState
from governance.selectors import current_period
from governance.selectors_assessments import indicators_of
from governance.selectors_evaluations import free_assessments, steering_meetings
from governance.services import Refused
from governance.services.design import evaluating
from governance.services.design.deciding import decline, may_decide, withdraw
from governance.views.account import person
from governance.views.doing import one_thing, posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render


def begin(request: HttpRequest) -> HttpResponse:
    """Begin to look at the variant in force."""
    _require_evaluator(request)
    running = VariantEvaluation.objects.visible_to(request.user).filter(is_concluded=False)
    if (one := running.filter(period=current_period()).first()) is not None:
        messages.info(request, _("An evaluation of this variant is under way already: this one."))
        return redirect(one)
    form = EvaluationForm(posted(request), assessments=free_assessments(request.user))
    made: list[VariantEvaluation] = []
    answer = one_thing(
        request,
        form,
        lambda values: made.append(evaluating.begin_evaluation(actor=request.user, **values)),
        title=_("Does the variant still fit the goal?"),
        intro=_("Ask who takes part, by the eight success factors. The steering group decides what follows."),
        action=_("Begin"),
        back=reverse("governance:variants"),
        done=_("Begun. With a new assessment: choose whom to ask, and open it."),
    )
    if made:
        answer["Location"] = made[0].get_absolute_url()
    return answer


def _require_evaluator(request: HttpRequest) -> None:
    if not evaluating.may_evaluate(request.user):
        raise NotAllowed(_("The coordination team looks at the variant; the steering group decides."))


def _visible(request: HttpRequest) -> QuerySet[VariantEvaluation]:
    return VariantEvaluation.objects.visible_to(request.user).select_related(
        "period__variant", "period__coordinating_organisation", "assessment"
    )


def conclude(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lay a conclusion before the steering group."""
    found = get_object_or_404(_visible(request), public_id=public_id)
    _require_evaluator(request)
    form = ConclusionForm(posted(request), meetings=steering_meetings(request.user))
    return one_thing(
        request,
        form,
        lambda values: evaluating.propose_conclusion(actor=request.user, evaluation=found, **values),
        title=_("Conclude"),
        intro=str(found),
        action=_("Lay before the steering group"),
        back=found.get_absolute_url(),
        done=_("The conclusion lies with the steering group."),
    )


def evaluation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One evaluation: what people answered, as far as one may see it, and what was concluded."""
    found = get_object_or_404(_visible(request), public_id=public_id)
    form = DecisionForm(posted(request))
    if request.method == "POST" and not request.user.is_authenticated:
        raise NotAllowed(_("The steering group decides."))
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(request, found, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(found)
    return _seen(request, found, form)


def _carry_out(request: HttpRequest, found: VariantEvaluation, reason: str) -> None:
    """Do what the button says."""
    actor, step = person(request), request.POST.get("step")
    conclusion = found.conclusions.filter(state=ProposalState.PROPOSED).first()
    if conclusion is None:
        raise Refused(_("This proposal has been decided already, or was withdrawn."))
    if step == "decide":
        evaluating.decide_conclusion(actor=actor, conclusion=conclusion, reason=reason)
        messages.success(request, _("Decided. The conclusion stands."))
    elif step == "decline":
        decline(actor=actor, proposal=conclusion, reason=reason)
        messages.success(request, _("The proposal is not taken over; whoever made it reads why."))
    elif step == "withdraw":
        withdraw(actor=actor, proposal=conclusion)
        messages.success(request, _("The proposal has been withdrawn."))
    else:
        raise Http404


def _seen(request: HttpRequest, found: VariantEvaluation, form: DecisionForm) -> HttpResponse:
    body = KeptPart(request, "evaluation", lambda: _context(request, found, form), request.user.pk)
    return render(request, "governance/design/evaluation.html", {"body": body})


def _context(request: HttpRequest, found: VariantEvaluation, form: DecisionForm) -> dict[str, Any]:
    conclusions = list(found.conclusions.select_related("proposed_by", "decided_by"))
    waiting = next((one for one in conclusions if one.state == ProposalState.PROPOSED), None)
    decided = next((one for one in conclusions if one.state == ProposalState.DECIDED), None)
    evaluates = evaluating.may_evaluate(request.user)
    return {
        "evaluation": found,
        "waiting": waiting,
        "decided": decided,
        "standing": decided or waiting,
        "before": [one for one in conclusions if one not in (waiting, decided)],
        "form": form,
        "may_decide": waiting is not None and may_decide(request.user, waiting),
        "is_own": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "may_conclude": evaluates and not evaluating.why_not_concluded(found),
        "asks_for_variant": evaluates and evaluating.asks_for_a_variant(found),
        "proposals": list(found.proposals.select_related("variant")),
        **_result(request, found),
    }


def _result(request: HttpRequest, found: VariantEvaluation) -> dict[str, Any]:
    """Give the eight factors, for who may see the result of the assessment."""
    empty: dict[str, Any] = {"assessment": None, "rows": [], "chart": None, "answers": ""}
    seen = Assessment.objects.visible_to(request.user).select_related("instrument")
    assessment = seen.filter(evaluation=found).first()
    if assessment is None or assessment.state != AssessmentState.CLOSED:
        return {**empty, "assessment": assessment}
    rows = words.result_of(assessment.result, indicators_of(assessment.instrument), {})
    return {
        "assessment": assessment,
        "rows": rows,
        "chart": words.radar_of(str(assessment), assessment.instrument.source, rows),
        "answers": words.answers_in_words(assessment),
    }
