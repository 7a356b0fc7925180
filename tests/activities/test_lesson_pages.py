"""The register of lessons, the page of one, its form, and what it asks of whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import Lesson
from activities.registrations import lessons as registrations
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix import make_lesson

pytestmark = pytest.mark.django_db

LIST_QUERIES = 3
RECORD_QUERIES = 1


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


@pytest.fixture
def team(client: Client, lead: Person) -> Client:
    client.force_login(lead.user)
    return client


def address(lesson: Lesson, part: str = "") -> str:
    return f"/lessen/{lesson.public_id}/{part}"


def form(lesson: Lesson, **texts: object) -> dict[str, object]:
    values = {"title": lesson.title, "what_worked": lesson.what_worked, "what_failed": lesson.what_failed}
    return {**values, "version": lesson.version, **texts}


def test_a_visitor_reads_what_is_published(client: Client) -> None:
    city = make_city()
    published = make_lesson(city, "published", what_failed="De brief hielp niet.")
    others = [make_lesson(city, state) for state in ("draft", "released", "review", "withdrawn")]
    assert [row["lesson"] for row in client.get("/lessen/").context["rows"]] == [published]
    text = client.get(address(published)).content.decode()
    assert "De brief hielp niet." in text
    assert "geredigeerd" not in text
    for lesson in others:
        assert client.get(address(lesson)).status_code == 404


def test_number_of_queries_of_the_list_and_the_page(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_lesson(make_city(), "published")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/lessen/")
    with django_assert_num_queries(RECORD_QUERIES):
        client.get(address(first))
    for _more in range(2):
        make_lesson(make_city(), "published")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/lessen/")
    with django_assert_num_queries(RECORD_QUERIES):
        client.get(address(first))


def test_words_find_a_lesson(client: Client) -> None:
    found = make_lesson(make_city(name="Gemeente Delft"), "published", what_failed="Te laat begonnen")
    make_lesson(make_city(), "published", what_worked="Anders")
    for query in ("q=te+laat", "q=delft"):
        assert [row["lesson"] for row in client.get(f"/lessen/?{query}").context["rows"]] == [found]
    assert "Geen les past" in client.get("/lessen/?q=bestaatniet").content.decode()


def test_the_whole_way_by_buttons(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own, origin_label="Herijking 2025")
    assert "Herijking 2025" in team.get(address(draft, "bewerken/")).content.decode()
    team.post(address(draft, "bewerken/"), form(draft, what_failed="Te laat begonnen"))
    assert address(draft, "release/") in team.get(address(draft)).content.decode()
    assert team.get(address(draft, "release/")).status_code == 200
    team.post(address(draft, "release/"))
    editor = Client()
    editor.force_login(lead.cast.person("publisher").user)
    for step in ("take_up", "publish"):
        assert address(draft, f"{step}/") in editor.get(address(draft)).content.decode()
        editor.post(address(draft, f"{step}/"))
    assert "Te laat begonnen" in Client().get(address(draft)).content.decode()
    team.post(address(draft, "withdraw/"), {"reason": "Klopt niet meer"})
    assert Client().get(address(draft)).status_code == 404


def test_a_new_lesson_is_about_the_own_city_by_default(team: Client, lead: Person) -> None:
    page = team.get("/lessen/nieuw/")
    assert page.context["form"]["organisation"].value() == lead.own.pk
    values = {"author_organisation": lead.own.pk, "organisation": lead.own.pk, "title": "Les"}
    team.post("/lessen/nieuw/", values)
    lesson = Lesson.objects.get()
    assert (lesson.organisation, lesson.author_organisation, lesson.state) == (lead.own, lead.own, "draft")
    refused = team.post("/lessen/nieuw/", {**values, "author_organisation": lead.cast.other.pk})
    assert list(refused.context["form"].errors) == ["author_organisation"]


def test_both_texts_stand_side_by_side(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own)
    team.post(address(draft, "bewerken/"), form(draft, what_worked="Van de collega"))
    response = team.post(address(draft, "bewerken/"), form(draft, what_worked="Van mij"))
    assert response.status_code == 409
    assert "Van de collega" in response.content.decode()
    assert "Van mij" in response.content.decode()
    draft.refresh_from_db()
    assert draft.what_worked == "Van de collega"


@pytest.mark.parametrize(("field", "value"), [("what_worked", "x" * 1_000_000), ("title", ""), ("theme", "weg")])
def test_bad_input_is_named_and_kept(team: Client, lead: Person, field: str, value: str) -> None:
    draft = make_lesson(lead.own)
    response = team.post(address(draft, "bewerken/"), form(draft, **{"what_failed": "Bewaard", field: value}))
    assert list(response.context["form"].errors) == [field]
    assert "Bewaard" in response.content.decode()


def test_typing_saves_by_itself(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own)
    assert team.post(address(draft, "bewaren/"), form(draft, title="Half")).json()["version"] == 2
    assert team.post(address(draft, "bewaren/"), form(draft, title="Te laat")).status_code == 409
    assert team.post(address(draft, "bewaren/"), form(draft, title="")).status_code == 422


def test_who_may_not_gets_403_and_who_may_not_see_404(client: Client) -> None:
    cast = Cast()
    released, draft = make_lesson(cast.other, "released"), make_lesson(cast.other)
    client.force_login(cast.person("team", leads=True).user)
    for part in ("bewerken/", "take_up/", "withdraw/", "weggooien/"):
        assert client.get(address(released, part)).status_code == 403, part
        assert client.get(address(draft, part)).status_code == 404, part
    assert client.get(address(released, "publish/")).status_code == 404
    client.force_login(cast.person("steering").user)
    assert client.get("/lessen/nieuw/").status_code == 403


def test_a_step_taken_twice_says_so(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own)
    team.post(address(draft, "release/"))
    assert team.post(address(draft, "release/")).status_code == 404


def test_my_work_asks_each_for_their_part(lead: Person) -> None:
    cast = lead.cast
    written = make_lesson(lead.own, title="Geschreven")
    empty = make_lesson(lead.own, title="Leeg", what_worked="")
    make_lesson(cast.other, title="Van een ander")
    urls = {item.url for item in registrations.drafts_that_wait(lead.user)}
    assert urls == {address(written), address(empty, "bewerken/")}
    editor = cast.person("publisher")
    assert list(registrations.lessons_that_wait_for_editors(lead.user)) == []
    make_lesson(cast.other, "released", title="Vrijgegeven")
    (item,) = registrations.lessons_that_wait_for_editors(editor.user)
    assert "Vrijgegeven" in item.title


def test_news_and_home_tell_of_published_lessons() -> None:
    cast = Cast()
    now = timezone.now()
    make_lesson(cast.other, "published", title="Nieuw", published_at=now)
    make_lesson(cast.other, "released", title="Nog niet")
    member = cast.person("member").user
    (news,) = registrations.published_lessons(member, now - timedelta(days=1))
    assert "Nieuw" in news.text
    assert list(registrations.published_lessons(member, now)) == []
    section = registrations.new_lessons(None)
    assert section is not None
    assert [lesson.title for lesson in section.context["lessons"]] == ["Nieuw"]


def test_the_page_of_a_municipality_shows_its_lessons(client: Client) -> None:
    city = make_city()
    make_lesson(city, "published", title="Zichtbaar")
    make_lesson(city, title="Concept")
    text = client.get(city.municipality.get_absolute_url()).content.decode()
    assert "Zichtbaar" in text
    assert "Concept" not in text
