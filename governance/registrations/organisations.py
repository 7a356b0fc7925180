"""What governance adds to the floors around it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.models import Membership, User, VariantPeriod
from governance.selectors import people_of
from governance.services.demo import load_demo
from governance.services.demo_national import load_national
from governance.services.leaving import left_behind, roles_held
from governance.services.leaving_files import files_held
from governance.services.merging import carried
from governance.services.reference import load_reference
from nss_portal.core.access import Actor, may, standing_of
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    hand_over_handlers,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)
from nss_portal.core.time import today

NEWS = 5

reference_loaders.register(load_reference)
demo_loaders.register(load_demo)
demo_loaders.register(load_national)
merger_handlers.register(carried)
hand_over_handlers.register(roles_held)
hand_over_handlers.register(files_held)


@navigation.register
def entries() -> Iterator[NavigationItem]:
    """Governance in the main navigation."""
    yield NavigationItem(label=gettext_lazy("Governance"), url_name="governance:index", order=90)


@municipality_sections.register
def whom_to_call(actor: Actor, municipality: Any) -> Rows[Section] | None:
    """The contact persons of a municipality, for those with whom it shares them."""
    if not standing_of(actor).organisations:
        return None
    organisation = municipality.organisation
    may_manage = may(actor, "account", "invite") and may(actor, "account", "invite", organisation)

    def section(people: list[Membership]) -> Iterator[Section]:
        context = {"people": people, "organisation": organisation, "may_manage": may_manage}
        yield Section("people", _("Whom to call"), "governance/municipality_people.html", context, order=80)

    people = people_of(organisation).open_to(actor, "view_contacts")
    fields = ("position", "function", "user__name", "user__email")
    return Rows(people, *fields, together=section, even_none=may_manage)


@news_items.register
def new_colleagues(user: User, since: datetime) -> Iterable[NewsItem]:
    """New colleagues in one's own organisations."""
    first_day = timezone.localdate(since)
    colleagues = _colleagues(user=user.pk, own=user.standing.organisations, first=first_day, day=today())
    employer = ("organisation__public_id", "organisation__name")
    return Rows(colleagues, "valid_from", "user__name", "user__email", *employer, each=_colleague)


@prepared
def _colleagues(user: Any, own: Any, first: Any, day: Any) -> QuerySet[Membership]:
    others = Membership.objects.current(day).filter(organisation__in=own, valid_from__gt=first).exclude(user=user)
    return others.order_by("-valid_from", "-pk")[:NEWS]


def _colleague(membership: Membership) -> NewsItem:
    return NewsItem(
        when=membership.valid_from,
        subject=str(membership.user),
        text=_("now works for {organisation}").format(organisation=membership.organisation),
        url=membership.organisation.get_absolute_url(),
    )


@news_items.register
def new_variant(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell which variant is in force, and who coordinates by it."""
    begun = VariantPeriod.objects.filter(valid_from__gt=timezone.localdate(since), valid_from__lte=today())
    variant = ("variant__label_nl", "variant__label_en")
    return Rows(begun, "valid_from", "coordinating_organisation__name", *variant, each=_variant)


def _variant(period: VariantPeriod) -> NewsItem:
    return NewsItem(
        when=period.valid_from,
        subject=str(period.coordinating_organisation),
        text=_("coordinates now; the variant in force is '{variant}'").format(variant=period.variant),
        url=reverse("governance:variants"),
    )


@work_items.register
def what_was_left_behind(user: User) -> Iterable[WorkItem]:
    """Ask a lead to give to somebody what a colleague who left did not hand over."""
    return left_behind(user, _left)


def _left(membership: Membership, held: list[Held]) -> WorkItem:
    number = sum(len(kind.titles) for kind in held)
    return WorkItem(
        title=_("Hand over what {name} left").format(name=membership.user),
        url=reverse("governance:hand_over", args=[membership.organisation.public_id, membership.pk]),
        action_label=_("Choose who takes over"),
        minutes=5,
        detail=ngettext("{number} thing", "{number} things", number).format(number=number),
        on_behalf_of=str(membership.organisation),
    )
