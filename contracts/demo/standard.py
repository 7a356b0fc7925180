"""The standard approach of the demonstration: version 1 in force, version 2 open for going through.

The texts are those that the portal comes with; that they were decided on, and what cities say of them, is made up
and says so. A contract that was begun with version 1 shows what follows when version 2 comes into force.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from activities.models import Lesson
from cities.models import Municipality
from contracts.models import (
    ClimateContract,
    ContractMunicipality,
    GoingThrough,
    StandardChange,
    StandardComment,
    StandardVersion,
)
from contracts.models.standard import DUTCH, StandardState
from contracts.services.standard import changes as changes_service
from contracts.services.standard import starting, versions
from contracts.services.standard.document import ask_for_document
from contracts.services.standard.making import make_contract
from contracts.starting_standard import Starting
from contracts.workflow_standard import STANDARD
from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.models import Transition
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

IN_FORCE_DAYS = 400
PROPOSED_DAYS = 20
DAYS_TO_REACT = 40

TAKEN: tuple[dict[str, Any], ...] = (
    {
        "kind": "section",
        "code": "promises",
        "title": "Noem de netbeheerder vanaf het begin als partij",
        "reason": "In drie contracten liep een actie vast op een vol stroomnet. De netbeheerder hoorde dat laat.",
        "add": {
            "guidance_nl": "\n- Vraag de netbeheerder vanaf het begin: het stroomnet bepaalt wat wanneer kan.",
            "guidance_en": "\n- Ask the grid operator from the start: the power grid sets the pace.",
        },
    },
    {
        "kind": "measure",
        "code": "warmte-infrastructuur",
        "title": "Zeg bij het warmtenet dat de aansluitingen vooraf vaststaan",
        "reason": "Een warmtenet kwam later omdat te weinig gebouwen meededen. Dat was vooraf te zien.",
        "add": {
            "conditions_nl": " Ten minste zeven op de tien eigenaren zeggen vooraf ja.",
            "conditions_en": " At least seven in ten owners say yes beforehand.",
        },
    },
)
NEW_MEASURE = {
    "title_nl": "Slim laden als het net ruimte heeft",
    "title_en": "Charging when the grid has room",
    "text_nl": "Auto's en busjes laden op uren dat het stroomnet ruimte heeft, met afspraken per laadplein.",
    "text_en": "Cars and vans charge at hours when the power grid has room, with agreements per charging place.",
    "conditions_nl": "Laadpalen die zich laten sturen, en een netbeheerder die meedoet.",
    "conditions_en": "Charging points that can be steered, and a grid operator that takes part.",
    "benefits_nl": "Meer laadpunten zonder zwaarder net",
    "benefits_en": "More charging points without a heavier grid",
    "sector": "mobility",
    "base_sector": "mobility",
    "effect_basis": "share",
    "effect": None,
    "effect_low": "0.5",
    "effect_high": "2",
    "cost_basis": "kt",
    "cost": None,
    "cost_low": None,
    "cost_high": None,
    "payer": "companies",
    "curve": "linear",
    "years": 4,
    "certainty": "intended",
    "groups": ["company"],
    "steps": ["portfolio", "action"],
    "people_from": None,
    "people_to": None,
    "source_nl": "Schatting, illustratief. Er is nog geen gepubliceerd cijfer uit een klimaatcontract.",
    "source_en": "Estimate, illustrative. There is no published figure of a climate contract yet.",
    "is_estimate": True,
}
OPEN_CHANGES: tuple[dict[str, Any], ...] = (
    {
        "kind": "section",
        "code": "monitoring",
        "title": "Laat kleine gemeenten samen één herijking doen",
        "reason": "Wij doen de uitvoering met vier gemeenten samen. Nu vult elke gemeente hetzelfde in.",
        "add": {
            "guidance_nl": "\n- Gemeenten die samen uitvoeren, mogen samen herijken.",
            "guidance_en": "\n- Municipalities that carry out together may review together.",
        },
    },
    {
        "kind": "section",
        "code": "money",
        "title": "Noem per actie ook de kosten van beheer",
        "reason": "Bij de herijking bleek dat beheer nergens stond. Dat was elk jaar een verrassing.",
        "add": {
            "guidance_nl": "\n- Noem naast de investering ook wat beheer per jaar kost.",
            "guidance_en": "\n- Beside the investment, name what upkeep costs per year.",
        },
    },
)
# What cities say of sections, a city after another.
ANSWERS = (
    (
        ("goal", "works", ""),
        ("baseline", "works", ""),
        (
            "promises",
            "changes",
            "Wij hebben geen mensen om met tien partijen te praten. Drie is genoeg.",
        ),
        ("portfolio", "works", ""),
        ("money", "not", "Zonder rijksbijdrage kunnen wij hier niet voor tekenen."),
    ),
    (
        ("goal", "works", ""),
        ("baseline", "changes", "Laat zien hoe een gemeente cijfers van de regio gebruikt."),
        ("promises", "works", ""),
    ),
    (("goal", "works", ""),),
)
COMMENT = "Dit helpt. Kan er een voorbeeld bij van een gemeente van onze grootte?"


@transaction.atomic
def load_standard(scale: str, seed: int) -> list[str]:
    """Bring version 1 into force and propose version 2, where the portal has just the text it came with."""
    first = StandardVersion.objects.filter(standard__code=DUTCH, number=1).first()
    if first is None or first.state != StandardState.DRAFT or StandardVersion.objects.count() > 1:
        return ["demo: the standard approach is there already"]
    system = User.objects.system()
    _bring_into_force(first, system)
    cities = _cities()
    lines = ["demo: standard approach, version 1 in force"]
    if scale == "small":
        lines += _first_draft()
    if cities:
        second = versions.start_version(actor=system)
        _take_over(second, cities, system)
        second.refresh_from_db()
        second.is_illustrative, second.proposed_by = True, system
        second.proposed_on = today() - timedelta(days=PROPOSED_DAYS)
        second.react_by = today() + timedelta(days=DAYS_TO_REACT)
        second.save()
        _step(second, "propose", system, PROPOSED_DAYS)
        _say(second, cities, system)
        lines.append("demo: standard approach, version 2 open for going through, with two proposals")
    return lines


def _bring_into_force(version: StandardVersion, system: User) -> None:
    day = today() - timedelta(days=IN_FORCE_DAYS)
    version.is_illustrative, version.proposed_on = True, day - timedelta(days=90)
    version.decided_on, version.published_on = day - timedelta(days=14), day
    version.save(update_fields=["is_illustrative", "proposed_on", "decided_on", "published_on"])
    for name, before in (("propose", 90), ("decide", 14), ("publish", 0)):
        _step(version, name, system, IN_FORCE_DAYS + before)
    ask_for_document(version)


def _step(version: StandardVersion, name: str, system: User, days: int) -> None:
    """Take a step as of so many days ago: rows of the log are written once, so its day is set at once."""
    step = STANDARD.step(name)
    source, version.state = version.state, step.target
    version.save(update_fields=["state"])
    changes = {"state": [source, step.target]}
    audit.record(actor=system, event=Event.STATE, obj=version, changes=changes, reason="load_demo")
    Transition.objects.create(
        object_type=version._meta.label_lower,
        object_id=str(version.pk),
        name=name,
        source=source,
        target=step.target,
        actor=system,
        actor_label=str(system),
        at=timezone.now() - timedelta(days=days),
    )


def _cities() -> list[Organisation]:
    """Give the municipalities of the EoI, in a fixed order."""
    levels: Any = Municipality.objects.with_level()
    found = levels.filter(level="eoi").order_by("code").values("organisation")
    return list(Organisation.objects.filter(pk__in=found).order_by("name"))


def _take_over(version: StandardVersion, cities: list[Organisation], system: User) -> None:
    lesson = Lesson.objects.published().filter(is_illustrative=True, sharing="published").order_by("pk").first()
    for number, row in enumerate(TAKEN):
        item: Any = changes_service.item_in(version, row["kind"], row["code"])
        values = {**item.values(), **{name: getattr(item, name) + text for name, text in row["add"].items()}}
        change = _propose(version, cities[number % len(cities)], row, values, system)
        if lesson is not None:
            change.lessons.add(lesson)
        changes_service.take_change(
            change=change,
            actor=system,
            into=version,
            revision=item.revision,
            values=values,
            answer="Dit ging vaker mis.",
        )
    wanted = changes_service.read_values("measure", NEW_MEASURE)
    row = {"kind": "measure", "code": "", "title": "Neem slim laden op", "reason": TAKEN[0]["reason"]}
    change = _propose(version, cities[0], row, wanted, system, act="add")
    changes_service.take_change(change=change, actor=system, into=version, revision=0, values=wanted)


def _propose(
    version: StandardVersion,
    city: Organisation,
    row: dict[str, Any],
    values: dict[str, Any],
    system: User,
    act: str = "change",
) -> StandardChange:
    change = changes_service.propose_change(
        actor=system,
        version=version,
        organisation=city,
        act=act,
        kind=row["kind"],
        code=row["code"],
        title=row["title"],
        reason=row["reason"],
        values=values,
    )
    change.is_illustrative, change.author_label = True, str(city)
    change.save(update_fields=["is_illustrative", "author_label"])
    return change


def _say(version: StandardVersion, cities: list[Organisation], system: User) -> None:
    """Two open proposals, some answers of cities and a comment."""
    for number, row in enumerate(OPEN_CHANGES):
        item: Any = changes_service.item_in(version, row["kind"], row["code"])
        values = {**item.values(), **{name: getattr(item, name) + text for name, text in row["add"].items()}}
        _propose(version, cities[-1 - number % len(cities)], row, values, system)
    revisions = dict(version.sections.values_list("code", "revision"))
    rows = [
        GoingThrough(
            version=version,
            organisation=city,
            code=code,
            verdict=verdict,
            text=text,
            seen=revisions.get(code, 0),
            revision=1,
            changed_by_label=str(city),
            is_illustrative=True,
        )
        for city, answers in zip(cities[1:], ANSWERS, strict=False)
        for code, verdict, text in answers
    ]
    GoingThrough.objects.bulk_create(rows)
    said = {"version": version, "kind": "section", "code": "portfolio", "text": COMMENT}
    StandardComment.objects.create(
        **said, organisation=cities[0], author_label=str(cities[0]), is_illustrative=True
    )


def _first_draft() -> list[str]:
    """Begin a contract with version 1 for a municipality of the demonstration that has none."""
    taken = ContractMunicipality.objects.values("municipality__organisation")
    staff = Membership.objects.filter(
        user__is_demo=True, function=Function.STAFF, organisation__group=Group.MUNICIPALITY
    )
    member = staff.exclude(organisation__in=taken).select_related("user").order_by("pk").first()
    if member is None:
        return []
    town = Municipality.objects.get(organisation=member.organisation_id)
    start = starting.begin(actor=member.user, municipality=town)
    draft = make_contract(actor=member.user, start=start, plan=Starting(start).plan())
    ClimateContract.objects.filter(pk=draft.contract_id).update(is_illustrative=True)
    draft.actions.update(is_illustrative=True)
    return [f"demo: a first draft with {draft.actions.count()} actions"]
