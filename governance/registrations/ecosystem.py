"""Who has which role in the cooperation itself and in the groups that meet: public, as the pages of both are."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from governance.models import Organisation, Seat, VariantPeriod
from governance.models.membership import current_q
from governance.models.organisation import Duty
from nss_portal.core.access import Actor
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import Tied, ties
from nss_portal.core.time import today

COOPERATION, GROUP = gettext_lazy("the whole cooperation"), gettext_lazy("group that meets")


@ties.register
def seats(actor: Actor) -> Iterator[Tied]:
    """Give who sits in which group. One query."""
    label = "body__label_en" if get_language() == "en" else "body__label_nl"
    held = Seat.objects.filter(current_q(today())).order_by("pk")
    for organisation, chairs, code, name in held.values_list("organisation", "is_chair", "body__code", label):
        yield Tied(
            organisation=organisation,
            thing=f"body-{code}",
            label=name,
            kind=GROUP,
            url=reverse("governance:body", args=[code]),
            role=_("chairs") if chairs else _("sits in it"),
            weight=0 if chairs else 1,
        )


@ties.register
def tasks(actor: Actor) -> Iterator[Tied]:
    """Give who coordinates, and who has a task in every variant. One query."""
    in_force = VariantPeriod.objects.filter(current_q(today())).order_by()
    coordinates = Exists(in_force.filter(coordinating_organisation=OuterRef("pk")))
    held = Organisation.objects.existing_on(today()).annotate(coordinates=coordinates)
    held = held.filter(Q(coordinates=True) | ~Q(duty=Duty.NONE)).order_by("pk")
    roles: list[tuple[int, str, int]] = []
    for key, duty, is_coordinator in held.values_list("pk", "duty", "coordinates"):
        if is_coordinator:
            roles.insert(0, (key, _("coordinates"), 0))
        if duty:
            roles.append((key, str(Duty(duty).label), 1))
    for organisation, role, weight in roles:
        yield Tied(
            organisation=organisation,
            thing="cooperation",
            label=portal_name().name,
            kind=COOPERATION,
            url=reverse("governance:variants"),
            role=role,
            weight=weight,
        )
