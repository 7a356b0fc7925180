"""What of programmes goes along: with a merger of municipalities or bottlenecks, and with who leaves."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from activities.models import Programme, ProgrammePartner, WorkingGroupMember
from activities.services.programmes.handing import give_contacts, give_seats
from activities.services.programmes.reference import load_reference
from activities.services.programmes.starting import begin_from_proposition
from cities.models import Bottleneck
from cities.selectors_bottleneck_groups import goes_on_in
from governance.models import Organisation, User
from nss_portal.core.carrying import Carried, Handover
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    hand_over_handlers,
    merge_handlers,
    merger_handlers,
    programme_starters,
    reference_loaders,
)

Links = Programme.bottlenecks.through

reference_loaders.register(load_reference)
programme_starters.register(begin_from_proposition)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of programmes goes along with a municipality, and what stays as it was signed."""
    yield Carried("activities.Programme", "organisation", gettext_lazy("programmes that the municipality leads"))
    yield Carried("activities.Programme", "raised_by", gettext_lazy("programmes that the municipality raised"))
    yield Carried(
        "activities.ProgrammePartner",
        "organisation",
        gettext_lazy("places in programmes"),
        moves=_partners,
        stays=gettext_lazy("the successor takes part already, or the place was left before"),
    )
    yield Carried(
        "activities.Signature",
        "organisation",
        gettext_lazy("signatures under covenants"),
        stays=gettext_lazy("what was signed is never changed, nor by whom"),
    )
    yield Carried("activities.Milestone", "owner", gettext_lazy("milestones that the municipality sees to"))
    yield Carried("activities.ReviewPoint", "owner", gettext_lazy("points to act on after a midterm review"))
    yield Carried("activities.ProgrammeResult", "anchored_at", gettext_lazy("results that are anchored there"))
    yield Carried("activities.ProgrammeScaling", "owner", gettext_lazy("scaling themes that it sees to"))


def _partners(handover: Handover) -> int:
    """Give present places to the successor, where it has none in the same programme."""
    taken = ProgrammePartner.objects.filter(organisation=handover.new, left_on=None).values("programme")
    held = ProgrammePartner.objects.filter(organisation=handover.old, left_on=None)
    moving = list(held.exclude(programme__in=taken).values_list("pk", flat=True))
    return ProgrammePartner.objects.filter(pk__in=moving).update(organisation=handover.new)


class ProgrammeLinks:
    """Lets programmes that treat a bottleneck treat the one that it went on in."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let programmes that treat `source` treat `target`; gives which (primary keys)."""
        both = Links._default_manager.filter(bottleneck=target).values("programme_id")
        moving = Links._default_manager.filter(bottleneck=source).exclude(programme_id__in=both)
        moved = sorted(moving.values_list("programme_id", flat=True))
        Links._default_manager.filter(bottleneck=source, programme_id__in=moved).update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        still = Links._default_manager.filter(bottleneck=target, programme_id__in=moved)
        here = set(still.values_list("programme_id", flat=True))
        still.update(bottleneck=source)
        further = Links._default_manager.filter(bottleneck=goes_on_in(target), programme_id__in=set(moved) - here)
        further.update(bottleneck=source)


merge_handlers.register(ProgrammeLinks)


@hand_over_handlers.register
def contacts_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the programmes in which somebody is the one to call. One query."""
    held = ProgrammePartner.objects.filter(organisation=organisation, contact=user, left_on=None)
    yield Held(
        "programme_contacts",
        gettext_lazy("Whom to call in programmes"),
        list(held.order_by("pk").values_list("programme__title", flat=True)),
        lambda successor, actor: give_contacts(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )


@hand_over_handlers.register
def seats_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the working groups in which somebody sits. One query."""
    seats = WorkingGroupMember.objects.filter(partner__organisation=organisation, user=user, left_on=None)
    yield Held(
        "programme_seats",
        gettext_lazy("Seats in working groups"),
        list(seats.order_by("pk").values_list("group__name", flat=True)),
        lambda successor, actor: give_seats(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
