"""'We have this too', and merging bottlenecks into one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from cities.forms.bottlenecks import JoinForm, MergeForm
from cities.models import Bottleneck, BottleneckJoin
from cities.models.bottleneck import BottleneckState, Severity, Sharing
from cities.selectors_bottleneck_groups import family_of, mergers_of
from cities.selectors_bottlenecks import similar_bottlenecks, with_words
from cities.services import bottleneck_groups as services
from cities.views.bottlenecks import visible
from cities.views.posting import posted
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

JOINED = ("severity", "words", "sharing")
OFFERED = 12


def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put one's own city behind a bottleneck of another, change that, or take it back."""
    bottleneck = visible(request, public_id)
    organisations = organisations_for(request.user, "bottleneck", "change").exclude(pk=bottleneck.organisation_id)
    if not organisations.exists():
        raise NotAllowed(_("Only cities join a bottleneck, and only one of another city."))
    there = BottleneckJoin.objects.filter(
        bottleneck__in=family_of(bottleneck), organisation__in=organisations
    ).first()
    if there is None and (bottleneck.state != BottleneckState.OPEN or bottleneck.sharing == Sharing.DRAFT):
        raise NotAllowed(_("Cities can only join a bottleneck that is open and shared."))
    form = _join_form(request, organisations, there)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and "leave" in request.POST and there is not None:
        services.leave_bottleneck(actor=request.user, join=there)
        messages.success(request, _("Your city no longer stands behind this bottleneck."))
        return redirect(bottleneck)
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, bottleneck, form, there)
        except EditConflict as error:
            conflict, status = beside(form, error), 409
            form = JoinForm(sent_again(request, error), initial=form.initial, organisations=organisations)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"form": form, "bottleneck": bottleneck, "there": there, "conflict": conflict}
    return render(request, "cities/bottleneck_join.html", context, status=status)


def _join_form(request: HttpRequest, organisations: Any, there: BottleneckJoin | None) -> JoinForm:
    if there is None:
        initial: dict[str, Any] = {"words": request.GET.get("woorden", "")[:160], "version": 0}
    else:
        initial = {name: getattr(there, name) for name in JOINED} | {"version": there.version}
        organisations = Organisation.objects.filter(pk=there.organisation_id)
    return JoinForm(posted(request), initial=initial, organisations=organisations)


def _joined(
    request: HttpRequest, bottleneck: Bottleneck, form: JoinForm, there: BottleneckJoin | None
) -> HttpResponse:
    values = form.cleaned_data
    texts = {
        "severity": Severity(values["severity"]),
        "words": values["words"],
        "sharing": Sharing(values["sharing"]),
    }
    if there is None:
        services.join_bottleneck(
            actor=request.user, bottleneck=bottleneck, organisation=values["organisation"], **texts
        )
        messages.success(request, _("Your city stands behind this bottleneck now."))
    else:
        services.change_join(actor=request.user, join=there, version=values["version"] or 0, **texts)
        messages.success(request, _("The changes are saved."))
    return redirect(bottleneck)


def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose which bottlenecks go on in this one, see what that means, and merge them."""
    bottleneck = visible(request, public_id)
    require(request.user, "bottleneck", "merge", bottleneck)
    chosen = set(request.POST.getlist("bottlenecks"))
    seen = Bottleneck.objects.visible_to(request.user).filter(public_id__in=chosen).select_related("organisation")
    ticked = list(seen)
    if len(ticked) < len(chosen):
        raise Http404
    form = MergeForm(posted(request))
    field = form.fields["bottlenecks"]
    if isinstance(field, forms.ModelMultipleChoiceField):
        # What was ticked and is not offered any more stays, so that a refused form loses nothing.
        offered = {one.public_id: one for one in [*_offered(request, bottleneck), *ticked]}
        field.queryset = seen
        field.choices = [(key, _choice(one)) for key, one in offered.items() if one != bottleneck]
    if request.method == "POST" and form.is_valid():
        try:
            return _merged(request, bottleneck, form)
        except (ValidationError, TransitionRefused) as error:
            form.add_error(None, getattr(error, "messages", str(error)))
    hidden = bottleneck.sharing != Sharing.PUBLISHED
    context = {"form": form, "bottleneck": bottleneck, "q": request.GET.get("q", ""), "is_hidden": hidden}
    return render(request, "cities/bottleneck_merge.html", context)


def _offered(request: HttpRequest, bottleneck: Bottleneck) -> list[Bottleneck]:
    """Give what can be merged: by the words that were looked for, else what resembles this one."""
    mine = Bottleneck.objects.open_to(request.user, "merge").listed().exclude(pk=bottleneck.pk)
    words = request.GET.get("q", "").strip()
    if words:
        found = with_words(mine.select_related("organisation"), words[:100])
        return list(found.order_by("-cities_behind", "-changed_at", "-pk")[:OFFERED])
    text = f"{bottleneck.title} {bottleneck.description}"
    similar = similar_bottlenecks(request.user, text, limit=OFFERED, exclude=bottleneck)
    may = set(mine.filter(pk__in=[one.pk for one in similar]).values_list("pk", flat=True))
    return [one for one in similar if one.pk in may]


def _choice(one: Bottleneck) -> str:
    return f"{one.title} – {one.organisation.short_name or one.organisation}, {one.get_state_display()}"


def _merged(request: HttpRequest, bottleneck: Bottleneck, form: MergeForm) -> HttpResponse:
    values = form.cleaned_data
    services.merge_bottlenecks(
        actor=request.user, into=bottleneck, bottlenecks=values["bottlenecks"], reason=values["reason"]
    )
    messages.success(request, _("The bottlenecks are merged. In the history this can be undone."))
    return redirect(bottleneck)


def part(request: HttpRequest, public_id: str, merge_id: str) -> HttpResponse:
    """Undo a merger, after asking."""
    bottleneck = visible(request, public_id)
    require(request.user, "bottleneck", "merge", bottleneck)
    found = get_object_or_404(mergers_of(request.user, bottleneck), public_id=merge_id, undone_at__isnull=True)
    if request.method == "POST":
        try:
            services.undo_merge(actor=request.user, merge=found)
        except (ValidationError, TransitionRefused) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(request, _("The merger is undone: each bottleneck is what it was."))
        return redirect(bottleneck)
    parts = [one.bottleneck for one in found.parts.select_related("bottleneck")]
    seen = Bottleneck.objects.visible_to(request.user).filter(pk__in=[one.pk for one in parts])
    context = {
        "title": _("Undo this merger?"),
        "intro": bottleneck.title,
        "consequences": [
            *(_("'{title}' stands by itself again.").format(title=one.title) for one in seen),
            _("Cities that joined since then stay with '{title}'.").format(title=bottleneck.title),
        ],
        "action": _("Undo the merger"),
        "back_url": bottleneck.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)
