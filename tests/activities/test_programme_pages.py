"""Pages of programmes: the list and its life cycle, the record, its forms, the page for newcomers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, Programme, ProgrammePartner, ProgrammeReflection, ProgrammeResult
from activities.services.programmes.reference import load_reference
from cities.models import Theme
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city, make_organisation
from tests.activities.programmes import make_group, make_partner, make_programme, make_theme, programme_in
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db
LIST_QUERIES = 5
RECORD_QUERIES = 7


@pytest.fixture
def lead() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, lead: Person) -> Client:
    client.force_login(lead.user)
    return client


def at(programme: Programme, part: str) -> str:
    return f"/programmas/{programme.public_id}/{part}"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_whatever_it_shows(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_reference()
    city = make_city()
    for _number in range(rows):
        make_programme(city)
    with django_assert_num_queries(LIST_QUERIES):
        text = text_of(client, "/programmas/")
    assert text.count("Warmte in oude binnensteden") == rows


def test_the_list_draws_the_life_cycle_and_filters(team: Client, lead: Person) -> None:
    load_reference()
    theme = Theme.objects.create(code="energy-heat", label_nl="Energie", label_en="Energy")
    make_programme(lead.own, title="Van ons", sharing="draft")
    shown = programme_in("execution", title="In uitvoering", domain=theme)
    make_programme(lead.cast.other, title="Van anderen", sharing="draft")
    text = text_of(team, "/programmas/")
    assert "Van ons" in text
    assert "Van anderen" not in text
    text = text_of(team, "/programmas/?fase=execution")
    assert "In uitvoering" in text
    assert "Van ons" not in text
    assert "Werkgroepen, mijlpalen" in text
    partner = shown.partners.last().organisation
    assert "In uitvoering" in text_of(
        team, f"/programmas/?domein=energy-heat&q=kades+warmte&partner={partner.name}"
    )
    assert "Geen programma past" in text_of(team, "/programmas/?q=zeppelin")
    assert "In uitvoering" not in text_of(team, "/programmas/?partner=Zeppelin")


def test_an_old_readable_part_leads_on(client: Client) -> None:
    programme = make_programme(make_city())
    for url in (at(programme, ""), f"/programmas/{programme.public_id}-oud/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (301, programme.get_absolute_url())
    hidden = make_programme(make_city(), sharing="network")
    assert client.get(at(hidden, "")).status_code == 404


@pytest.mark.parametrize("parts", [1, 3])
def test_the_record_asks_the_same_whatever_it_shows(
    client: Client, parts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    programme = programme_in("scaling")
    bottleneck_owner = make_city()
    for number in range(parts):
        make_partner(programme, make_organisation())
        ProgrammeResult.objects.create(programme=programme, kind="law", title=f"Regel {number}")
        programme.bottlenecks.add(make_bottleneck(bottleneck_owner, "published"))
    with django_assert_num_queries(RECORD_QUERIES):
        text_of(client, programme.get_absolute_url())


def test_a_visitor_reads_what_is_agreed_and_not_who_said_no(client: Client) -> None:
    programme = programme_in("closed")
    make_partner(programme, make_organisation(name="Zegt nee BV"), answer="no", why="Geheime reden")
    ProgrammeReflection.objects.create(programme=programme, year=2026, half=1, due_on="2026-08-11")
    text = text_of(client, programme.get_absolute_url())
    for shown in ("Stcrt. 2024, 1234", "120 uur per jaar", "Eén loket", "Groene leefomgeving", "Eén tafel"):
        assert shown in text
    for hidden in (
        "Zegt nee",
        "Geheime reden",
        "terugblik",
        "Wethouder",
        "Wij lopen hier ook",
        "Om verder te gaan",
    ):
        assert hidden not in text
    assert "Tien straten aardgasvrij" in text_of(client, at(programme, "convenant/"))
    assert client.get(at(programme, "nieuwkomers/")).status_code == 302


def test_contributions_are_negotiated_among_partners_first(client: Client, lead: Person) -> None:
    programme = programme_in("preparation", lead.own)
    assert "120 uur" not in text_of(client, programme.get_absolute_url())
    assert client.get(at(programme, "convenant/")).status_code == 404
    client.force_login(lead.user)
    assert "120 uur" in text_of(client, programme.get_absolute_url())


def test_who_takes_part_sees_the_checklist_and_who_leads_the_step(team: Client, lead: Person) -> None:
    programme = programme_in("exploration", lead.own)
    text = text_of(team, programme.get_absolute_url())
    assert "1 van 3 partners geeft tijd" in text
    assert "Begin met het convenant" not in text
    for _number in range(2):
        make_partner(programme, make_organisation())
    assert "Begin met het convenant" in text_of(team, programme.get_absolute_url())
    answer = team.post(at(programme, "stap/prepare/"))
    assert answer.status_code == 302
    programme.refresh_from_db()
    assert programme.phase == "preparation"
    assert team.get(at(programme, "stap/explore/")).status_code == 404
    refused = team.post(at(programme, "stap/sign/"))
    assert "Schrijf het doel in het convenant" in refused.content.decode()


def test_begin_with_a_name_and_go_on_saving_by_itself(team: Client, lead: Person) -> None:
    assert "Begin het programma" in text_of(team, "/programmas/nieuw/")
    values = {"organisation": lead.own.pk, "title": "Koele routes", "challenge": "Het is te heet"}
    answer = team.post("/programmas/nieuw/", values)
    programme = Programme.objects.get()
    assert answer["Location"] == at(programme, "bewerken/")
    typed = {"title": "Koele routes", "domains": "groen, verkeer", "enough": 4, "sharing": "network", "version": 1}
    saved = team.post(at(programme, "bewaren/"), typed)
    assert saved.json()["version"] == 2
    assert team.post(at(programme, "bewaren/"), {**typed, "domains": "x"}).status_code == 409
    assert team.post(at(programme, "bewaren/"), {**typed, "title": ""}).status_code == 422
    conflict = team.post(at(programme, "bewerken/"), {**typed, "domains": "zorg, groen"})
    assert conflict.status_code == 409
    assert "zorg, groen" in conflict.content.decode()
    bottleneck = make_bottleneck(lead.own, "published", title="Geen schaduw")
    looked = team.post(at(programme, "bewerken/"), {**typed, "version": 2, "find": "schaduw"})
    assert "Geen schaduw" in looked.content.decode()
    chosen = {**typed, "version": 2, "bottlenecks": [bottleneck.public_id], "sharing": "published"}
    assert team.post(at(programme, "bewerken/"), chosen).status_code == 302
    assert list(programme.bottlenecks.all()) == [bottleneck]


def test_asking_finds_municipalities_by_name_and_says_which_it_does_not(team: Client, lead: Person) -> None:
    programme = make_programme(lead.own)
    named, ministry = make_city("other", name="Gemeente Lutjebroek"), lead.cast.person("ministry").own
    wrong = team.post(at(programme, "partners/vragen/"), {"more": "Lutjebroek, Nergenshuizen"})
    assert "Nergenshuizen" in wrong.content.decode()
    assert "minstens één organisatie" in team.post(at(programme, "partners/vragen/"), {}).content.decode()
    sent = {"more": "Lutjebroek", "is_location": "on", "ministries": [ministry.public_id]}
    assert team.post(at(programme, "partners/vragen/"), sent).status_code == 302
    asked = ProgrammePartner.objects.filter(answer="asked")
    assert set(asked.values_list("organisation", "is_location")) == {(named.pk, True), (ministry.pk, False)}


def test_a_partner_answers_on_its_own_page(client: Client, lead: Person) -> None:
    programme = make_programme(lead.own, sharing="draft")
    ministry = lead.cast.person("ministry")
    partner = make_partner(programme, ministry.own, answer="asked", why="")
    client.force_login(ministry.user)
    assert "Zeg ja of nee" in text_of(client, programme.get_absolute_url())
    page = at(programme, f"partners/{partner.pk}/antwoord/")
    assert "Geef aan waarom niet" in client.post(page, {"answer": "no"}).content.decode()
    assert client.post(page, {"answer": "yes", "hours": 60, "why": "Ja"}).status_code == 302
    partner.refresh_from_db()
    assert (partner.answer, partner.hours) == ("yes", 60)
    other = programme.partners.get(organisation=lead.own)
    assert client.get(at(programme, f"partners/{other.pk}/antwoord/")).status_code == 403
    client.force_login(lead.cast.person("partner").user)
    assert client.get(page).status_code == 404


def test_every_form_of_who_leads_opens_and_does_its_thing(team: Client, lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    group, theme = make_group(programme), make_theme()
    mine = programme.partners.get(organisation=lead.own)
    milestone = programme.milestones.get()
    day = today().isoformat()
    sent: list[tuple[str, dict[str, object]]] = [
        ("verlengen/", {"ends_on": "2029-01-01", "reason": "Meer tijd"}),
        ("tekenrondes/nieuw/", {"held_on": day, "place": "Utrecht"}),
        ("werkgroepen/nieuw/", {"name": "Regels"}),
        (f"werkgroepen/{group.pk}/", {"name": "Bodem", "task": "Graven"}),
        (f"werkgroepen/{group.pk}/lid/", {"member": f"{mine.pk}:{lead.user.pk}", "is_lead": "on"}),
        (f"werkgroepen/leden/{group.members.get().pk}/weg/", {}),
        (f"werkgroepen/{group.pk}/einde/", {}),
        (
            "mijlpalen/nieuw/",
            {"title": "Tweede straat", "planned_on": f"{today().year + 5}-06-01", "owner": lead.own.public_id},
        ),
        (
            f"mijlpalen/{milestone.pk}/",
            {"title": "Straat", "planned_on": f"{today().year + 4}-01-01", "note": "Eerder"},
        ),
        (f"mijlpalen/{milestone.pk}/gehaald/", {"done_on": day}),
        (f"partners/{mine.pk}/gegevens/", {"contact": lead.user.pk, "is_location": "on"}),
        (f"partners/{mine.pk}/uren/", {"hours": 90}),
        ("midterm/nieuw/", {"held_on": day, "conclusion": "on"}),
        ("resultaten/nieuw/", {"kind": "law", "title": "Regel", "anchored_at": lead.own.public_id}),
        ("opschaling/nieuw/", {"theme": theme.code, "task": "Overal", "owner_missing": "on"}),
        ("afronden/", {"what_worked": "Samen", "handed_to": "VNG"}),
    ]
    for part, values in sent:
        text_of(team, at(programme, part))
        answer = team.post(at(programme, part), values)
        assert answer.status_code == 302, (part, answer.content.decode()[-3000:])
    assert "De lessen en de overdracht zijn bewaard." in text_of(team, programme.get_absolute_url())
    review = programme.reviews.get()
    for part, values in (
        (f"midterm/{review.pk}/actiepunt/", {"what": "Schrijf op", "owner": lead.own.public_id, "due_on": day}),
        (f"midterm/{review.pk}/", {"held_on": day, "assessment": "Goed"}),
        (f"resultaten/{programme.results.get().pk}/", {"kind": "law", "title": "Regel", "anchored_in": "Wet"}),
        (f"opschaling/{programme.scalings.get().pk}/", {"task": "Overal", "forms_of": "Kopgroep"}),
        ("vervolg/tranche/", {"title": "Deel twee", "reason": "Werkt"}),
    ):
        text_of(team, at(programme, part))
        assert team.post(at(programme, part), values).status_code == 302, part
    assert (
        team.post(at(programme, f"actiepunten/{review.points.get().pk}/klaar/"), {"result": "Ja"}).status_code
        == 302
    )
    text = text_of(team, programme.get_absolute_url())
    hours = f"{today().year - 1}: ongeveer 90 uur"
    for shown in ("Deel twee", "Regel", "Wet", "Kopgroep", "Tekenronde 2", hours, "verder in een eigen programma"):
        assert shown in text
    assert "Regels" in text_of(team, at(programme, "nieuwkomers/"))
    assert team.get(at(programme, "vervolg/anders/")).status_code == 404


def test_the_covenant_is_written_and_signed_on_its_pages(team: Client, lead: Person, client: Client) -> None:
    signatory = lead.cast.person("signatory")
    programme = programme_in("preparation", lead.own)
    make_partner(programme, signatory.own)
    write = at(programme, "convenant/schrijven/")
    values = {
        "goal": "Doel",
        "agreements": "Samen",
        "starts_on": "2027-01-01",
        "ends_on": "2029-01-01",
        "version": 1,
    }
    assert team.post(at(programme, "convenant/bewaren/"), values).json()["version"] == 2
    assert team.post(write, values).status_code in (302, 409)
    team.post(at(programme, "mijlpalen/nieuw/"), {"title": "Start", "planned_on": "2027-06-01"})
    assert team.post(at(programme, "stap/sign/")).status_code == 302
    assert team.get(write).status_code == 403
    team.post(at(programme, "tekenrondes/nieuw/"), {"held_on": today().isoformat()})
    partner = programme.partners.get(organisation=signatory.own)
    page = at(programme, f"convenant/tekenen/{partner.pk}/")
    assert team.get(page).status_code == 403
    record = text_of(team, programme.get_absolute_url())
    assert re.search(rf"Nog niet getekend: [^<]*{signatory.own.name}", record)
    assert "Tekenronde openen" not in record
    reader = Client()
    reader.force_login(signatory.user)
    assert "Lees en teken het convenant" in text_of(reader, programme.get_absolute_url())
    assert "Samen" in text_of(reader, page)
    programme.refresh_from_db()
    sent = {"digest": programme.covenant.digest, "agree": "on"}
    assert reader.post(page, {**sent, "agree": ""}).status_code == 422
    assert reader.post(page, sent).status_code == 302
    assert partner.signature.signed_by == signatory.user
    signing = programme.covenant.rounds.get()
    close = at(programme, f"tekenrondes/{signing.pk}/sluiten/")
    assert "Stcrt. 2021, 12345" in team.post(close, {"gazette": "onzin"}).content.decode()
    assert team.post(close, {"gazette": "Stcrt. 2024, 55"}).status_code == 302
    assert (
        team.post(
            at(programme, f"tekenrondes/{signing.pk}/staatscourant/"), {"gazette": "Stcrt. 2024, 56"}
        ).status_code
        == 302
    )
    assert "Stcrt. 2024, 56" in text_of(Client(), at(programme, "convenant/"))
    record = text_of(team, programme.get_absolute_url())
    assert "in de volgende tekenronde aansluiten" in record
    assert "Tekenronde openen" in record
    assert "Nog niet getekend" not in text_of(Client(), programme.get_absolute_url())


def test_hours_of_last_year_are_asked_of_who_was_in_then(team: Client, lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    partner = make_partner(programme, make_city(name="Gemeente Delft"), joined_on=today())
    ProgrammePartner.objects.exclude(pk=partner.pk).update(joined_on=None)
    assert "Uren van vorig jaar" not in text_of(team, programme.get_absolute_url())
    ProgrammePartner.objects.filter(pk=partner.pk).update(joined_on=today() - timedelta(days=400))
    programme.save()
    assert "Uren van vorig jaar" in text_of(team, programme.get_absolute_url())


def test_a_reflection_is_handed_in_and_read_by_partners_alone(team: Client, lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    ProgrammeReflection.objects.create(programme=programme, year=2026, half=1, due_on="2026-08-11", real="Liep")
    page = at(programme, "terugblik/2026-1/")
    assert "Liep" in text_of(team, page)
    values = {"planned": "", "real": "Liep door", "energy": "", "adjust": "", "version": 1}
    assert team.post(at(programme, "terugblik/2026-1/bewaren/"), values).json()["version"] == 2
    assert team.post(page, {**values, "version": 2, "submit": "yes"}).status_code == 302
    assert "Liep door" in text_of(team, page)
    outsider = Client()
    outsider.force_login(lead.cast.person("team").user)
    assert outsider.get(page).status_code == 404
    assert outsider.get(at(programme, "bewerken/")).status_code == 403


def test_stopping_and_leaving_ask_for_a_reason_on_their_pages(team: Client, lead: Person) -> None:
    programme = programme_in("exploration", lead.own)
    partner = make_partner(programme, make_organisation())
    leave = at(programme, f"partners/{partner.pk}/weg/")
    assert team.post(leave, {"reason": ""}).status_code == 422
    assert team.post(leave, {"reason": "Geen tijd"}).status_code == 302
    later = (today() + timedelta(days=40)).isoformat()
    stop = at(programme, "stap/stop/")
    assert (
        "in de toekomst"
        in team.post(stop, {"reason": "Nu niet", "retry_on": today().isoformat()}).content.decode()
    )
    assert team.post(stop, {"reason": "Nu niet", "retry_on": later}).status_code == 302
    assert "Nu niet" in text_of(team, programme.get_absolute_url())
    draft = make_programme(lead.own, sharing="draft")
    assert team.post(at(draft, "weggooien/"))["Location"] == "/programmas/"
    other = make_partner(programme_in("execution", lead.own), lead.cast.other).programme
    lead_page = at(other, "trekker/")
    sent = {"organisation": lead.cast.other.public_id, "reason": "Wissel"}
    assert team.post(lead_page, sent).status_code == 302
    assert team.get(lead_page).status_code == 403


def test_an_activity_of_the_agenda_is_part_of_a_programme(team: Client, lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    mine = Activity.objects.create(kind="event", title="Startdag", organisation=lead.own)
    hidden = Activity.objects.create(kind="event", title="Van anderen", organisation=lead.cast.other)
    page = at(programme, "activiteit/")
    assert team.post(page, {"activity": hidden.public_id}).status_code == 422
    assert team.post(page, {"activity": mine.public_id}).status_code == 302
    assert "Startdag" in text_of(team, programme.get_absolute_url())
    assert "Startdag" not in text_of(Client(), programme.get_absolute_url())
