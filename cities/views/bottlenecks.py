"""The register of bottlenecks, the record of one, and what is done with it besides writing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.filters_bottlenecks import DEFAULT_ORDERING, ORDERINGS, BottleneckFilter
from cities.forms.bottlenecks import InvitationForm
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck
from cities.models.bottleneck import BottleneckQuerySet, BottleneckState
from cities.presenting import knows_people
from cities.presenting_bottlenecks import (
    REGISTER,
    behind_rows,
    facts_of,
    history_of,
    is_joinable,
    number_behind,
    register_rows,
    tone_of,
)
from cities.selectors_bottleneck_groups import family_of, goes_on_in, mergers_of, stand_behind, with_behind
from cities.services import bottlenecks as services
from cities.sheets_bottlenecks import register_sheet
from cities.views.posting import posted
from cities.workflow import BOTTLENECK
from nss_portal.core.access import Actor, action_q, may, require
from nss_portal.core.exports import csv_bytes, xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.registry import bottleneck_sections
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 25
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Steps that a person takes from the record's own page; merging has a page of its own.
MOVES = frozenset({"solve", "reopen", "withdraw"})


def _selection(request: HttpRequest) -> BottleneckFilter:
    """Give what the address asks for out of what the person may see, own drafts included."""
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[DEFAULT_ORDERING])
    seen: BottleneckQuerySet = with_behind(request.user, Bottleneck.objects.visible_to(request.user).listed())
    return BottleneckFilter(request.GET, queryset=seen.order_by(ordering, "-changed_at", "-pk"), request=request)


@require_safe
def bottleneck_list(request: HttpRequest) -> HttpResponse:
    """The register: filtered and sorted as the address says."""
    body = KeptPart(request, "bottlenecks", lambda: _list_context(request))
    return render(request, "cities/bottleneck_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    paginator = Paginator(found.qs.values_list(*REGISTER), PER_PAGE)
    paginator.count = found.qs.order_by().count()  # without what the rows join
    page = paginator.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "filter": found,
        "page_obj": page,
        "rows": register_rows(page),
        "default_ordering": DEFAULT_ORDERING,
        "files": {
            kind: f"{reverse(f'cities:bottlenecks_{kind}')}?{query.urlencode()}".rstrip("?") for kind in TYPES
        },
        "may_write": may(request.user, "bottleneck", "change"),
    }


@require_safe
def download(request: HttpRequest, kind: str = "csv") -> HttpResponse:
    """The selection of the register as CSV or XLSX, whole."""
    sheet = register_sheet(_selection(request).qs)
    content = csv_bytes(sheet) if kind == "csv" else xlsx([sheet], title=_("Bottlenecks"))
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="knelpunten.{kind}"'
    return response


def visible(request: HttpRequest, public_id: str) -> Bottleneck:
    """Give a bottleneck that the person may see, or 404."""
    seen = Bottleneck.objects.visible_to(request.user).select_related("organisation", "theme", "step")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Bottleneck:
    """Give a bottleneck that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    bottleneck = visible(request, public_id)
    require(request.user, "bottleneck", "change", bottleneck)
    return bottleneck


