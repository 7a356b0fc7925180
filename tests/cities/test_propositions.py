"""Propositions: written, shared, supported, on their three ways; and their pages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models.proposition import Proposition, PropositionSupport
from cities.registrations import propositions as registrations
from cities.services import propositions as services
from cities.services.demo_propositions import load_demo
from cities.services.proposition_reference import load_urban_tasks
from cities.services.reference import load_reference
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.registry import Reading, programme_starters
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix_propositions import make_proposition, make_support, make_task

pytestmark = pytest.mark.django_db

LIST_QUERIES = 3
RECORD_QUERIES = 3
LATER = today() + timedelta(days=200)


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def texts(**more: object) -> dict[str, object]:
    values = {"title": " Eén loket ", "text": "Waarom", "ask": "", "region": "", "task": make_task()}
    return {**values, "starts_on": today(), "ends_on": None, "review_on": LATER, **more}


def form(**more: object) -> dict[str, object]:
    values = {"title": "Eén loket", "text": "Waarom", "task": "mobility", "review_on": LATER.isoformat()}
    return {**values, "version": 1, **more}


def address(proposition: Proposition, part: str = "") -> str:
    return f"/proposities/{proposition.public_id}/{part}"


@pytest.mark.parametrize("role", ["member", "team", "partner"])
def test_who_puts_something_on_the_agenda(role: str) -> None:
    person = Cast().person(role)
    draft = services.create_proposition(actor=person.user, organisation=person.own, texts=texts())
    assert (draft.title, draft.state, draft.created_by) == ("Eén loket", "draft", person.user)
    shared = services.share_proposition(actor=person.user, proposition=draft)
    assert (shared.state, shared.shared_at is not None) == ("open", True)
    with pytest.raises(NotAllowed):
        services.create_proposition(actor=person.user, organisation=person.cast.other, texts=texts())


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "ministry", "desk", "publisher", "steering"])
def test_others_write_none(role: str) -> None:
    person = Cast().person(role)
    where = person.own or person.cast.other
    with pytest.raises(NotAllowed):
        services.create_proposition(actor=person.user, organisation=where, texts=texts())
    shared = make_proposition(person.cast.other, "open")
    with pytest.raises(NotAllowed):
        services.change_proposition(actor=person.user, proposition=shared, version=1, texts=texts())
    with pytest.raises(NotAllowed):
        services.move_proposition(actor=person.user, proposition=shared, step="close", reason="x")


def test_what_is_shared_everybody_sees_and_a_draft_nobody_else() -> None:
    cast = Cast()
    draft, shared = make_proposition(cast.other), make_proposition(cast.other, "open")
    gone = make_proposition(cast.other, "withdrawn")
    for role in ("visitor", "team", "ministry", "partner", "coordinator"):
        seen = set(Proposition.objects.visible_to(cast.person(role).user))
        assert seen == {shared}, role
    assert {draft, gone} & set(Proposition.objects.visible_to(None)) == set()


def test_a_draft_that_is_not_finished_stays_a_draft(person: Person) -> None:
    draft = make_proposition(person.own, text="", task=None, review_on=None)
    with pytest.raises(TransitionRefused) as refused:
        services.share_proposition(actor=person.user, proposition=draft)
    for words in ("waar het over gaat", "welke stedelijke opgave", "opnieuw bekeken"):
        assert words in str(refused.value)
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize("way", ["self", "policy", "programme"])
def test_three_ways_on(person: Person, way: str) -> None:
    proposition = make_proposition(person.own, "open")
    with pytest.raises(TransitionRefused):
        services.move_proposition(actor=person.user, proposition=proposition, step=way, reason="")
    proposition.refresh_from_db()
    assert (proposition.state, proposition.way) == ("open", "")
    moved = services.move_proposition(actor=person.user, proposition=proposition, step=way, reason="Besproken")
    moved.refresh_from_db()
    assert (moved.state, moved.way, moved.way_note) == ("on-its-way", way, "Besproken")
    back = services.move_proposition(actor=person.user, proposition=moved, step="reopen", reason="Toch niet")
    back.refresh_from_db()
    assert (back.state, back.way, back.way_note) == ("open", "", "")


def test_an_app_begins_the_programme_in_the_same_transaction(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme_starters, "_functions", {})
    programme_starters.register(lambda _actor, found: Reading(f"Programma {found.title}", "/programmas/x/"))
    proposition = make_proposition(person.own, "open")
    services.move_proposition(actor=person.user, proposition=proposition, step="programme", reason="Ja")
    proposition.refresh_from_db()
    assert (proposition.result_label, proposition.result_url) == (
        "Programma Eén loket voor warmtenetten",
        "/programmas/x/",
    )


def test_it_is_closed_with_what_came_of_it(person: Person) -> None:
    proposition = make_proposition(person.own, "on-its-way")
    services.move_proposition(actor=person.user, proposition=proposition, step="close", reason="Eén loket bij RVO")
    proposition.refresh_from_db()
    assert (proposition.state, proposition.result_label) == ("closed", "Eén loket bij RVO")
    with pytest.raises(LookupError):
        services.move_proposition(actor=person.user, proposition=proposition, step="onzin", reason="x")


def test_the_agenda_rolls_on(person: Person) -> None:
    proposition = make_proposition(person.own, "open", review_on=today())
    (item,) = registrations.propositions_to_do(person.user)
    assert (item.url, item.due) == (address(proposition, "blijft/"), today())
    with pytest.raises(ValidationError):
        services.review_proposition(
            actor=person.user, proposition=proposition, review_on=today(), ends_on=None, reason="x"
        )
    kept = services.review_proposition(
        actor=person.user, proposition=proposition, review_on=LATER, ends_on=LATER, reason="Loopt nog"
    )
    assert (kept.review_on, kept.version) == (LATER, 2)
    assert list(registrations.propositions_to_do(person.user)) == []
    draft = make_proposition(person.own)
    with pytest.raises(NotAllowed):
        services.review_proposition(
            actor=person.user, proposition=draft, review_on=LATER, ends_on=None, reason="x"
        )


def test_a_colleague_who_was_first_is_not_overwritten(person: Person) -> None:
    draft = make_proposition(person.own)
    services.change_proposition(actor=person.user, proposition=draft, version=1, texts=texts(text="Collega"))
    with pytest.raises(EditConflict):
        services.change_proposition(actor=person.user, proposition=draft, version=1, texts=texts(text="Ik"))
    early = today() - timedelta(days=9)
    with pytest.raises(ValidationError):
        services.change_proposition(actor=person.user, proposition=draft, version=2, texts=texts(ends_on=early))


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner"])
def test_who_joins_says_what_it_brings_and_may_leave(role: str) -> None:
    cast = Cast()
    person = cast.person(role)
    proposition = make_proposition(cast.other, "open")
    for brings in ("Een jurist", "Twee juristen"):
        support = services.support_proposition(
            actor=person.user, proposition=proposition, organisation=person.own, brings=brings, why="Zelfde vraag"
        )
    assert [(s.organisation, s.brings) for s in PropositionSupport.objects.all()] == [
        (person.own, "Twee juristen")
    ]
    assert Proposition.objects.with_support().get().supporters == 1
    services.leave_proposition(actor=person.user, support=support, reason="Geen tijd")
    services.leave_proposition(actor=person.user, support=support, reason="Nog eens")
    assert PropositionSupport.objects.get().left_reason == "Geen tijd"
    assert Proposition.objects.with_support().get().supporters == 0
    assert AuditEvent.objects.filter(event="withdrawn").count() == 1


def test_who_may_not_join(person: Person) -> None:
    cast = person.cast
    shared = make_proposition(cast.other, "open")
    join = {"brings": "x", "why": "y"}
    for role in ("visitor", "advisor", "publisher", "steering", "coordinator"):
        other = cast.person(role)
        with pytest.raises(NotAllowed):
            services.support_proposition(
                actor=other.user, proposition=shared, organisation=other.own or cast.advised, **join
            )
    for mine in (make_proposition(person.own, "open"), make_proposition(cast.other, "closed")):
        with pytest.raises(NotAllowed):
            services.support_proposition(actor=person.user, proposition=mine, organisation=person.own, **join)
    with pytest.raises(NotAllowed):
        services.leave_proposition(actor=person.user, support=make_support(shared, cast.advised), reason="x")


def test_from_the_form_to_the_agenda(team: Client, person: Person) -> None:
    make_task()
    assert "Nog niets op de agenda" in team.get("/proposities/").content.decode()
    saved = team.post("/proposities/nieuw/", form(organisation=person.own.pk, text="", draft="yes"))
    draft = Proposition.objects.get()
    assert saved.url == address(draft, "bewerken/")
    answer = team.post(address(draft, "bewaren/"), form(text="Half"))
    assert answer.json()["version"] == 2
    assert team.post(address(draft, "bewaren/"), form(text="Te laat")).status_code == 409
    refused = team.post(address(draft, "bewerken/"), form(version=2, text="", open="yes"), follow=True)
    assert "Beschrijf eerst waar het over gaat" in refused.content.decode()
    team.post(address(draft, "bewerken/"), form(version=3, open="yes"))
    draft.refresh_from_db()
    assert draft.state == "open"
    assert Client().get(address(draft)).status_code == 200


def test_both_texts_stand_side_by_side(team: Client, person: Person) -> None:
    proposition = make_proposition(person.own, "open")
    team.post(address(proposition, "bewerken/"), form(text="Van de collega"))
    response = team.post(address(proposition, "bewerken/"), form(text="Van mij"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Van de collega" in text
    assert "Van mij" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 161), ("task", "weg"), ("review_on", "morgen"), ("ends_on", "2001-01-01")],
)
def test_bad_input_is_named_and_kept(team: Client, person: Person, field: str, value: str) -> None:
    draft = make_proposition(person.own)
    values = form(starts_on="2026-01-01", ask="Blijft staan", **{field: value})
    response = team.post(address(draft, "bewerken/"), values)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Blijft staan" in response.content.decode()
    draft.refresh_from_db()
    assert draft.ask == ""


def test_steps_from_the_page(team: Client, person: Person) -> None:
    proposition = make_proposition(person.own, "open")
    other = make_proposition(person.cast.other, "open")
    join = {"organisation": person.own.pk, "brings": "Een jurist", "why": "Zelfde vraag"}
    team.post(address(other, "steunen/"), join)
    text = team.get(address(other)).content.decode()
    assert "Een jurist" in text
    support = PropositionSupport.objects.get()
    assert team.post(address(other, f"steun/{support.pk}/weg/"), {"reason": ""}).status_code == 422
    team.post(address(other, f"steun/{support.pk}/weg/"), {"reason": "Geen tijd"})
    assert "Geen tijd" in team.get(address(other)).content.decode()
    team.post(address(proposition, "policy/"), {"reason": "Woonakkoord"})
    text, public = (one.get(address(proposition)).content.decode() for one in (team, Client()))
    assert "Woonakkoord" in text
    assert "Woonakkoord" in public
    assert [str(person.user) in page.partition("<main")[2] for page in (text, public)] == [True, False]
    assert team.post(address(proposition, "blijft/"), {}).status_code == 404
    team.post(address(proposition, "withdraw/"), {"reason": "Dubbel"})
    assert Client().get(address(proposition)).status_code == 404
    draft = make_proposition(person.own)
    team.post(address(draft, "weggooien/"))
    assert not Proposition.objects.filter(pk=draft.pk).exists()
    for part in ("bewerken/", "self/", "blijft/", "weggooien/"):
        assert team.get(address(other, part)).status_code == 403, part
    hidden = make_proposition(person.cast.other)
    for part in ("", "bewerken/", "steunen/", "self/"):
        assert team.get(address(hidden, part)).status_code == 404, part


def test_filters_hold_in_the_address(client: Client) -> None:
    city = make_city(name="Gemeente Delft")
    found = make_proposition(city, "on-its-way", title="Hubs aan de rand", region="Haaglanden")
    make_proposition(make_city(), "open", title="Iets anders", task=make_task("amenities"))
    for query in ("q=hubs", "q=delft", "q=haaglanden", "opgave=mobility", "stand=on-its-way", "weg=self"):
        rows = client.get(f"/proposities/?{query}").context["rows"]
        assert [row["proposition"] for row in rows] == [found], query
    assert "Geen propositie past" in client.get("/proposities/?q=nergens").content.decode()


def test_news_and_the_page_of_a_municipality(person: Person) -> None:
    cast = person.cast
    shared = make_proposition(cast.other, "open", shared_at=timezone.now())
    make_proposition(cast.other)
    (item,) = registrations.new_propositions(None, timezone.now() - timedelta(days=1))
    assert item.url == shared.get_absolute_url()
    make_support(shared, person.own)
    for organisation, is_own in ((cast.other, True), (person.own, False)):
        (section,) = registrations.propositions_of(None, organisation.municipality)
        assert [(row["title"], row["is_own"]) for row in section.context["rows"]] == [(shared.title, is_own)]
    assert list(registrations.propositions_of(None, cast.advised.municipality)) == []


def test_reference_and_demonstration_come_once() -> None:
    load_reference()
    assert load_urban_tasks() == ["urban tasks added 9"]
    assert load_urban_tasks() == ["urban tasks added 0"]
    (line,) = load_demo("small", 1)
    assert line.startswith("demo: propositions 14,")
    assert not Proposition.objects.filter(is_illustrative=False).exists()
    assert load_demo("small", 1) == ["demo: propositions are there already"]
    (line,) = load_demo("national", 1)
    assert line.startswith("demo: propositions 586,")
    assert load_demo("national", 1) == ["demo: propositions are there already"]


def test_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = make_proposition(make_city(), "open")
    for _round in range(2):
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/proposities/")
        with django_assert_num_queries(RECORD_QUERIES):
            client.get(address(first))
        for _more in range(2):
            make_support(first, make_city())
            make_proposition(make_city(), "open")
