"""Where persons occur in what municipalities do: bottlenecks, Expressions of Interest, signals, propositions."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from nss_portal.core.privacy import Personal
from nss_portal.core.registry import Text, personal_records

REFERENCE = _("Reference data: texts of the structure, no persons.")
CITY = _("Facts of municipalities, no persons.")
QUESTIONS = _("Questions of a round, no persons.")


@personal_records.register
def records() -> Iterator[Personal]:
    """Records with persons beside them."""
    yield Personal("cities.Bottleneck", _("Bottlenecks"), by=("created_by",), words=("origin_label",))
    yield Personal("cities.BottleneckJoin", _("Bottlenecks that you joined"), by=("created_by",))
    yield Personal("cities.BottleneckMerge", names=("actor_label", "undone_by_label"))
    yield Personal(
        "cities.Involvement", _("Decisions on involvement"), by=("decided_by",), names=("decided_by_label",)
    )
    yield Personal("cities.EoiVersion", names=("submitted_by_label",), logs=("saves",))
    yield Personal(
        "cities.MunicipalityMerger",
        _("Mergers of municipalities"),
        by=("planned_by",),
        names=("planned_by_label",),
    )
    yield Personal("cities.Proposition", _("Propositions"), by=("created_by",), words=("result_label",))
    yield Personal(
        "cities.InvolvementRequest",
        _("Requests to take part"),
        names=("name",),
        addresses=("email",),
        blank=("position", "motivation"),
    )
    yield Personal("cities.ProgressChange", names=("who",))
    yield Personal("cities.Signal", _("Signals"), by=("created_by",), words=("contact_function", "contact_reach"))
    yield Personal("cities.SignalCosigner", names=("by_label",))
    yield Personal("cities.SignalEntry", _("What you said about a signal"), by=("by",), names=("by_label",))


@personal_records.register
def texts() -> Iterator[Personal | tuple[str, Text]]:
    """What people wrote for a municipality without their name beside it; and what names nobody."""
    for model in ("PropositionSupport", "Progress", "SignalExperiment", "SignalFollowUp"):
        yield Personal(f"cities.{model}")
    yield Personal("cities.MergedBottleneck")
    for model in ("Municipality", "MunicipalityName", "MunicipalityBoundary"):
        yield f"cities.{model}", CITY
    for model in ("EoiCall", "EoiAnalysis", "EoiQuestion", "EoiOption"):
        yield f"cities.{model}", QUESTIONS
    yield "cities.BottleneckWord", _("Stems of words for the search, without the texts.")
    reference = "Theme TransitionStep SupportTool UrbanTask RoadmapStep BuildingBlock NamingDuty"
    for model in reference.split():
        yield f"cities.{model}", REFERENCE
