"""What contributions add to my work, mergers and the demonstration."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import contribution_tasks, reports_partner_year
from governance.models import Contribution, User
from governance.presenting_contributions import in_words
from governance.services.contributions.asking import confirm_by, pledge_by
from governance.services.contributions.demo import load_demo
from governance.services.contributions.giving import pledged
from nss_portal.core.access import granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import WorkItem, demo_loaders, merger_handlers, work_items
from nss_portal.core.time import today

__all__ = ["contribution_tasks", "reports_partner_year"]

SHOWN = 10
demo_loaders.register(load_demo)


@work_items.register
def asked(user: User) -> Iterable[WorkItem]:
    """Ask who leads an organisation for its pledge, and once a year for a confirmation."""
    leads = granted(user, "contribution", "confirm").get("own-lead", frozenset())
    if not leads:
        return ()
    this = today().year
    to_pledge = Q(asked_at__isnull=False, pledged_at__isnull=True, confirmed_at__isnull=True, year__gte=this)
    to_confirm = Q(confirm_asked_at__isnull=False, confirmed_at__isnull=True, year__lt=this)
    waiting = Contribution.objects.filter(to_pledge | to_confirm, organisation__in=leads).order_by("year", "pk")
    figures = ("pledged_at", "pledged_hours", "pledged_euros", "pledged_in_kind")
    names = ("organisation__public_id", "organisation__name")
    return Rows(waiting[:SHOWN], "year", *figures, *names, each=_item)


def _item(one: Contribution) -> WorkItem:
    organisation, year = one.organisation, one.year
    if one.pledged_at is None:
        return WorkItem(
            title=_("What do you contribute to the cooperation in {year}?").format(year=year),
            url=reverse("governance:contribution_pledge", args=[organisation.public_id, year]),
            action_label=_("Make your pledge"),
            minutes=3,
            due=_while_it_comes(pledge_by(year)),
            detail=_("Hours, money or in kind; 'nothing this year' is an answer too."),
            on_behalf_of=str(organisation),
        )
    return WorkItem(
        title=_("Confirm what you contributed in {year}").format(year=year),
        url=reverse("governance:contribution_confirm", args=[organisation.public_id, year]),
        action_label=_("Confirm"),
        minutes=1,
        due=_while_it_comes(confirm_by(year)),
        detail=_("Pledged: {words}").format(words=in_words(pledged(one))),
        on_behalf_of=str(organisation),
    )


def _while_it_comes(day: date) -> date | None:
    """Give a day as long as it has not passed: what is asked so lightly is never late, it just waits."""
    return day if day >= today() else None


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried(
        "governance.Contribution",
        "organisation",
        gettext_lazy("contributions of years to come"),
        only=lambda handover: Q(year__gt=handover.on.year),
        stays=gettext_lazy("what it contributed until then stays as it was"),
    )
