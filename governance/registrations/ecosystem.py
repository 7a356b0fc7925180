"""Who has which role in the cooperation itself and in the groups that meet: public, as the pages of both are."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Body, Organisation, Seat
from governance.models.membership import current_q
from governance.models.organisation import Duty
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import Actor
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import Tied, ties
from nss_portal.core.time import today

COOPERATION, GROUP = gettext_lazy("the whole cooperation"), gettext_lazy("group that meets")


@ties.register
def seats(actor: Actor) -> Iterator[Tied]:
    """Give who sits in which group. One query."""
    names = {body.pk: body for body in Body.objects.all()}
    held = Seat.objects.filter(current_q(today())).order_by("pk").values_list("organisation", "body", "is_chair")
    for organisation, key, chairs in held:
        body = names[key]
        yield Tied(
            organisation=organisation,
            thing=f"body-{body.code}",
            label=body.label,
            kind=GROUP,
            url=body.get_absolute_url(),
            role=_("chairs") if chairs else _("sits in it"),
            weight=0 if chairs else 1,
        )


@ties.register
def tasks(actor: Actor) -> Iterator[Tied]:
    """Give who coordinates, and who has a task in every variant. Two queries."""
    coordinating = coordinating_organisation_id(today())
    held = dict(
        Organisation.objects.existing_on(today()).exclude(duty=Duty.NONE).order_by("pk").values_list("pk", "duty")
    )
    roles = [(key, str(Duty(duty).label), 1) for key, duty in held.items()]
    if coordinating is not None:
        roles.insert(0, (coordinating, _("coordinates"), 0))
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
