"""Who gets a question: by theme, and to which cities 'who has done this?' goes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskQuestion, DeskRoute
from cities.models import Municipality, Theme
from cities.models.involvement import Level
from cities.selectors_similar import alike
from governance.models import Organisation, User
from governance.models.organisation import Duty, Group
from nss_portal.core.access import Actor
from nss_portal.core.time import today

SUGGESTED = 6


def in_charge(organisation: Organisation) -> Organisation:
    """Give the organisation that has the task today: names and tasks of ministries move."""
    seen = {organisation.pk}
    found, day = organisation, today()
    while found.successor is not None and found.succeeded_on is not None and found.succeeded_on <= day:
        if found.successor_id in seen:
            break
        found = found.successor
        seen.add(found.pk)
    return found


def first_holder(theme: Theme | None) -> Organisation:
    """Give who gets a question on a theme first: its route, else who keeps the desk.

    Raises ValidationError while nobody keeps the desk: then nobody would handle the question.
    """
    if theme is not None:
        route = DeskRoute.objects.filter(theme=theme).select_related("organisation__successor").first()
        if route is not None:
            return in_charge(route.organisation)
    desk = Organisation.objects.existing_on(today()).filter(duty=Duty.DESK).order_by("pk").first()
    if desk is None:
        raise ValidationError(_("Nobody keeps the desk at the moment, so questions cannot be received."))
    return desk


@dataclass(frozen=True)
class CityToAsk:
    """A city that may have done this, and why it is named."""

    organisation: int
    name: str
    why: str


def cities_to_ask(actor: Actor, question: DeskQuestion, limit: int = SUGGESTED) -> list[CityToAsk]:
    """Give the cities that resemble the asker's most and take part, without those that were asked already.

    For an asker that is no municipality the mission cities are named. Four queries.
    """
    asked = {question.organisation_id, *question.invites.values_list("organisation_id", flat=True)}
    code = (
        Municipality.objects.filter(organisation=question.organisation_id).values_list("code", flat=True).first()
    )
    if code is not None:
        _me, likes = alike(actor, code)
        found = [
            CityToAsk(one.city.organisation, one.city.name, _why(one.parts, one.shared_themes))
            for one in likes
            if one.city.level != Level.OTHER
        ]
    else:
        mission = Municipality.objects.current().with_level().at_level(Level.MISSION).order_by("common_name")
        rows = mission.values_list("organisation", "common_name")
        found = [CityToAsk(pk, name, _("mission city")) for pk, name in rows]
    return [city for city in found if city.organisation not in asked][:limit]


def _why(parts: dict[str, float], themes: Iterable[Theme]) -> str:
    """Say in a few words in what a city resembles the asker's."""
    shared = ", ".join(str(theme).lower() for theme in list(themes)[:2])
    said = []
    if parts.get("inhabitants", 0) >= 0.6:
        said.append(_("about as large"))
    if parts.get("province"):
        said.append(_("same province"))
    if parts.get("involvement") == 1:
        said.append(_("takes part in the same way"))
    if shared:
        said.append(_("also works on {themes}").format(themes=shared))
    return "; ".join(said)[:200]


def places_to_refer_to(question: DeskQuestion) -> list[tuple[str, str]]:
    """Give the organisations a question can be referred to (public identifier and name): no municipalities."""
    found = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY)
    rows = found.exclude(pk=question.holder_id).order_by("name").values_list("public_id", "name", "short_name")
    return [
        (public_id, f"{name} ({short})" if short and short != name else name) for public_id, name, short in rows
    ]


def system() -> User:
    """Give the named system actor, for what nobody does in person."""
    return User.objects.system()
