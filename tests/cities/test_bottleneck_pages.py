"""The register of bottlenecks, the record and its form."""

import pytest
from django.test import Client

from cities.models import Bottleneck, BottleneckMerge, Theme
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def form(bottleneck: Bottleneck, **texts: object) -> dict[str, object]:
    values = {"title": bottleneck.title, "description": bottleneck.description, "sharing": "network"}
    values |= {"theme": "energy-heat", "severity": "blocking"}
    return {**values, "version": bottleneck.version, **texts}


def address(bottleneck: Bottleneck, part: str = "") -> str:
    return f"/knelpunten/{bottleneck.public_id}/{part}"


def test_a_visitor_sees_what_is_published_and_nothing_else(client: Client) -> None:
    city = make_city()
    published = make_bottleneck(city, "published", title="Openbaar")
    shared, draft = make_bottleneck(city, "network"), make_bottleneck(city)
    assert [row["title"] for row in client.get("/knelpunten/").context["rows"]] == ["Openbaar"]
    assert client.get(address(published)).status_code == 200
    for hidden in (shared, draft):
        assert client.get(address(hidden)).status_code == 404


def test_filters_hold_in_the_address(client: Client) -> None:
    city = make_city(name="Gemeente Delft")
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    found = make_bottleneck(city, "published", theme=theme, title="Lening te kort")
    make_bottleneck(make_city(), "published", title="Iets anders")
    for query in ("thema=finance", "q=lening", "q=delft", "q=te+lening", "stand=open&q=Lening"):
        assert [row["title"] for row in client.get(f"/knelpunten/?{query}").context["rows"]] == [found.title], (
            query
        )
    text = client.get("/knelpunten/?q=bestaatniet").content.decode()
    assert "Geen knelpunt past" in text


def test_a_draft_that_a_review_began_is_finished(team: Client, person: Person) -> None:
    draft = make_bottleneck(
        person.own, origin_label="Herijking 2025", origin_url="/klimaatcontracten/x/", description=""
    )
    page = team.get(address(draft, "bewerken/")).content.decode()
    assert "Herijking 2025" in page
    refused = team.post(address(draft, "bewerken/"), form(draft, open="yes", theme="", severity=""))
    assert list(refused.context["form"].errors) == ["theme", "severity"]
    assert "Kies hoe erg het jullie ophoudt." in refused.content.decode()
    team.post(address(draft, "bewerken/"), form(draft, open="yes", description="Wachten op de kabel"))
    draft.refresh_from_db()
    assert (draft.state, draft.sharing, draft.description) == ("open", "network", "Wachten op de kabel")


def test_a_new_one_is_written_in_three_answers(team: Client, person: Person) -> None:
    make_theme()
    answers = {"organisation": person.own.pk, "title": "Net vol", "theme": "energy-heat", "severity": "blocking"}
    assert team.get("/knelpunten/nieuw/").status_code == 200
    team.post("/knelpunten/nieuw/", {"organisation": person.own.pk, "title": "Net vol", "draft": "yes"})
    draft = Bottleneck.objects.get()
    assert (draft.state, draft.organisation, draft.sharing) == ("draft", person.own, "draft")
    draft.delete()
    team.post("/knelpunten/nieuw/", {**answers, "open": "yes"})
    made = Bottleneck.objects.get()
    assert (made.state, made.sharing, made.severity, str(made.theme)) == (
        "open",
        "network",
        "blocking",
        str(make_theme()),
    )
    refused = team.post("/knelpunten/nieuw/", {**answers, "organisation": person.cast.other.pk, "open": "yes"})
    assert list(refused.context["form"].errors) == ["organisation"]
    refused = team.post("/knelpunten/nieuw/", {"organisation": person.own.pk, "title": "Net vol", "open": "yes"})
    assert list(refused.context["form"].errors) == ["theme", "severity"]
    assert 'value="Net vol"' in refused.content.decode()


