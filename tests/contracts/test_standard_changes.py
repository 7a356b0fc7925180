"""Proposals: written on what one sees, decided by the coordination team, with causes that leak nothing."""

from decimal import Decimal

import pytest
from django.test import Client

from activities.models import Lesson
from contracts.models import StandardChange, StandardVersion
from contracts.presenting.standard_changes import causes_of
from contracts.services.errors import Refused
from contracts.services.standard import changes as services
from contracts.services.standard.comments import comment
from contracts.services.standard.merged_bottlenecks import ChangeLinks
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck
from tests.contracts.make import make_contract, make_review, make_round, make_version
from tests.contracts.make_standard import make_change, make_standard_version

pytestmark = pytest.mark.django_db
NEW = "Zo schrijf je opgave, samen met de regio."


def propose(person: Person, version: StandardVersion, **more: object) -> StandardChange:
    values = {"guidance_nl": NEW}
    given = {"act": "change", "kind": "section", "code": "opgave", "title": "Samen", "reason": "Zo werkt het"}
    given |= {"values": values, "organisation": person.own, **more}
    return services.propose_change(actor=person.user, version=version, **given)


def test_taken_over_adjusted_with_what_changed_kept() -> None:
    cast = Cast()
    coordinator, team = cast.person("coordinator"), cast.person("team")
    version = make_standard_version("proposed")
    change = propose(team, version)
    assert change.texts == {"guidance_nl": NEW}
    assert change.before == {"guidance_nl": "Zo schrijf je opgave."}
    values = {"guidance_nl": f"{NEW} Of alleen."}
    with pytest.raises(NotAllowed):
        services.take_change(change=change, actor=team.user, into=version, revision=0, values=values)
    services.take_change(change=change, actor=coordinator.user, into=version, revision=0, values=values)
    change.refresh_from_db()
    section = version.sections.get(code="opgave")
    assert (section.guidance_nl, section.revision) == (f"{NEW} Of alleen.", 1)
    assert (change.state, change.taken_into, change.texts) == ("taken", version, values)
    version.refresh_from_db()
    assert version.revision == 1
    with pytest.raises(Refused):
        services.decline_change(change=change, actor=coordinator.user, answer="Toch niet")
    # A second proposal on the text of before is not written over it unseen.
    with pytest.raises(Refused, match="veranderde intussen"):
        services.take_change(
            change=make_change(version, team.own),
            actor=coordinator.user,
            into=version,
            revision=0,
            values={"guidance_nl": "Anders"},
        )


def test_a_new_measure_and_one_that_goes() -> None:
    cast = Cast()
    coordinator, team = cast.person("coordinator").user, cast.person("team")
    version = make_standard_version("draft")
    zone = version.measures.get()
    values = {**zone.values(), "title_nl": "Deelauto's", "effect": Decimal("1.5")}
    added = propose(
        Person("team", coordinator, cast.coordinating, cast),
        version,
        act="add",
        kind="measure",
        code="",
        values=values,
    )
    assert added.code == "deelautos"
    services.take_change(
        change=added,
        actor=coordinator,
        into=version,
        revision=0,
        values=services.read_values("measure", added.texts),
    )
    assert version.measures.get(code="deelautos").effect == Decimal("1.5")
    gone = make_change(version, team.own, act="drop", kind="measure", code="zone", texts={}, before={})
    services.take_change(change=gone, actor=coordinator, into=version, revision=0, values={})
    assert not version.measures.filter(code="zone").exists()


def test_what_is_refused() -> None:
    cast = Cast()
    member, coordinator = cast.person("member"), cast.person("coordinator")
    version = make_standard_version("published")
    change = propose(member, version)
    with pytest.raises(Refused):  # nothing differs
        propose(member, version, values={"guidance_nl": "Zo schrijf je opgave."})
    with pytest.raises(NotAllowed):  # in another's name
        propose(member, version, organisation=cast.other)
    with pytest.raises(NotAllowed):  # a draft that one does not see
        propose(member, make_standard_version("draft", 2))
    with pytest.raises(Refused):
        services.decline_change(change=change, actor=coordinator.user, answer=" ")
    with pytest.raises(NotAllowed):
        services.withdraw_change(change=change, actor=coordinator.user)
    services.withdraw_change(change=change, actor=member.user)
    with pytest.raises(NotAllowed):
        comment(actor=member.user, version=version, kind="section", code="geld", organisation=cast.other, text="x")


def test_others_see_proposals_of_their_own_only_until_they_are_in_force() -> None:
    cast = Cast()
    member, team = cast.person("member"), cast.person("team")
    version = make_standard_version("published")
    mine, other = make_change(version, member.own), make_change(version, team.own)
    assert list(StandardChange.objects.visible_to(member.user)) == [mine]
    assert StandardChange.objects.visible_to(team.user).count() == 2
    assert not StandardChange.objects.visible_to(None).exists()
    other.state, other.taken_into = "taken", version
    other.save()
    assert list(StandardChange.objects.visible_to(None)) == [other]


