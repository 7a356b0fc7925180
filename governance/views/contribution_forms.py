"""What who leads an organisation fills in: a pledge, once a year the confirmation, a correction, who sees it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.forms.contributions import ConfirmForm, CorrectForm, FiguresForm, PledgeForm, ShareForm
from governance.models import Contribution, ContributionSharing, Organisation
from governance.presenting_contributions import in_words
from governance.presenting_contributions_own import role_in_words
from governance.services.contributions import giving
from governance.services.contributions.giving import Given, given, pledged
from governance.views.doing import one_thing, posted, tried
from nss_portal.core.editing import EditConflict
from nss_portal.core.formats import format_date
from nss_portal.core.registry import given_elsewhere
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def _organisation(request: HttpRequest, public_id: str) -> Organisation:
    """Give an organisation of which the person says what it contributes; 403 with the reason for all others."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    giving.require_voice(request.user, found)
    return found


def _back(organisation: Organisation, year: int) -> str:
    return f"{reverse('governance:contribution', args=[organisation.public_id])}?jaar={year}"


def _not_this_year(request: HttpRequest, organisation: Organisation, why: str) -> HttpResponse:
    """Lead who may speak for the organisation, but not of this year, to the years that stand there."""
    messages.warning(request, why)
    return redirect("governance:contribution", organisation.public_id)


def _row(organisation: Organisation, year: int) -> Contribution:
    """Give the row of a year, or one that is not saved."""
    there = Contribution.objects.filter(organisation=organisation, year=year).first()
    return there or Contribution(organisation=organisation, year=year)


def _initial(figures: Given, row: Contribution) -> dict[str, Any]:
    return {"hours": figures.hours, "euros": figures.euros, "in_kind": figures.in_kind, "version": row.version}


def _show(request: HttpRequest, template: str, context: dict[str, Any], conflict: bool) -> HttpResponse:
    wrong = conflict or bool(context["form"].errors)
    return render(request, template, context, status=422 if wrong else 200)


def _conflict(form: FiguresForm, conflict: EditConflict, *, is_pledge: bool) -> dict[str, Any]:
    """Put what was typed beside what a colleague saved; sending it again keeps what was typed."""
    now = conflict.record
    assert isinstance(now, Contribution)  # noqa: S101 - the services of contributions lock nothing else
    form.data = (
        {**form.data.dict(), "version": str(now.version)} if isinstance(form.data, QueryDict) else form.data
    )
    saved = pledged(now) if is_pledge else given(now)
    row = {"label": _("Contribution"), "mine": in_words(form.figures()), "theirs": in_words(saved)}
    return {"conflict_rows": [row]}


def _others(request: HttpRequest, organisation: Organisation, year: int) -> list[Any]:
    """Give what it brings to programmes and the agenda in a year: that stands there."""
    found = (line for source in given_elsewhere for line in source(request.user, organisation))
    return [line for line in found if line.year == year]