def test_both_texts_stand_side_by_side_after_a_colleague_was_first(team: Client, person: Person) -> None:
    bottleneck = make_bottleneck(person.own, "network")
    mine = form(bottleneck, description="Mijn tekst", sharing="network")
    team.post(address(bottleneck, "bewerken/"), form(bottleneck, description="Tekst van de collega"))
    response = team.post(address(bottleneck, "bewerken/"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Mijn tekst" in text
    assert "Tekst van de collega" in text
    bottleneck.refresh_from_db()
    assert bottleneck.description == "Tekst van de collega"
    version = response.context["form"]["version"].value()
    team.post(address(bottleneck, "bewerken/"), {**mine, "version": version})
    bottleneck.refresh_from_db()
    assert bottleneck.description == "Mijn tekst"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "x" * 1_000_000),
        ("title", ""),
        ("title", "x" * 161),
        ("sharing", "iedereen"),
        ("theme", "weg"),
    ],
)
def test_bad_input_is_named_and_kept(team: Client, person: Person, field: str, value: str) -> None:
    draft = make_bottleneck(person.own)
    response = team.post(address(draft, "bewerken/"), form(draft, **{"title": "Bewaard", field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'id="error-summary"' in response.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Netaansluiting duurt drie jaar"


def test_typing_saves_by_itself(team: Client, person: Person) -> None:
    draft = make_bottleneck(person.own)
    answer = team.post(address(draft, "bewaren/"), form(draft, description="Half"))
    assert answer.json()["version"] == 2
    assert "." in answer.json()["saved_at"]
    late = team.post(address(draft, "bewaren/"), form(draft, description="Te laat"))
    assert (late.status_code, "message" in late.json()) == (409, True)
    bad = team.post(address(draft, "bewaren/"), form(draft, title=""))
    assert bad.status_code == 422
    draft.refresh_from_db()
    assert draft.description == "Half"


def test_others_read_but_do_not_change(client: Client) -> None:
    cast = Cast()
    shared = make_bottleneck(cast.other, "network")
    client.force_login(cast.person("ministry").user)
    assert client.get(address(shared)).status_code == 200
    for part in ("bewerken/", "solve/", "withdraw/", "weggooien/"):
        assert client.get(address(shared, part)).status_code == 403, part
    assert client.get("/knelpunten/nieuw/").status_code == 403
    draft = make_bottleneck(cast.other)
    assert client.get(address(draft, "bewerken/")).status_code == 404


def test_solving_withdrawing_and_throwing_away(team: Client, person: Person) -> None:
    bottleneck, draft = make_bottleneck(person.own, "published"), make_bottleneck(person.own)
    assert team.post(address(bottleneck, "solve/"), {"reason": ""}).status_code == 422
    team.post(address(bottleneck, "solve/"), {"reason": "Kabel ligt er"})
    assert "Kabel ligt er" in team.get(address(bottleneck)).content.decode()
    team.post(address(bottleneck, "withdraw/"), {"reason": "Dubbel"})
    assert Client().get(address(bottleneck)).status_code == 404
    assert team.get(address(bottleneck, "bewerken/")).status_code == 403
    assert team.get(address(bottleneck, "weggooien/")).status_code == 404
    assert team.get(address(draft, "weggooien/")).status_code == 200
    team.post(address(draft, "weggooien/"))
    assert not Bottleneck.objects.filter(pk=draft.pk).exists()


def test_a_visitor_reads_what_happened_but_no_names_of_persons(team: Client, person: Person) -> None:
    bottleneck = make_bottleneck(person.own, "published")
    team.post(address(bottleneck, "solve/"), {"reason": "Kabel ligt er"})
    merge = BottleneckMerge.objects.create(into=bottleneck, reason="Hetzelfde", actor_label=str(person.user))
    make_bottleneck(person.own, "published", state="merged", merged_into=bottleneck)
    assert merge.actor_label in team.get(address(bottleneck)).content.decode()
    public = Client().get(address(bottleneck)).content.decode()
    assert "Kabel ligt er" in public
    assert str(person.user) not in public


@pytest.mark.parametrize("part", ["open/", "onzin/", "reopen/"])
def test_a_step_that_is_not_there_is_not_found(team: Client, person: Person, part: str) -> None:
    assert team.post(address(make_bottleneck(person.own, "network"), part), {"reason": "x"}).status_code == 404


def test_a_partner_is_invited_and_reads_the_draft(team: Client, person: Person) -> None:
    draft = make_bottleneck(person.own)
    partner = person.cast.person("partner")
    reader = Client()
    reader.force_login(partner.user)
    assert reader.get(address(draft)).status_code == 404
    assert team.get(address(draft, "uitnodigen/")).status_code == 200
    team.post(address(draft, "uitnodigen/"), {"invited": [partner.own.pk]})
    assert reader.get(address(draft)).status_code == 200
    assert reader.get(address(draft, "uitnodigen/")).status_code == 403
    assert str(partner.own) in team.get(address(draft)).content.decode()
    team.post(address(draft, "uitnodigen/"), {})
    assert reader.get(address(draft)).status_code == 404
    refused = team.post(address(draft, "uitnodigen/"), {"invited": [person.cast.other.pk]})
    assert list(refused.context["form"].errors) == ["invited"]
