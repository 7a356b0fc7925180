"""Who keeps the desk says which organisation gets questions on which theme."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import DeskRoute
from cities.models import Theme
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def receivers() -> list[Organisation]:
    """Give the organisations that can get questions: those that exist today, no municipalities."""
    there = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY)
    return list(there.order_by("name", "pk"))


@transaction.atomic
def set_route(
    *, actor: Actor, theme: Theme, organisation: Organisation, why_nl: str, why_en: str = ""
) -> DeskRoute:
    """Let an organisation get the questions on a theme from now on; those that it has keep where they are.

    Raises NotAllowed, and ValidationError for a municipality, one that ended, or without a reason.
    """
    require(actor, "desk_route", "change")
    if organisation not in receivers():
        raise ValidationError({"organisation": _("Choose an organisation that exists and is no municipality.")})
    if not why_nl.strip():
        raise ValidationError({"why_nl": _("Say in a few words why it gets these questions.")})
    route = DeskRoute.objects.select_for_update(of=("self",)).filter(theme=theme).first()
    before = str(route.organisation) if route else ""
    is_new = route is None
    route = route or DeskRoute(theme=theme)
    route.organisation, route.why_nl, route.why_en = organisation, why_nl.strip(), why_en.strip()
    route.save()
    audit.record(
        actor=actor,
        event=Event.CREATED if is_new else Event.CHANGED,
        obj=route,
        changes={"organisation": [before, str(organisation)]},
    )
    return route


@transaction.atomic
def end_route(*, actor: Actor, route: DeskRoute) -> None:
    """Let questions on a theme go to who keeps the desk again; raises NotAllowed."""
    require(actor, "desk_route", "change")
    audit.record(
        actor=actor, event=Event.DELETED, obj=route, changes={"organisation": [str(route.organisation), ""]}
    )
    route.delete()