def pledge(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Say what an organisation will bring in a year, or change it."""
    organisation = _organisation(request, public_id)
    if year not in giving.years_to_pledge():
        first, last = giving.years_to_pledge()[0], giving.years_to_pledge()[-1]
        text = _("One pledges for a year from {first} to {last}. Of a year that is over you say what was given.")
        return _not_this_year(request, organisation, text.format(first=first, last=last))
    row = _row(organisation, year)
    previous = Contribution.objects.filter(organisation=organisation, year__lt=year).order_by("-year").first()
    initial = _initial(pledged(row), row) | {
        "purpose": row.purpose,
        "sharing": row.sharing if row.pledged_at or previous is None else previous.sharing,
        "nothing": row.pledged_at is not None and pledged(row).is_nothing,
    }
    form = PledgeForm(posted(request), initial=initial)
    extra: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if tried(form, lambda: _pledge(request, organisation, year, form)):
                messages.success(request, _("Your pledge for {year} is kept. Thank you.").format(year=year))
                return redirect(_back(organisation, year))
        except EditConflict as conflict:
            extra = _conflict(form, conflict, is_pledge=True)
    context = {
        "form": form,
        "organisation": organisation,
        "year": year,
        "is_change": row.pledged_at is not None,
        "previous": previous,
        "previous_words": in_words(pledged(previous), said=previous.pledged_at is not None) if previous else "",
        "role": role_in_words(organisation, request.user),
        "others": _others(request, organisation, year),
        "back_url": _back(organisation, year),
        "conflict_rows": [],
        **extra,
    }
    return _show(request, "governance/contributions/pledge.html", context, bool(extra))


def _pledge(request: HttpRequest, organisation: Organisation, year: int, form: PledgeForm) -> Contribution:
    return giving.pledge(
        actor=request.user,
        organisation=organisation,
        year=year,
        figures=form.figures(),
        purpose=form.cleaned_data["purpose"],
        sharing=ContributionSharing(form.cleaned_data["sharing"]),
        version=form.cleaned_data["version"],
    )


def confirm(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Say what a year became: as pledged in one click, or otherwise with a reason."""
    organisation = _organisation(request, public_id)
    if year not in giving.years_to_confirm():
        return _not_this_year(
            request,
            organisation,
            _("{year} is not over yet. Confirm it after New Year.").format(year=year)
            if year >= today().year
            else _("{year} is too long ago: one confirms at most {number} years back.").format(
                year=year, number=giving.YEARS_BACK
            ),
        )
    row = _row(organisation, year)
    if row.confirmed_at is not None and request.method != "POST":
        text = _("{year} was confirmed on {day}. Correct it if that was wrong.")
        messages.info(request, text.format(year=year, day=format_date(row.confirmed_at)))
        return redirect(_back(organisation, year))
    at_once = "as_pledged" in request.POST
    form = ConfirmForm(posted(request), initial=_initial(pledged(row), row))
    extra: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if tried(form, lambda: _confirm(request, organisation, year, form, at_once=at_once)):
                messages.success(request, _("{year} is confirmed. Thank you, that was it.").format(year=year))
                return redirect(_back(organisation, year))
        except EditConflict as conflict:
            extra = _conflict(form, conflict, is_pledge=False)
    context = {
        "form": form,
        "organisation": organisation,
        "year": year,
        "row": row,
        "pledged": in_words(pledged(row)) if row.pledged_at else "",
        "others": _others(request, organisation, year),
        "back_url": _back(organisation, year),
        "conflict_rows": [],
        **extra,
    }
    return _show(request, "governance/contributions/confirm.html", context, bool(extra))


def _confirm(
    request: HttpRequest, organisation: Organisation, year: int, form: ConfirmForm, *, at_once: bool
) -> Contribution:
    return giving.confirm(
        actor=request.user,
        organisation=organisation,
        year=year,
        figures=None if at_once else form.figures(),
        reason="" if at_once else form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
    )


def correct(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Change figures that were confirmed; what stood there stays in the history."""
    organisation = _organisation(request, public_id)
    row = _row(organisation, year)
    if row.confirmed_at is None:
        return _not_this_year(request, organisation, _("{year} was not confirmed yet.").format(year=year))
    form = CorrectForm(posted(request), initial=_initial(given(row), row))
    return one_thing(
        request,
        form,
        lambda values: _correct(request, row, form),
        title=_("Correct {year}").format(year=year),
        intro=_("Now it says: {words}. That stays in the history.").format(words=in_words(given(row))),
        action=_("Save the correction"),
        back=_back(organisation, year),
        done=_("The figures of {year} are corrected.").format(year=year),
    )


def _correct(request: HttpRequest, row: Contribution, form: CorrectForm) -> Contribution:
    values = form.cleaned_data
    try:
        return giving.correct(
            actor=request.user,
            contribution=row,
            version=values["version"],
            figures=form.figures(),
            reason=values["reason"],
        )
    except EditConflict as conflict:
        _conflict(form, conflict, is_pledge=False)
        said = in_words(given(Contribution.objects.get(pk=row.pk)))
        text = _("A colleague was first: now it says {words}. Send it again to put your figures in their place.")
        raise ValidationError(text.format(words=said)) from conflict


def share(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Say who sees the figures of a year."""
    organisation = _organisation(request, public_id)
    row = get_object_or_404(Contribution.objects.given(), organisation=organisation, year=year)
    form = ShareForm(posted(request), initial={"sharing": row.sharing})
    return one_thing(
        request,
        form,
        lambda values: giving.share(
            actor=request.user, contribution=row, sharing=ContributionSharing(values["sharing"])
        ),
        title=_("Who sees the figures of {year}?").format(year=year),
        intro=_("The steering group and the coordination team see them in any case."),
        action=_("Save the choice"),
        back=_back(organisation, year),
        done=_("Saved who sees the figures of {year}.").format(year=year),
    )
