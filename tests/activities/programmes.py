"""Programmes for tests: made in a phase, with what that phase asks for."""

from datetime import date, timedelta

from activities.models import (
    Covenant,
    Milestone,
    Phase,
    Programme,
    ProgrammeClosing,
    ProgrammePartner,
    ProgrammeResult,
    ProgrammeScaling,
    ScalingTheme,
    Signature,
    SigningRound,
    WorkingGroup,
    WorkingGroupMember,
)
from activities.models.programme import ROAD
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import make_city, make_organisation

STARTED = date(2024, 3, 1)


def make_programme(organisation: Organisation, phase: str = "inventory", **fields: object) -> Programme:
    """Make a programme that an organisation leads, with that organisation as its first partner; nothing else."""
    fields.setdefault("title", "Warmte in oude binnensteden")
    fields.setdefault("challenge", "Warmtenetten passen niet tussen kades en monumenten.")
    fields.setdefault("domains", "wonen, energie")
    fields.setdefault("sharing", "published")
    programme = Programme.objects.create(organisation=organisation, phase=phase, **fields)
    make_partner(programme, organisation)
    return programme


def make_partner(programme: Programme, organisation: Organisation, **fields: object) -> ProgrammePartner:
    """Let an organisation take part, with hours."""
    fields.setdefault("answer", "yes")
    fields.setdefault("hours", 120 if fields["answer"] == "yes" else None)
    fields.setdefault("why", "Wij lopen hier ook tegenaan")
    return ProgrammePartner.objects.create(programme=programme, organisation=organisation, **fields)


def make_covenant(programme: Programme, **fields: object) -> Covenant:
    """Write a covenant that is not fixed yet, with a milestone."""
    values = {"goal": "Tien straten aardgasvrij", "agreements": "Elke partner levert een kwartiermaker."}
    days = {"starts_on": STARTED, "ends_on": date(2027, 3, 1)}
    Milestone.objects.create(programme=programme, title="Eerste straat", planned_on=date(2099, 1, 1))
    return Covenant.objects.create(programme=programme, **{**values, **days, **fields})


def make_signed(programme: Programme, *partners: ProgrammePartner) -> SigningRound:
    """Let partners have signed in a round that is closed and published."""
    covenant = programme.covenant
    Covenant.objects.filter(pk=covenant.pk).update(
        fixed={"title": programme.title}, fixed_at="2024-02-20T12:00Z", digest="a" * 64
    )
    covenant.refresh_from_db()
    signing = SigningRound.objects.create(
        covenant=covenant, number=1, held_on=STARTED, closed_on=STARTED, gazette="stcrt-2024-1234"
    )
    for partner in partners:
        Signature.objects.create(
            round=signing,
            partner=partner,
            organisation=partner.organisation,
            signed_by_label="Wethouder",
            hours=partner.hours,
            digest="a" * 64,
        )
        ProgrammePartner.objects.filter(pk=partner.pk).update(joined_on=STARTED)
    return signing


def programme_in(phase: str, organisation: Organisation | None = None, **fields: object) -> Programme:
    """Make a programme that stands in a phase with all that the phases before it asked for."""
    lead = organisation or make_city()
    fields.setdefault("raised_by", lead)
    programme = make_programme(lead, phase, **fields)
    reached = ROAD.index(Phase(phase)) if phase in ROAD else 0
    if reached > 1:
        for _number in range(2):
            make_partner(programme, make_organisation())
    if reached > 2:
        make_covenant(programme)
    if reached > 3:
        make_signed(programme, *programme.partners.all())
        Programme.objects.filter(pk=programme.pk).update(starts_on=STARTED, ends_on=date(2027, 3, 1))
    if reached > 4:
        make_group(programme)
        ProgrammeResult.objects.create(
            programme=programme, kind="policy", title="Eén loket", anchored_in="Woonvisie"
        )
    if reached > 5:
        make_outcome(programme)
    programme.refresh_from_db()
    return programme


def make_group(programme: Programme) -> WorkingGroup:
    """Make a working group with one seat."""
    group = WorkingGroup.objects.create(programme=programme, name="Ondergrond")
    WorkingGroupMember.objects.create(group=group, partner=programme.partners.first())
    return group


def make_theme() -> ScalingTheme:
    """Give a scaling theme, made when it is not there."""
    labels = {"label_nl": "Groene leefomgeving", "label_en": "Green living environment"}
    return ScalingTheme.objects.get_or_create(code="green", defaults=labels)[0]


def make_outcome(programme: Programme) -> None:
    """Fill in what closing asks for: a scaling theme, lessons, the hand-over."""
    ProgrammeScaling.objects.create(
        programme=programme,
        theme=make_theme(),
        task="In elke wijk",
        owner_missing=True,
        forms="Kopgroep",
        finance="Nog te zoeken",
        alliances="Samen Klimaatbestendig",
    )
    ProgrammeClosing.objects.create(
        programme=programme, what_worked="Eén tafel", handed_to="Het netwerk", hand_over="Elk kwartaal"
    )


def next_month() -> date:
    return today() + timedelta(days=30)
