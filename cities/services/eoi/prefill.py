"""What the portal knows already, filled in for a new Expression of Interest."""

from cities.models import Bottleneck, EoiCall, EoiQuestion, EoiVersion, Municipality
from cities.models.bottleneck import BottleneckState
from cities.models.eoi import Kind, Prefill
from cities.models.eoi_submission import VersionState
from cities.selectors_eoi import answer_of, questions_of
from governance.models import Organisation

REGISTER, CBS = "register", "cbs"
MOST_BOTTLENECKS = 10


def fill_in(version: EoiVersion, call: EoiCall, organisation: Organisation) -> None:
    """Fill a new version in from the city's last Expression of Interest, the register of bottlenecks and CBS.

    Each answer that comes from elsewhere is marked in `prefilled`; the version is not saved here.
    """
    earlier = (
        EoiVersion.objects.filter(
            submission__organisation=organisation,
            state=VersionState.SUBMITTED,
            submission__call__year__lt=call.year,
        )
        .select_related("submission__call")
        .order_by("-submission__call__year", "-number")
        .first()
    )
    for question in questions_of(call):
        if not (earlier and _from_earlier(version, question, earlier)):
            _from_portal(version, question, organisation)


def _from_earlier(version: EoiVersion, question: EoiQuestion, earlier: EoiVersion) -> bool:
    answer = answer_of(earlier, question.code)
    offered = {option.code for option in question.options.all()} | {"yes", "no"}
    chosen = [code for code in answer.chosen if code in offered]
    if chosen:
        version.choices[question.code] = chosen
    if answer.text:
        version.texts[question.code] = answer.text
    if chosen or answer.text:
        version.prefilled[question.code] = f"call:{earlier.submission.call.code}"
    return bool(chosen or answer.text)


def _from_portal(version: EoiVersion, question: EoiQuestion, organisation: Organisation) -> None:
    text, origin = "", ""
    if question.prefill == Prefill.INHABITANTS and question.kind == Kind.NUMBER:
        municipality = Municipality.objects.filter(organisation=organisation).first()
        text = str(municipality.population or "") if municipality else ""
        origin = CBS
    elif question.prefill == Prefill.BOTTLENECKS and question.kind in {Kind.TEXT, Kind.CODED}:
        opened = Bottleneck.objects.filter(organisation=organisation, state=BottleneckState.OPEN)
        titles = opened.order_by("-changed_at").values_list("title", flat=True)[:MOST_BOTTLENECKS]
        text, origin = "\n".join(f"- {title}" for title in titles), REGISTER
    if text:
        version.texts[question.code] = text
        version.prefilled[question.code] = origin
