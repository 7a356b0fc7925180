"""Where activities, programmes, lessons and the desk lead to one another."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import DeskQuestion, DeskRoute, ProgrammeTurn
from activities.registrations.known import known_about
from activities.services import reflection
from activities.services.desk import routes
from activities.services.desk.routing import first_holder
from activities.services.reflection import SubjectValues
from governance.models.organisation import Duty, Group
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, make_organisation
from tests.activities.desk import make_question
from tests.activities.matrix import make_lesson
from tests.activities.matrix_activity import make_activity
from tests.activities.programmes import make_programme, programme_in
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix import make_theme as make_city_theme

pytestmark = pytest.mark.django_db


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_activity_names_its_programme_to_who_may_see_that() -> None:
    cast = Cast()
    for sharing, is_named in (("published", True), ("draft", False)):
        programme = make_programme(cast.other, title=f"Warmte {sharing}", sharing=sharing)
        activity = make_activity(
            cast.other, "published", audience="everybody", sharing="published", programme=programme
        )
        assert (programme.title in page(Client(), activity.get_absolute_url())) == is_named
        if is_named:
            assert activity.get_absolute_url() in page(Client(), programme.get_absolute_url())


def test_a_reflection_looks_at_results_of_programmes() -> None:
    team = Cast().person("team")
    programme = make_programme(team.own, title="Warmte in de stad")
    hidden = make_programme(make_organisation(), title="Geheim", sharing="draft")
    session = make_activity(team.own, kind="reflection", audience="everybody", sharing="published")
    client = client_of(team.user)
    form = page(client, f"/agenda/{session.public_id}/onderwerpen/")
    assert "Warmte in de stad" in form
    assert "Geheim" not in form
    line = {
        "s-0-kind": "programme",
        "s-0-programme": programme.public_id,
        "s-0-title": "",
        "s-0-finding": "Tien straten",
    }
    sent = {"s-TOTAL_FORMS": "1", "s-INITIAL_FORMS": "0", "version": session.version, **line}
    client.post(f"/agenda/{session.public_id}/onderwerpen/", sent)
    (subject,) = session.subjects.all()
    assert (subject.title, subject.programme) == ("Warmte in de stad", programme)
    shown = page(client, session.get_absolute_url())
    assert programme.get_absolute_url() in shown
    assert session.get_absolute_url() in page(client, programme.get_absolute_url())
    session.refresh_from_db()
    named = [SubjectValues(title="x", programme=hidden)]
    with pytest.raises(NotAllowed):
        reflection.choose_subjects(actor=team.user, activity=session, version=session.version, subjects=named)


def test_what_a_midterm_review_decides_begins_filled_in() -> None:
    lead = Cast().person("team")
    programme = programme_in("execution", lead.own)
    client = client_of(lead.user)
    sent = {"held_on": "2026-03-02", "assessment": "Iedereen wil door", "conclusion": "extension"}
    answer = client.post(f"/programmas/{programme.public_id}/midterm/nieuw/", sent)
    assert "/verlengen/?midterm=" in answer["Location"]
    assert "Beginnen met wat is besloten" in page(client, programme.get_absolute_url())
    initial = client.get(answer["Location"]).context["form"].initial
    assert initial["ends_on"] == date(2028, 3, 1)
    assert initial["reason"].startswith("Besloten in de midterm review van 2 maart 2026.")
    assert "Iedereen wil door" in initial["reason"]
    client.post(answer["Location"], {"ends_on": "2028-03-01", "reason": initial["reason"]})
    assert ProgrammeTurn.objects.get().ends_on == date(2028, 3, 1)
    assert "Beginnen met wat is besloten" not in page(client, programme.get_absolute_url())
    review = programme.reviews.get()
    answer = client.post(
        f"/programmas/{programme.public_id}/midterm/{review.pk}/", sent | {"conclusion": "tranche"}
    )
    assert f"/vervolg/tranche/?midterm={review.pk}" in answer["Location"]
    assert client.get(answer["Location"]).context["form"].initial["title"] == programme.title
    again = client.post(
        f"/programmas/{programme.public_id}/midterm/{review.pk}/", sent | {"conclusion": "tranche"}
    )
    assert "midterm" not in again["Location"], "what was decided before does not begin again by itself"


def test_the_desk_says_who_gets_which_questions() -> None:
    cast = Cast()
    desk, coordinator = cast.person("desk"), cast.person("coordinator")
    theme = make_city_theme()
    ministry = make_organisation(Group.MINISTRY)
    for role in ("team", "ministry", "publisher"):
        user = cast.person(role).user
        assert client_of(user).get("/loket/wegen/").status_code == 403
        with pytest.raises(NotAllowed):
            routes.set_route(actor=user, theme=theme, organisation=ministry, why_nl="x")
    client = client_of(desk.user)
    base = f"/loket/wegen/{theme.code}/"
    refused = client.post(base, {"organisation": ministry.public_id, "why_nl": ""})
    assert list(refused.context["form"].errors) == ["why_nl"]
    client.post(base, {"organisation": ministry.public_id, "why_nl": "Gaat over warmte"})
    assert first_holder(theme) == ministry
    assert "Gaat over warmte" in page(client_of(coordinator.user), "/loket/wegen/")
    with pytest.raises(ValidationError):
        routes.set_route(actor=desk.user, theme=theme, organisation=cast.other, why_nl="x")
    client.post(base, {"organisation": ""})
    assert not DeskRoute.objects.exists()
    assert first_holder(theme).duty == Duty.DESK


def test_a_bottleneck_leads_to_lessons_and_answers_about_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = Cast()
    bottleneck = make_bottleneck(cast.other, "published", title="Netaansluiting duurt drie jaar")
    assert known_about(None, bottleneck) is None
    public = {"is_public": True, "theme": bottleneck.theme, "state": "answered"}
    for number in (1, 3):
        for _one in range(number):
            make_lesson(cast.other, "published", title="Begin met het net").bottlenecks.add(bottleneck)
            make_lesson(cast.other, title="Geheim concept").bottlenecks.add(bottleneck)
            for title in ("Hoe lang duren netaansluitingen?", "Wat kost een boom?"):
                question = make_question(cast.other, **public)
                DeskQuestion.objects.filter(pk=question.pk).update(public_title=title)
            make_question(cast.other, title="Netaansluiting geheim", theme=bottleneck.theme)
        with django_assert_num_queries(1):
            section = known_about(None, bottleneck)
    assert section is not None
    lessons, answers = section.context["parts"]
    assert {row["title"] for row in lessons["rows"]} == {"Begin met het net"}
    assert {row["title"] for row in answers["rows"]} == {"Hoe lang duren netaansluitingen?"}
    assert "Begin met het net" in page(Client(), bottleneck.get_absolute_url())