def _with_rights(actor: Actor) -> QuerySet[Bottleneck]:
    """Give the bottlenecks that a person sees, with whether they may change and merge each."""
    rights = {
        f"may_{action}": Case(
            When(action_q(actor, "bottleneck", action), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for action in ("change", "merge")
    }
    seen = Bottleneck.objects.visible_to(actor).annotate(**rights)
    return seen.select_related("organisation", "theme", "step")


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One bottleneck: where it stands, who is behind it, the next step. A merged one leads to where it went."""
    bottleneck = get_object_or_404(_with_rights(request.user), public_id=public_id)
    if bottleneck.state == BottleneckState.MERGED:
        seen = Bottleneck.objects.visible_to(request.user)
        response = redirect(get_object_or_404(seen, pk=goes_on_in(bottleneck)), permanent=True)
        # A merger can be undone, so nobody keeps this answer.
        response["Cache-Control"] = "no-store"
        return response
    # Sections of apps above tell of what a person takes part in: for each person another page.
    body = KeptPart(request, "bottleneck", lambda: _record_context(request, bottleneck), request.user.pk)
    return render(request, "cities/bottleneck.html", {"bottleneck": bottleneck, "body": body})


def _record_context(request: HttpRequest, bottleneck: Bottleneck) -> dict[str, Any]:
    may_change: bool = getattr(bottleneck, "may_change")  # noqa: B009 - the query adds it
    sections = [section(request.user, bottleneck) for section in bottleneck_sections]
    context = {
        "tone": tone_of(bottleneck),
        "facts": facts_of(bottleneck, behind=number_behind(request.user, bottleneck), with_invited=may_change),
        "covered_by": list(bottleneck.covered_by.all()),
        "helped_by": list(bottleneck.helped_by.all()),
        "sections": sorted((section for section in sections if section), key=lambda section: section.order),
        "may_change": may_change and bottleneck.state != BottleneckState.WITHDRAWN,
        "is_draft": bottleneck.state == BottleneckState.DRAFT,
        "moves": [step for step in BOTTLENECK.open_steps(bottleneck) if may_change and step.name in MOVES],
    }
    return context | _together(request, bottleneck)


def _together(request: HttpRequest, bottleneck: Bottleneck) -> dict[str, Any]:
    """Give who stands behind a bottleneck, and what the person can do about that."""
    is_open = bottleneck.state == BottleneckState.OPEN
    behind = behind_rows(bottleneck, stand_behind(request.user, bottleneck, family_of(bottleneck)))
    return {
        "behind": behind,
        "history": history_of(
            bottleneck, list(mergers_of(request.user, bottleneck)), with_people=knows_people(request.user)
        ),
        "may_join": is_joinable(request.user, bottleneck) and not any(row["change_url"] for row in behind),
        "may_merge": is_open and getattr(bottleneck, "may_merge"),  # noqa: B009 - the query adds it
    }


def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose which partners read along, also while it is a draft."""
    bottleneck = changeable(request, public_id)
    form = InvitationForm(posted(request), initial={"invited": bottleneck.invited.all()})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["invited"]
        services.invite_to_bottleneck(actor=request.user, bottleneck=bottleneck, organisations=chosen)
        messages.success(request, _("The invitations are saved."))
        return redirect(bottleneck)
    context = {
        "title": _("Who reads along?"),
        "intro": bottleneck.title,
        "consequences": [_("Whoever you invite can read this bottleneck, also while it is a draft.")],
        "form": form,
        "action": _("Save the invitations"),
        "back_url": bottleneck.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Solve, open again or withdraw, with a reason."""
    bottleneck = changeable(request, public_id)
    chosen = next((s for s in BOTTLENECK.open_steps(bottleneck) if s.name == step and step in MOVES), None)
    if chosen is None:
        raise Http404
    return _reason_page(request, bottleneck, chosen.name, str(chosen.label))


def _reason_page(request: HttpRequest, bottleneck: Bottleneck, step: str, label: str) -> HttpResponse:
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.move_bottleneck(
                actor=request.user, bottleneck=bottleneck, step=step, reason=form.cleaned_data["reason"]
            )
            return redirect(bottleneck)
        except TransitionRefused as error:
            form.add_error(None, str(error))
    context = {"form": form, "title": label, "intro": bottleneck.title, "action": label}
    context |= {"back_url": bottleneck.get_absolute_url(), "danger": step == "withdraw"}
    return render(request, "components/confirm.html", context)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    bottleneck = changeable(request, public_id)
    if bottleneck.state != BottleneckState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_bottleneck_draft(actor=request.user, bottleneck=bottleneck)
        messages.success(request, _("The draft is thrown away."))
        return redirect("cities:bottlenecks")
    context = {
        "title": _("Throw this draft away?"),
        "intro": bottleneck.title,
        "consequences": [_("The draft is gone for good. Nobody else has read it.")],
        "action": _("Throw the draft away"),
        "back_url": bottleneck.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
