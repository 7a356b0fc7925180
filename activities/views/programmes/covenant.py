"""Writing the covenant, signing rounds, signing, the publication."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.programmes.work import CloseRoundForm, CovenantForm, GazetteForm, RoundForm, SignForm
from activities.models import Covenant, Programme, SigningRound
from activities.models.programme import BEFORE_COVENANT
from activities.presenting.programmes import fixed_text
from activities.selectors.programmes import signing_keys
from activities.services.programmes import covenant as services
from activities.services.programmes.gazette import gazette_name
from activities.views.programmes.common import (
    Values,
    autosaved,
    changeable,
    draft_page,
    one_thing,
    visible,
)
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed

PLACE = "signing"


def _form(programme: Programme, data: Any) -> CovenantForm:
    covenant = Covenant.objects.filter(programme=programme).first()
    if covenant is None:
        # What the programme says already is the beginning of the covenant.
        initial: Values = {"goal": programme.goal, "why": programme.challenge, "version": 1}
    else:
        initial = {name: getattr(covenant, name) for name in (*services.TEXTS, "version")}
    return CovenantForm(data, initial=initial)


def _save(request: HttpRequest, programme: Programme, values: Values) -> Covenant:
    version = values["version"] or 0
    return services.write_covenant(actor=request.user, programme=programme, version=version, values=values)


def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the covenant."""
    programme = changeable(request, public_id)
    if programme.phase not in BEFORE_COVENANT:
        raise NotAllowed(_("The covenant is fixed. Open it again first, or agree on a next tranche."))
    return draft_page(
        request,
        programme,
        lambda data: _form(programme, data),
        lambda values: _save(request, programme, values),
        title=_("The covenant"),
        intro=_(
            "Contributions stand with the partners and milestones on the page: they come along by themselves."
        ),
        context={
            "back_url": f"{programme.get_absolute_url()}#covenant",
            "autosave_url": reverse("activities:programme_covenant_autosave", args=[public_id]),
            "saved_at": None,
        },
    )


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save the covenant while somebody types."""
    programme = changeable(request, public_id)
    return autosaved(_form(programme, request.POST), lambda values: _save(request, programme, values))


def open_round(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a signing round."""
    programme = changeable(request, public_id)
    return one_thing(
        request,
        programme,
        RoundForm(posted(request)),
        lambda values: services.open_round(actor=request.user, programme=programme, **values),
        title=_("Open a signing round"),
        action=_("Open the signing round"),
        consequences=[
            _("Signatories of partners who have not signed yet find the covenant in 'My work'."),
            _("Who does not sign in this round can join in a later one."),
        ],
        done=_("The signing round is open."),
        place=PLACE,
    )


def _round(programme: Programme, pk: int) -> SigningRound:
    rounds = SigningRound.objects.filter(covenant__programme=programme).select_related("covenant__programme")
    return get_object_or_404(rounds, pk=pk)


def close_round(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Close a signing round."""
    programme = changeable(request, public_id)
    signing = _round(programme, pk)
    return one_thing(
        request,
        programme,
        CloseRoundForm(posted(request)),
        lambda values: services.close_round(actor=request.user, round=signing, **values),
        title=_("Close signing round {number}").format(number=signing.number),
        action=_("Close the signing round"),
        consequences=[_("Nobody can sign in this round any more. The publication may also be noted later.")],
        place=PLACE,
    )


def publish(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Note where a round was published."""
    programme = changeable(request, public_id)
    signing = _round(programme, pk)
    initial = {"gazette": gazette_name(signing.gazette) if signing.gazette else ""}
    return one_thing(
        request,
        programme,
        GazetteForm(posted(request), initial=initial),
        lambda values: services.publish_round(actor=request.user, round=signing, **values),
        title=_("Publication in the Staatscourant"),
        action=_("Save the publication"),
        place=PLACE,
    )


def sign(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Read the covenant and sign it for the own party."""
    programme = visible(request, public_id)
    partner = get_object_or_404(programme.partners.select_related("organisation", "programme"), pk=pk)
    if partner.organisation_id not in signing_keys(request.user):
        raise NotAllowed(_("You sign for your own organisation only."))
    covenant = get_object_or_404(Covenant, programme=programme, fixed_at__isnull=False)
    return one_thing(
        request,
        programme,
        SignForm(posted(request), initial={"digest": covenant.digest}),
        lambda values: services.sign(actor=request.user, partner=partner, digest=values["digest"]),
        title=_("Sign the covenant for {name}").format(name=partner.organisation),
        action=_("Sign the covenant"),
        intro=programme.title,
        done=_("You have signed the covenant for {name}.").format(name=partner.organisation),
        place=PLACE,
        more={"covenant": covenant, "fixed": fixed_text(covenant.fixed), "milestones": [], "partners": []},
    )
