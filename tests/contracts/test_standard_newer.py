"""A contract of an older version: what changed, taken over piece by piece into the draft."""

from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import ContractVersion, SectionText, StandardUse, StandardVersion
from contracts.services.errors import Refused
from contracts.services.standard.making import Plan, adapt_measure, make_contract
from contracts.services.standard.newer import answer_change, pending
from contracts.services.standard.starting import begin
from contracts.services.standard.versions import copy_items
from contracts.services.tables import save_text
from contracts.services.version import adopt, new_version, submit
from contracts.starting_standard import Starting
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, Person, make_organisation
from tests.contracts.make_standard import make_dutch, make_measure, make_standard_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Person:
    return Cast().person("team", leads=True)


def contract_of_version_one(member: Person) -> tuple[StandardUse, ContractVersion]:
    make_standard_version()
    start = begin(actor=member.user, municipality=member.own.municipality)
    start.answers = {"basis": {"title": "Contract", "target_year": 2040, "kt_mobility": "100"}}
    start.answers["acties"] = {}
    start.save()
    made: Plan = Starting(start).plan()
    draft = make_contract(actor=member.user, start=start, plan=made)
    return StandardUse.objects.select_related("contract").get(), draft


def version_two() -> StandardVersion:
    first = StandardVersion.objects.get()
    second = StandardVersion.objects.create(standard=make_dutch(), number=2, intro_nl="Twee")
    copy_items(first, second)
    second.sections.filter(code="opgave").update(model_nl="Wij, {gemeente}, doen het samen.")
    second.sections.filter(code="geld").update(model_nl="Elke euro telt.")
    second.promises.update(title_nl="Maakt een eigen plan en laat het zien")
    make_measure(second, "delen", title_nl="Deelauto's", effect_basis="people", effect=Decimal(2))
    StandardVersion.objects.filter(pk=first.pk).update(state="superseded")
    StandardVersion.objects.filter(pk=second.pk).update(state="published")
    second.refresh_from_db()
    return second


def test_taken_over_and_left_piece_by_piece(member: Person) -> None:
    use, draft = contract_of_version_one(member)
    own = SectionText.objects.get(version=draft, section__code="geld")
    save_text(version=draft, actor=member.user, section=own.section, text="Onze eigen tekst.", revision=1)
    second = version_two()
    assert [(one.kind, one.code, one.act) for one in pending(use, second)] == [
        ("section", "opgave", "change"),
        ("section", "geld", "change"),
        ("measure", "delen", "add"),
        ("promise", "plan", "change"),
    ]

    def say(kind: str, code: str, answer: str) -> None:
        answer_change(actor=member.user, use=use, current=second, kind=kind, code=code, answer=answer)

    say("section", "opgave", "taken")
    say("section", "geld", "taken")
    say("measure", "delen", "taken")
    texts = dict(SectionText.objects.filter(version=draft).values_list("section__code", "text"))
    assert texts["opgave"] == f"Wij, {member.own.municipality}, doen het samen."
    # A text of the city's own stays, with the new one under it.
    assert texts["geld"].startswith("Onze eigen tekst.")
    assert texts["geld"].endswith("Elke euro telt.")
    assert draft.actions.filter(title="Deelauto's").exists()
    with pytest.raises(Refused):
        say("section", "opgave", "left")
    say("promise", "plan", "left")
    use.refresh_from_db()
    assert use.follows == second
    assert pending(use, second) == []


def test_without_a_draft_or_the_right_nothing_is_taken(member: Person, client: Client) -> None:
    use, draft = contract_of_version_one(member)
    second = version_two()
    with pytest.raises(NotAllowed):
        answer_change(
            actor=member.cast.person("team").user,
            use=use,
            current=second,
            kind="measure",
            code="delen",
            answer="taken",
        )
    submit(version=draft, actor=member.user)
    adopt(version=draft, actor=member.user)
    with pytest.raises(Refused):
        answer_change(actor=member.user, use=use, current=second, kind="measure", code="delen", answer="taken")
    client.force_login(member.user)
    address = f"/klimaatcontracten/{use.contract.public_id}/aanpak/"
    assert "Deelauto" in client.get(address).content.decode()
    # The texts go along into the next version, and are part of what was adopted.
    fresh = new_version(contract=use.contract, actor=member.user)
    assert fresh.texts.count() == draft.texts.count() > 0
    client.post(address, {"part": "measure-delen", "take": "yes"})
    assert fresh.actions.filter(title="Deelauto's").exists()
    client.force_login(member.cast.person("team").user)
    assert client.get(address).status_code == 404


def test_a_copy_of_a_measure_comes_once(member: Person, client: Client) -> None:
    _use, draft = contract_of_version_one(member)
    measure = make_measure(make_standard_version("draft", 2), "los", title_nl="Los")
    one = adapt_measure(measure=measure, draft=draft, actor=member.user)
    assert adapt_measure(measure=measure, draft=draft, actor=member.user) == one
    with pytest.raises(NotAllowed):
        adapt_measure(measure=measure, draft=draft, actor=member.cast.person("team").user)
    client.force_login(member.user)
    address = "/aanpak/maatregelen/zone/overnemen/"
    assert "Kies het concept" in client.post(address, {}).content.decode()
    went = client.post(address, {"draft": draft.pk})
    assert went["Location"].startswith(draft.get_absolute_url())
    make_organisation()
