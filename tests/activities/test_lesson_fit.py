"""Which lessons fit a municipality, and why."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import LessonUse
from activities.registrations.lessons import lessons_that_fit
from activities.selectors.lesson_fit import fitting
from cities.models import CityRoadmap, Municipality, Progress, TransitionStep
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix import make_lesson, published_for
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db

PAGE_QUERIES = 9


@pytest.fixture
def team() -> Person:
    person = Cast().person("team")
    place(person.own, population=30_000)
    place(person.cast.other, population=40_000, name="Voorstad")
    return person


def place(organisation: Organisation, population: int, name: str = "", province: str = "PV27") -> None:
    values = {"population": population, "province_code": province}
    Municipality.objects.filter(organisation=organisation).update(**values)
    if name:
        Organisation.objects.filter(pk=organisation.pk).update(name=name)
        organisation.refresh_from_db()


def found(person: Person) -> dict[str, list[str]]:
    fits = fitting(person.user, Municipality.objects.get(organisation=person.own))
    return {fit.row.title: fit.reasons for fit in fits}


def test_what_has_most_in_common_comes_first_with_the_reasons(team: Person) -> None:
    far = make_city()
    place(far, population=900_000, province="PV20")
    step = TransitionStep.objects.create(code="act", label_nl="Doen", label_en="Act")
    mine = make_bottleneck(team.own, sharing="network", title="Net vol")
    roadmap = CityRoadmap.objects.create(organisation=team.own, version=1)
    Progress.objects.create(roadmap=roadmap, step=step, status="under-way")
    treats = make_lesson(far, "published", title="Over ons knelpunt")
    treats.bottlenecks.add(mine)
    make_lesson(far, "published", title="Zelfde thema", theme=mine.theme, applying_count=2)
    helps = make_lesson(far, "published", title="Zelfde stap")
    helps.steps.add(step)
    make_lesson(team.cast.other, "published", title="Zo groot als wij")
    make_lesson(far, "published", title="Voor deze grootte", population_from=20_000, population_to=50_000)
    make_lesson(far, "published", title="Voor grote steden", population_from=100_000, theme=mine.theme)
    make_lesson(far, "published", title="Niets gemeen")
    make_lesson(team.own, "published", title="Van onszelf", theme=mine.theme)
    applied = make_lesson(far, "published", title="Doen we al", theme=mine.theme)
    LessonUse.objects.create(lesson=applied, organisation=team.own, applies_since=today(), ask_on=today())
    make_lesson(far, "draft", title="Concept", theme=mine.theme)
    reasons = found(team)
    assert next(iter(reasons)) == "Over ons knelpunt"
    assert set(reasons) == {
        "Over ons knelpunt",
        "Zelfde thema",
        "Zelfde stap",
        "Zo groot als wij",
        "Voor deze grootte",
    }
    assert "'Net vol'" in reasons["Over ons knelpunt"][0].replace("‘", "'").replace("’", "'")
    assert len(reasons["Zelfde thema"]) == 2
    assert "Voorstad" in " ".join(reasons["Zo groot als wij"])
    assert "20.000 tot 50.000" in reasons["Voor deze grootte"][0]


def test_reasons_give_away_nothing_that_one_may_not_see(team: Person) -> None:
    make_bottleneck(team.cast.other, title="Geheim")
    lesson = published_for(team.cast.advised, "everybody")
    lesson.bottlenecks.set(team.cast.other.bottlenecks.all())
    place(team.cast.advised, population=1_000, province="PV20")
    outsider = team.cast.person("partner")
    fits = fitting(outsider.user, Municipality.objects.get(organisation=team.cast.other))
    assert fits == []


def test_pages(client: Client, team: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    theme = make_theme()
    make_bottleneck(team.own, theme=theme, sharing="network")
    code = Municipality.objects.get(organisation=team.own).code
    client.force_login(team.user)
    assert client.get("/lessen/voor-ons/").url == f"/lessen/voor/{code}/"
    assert client.get(f"/lessen/voor/{code}/").status_code == 200
    for number in (1, 2):
        for _more in range(number):
            make_lesson(team.cast.other, "published", title="Past bij ons", theme=theme)
        with django_assert_num_queries(PAGE_QUERIES):
            text = client.get(f"/lessen/voor/{code}/").content.decode()
        assert "Past bij ons" in text
    assert "Past bij ons" in client.get("/").content.decode()
    assert client.get("/lessen/voor/GM0000/").status_code == 404
    assert lessons_that_fit(team.cast.person("ministry").user) is None
    client.force_login(team.cast.person("partner").user)
    assert "Geen gemeente" in client.get("/lessen/voor-ons/?gemeente=nergens").content.decode()
    assert client.get(f"/lessen/voor-ons/?gemeente={code}").url == f"/lessen/voor/{code}/"
