"""What rights and requests of organisations add to my work, news and mergers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.models import EmergencyRole, RightsReview, RightsRound, SignUp, User
from governance.selectors_rights import somebody_leads, to_be_decided_by
from governance.services.rights_demo import load_demo_rights
from nss_portal.core.access import Role, may
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import WorkItem, demo_loaders, merger_handlers, work_items
from nss_portal.core.time import today

demo_loaders.register(load_demo_rights)


@work_items.register
def emergencies(user: User) -> Iterable[WorkItem]:
    """Keep an emergency role that runs before everybody who coordinates or steers."""
    if not user.standing.has(Role.STEERING, Role.COORDINATOR):
        return ()
    return Rows(
        EmergencyRole.objects.running().order_by("pk"), "ends_at", "user__name", "user__email", each=_emergency
    )


def _emergency(role: EmergencyRole) -> WorkItem:
    return WorkItem(
        title=_("{name} coordinates in an emergency").format(name=role.user),
        url=reverse("governance:emergency"),
        action_label=_("See why"),
        minutes=1,
        detail=_("Until {until}").format(until=date_format(timezone.localtime(role.ends_at), "j F H:i")),
    )


@work_items.register
def requests_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask a lead, or where nobody leads the coordination team, to decide on requests for an account."""
    if not may(user, "sign_up", "decide"):
        return ()
    waiting = SignUp.objects.waiting().filter(to_be_decided_by(user)).order_by("received_at", "pk")
    return Rows(waiting, "new_name", "organisation__name", together=_decide)


def _decide(waiting: list[SignUp]) -> Iterator[WorkItem]:
    names = ", ".join(str(found) for found in waiting[:3])
    text = _("{names} and {number} more") if len(waiting) > 3 else "{names}"
    yield WorkItem(
        title=ngettext(
            "Decide on a request for an account", "Decide on {number} requests for an account", len(waiting)
        ).format(number=len(waiting)),
        url=reverse("governance:sign_ups"),
        action_label=_("Decide"),
        minutes=3 * len(waiting),
        detail=text.format(names=names, number=len(waiting) - 3),
    )


@work_items.register
def rights_to_look_at(user: User) -> Iterable[WorkItem]:
    """Ask a lead to look at who has which rights."""
    if not user.standing.lead_of:
        return ()
    newest = RightsRound.objects.order_by("-year").values("pk")[:1]
    mine = RightsReview.objects.filter(
        round__in=newest, done_at__isnull=True, organisation__in=user.standing.lead_of
    ).order_by("pk")
    # How many accounts wait is counted on the page: here it would cost everybody who leads at each visit.
    return Rows(mine, "round__due_on", "organisation__name", "organisation__public_id", each=_look)


def _look(review: Any) -> WorkItem:
    return WorkItem(
        title=_("Look at who has which rights"),
        url=reverse("governance:rights", args=[review.organisation.public_id]),
        action_label=_("Look at the list"),
        minutes=5,
        due=review.round.due_on,
        detail=_("One click per person: still right, change, or end."),
        on_behalf_of=str(review.organisation),
    )


@work_items.register
def rights_nobody_looks_at(user: User) -> Iterable[WorkItem]:
    """Tell the coordination team where nobody leads, and after the last day where nobody looked."""
    if not may(user, "rights_review", "overview"):
        return ()
    waiting = RightsReview.objects.filter(
        ~somebody_leads("organisation") | Q(round__due_on__lt=today()),
        round__in=RightsRound.objects.order_by("-year").values("pk")[:1],
        done_at__isnull=True,
    )
    return Rows(waiting.order_by(), "round__due_on", together=_nobody_looks)


def _nobody_looks(waiting: list[RightsReview]) -> Iterator[WorkItem]:
    number = len(waiting)
    yield WorkItem(
        title=_("See where nobody looks at rights"),
        url=reverse("governance:rights_overview"),
        action_label=_("Open the overview"),
        minutes=min(30, 2 * number),
        due=waiting[0].round.due_on,
        detail=ngettext("{number} organisation", "{number} organisations", number).format(number=number),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along and what stays with the organisation that ended."""
    yield Carried("governance.OrganisationDomain", "organisation", gettext_lazy("e-mail domains"))
    yield Carried("governance.SignUp", "organisation", gettext_lazy("requests for an account"))
    yield Carried(
        "governance.RightsReview",
        "organisation",
        gettext_lazy("yearly reviews of rights"),
        stays=gettext_lazy("who looked at which rights then stays as it was"),
    )
