"""What mergers of municipalities add: what cities carry over, and a coordinator's work when one is stuck."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import MunicipalityMerger
from nss_portal.core.access import may
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import WorkItem, merger_handlers, work_items


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality and what stays under its own code."""
    yield from _of_bottlenecks()
    yield Carried(
        "cities.EoiSubmission",
        "organisation",
        gettext_lazy("Expressions of Interest"),
        only=Q(),
        stays=gettext_lazy("the successor answered the same call itself; people of the successor can read both"),
    )
    yield from _of_signals()
    yield from _of_the_register()


def _of_bottlenecks() -> Iterator[Carried]:
    yield Carried("cities.Bottleneck", "organisation", gettext_lazy("bottlenecks"))
    yield Carried(
        "cities.Bottleneck_invited",
        "organisation",
        gettext_lazy("bottlenecks to which the municipality is invited"),
        only=Q(),
        stays=gettext_lazy("the successor is invited already"),
    )
    yield Carried(
        "cities.BottleneckJoin",
        "organisation",
        gettext_lazy("bottlenecks that the municipality shares with others"),
        only=Q(),
        stays=gettext_lazy("the successor has joined already"),
    )
    yield Carried(
        "cities.Bottleneck_helped_by",
        "organisation",
        gettext_lazy("bottlenecks in which the municipality helps"),
        only=Q(),
        stays=gettext_lazy("the successor helps already"),
    )


def _of_the_register() -> Iterator[Carried]:
    yield Carried(
        "cities.InvolvementRequest",
        "municipality",
        gettext_lazy("requests to take part"),
        only=Q(),
        stays=gettext_lazy("the same person asked this for the successor already"),
    )
    yield Carried(
        "cities.Involvement",
        "municipality",
        gettext_lazy("periods of involvement"),
        stays=gettext_lazy("history of the old code; the successor's page shows both"),
    )
    yield Carried(
        "cities.MunicipalityName",
        "municipality",
        gettext_lazy("other names"),
        only=Q(),
        stays=gettext_lazy("the successor has this other name already"),
    )
    yield Carried(
        "cities.Municipality",
        "successor",
        gettext_lazy("municipalities that went on in this one"),
        stays=gettext_lazy("the chain of mergers stays as it was; old addresses follow it"),
    )
    yield Carried(
        "cities.Municipality",
        "organisation",
        "",
        stays=gettext_lazy("the old municipality keeps its own name and page"),
    )
    yield Carried(
        "cities.MunicipalityBoundary",
        "municipality",
        gettext_lazy("boundary on the map"),
        stays=gettext_lazy("the map draws it as part of the successor until newer boundaries are loaded"),
    )
    for field in ("old", "new"):
        yield Carried(
            "cities.MunicipalityMerger",
            field,
            "",
            stays=gettext_lazy("what was planned and done stays as it was"),
        )


def _of_signals() -> Iterator[Carried]:
    yield Carried(
        "cities.Signal",
        "organisation",
        gettext_lazy("signals"),
        only=lambda handover: ~Q(cosigners__organisation=handover.new),
        stays=gettext_lazy(
            "the successor co-signed it: it stays as it was sent; people of the successor act for it"
        ),
    )
    yield Carried(
        "cities.SignalCosigner",
        "organisation",
        gettext_lazy("signals that were sent together"),
        only=lambda handover: ~Q(signal__organisation=handover.new),
        stays=gettext_lazy("the successor sent the same signal along"),
    )
    yield Carried(
        "cities.SignalAddressee",
        "organisation",
        gettext_lazy("signals to the municipality"),
        only=Q(),
        stays=gettext_lazy("the signal went to the successor too"),
    )
    yield Carried("cities.SignalFollowUp", "owner", gettext_lazy("steps after an answer"))
    yield Carried(
        "cities.SignalExperiment_cities",
        "organisation",
        gettext_lazy("room to experiment"),
        only=Q(),
        stays=gettext_lazy("the successor asked for the same room"),
    )
    for field in ("organisation", "referred_to"):
        yield Carried(
            "cities.SignalEntry",
            field,
            gettext_lazy("what was said about a signal"),
            stays=gettext_lazy("what was said is never changed, nor by whom"),
        )
    yield Carried(
        "cities.NamingDuty",
        "organisation",
        gettext_lazy("duty to name an owner"),
        stays=gettext_lazy("this duty lies with ministries"),
    )


@work_items.register
def mergers_in_the_way(user: Any) -> Iterable[WorkItem]:
    """Ask a coordinator to look at a merger that could not be carried out on its day."""
    if not may(user, "municipality_merger", "plan"):
        return ()
    stuck = MunicipalityMerger.objects.visible_to(user).planned().exclude(problem="")
    return Rows(stuck, "public_id", "on", "problem", "old__common_name", "new__common_name", each=_stuck)


def _stuck(merger: MunicipalityMerger) -> WorkItem:
    title = _("The merger of {old} into {new} could not be carried out")
    return WorkItem(
        title=title.format(old=merger.old, new=merger.new),
        url=merger.get_absolute_url(),
        action_label=_("See what is in the way"),
        minutes=10,
        due=merger.on,
        detail=merger.problem,
    )
