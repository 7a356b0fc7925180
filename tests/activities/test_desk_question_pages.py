"""Pages of the desk's questions: the form with and without an account, the register, one question, the link."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import DeskMessage, DeskQuestion, DirectoryEntry
from activities.registrations import desk_questions as registrations
from activities.registrations.desk_calls import news_of_the_desk
from activities.services.desk.letters import link_token
from activities.tasks.desk import ask_for_desk_day
from governance.models.organisation import Group
from nss_portal.core import jobs
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.models import Job
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_organisation
from tests.activities.desk import invite, make_desk, make_entry, make_question

pytestmark = pytest.mark.django_db

LIST_QUERIES = 4
DESK_LIST_QUERIES = 7
RECORD_QUERIES = 7
FORM = {"title": "Wie kent een subsidie voor warmte?", "text": "", "theme": "", "may_publish": "on"}
PUBLIC = {**FORM, "name": "Iemand Elders", "email": "vrager@elders.example", "asker_from": "", "website": ""}


@pytest.fixture(autouse=True)
def _no_count_of_earlier_forms() -> None:
    cache.clear()


@pytest.fixture
def team() -> Person:
    return Cast().person("team")


@pytest.fixture
def as_team(client: Client, team: Person) -> Client:
    client.force_login(team.user)
    return client


def say(question: DeskQuestion, kind: str, text: str) -> None:
    DeskMessage.objects.create(question=question, kind=kind, text=text, organisation=question.holder, by_label="x")


def test_a_visitor_asks_confirms_and_follows(client: Client) -> None:
    make_desk()
    assert client.get("/loket/vragen/gesteld/")["Location"] == "/loket/vragen/stellen/"
    answer = client.post("/loket/vragen/stellen/", PUBLIC, follow=True)
    assert "vrager@elders.example" in answer.content.decode()
    found = re.search(r"(/loket/vragen/link/\S+/)", OutgoingMail.objects.get().text)
    assert found
    address = found.group(1)
    assert "Bevestig uw vraag" in client.get(address).content.decode()
    assert DeskQuestion.objects.get().verified_at is None
    page = client.post(address, follow=True).content.decode()
    assert "Het loket heeft de vraag nu" in page
    assert "Reageren" in page
    client.post(f"{address}reageren/", {"text": "Nog iets."})
    assert "Nog iets." in client.get(address).content.decode()
    assert client.post(f"{address}beantwoorden/", {"text": "x"}).status_code == 403
    assert client.get(f"{address}bestaat-niet/").status_code == 404
    assert client.get("/loket/vragen/link/onzin/").status_code == 404
    assert client.get(DeskQuestion.objects.get().get_absolute_url()).status_code == 404


def test_machines_and_haste_are_held_off_and_nothing_typed_is_lost(client: Client, settings: object) -> None:
    make_desk()
    page = client.post(
        "/loket/vragen/stellen/", {**PUBLIC, "website": "x", "email": "geen adres"}
    ).content.decode()
    assert "Iemand Elders" in page
    assert "naam@gemeente.nl" in page
    page = client.post("/loket/vragen/stellen/", {**PUBLIC, "title": ""}).content.decode()
    assert "vrager@elders.example" in page
    assert not DeskQuestion.objects.exists()
    for _again in range(18):
        client.post("/loket/vragen/stellen/", {**PUBLIC, "title": ""})
    assert client.post("/loket/vragen/stellen/", PUBLIC).status_code == 429


def test_what_is_known_comes_first_also_without_script(as_team: Client, team: Person) -> None:
    make_desk()
    make_entry(name="Subsidie voor warmte", description_nl="Voor warmtenetten.")
    form = {**FORM, "organisation": str(team.own.pk)}
    page = as_team.post("/loket/vragen/stellen/", form).content.decode()
    assert "Helpt dit al?" in page
    assert "Subsidie voor warmte" in page
    assert not DeskQuestion.objects.exists()
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    back = as_team.post("/loket/vragen/stellen/", {**kept, "back": "yes"}).content.decode()
    assert FORM["title"] in back
    answer = as_team.post("/loket/vragen/stellen/", {**kept, "send": "yes"})
    assert answer["Location"] == DeskQuestion.objects.get().get_absolute_url()


def test_suggestions_while_typing_show_only_what_one_may_read(client: Client) -> None:
    make_question(title="Vergunning warmtenet GEHEIM", text="vergunning warmtenet")
    make_question(state="answered", is_public=True)
    DeskQuestion.objects.filter(state="answered").update(public_title="Vergunning voor een warmtenet")
    page = client.get("/loket/vragen/bekend/?title=vergunning+warmtenet").content.decode()
    assert "Vergunning voor een warmtenet" in page
    assert "GEHEIM" not in page
    for odd in ("", "de", "'", "\\", "x" * 3000):
        assert client.get("/loket/vragen/bekend/", {"title": odd}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_asks_the_same_for_any_number(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _one in range(number):
        make_question(state="answered", is_public=True)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/loket/vragen/").content.decode()
    assert page.count("Hoe regelt een stad warmte?") == number


@pytest.mark.parametrize("number", [1, 3])
def test_the_desks_register_too(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    desk = Cast().person("desk")
    client.force_login(desk.user)
    for _one in range(number):
        make_question(holder=desk.own)
    with django_assert_num_queries(DESK_LIST_QUERIES):
        page = client.get("/loket/vragen/").content.decode()
    assert page.count("Hoe regelen wij warmte") == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_question_asks_the_same_for_any_number_of_messages(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    desk = Cast().person("desk")
    client.force_login(desk.user)
    question = make_question(holder=desk.own)
    for _one in range(number):
        say(question, "answer", "Zo doe je dat.")
        invite(question, make_organisation())
    with django_assert_num_queries(RECORD_QUERIES):
        page = client.get(question.get_absolute_url()).content.decode()
    assert page.count("Zo doe je dat.") == number


def test_filters_and_search(client: Client) -> None:
    cast = Cast()
    desk = cast.person("desk")
    client.force_login(desk.user)
    late = make_question(holder=desk.own, title="Laadpalen op straat", due_on=today().replace(year=2020))
    make_question(title="Fietsen", state="closed", holder=make_organisation(Group.MINISTRY))
    for query in ("q=laadpaal", "stand=open", "welke=te-laat", "welke=bij-ons", f"bij={desk.own.public_id}"):
        page = client.get(f"/loket/vragen/?{query}").content.decode()
        assert (late.title in page, "Fietsen" in page) == (True, False), query
    for query in ("welke=van-ons", "welke=gevraagd", "welke=openbaar", "stand=nieuw", "bij=onzin", "q='"):
        assert client.get(f"/loket/vragen/?{query}").status_code == 200


def test_nothing_leaks_to_who_reads_only_what_is_public(client: Client) -> None:
    cast = Cast()
    question = make_question(cast.other, "answered", is_public=True, title="Bij wethouder Ster", text="GEHEIM")
    say(question, "note", "NOTITIE")
    say(question, "answer", "Voor de stad alleen")
    hidden = make_question(cast.other, title="Verborgen")
    for person in (None, cast.person("team"), cast.person("steering")):
        if person:
            client.force_login(person.user)
        page = client.get(question.get_absolute_url()).content.decode()
        for secret in ("Ster", "GEHEIM", "NOTITIE", "Voor de stad alleen", cast.other.name):
            assert secret not in page
        assert client.get(hidden.get_absolute_url()).status_code == 404
        for words in ("Ster", "GEHEIM"):
            assert "Hoe regelt een stad warmte" not in client.get(f"/loket/vragen/?q={words}").content.decode()
        if person:
            assert client.get(f"{question.get_absolute_url()}beantwoorden/").status_code == 403
            assert client.get(f"{hidden.get_absolute_url()}beantwoorden/").status_code == 404


def test_notes_are_for_those_who_handle_it(as_team: Client, team: Person, client: Client) -> None:
    question = make_question(team.own)
    say(question, "note", "NOTITIE")
    say(question, "answer", "Zo.")
    page = as_team.get(question.get_absolute_url()).content.decode()
    assert ("NOTITIE" in page, "Zo." in page) == (False, True)
    assert as_team.get(f"{question.get_absolute_url()}notitie/").status_code == 403
    client.force_login(team.cast.person("desk").user)
    assert "NOTITIE" in client.get(question.get_absolute_url()).content.decode()


def test_every_step_of_the_desk_has_a_page(client: Client) -> None:
    cast = Cast()
    desk, ministry = cast.person("desk"), make_organisation(Group.MINISTRY, name="Ministerie van Warmte")
    client.force_login(desk.user)
    question = make_question(cast.other, holder=desk.own, title="Wat mag?")
    other = make_question(cast.other, holder=desk.own, title="Wat mag er?")
    address = question.get_absolute_url()
    for name in (
        *("beantwoorden", "oppakken", "doorverwijzen", "navragen", "steden-vragen", "notitie", "thema"),
        "samenvoegen",
    ):
        assert client.get(f"{address}{name}/").status_code == 200, name
    assert client.get(f"{address}publiceren/").status_code == 302
    for name, sent, state in (
        ("oppakken", {}, "handling"),
        ("notitie", {"text": "x"}, "handling"),
        ("thema", {"theme": ""}, "handling"),
        ("navragen", {"text": "Waar?"}, "waiting"),
        ("doorverwijzen", {"to": ministry.public_id, "reason": "Zij"}, "referred"),
        ("samenvoegen", {"code": other.public_id}, "referred"),
        ("losmaken", {}, "referred"),
        ("steden-vragen", {"cities": [], "other": cast.advised.public_id}, "referred"),
        ("beantwoorden", {"text": "Zo"}, "answered"),
        ("publiceren", {"title": "Wat mag?", "text": "", "answer": "Zo"}, "answered"),
        ("van-de-site", {}, "answered"),
    ):
        answer = client.post(f"{address}{name}/", sent)
        question.refresh_from_db()
        assert (answer.status_code, question.state) == (302, state), (name, answer.content.decode()[-3000:])


@pytest.mark.parametrize(
    ("name", "sent", "text"),
    [
        ("beantwoorden", {"text": " "}, "ontbreekt nog"),
        ("doorverwijzen", {"to": "onzin", "reason": "x"}, "keuze"),
        ("samenvoegen", {"code": "zzzzzz"}, "geen vraag met deze code"),
        ("steden-vragen", {}, "ten minste één stad"),
        ("publiceren", {"title": "a", "text": "van Iemand Elders", "answer": "b"}, "wie de vrager is"),
    ],
)
def test_bad_input_gets_a_clear_message(client: Client, name: str, sent: dict[str, object], text: str) -> None:
    desk = Cast().person("desk")
    client.force_login(desk.user)
    state = "answered" if name == "publiceren" else "new"
    question = make_question(holder=desk.own, state=state)
    answer = client.post(f"{question.get_absolute_url()}{name}/", sent)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    question.refresh_from_db()
    assert (question.state, question.published_at) == (state, None)


def test_the_asker_and_a_city_have_their_own_steps(as_team: Client, team: Person) -> None:
    question = make_question(team.own, "answered")
    page = as_team.get(question.get_absolute_url()).content.decode()
    assert "Dit helpt, vraag sluiten" in page
    assert "Interne notitie" not in page
    as_team.post(f"{question.get_absolute_url()}heropenen/", {"reason": "Nee"})
    question.refresh_from_db()
    assert question.state == "reopened"
    asked = make_question(team.cast.other)
    invite(asked, team.own)
    assert "Vertellen wat onze stad deed" in as_team.get(asked.get_absolute_url()).content.decode()
    assert as_team.post(f"{asked.get_absolute_url()}geen-ervaring/").status_code == 302
    assert as_team.get(f"{asked.get_absolute_url()}beantwoorden/").status_code == 403


def test_html_in_a_question_stays_text(client: Client) -> None:
    desk = Cast().person("desk")
    client.force_login(desk.user)
    question = make_question(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = client.get(question.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_response_times_are_public_and_count_all(client: Client) -> None:
    desk = make_desk()
    make_question(state="answered", holder=desk, verified_at=timezone.now() - timedelta(days=4))
    make_question(holder=desk, due_on=today().replace(year=2020))
    page = client.get("/loket/antwoordtijden/").content.decode()
    assert desk.name in page
    assert "4,0" in page
    assert "100%" in page


def test_my_work_and_news_name_what_waits() -> None:
    cast = Cast()
    desk, team = cast.person("desk"), cast.person("team")
    make_question(holder=desk.own, title="Wat mag?")
    asked = make_question(cast.other, title="Wie deed dit?")
    invite(asked, team.own)
    make_question(team.own, "waiting", title="Van ons", asked_by=team.user)
    assert "Wat mag?" in str([item.title for item in registrations.questions_to_do(desk.user)])
    titles = [item.title for item in registrations.questions_to_do(team.user)]
    assert len(titles) == 2
    make_question(team.own, "answered", is_public=True)
    before = timezone.now() - timedelta(hours=1)
    assert len(list(news_of_the_desk(team.user, before))) == 1


def test_the_clock_asks_once_a_day() -> None:
    make_question(due_on=today().replace(year=2020))
    ask_for_desk_day(), ask_for_desk_day()
    jobs.run_all_here()
    assert Job.objects.get(kind="activities.desk_day").state == "done"


def test_a_link_of_another_question_is_no_key(client: Client) -> None:
    mine, other = make_question(), make_question(title="Van een ander")
    address = f"/loket/vragen/link/{link_token(mine)}/"
    assert other.title not in client.get(address).content.decode()
    assert not DirectoryEntry.objects.exists()
