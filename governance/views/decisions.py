"""The register of decisions, one of them with its follow-up, and the register as CSV."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance.forms.meetings import FollowForm
from governance.models import Body, Decision, DecisionState, Organisation
from governance.services.meetings.decisions import follow as follow_up
from governance.services.meetings.decisions import may_follow
from governance.views.doing import one_thing, posted
from governance.views.meetings import decision_rows
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.exports import Column, Sheet, csv_bytes
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 50


def _owners(request: Any) -> QuerySet[Organisation]:
    seen = Decision.objects.visible_to(request.user).order_by().values("owner")
    return Organisation.objects.filter(pk__in=seen).order_by("name")


class DecisionFilter(django_filters.FilterSet):
    """Decisions by words, body, owner, state and lateness."""

    q = django_filters.CharFilter("text", "icontains", label=gettext_lazy("Search"), max_length=100)
    overleg = django_filters.ModelChoiceFilter(
        "meeting__body",
        label=gettext_lazy("Group"),
        queryset=Body.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("All"),
    )
    eigenaar = django_filters.ModelChoiceFilter(
        "owner",
        label=gettext_lazy("Who sees to it"),
        queryset=_owners,
        to_field_name="public_id",
        empty_label=gettext_lazy("All"),
    )
    stand = django_filters.ChoiceFilter(
        method="by_state",
        label=gettext_lazy("State"),
        choices=[*DecisionState.choices, ("late", gettext_lazy("late"))],
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """Keep those in a state, or those whose day has passed."""
        if value == "late":
            return queryset.filter(state=DecisionState.OPEN, due_on__lt=today())
        return queryset.filter(state=value)


def _selection(request: HttpRequest) -> DecisionFilter:
    visible = Decision.objects.visible_to(request.user).select_related("owner", "meeting__body")
    return DecisionFilter(request.GET, queryset=visible, request=request)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What was decided, who sees to it, and what became of it."""
    part = KeptPart(request, "decisions", lambda: _context(request), request.user.pk)
    return render(request, "governance/meetings/decisions.html", {"body": part})


def _context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    filters = request.GET.urlencode()
    csv = reverse("governance:decisions_csv")
    return {
        "filter": found,
        "page_obj": page,
        "rows": decision_rows(page),
        "csv_url": f"{csv}?{filters}" if filters else csv,
    }


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The published decisions of the selection as CSV: open data, so nothing else, whoever asks."""
    found = _selection(request).qs.published()
    columns = [_("Decision"), _("Group"), _("Taken on"), _("Who sees to it"), _("By"), _("State"), _("Done on")]
    rows = [
        [
            one.text,
            one.meeting.body.label,
            timezone.localdate(one.meeting.starts_at),
            str(one.owner),
            one.due_on,
            one.get_state_display(),
            one.done_on,
        ]
        for one in found
    ]
    content = csv_bytes(Sheet(_("Decisions"), [Column(name) for name in columns], rows))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="besluiten.csv"'
    return answer


def _visible(request: HttpRequest, public_id: str) -> Decision:
    seen = Decision.objects.visible_to(request.user).select_related("owner", "meeting__body", "item")
    return get_object_or_404(seen, public_id=public_id)


@require_safe
def decision(request: HttpRequest, public_id: str) -> HttpResponse:
    """One decision with what was told of it since."""
    found = _visible(request, public_id)
    part = KeptPart(request, "decision", lambda: _decision_context(request, found), request.user.pk)
    return render(request, "governance/meetings/decision.html", {"decision": found, "body": part})


def _decision_context(request: HttpRequest, found: Decision) -> dict[str, Any]:
    (row,) = decision_rows([found])
    return {
        **row,
        "updates": [
            {
                "text": one.get_state_display().capitalize(),
                "when": one.at,
                "who": str(one.organisation or ""),
                "reason": one.text,
            }
            for one in reversed(list(found.updates.select_related("organisation")))
        ],
        "may_follow": found.state == DecisionState.OPEN and may_follow(request.user, found),
        "sees_meeting": may_see_meeting(request, found),
    }


def may_see_meeting(request: HttpRequest, found: Decision) -> bool:
    """Say whether the meeting has a page for the person."""
    return type(found.meeting).objects.visible_to(request.user).filter(pk=found.meeting_id).exists()


def follow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell how a decision goes."""
    found = _visible(request, public_id)
    if not may_follow(request.user, found):
        raise NotAllowed(_("Only {name} can say how this goes.").format(name=found.owner))
    if found.state != DecisionState.OPEN:
        raise NotAllowed(_("This decision is finished."))
    drops = may(request.user, "meeting", "change", found.meeting)
    form = FollowForm(posted(request), decision=found, may_drop=drops, initial={"state": DecisionState.OPEN})
    return one_thing(
        request,
        form,
        lambda values: follow_up(
            actor=request.user,
            decision=found,
            text=values["text"],
            state=DecisionState(values["state"]),
            due_on=values["due_on"],
        ),
        title=_("How does it go?"),
        intro=found.text,
        action=_("Tell how it goes"),
        back=found.get_absolute_url(),
        done=_("Kept. Who reads the decision reads this too."),
    )
