"""Partners of a programme: asked, answering, whom to call, leaving, hours once a year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.forms.programmes.partners import (
    AnswerForm,
    AskForm,
    HoursForm,
    LeadForm,
    LeaveForm,
    PartnerForm,
)
from activities.models import Programme, ProgrammePartner
from activities.models.programme_partner import Answer
from activities.selectors.programmes import may_speak_for
from activities.services.programmes import partners as services
from activities.views.programmes.common import Values, changeable, one_thing, visible
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.time import today

PLACE = "partners"


def _mine(request: HttpRequest, public_id: str, pk: int) -> tuple[Programme, ProgrammePartner]:
    """Give a partner for whom the person may speak: 404 when not visible, 403 when not theirs."""
    programme = visible(request, public_id)
    partner = get_object_or_404(programme.partners.select_related("organisation", "programme"), pk=pk)
    if not may_speak_for(request.user, partner):
        raise NotAllowed(_("Only the organisation itself and who leads the programme change this."))
    return programme, partner


def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask organisations to take part."""
    programme = changeable(request, public_id)

    def act(values: Values) -> None:
        cities = [*values["cities"], *values["more"]]
        services.ask_partners(
            actor=request.user, programme=programme, organisations=cities, is_location=values["is_location"]
        )
        others = [*values["ministries"], *values["others"]]
        services.ask_partners(actor=request.user, programme=programme, organisations=others)

    return one_thing(
        request,
        programme,
        AskForm(posted(request), programme=programme),
        act,
        title=_("Ask partners"),
        action=_("Ask them"),
        intro=_("Each finds the question in 'My work', and says yes or no, and why."),
        done=_("They are asked."),
        place=PLACE,
    )


def answer(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Say yes or no, and why."""
    programme, partner = _mine(request, public_id, pk)
    initial = {
        "answer": "" if partner.answer == Answer.ASKED else partner.answer,
        **{name: getattr(partner, name) for name in ("why", "hours", "euros", "brings")},
    }
    return one_thing(
        request,
        programme,
        AnswerForm(posted(request), initial=initial),
        lambda values: services.answer(
            actor=request.user, partner=partner, **{**values, "answer": Answer(values["answer"])}
        ),
        title=_("Does {name} take part?").format(name=partner.organisation),
        action=_("Save the answer"),
        intro=programme.title,
        done=_("The answer is saved."),
        place=PLACE,
    )


def describe(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Say whom to call, and whether the programme runs here."""
    programme, partner = _mine(request, public_id, pk)
    form = PartnerForm(
        posted(request),
        partner=partner,
        initial={"is_location": partner.is_location, "contact": str(partner.contact_id or "")},
    )
    return one_thing(
        request,
        programme,
        form,
        lambda values: services.describe_partner(
            actor=request.user,
            partner=partner,
            is_location=values.get("is_location", partner.is_location),
            contact=form.people.get(values["contact"]),
        ),
        title=_("{name} in this programme").format(name=partner.organisation),
        action=_("Save"),
        place=PLACE,
    )


def leave(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Leave a programme, with the reason."""
    programme, partner = _mine(request, public_id, pk)
    title = _("{name} leaves the programme").format(name=partner.organisation)
    return one_thing(
        request,
        programme,
        LeaveForm(posted(request)),
        lambda values: services.leave(actor=request.user, partner=partner, reason=values["reason"]),
        title=title,
        action=_("Leave the programme"),
        consequences=[_("That it took part, and why it left, stays to be read. Its seats in groups end today.")],
        danger=True,
        place=PLACE,
    )


def hours(request: HttpRequest, public_id: str, pk: int, year: int) -> HttpResponse:
    """Estimate the hours of a year: one number, a minute of work."""
    programme, partner = _mine(request, public_id, pk)
    there = partner.estimates.filter(year=year).first()
    initial: Values = {"hours": partner.hours}
    if there is not None:
        initial = {"hours": there.hours, "euros": there.euros, "note": there.note}
    said = _("You pledged about {hours} hours a year: that is filled in. Change it if it was otherwise.")
    return one_thing(
        request,
        programme,
        HoursForm(posted(request), initial=initial),
        lambda values: services.estimate_hours(actor=request.user, partner=partner, year=year, **values),
        title=_("Hours of {name} in {year}").format(name=partner.organisation, year=year),
        action=_("Save the estimate"),
        intro=said.format(hours=partner.hours) if partner.hours and there is None else programme.title,
        done=_("Thank you: that is all for this year."),
        place=PLACE,
    )


def hours_of_last_year(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Estimate the hours of the year that ended."""
    return hours(request, public_id, pk, today().year - 1)


def lead(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let another partner lead the programme."""
    programme = changeable(request, public_id)
    return one_thing(
        request,
        programme,
        LeadForm(posted(request), programme=programme),
        lambda values: services.hand_lead_over(actor=request.user, programme=programme, **values),
        title=_("Hand the lead over"),
        action=_("Hand the lead over"),
        consequences=[_("From then on its people change the programme; yours do no more.")],
    )
