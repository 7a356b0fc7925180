"""The register of lessons, the page of one, its form, and what it asks of whom."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import Lesson, LessonUse
from activities.registrations import lessons as registrations
from activities.services import lesson_uses
from activities.services import lessons as services
from cities.models import Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.files import files_of
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

LIST_QUERIES = 4
RECORD_QUERIES = 8
MEMBER_QUERIES = 14


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


@pytest.fixture
def team(client: Client, lead: Person) -> Client:
    client.force_login(lead.user)
    return client


def address(lesson: Lesson, part: str = "") -> str:
    return f"/lessen/{lesson.public_id}/{part}"


def titles(client: Client, query: str = "") -> list[str]:
    return [row["title"] for row in client.get(f"/lessen/?{query}").context["rows"]]


def form(lesson: Lesson, **texts: object) -> dict[str, object]:
    values = {"title": lesson.title, "what_worked": lesson.what_worked, "what_failed": lesson.what_failed}
    return {**values, "version": lesson.version, **texts}


def test_a_visitor_reads_what_is_published(client: Client) -> None:
    city = make_city()
    published = make_lesson(city, "published", what_failed="De brief hielp niet.")
    others = [make_lesson(city, state) for state in ("draft", "released", "review", "withdrawn")]
    assert titles(client) == [published.title]
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


def test_a_member_reads_and_uses_a_lesson(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member = Cast().person("member")
    client.force_login(member.user)
    lesson = make_lesson(member.cast.other, "published")
    with django_assert_num_queries(MEMBER_QUERIES):
        client.get(address(lesson))
    for _more in range(3):
        make_use(make_city(), lesson, outcome="partly", because="Alleen bij scholen.")
    with django_assert_num_queries(MEMBER_QUERIES):
        text = client.get(address(lesson)).content.decode()
    assert "Alleen bij scholen." in text
    said = {"namens": member.own.public_id, "zeg": "toepassen"}
    answer = client.post(address(lesson, "gebruik/"), said, follow=True).content.decode()
    assert str(lesson_uses.a_quarter_after(today()).year) in answer
    use = LessonUse.objects.get(organisation=member.own)
    assert use.applies_since == today()
    client.post(address(lesson, "gebruik/"), said | {"zeg": "niet-toepassen"})
    client.post(address(lesson, "gebruik/"), said | {"zeg": "niet-nuttig"})
    use.refresh_from_db()
    assert (use.applies_since, use.is_useful) == (None, False)
    assert client.post(address(lesson, "gebruik/"), said | {"zeg": "iets"}).status_code == 404
    assert client.post(address(lesson, "gebruik/"), {"zeg": "nuttig", "namens": "x"}).status_code == 403
    assert "Alleen bij scholen." not in Client().get(address(lesson)).content.decode()


def make_use(organisation: Organisation, lesson: Lesson, **fields: object) -> LessonUse:
    return LessonUse.objects.create(
        organisation=organisation, lesson=lesson, applies_since=today(), ask_on=today(), **fields
    )


def test_filters_and_orders(client: Client) -> None:
    city = make_city()
    theme = Theme.objects.create(code="warmte", label_nl="Warmte", label_en="Heat")
    step = TransitionStep.objects.create(code="act", label_nl="Doen", label_en="Act")
    early = make_lesson(city, "published", title="Eerst", published_at=timezone.now() - timedelta(days=9))
    large = make_lesson(
        city,
        "published",
        title="Groot",
        population_from=200_000,
        learned="vertical",
        what_failed="Te laat",
        replicated_count=1,
        published_at=timezone.now(),
    )
    early.more_themes.add(theme)
    early.steps.add(step)
    found = {
        "thema=warmte": ["Eerst"],
        "stap=act": ["Eerst"],
        "geleerd=vertical": ["Groot"],
        "inwoners=tot-20": ["Eerst"],
        "inwoners=250-op": ["Groot", "Eerst"],
        "wat=werkte-niet": ["Groot"],
        "sort=-toegepast": ["Groot", "Eerst"],
        "sort=nieuw": ["Eerst", "Groot"],
        "stand=draft": ["Groot", "Eerst"],
    }
    assert {query: titles(client, query) for query in found} == found
    assert "Groot" in client.get("/lessen/lessen.csv?wat=werkte-niet").content.decode()
    assert large.title in client.get("/lessen/?inwoners=onzin&thema=weg").content.decode()


def test_what_is_known_is_kept_and_bad_input_named(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own)
    step = TransitionStep.objects.create(code="act", label_nl="Doen", label_en="Act")
    mine = make_bottleneck(lead.own, title="Net vol")
    hidden = make_bottleneck(lead.cast.other, title="Van een ander")
    draft.bottlenecks.add(hidden)
    values = form(
        draft,
        evidence="Evaluatie https://voorbeeld.example/e\nhttps://voorbeeld.example/f",
        population_from=20_000,
        steps=["act"],
        bottlenecks=[mine.public_id],
        learned="local",
    )
    page = team.get(address(draft, "bewerken/")).content.decode()
    assert "Net vol" in page
    assert "Van een ander" not in page
    wrong = team.post(address(draft, "bewerken/"), values | {"evidence": "zie bijlage", "population_to": 10})
    assert sorted(wrong.context["form"].errors) == ["evidence", "population_to"]
    assert team.post(address(draft, "bewerken/"), values | {"bottlenecks": [hidden.public_id]}).status_code == 422
    team.post(address(draft, "bewerken/"), values)
    draft.refresh_from_db()
    assert draft.evidence == [
        {"label": "Evaluatie", "url": "https://voorbeeld.example/e"},
        {"label": "", "url": "https://voorbeeld.example/f"},
    ]
    assert (list(draft.steps.all()), draft.learned) == ([step], "local")
    assert {one.pk for one in draft.bottlenecks.all()} == {mine.pk, hidden.pk}
    text = team.get(address(draft)).content.decode()
    assert "vanaf 20.000 inwoners" in text
    assert "Van een ander" not in text


def test_files_beside_a_lesson(team: Client, lead: Person) -> None:
    draft = make_lesson(lead.own)
    wrong = SimpleUploadedFile("plan.pdf", b"MZ geen pdf")
    assert list(team.post(address(draft, "bestanden/"), {"file": wrong}).context["form"].errors) == ["file"]
    team.post(address(draft, "bestanden/"), {"file": SimpleUploadedFile("plan.txt", b"Zo deden wij het.")})
    (stored,) = files_of(draft)
    assert "plan.txt" in team.get(address(draft)).content.decode()
    assert Client().get(f"/bestanden/{stored.public_id}/").status_code == 404
    assert team.post(address(draft, "bestanden/222222/weg/")).status_code == 404
    team.post(address(draft, f"bestanden/{stored.public_id}/weg/"))
    assert files_of(draft) == []


def test_comments_by_buttons(team: Client, lead: Person) -> None:
    lesson = make_lesson(lead.own, "review", what_failed="Eerst dit.\n\nDe brief hielp niet.")
    editor = Client()
    editor.force_login(lead.cast.person("publisher").user)
    place = lesson.what_failed.index("De brief")
    where = address(lesson, f"opmerkingen/?veld=what_failed&vanaf={place}")
    assert f"veld=what_failed&amp;vanaf={place}" in editor.get(address(lesson)).content.decode()
    assert editor.get(where).context["form"]["passage"].value() == "De brief hielp niet."
    wrong = editor.post(where, {"passage": "Iets anders", "text": "Wat?"})
    assert list(wrong.context["form"].errors) == ["passage"]
    editor.post(where, {"passage": "brief hielp", "text": "Hoe lang was die?"})
    (comment,) = lesson.comments.all()
    page = team.get(address(lesson)).content.decode()
    assert "<mark>brief hielp</mark>" in page
    (item,) = registrations.comments_to_answer(lead.user)
    assert item.url == f"{address(lesson)}#opmerkingen"
    team.post(address(lesson, f"opmerkingen/{comment.pk}/"), {"text": "Acht kantjes."})
    assert list(registrations.comments_to_answer(lead.user)) == []
    assert "Acht kantjes." in editor.get(address(lesson)).content.decode()
    editor.post(address(lesson, f"opmerkingen/{comment.pk}/afhandelen/"), {"stand": "klaar"})
    assert "<mark>" not in team.get(address(lesson)).content.decode()
    assert editor.get(address(lesson, "opmerkingen/?veld=theme")).status_code == 404
    other = Client()
    other.force_login(lead.cast.person("coordinator").user)
    assert "Hoe lang" not in other.get(address(lesson)).content.decode()
    assert other.get(where).status_code == 403


def test_versions_beside_each_other(team: Client, lead: Person) -> None:
    lesson = make_lesson(lead.own, "review")
    editor = lead.cast.person("publisher")
    services.move_lesson(actor=editor.user, lesson=lesson, step="publish")
    page = team.post(address(lesson, "nieuwe-versie/"), follow=True)
    revision = Lesson.objects.get(revision_of=lesson)
    assert page.redirect_chain[-1][0] == address(revision, "bewerken/")
    team.post(address(revision, "bewerken/"), form(revision, what_worked="Samen inkopen scheelde een jaar."))
    assert titles(Client()) == [lesson.title]
    for person, step in ((lead, "release"), (editor, "take_up"), (editor, "take_over")):
        services.move_lesson(actor=person.user, lesson=revision, step=step, reason="Tweede ronde.")
    assert team.get(address(revision)).url == address(lesson)
    text = Client().get(address(lesson, "versies/")).content.decode()
    assert "<del>half </del>" in text
    assert "Tweede ronde." in text
    assert Client().get(address(lesson, "versies/?van=9&naar=2")).status_code == 404


def test_who_had_a_withdrawn_lesson_reads_why(team: Client, lead: Person) -> None:
    member, editor = lead.cast.person("member"), lead.cast.person("publisher")
    lesson = make_lesson(lead.own, "review")
    services.move_lesson(actor=editor.user, lesson=lesson, step="publish", audiences=["interested"])
    reader = Client()
    reader.force_login(member.user)
    assert "Samen inkopen" in reader.get(address(lesson)).content.decode()
    services.move_lesson(actor=lead.user, lesson=lesson, step="withdraw", reason="Het bedrag klopte niet.")
    text = reader.get(address(lesson)).content.decode()
    assert "Het bedrag klopte niet." in text
    assert "Samen inkopen" not in text
    assert Client().get(address(lesson)).status_code == 404
    outsider = Client()
    outsider.force_login(lead.cast.person("partner").user)
    assert outsider.get(address(lesson)).status_code == 404


def test_words_find_a_lesson(client: Client) -> None:
    found = make_lesson(
        make_city(name="Gemeente Delft"), "published", title="Gevonden", what_failed="Te laat begonnen"
    )
    make_lesson(make_city(), "published", what_worked="Anders")
    for query in ("q=te+laat", "q=delft"):
        assert titles(client, query) == [found.title]
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
        editor.post(address(draft, f"{step}/"), {"audiences": ["everybody"]})
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