def test_causes_show_to_who_may_see_them_only() -> None:
    cast = Cast()
    city = make_city()
    contract = make_contract(city)
    make_version(contract, "adopted")
    make_review(contract, "closed")
    lesson = Lesson.objects.create(organisation=city, author_organisation=city, title="Geheime les")
    told = {"label": "Geheim warmtenet", "text": "Failliet", "url": "/x/", "contract": contract.public_id}
    change = make_change(make_standard_version(), city, evidence=[told])
    change.lessons.add(lesson)
    assert causes_of([change], cast.person("team").user) == {change.pk: []}
    assert causes_of([change], None) == {change.pk: []}


def test_out_of_the_reflection_in_one_click(client: Client) -> None:
    cast = Cast()
    coordinator = cast.person("coordinator")
    contract = make_contract(make_city(), sharing="network")
    make_version(contract, "adopted")
    make_review(contract, "closed")
    row = {"at": contract.public_id, "contract": "Contract", "title": "Warmtenet", "reason": "Te duur"}
    round = make_round()
    round.state, round.reflection = (
        "closed",
        {"setbacks": {"total": 1, "named": [{**row, "party": "", "status": "behind"}]}},
    )
    round.save()
    version = make_standard_version("proposed")
    client.force_login(coordinator.user)
    address = "/aanpak/voorstellen/nieuw/?reflectie=2025&regel=setbacks-0"
    assert "soort=onderdeel" in client.get(address).content.decode()
    form = {"organisation": coordinator.own.pk, "title": "Reken beheer mee", "reason": "", "deel-title_nl": "Geld"}
    form |= {"deel-guidance_nl": "Ook beheer.", "deel-model_nl": "x", "links": "/lessen/bestaatniet/"}
    wrong = client.post(f"{address}&soort=onderdeel&code=geld", form)
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "Ook beheer." in said
    assert "Geen les of knelpunt" in said
    client.post(f"{address}&soort=onderdeel&code=geld", {**form, "reason": "Te duur", "links": ""})
    change = StandardChange.objects.get()
    assert (change.round, change.evidence[0]["contract"]) == (round, contract.public_id)
    assert [cause["label"] for cause in causes_of([change], coordinator.user)[change.pk]][1:] == [
        "Contract: Warmtenet"
    ]
    # The decision: a wrong one keeps what was typed.
    decide = f"{change.get_absolute_url()}besluit/"
    form = {"answer": "", "revision": "0", "deel-guidance_nl": "", "take": "yes"}
    assert "Dit ontbreekt nog" in client.post(decide, form).content.decode()
    client.post(
        decide,
        {**form, "deel-guidance_nl": "Ook beheer, elk jaar.", "deel-title_nl": "Geld", "deel-model_nl": "x"},
    )
    assert version.sections.get(code="geld").guidance_nl == "Ook beheer, elk jaar."


def test_links_follow_a_bottleneck_that_is_merged_and_come_back() -> None:
    gone, into = make_bottleneck(make_city(), "published"), make_bottleneck(make_city(), "published")
    only, both = (make_change(make_standard_version(number=n, standard=f"s{n}"), make_city()) for n in (1, 2))
    only.bottlenecks.set([gone])
    both.bottlenecks.set([gone, into])
    moved = ChangeLinks().move(source=gone, target=into)
    assert [set(change.bottlenecks.all()) for change in (only, both)] == [{into}, {into}]
    ChangeLinks().move_back(source=gone, target=into, moved=moved)
    assert [set(change.bottlenecks.all()) for change in (only, both)] == [{gone}, {gone, into}]


def test_line_ends_of_a_browser_are_no_change(client: Client) -> None:
    cast = Cast()
    team = cast.person("team")
    version = make_standard_version("draft")
    version.sections.filter(code="opgave").update(guidance_nl="Eerst dit.\n\n- Dan dat.", model_nl="Een.\nTwee.")
    StandardVersion.objects.update(state="published")
    client.force_login(team.user)
    typed = {
        "organisation": team.own.pk,
        "title": "Niets",
        "reason": "Ik drukte op de knop.",
        "deel-title_nl": "Opgave",
        "deel-guidance_nl": "Eerst dit.\r\n\r\n- Dan dat.",
        "deel-model_nl": "Een.\r\nTwee.",
    }
    address = "/aanpak/voorstellen/nieuw/?soort=onderdeel&code=opgave"
    page = client.post(address, typed)
    assert "Er is niets anders dan in de tekst van nu" in page.content.decode()
    assert 'value="Niets"' in page.content.decode(), "nothing typed is lost"
    assert not StandardChange.objects.exists()
    assert client.post(address, {**typed, "deel-model_nl": "Een.\r\nTwee.\r\nDrie."}).status_code == 302
    assert StandardChange.objects.get().texts == {"model_nl": "Een.\nTwee.\nDrie."}
