"""Reflections by the clock, midterm review, extension, tranche, restart; what programmes add elsewhere."""

import json
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from activities.models import (
    HoursEstimate,
    Milestone,
    Programme,
    ProgrammePartner,
    ProgrammeReflection,
    ProgrammeTurn,
    SigningRound,
)
from activities.registrations import programmes as registrations
from activities.registrations import programmes_carrying as carrying
from activities.reports_programme import ProgrammeReport
from activities.services.programmes import reflections, reviews
from activities.services.programmes.demo import load_demo
from activities.services.programmes.reference import load_reference
from activities.tasks.programmes import ask_for_programmes_day
from cities.services.reference import load_reference as load_cities
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.gathering import gather
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city, make_organisation
from tests.activities.programmes import make_partner, make_programme, next_month, programme_in
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db
Kind = ProgrammeTurn.Kind
SOURCES = (
    registrations.reflections_to_write,
    registrations.milestones_that_come,
    registrations.programmes_to_try_again,
)


@pytest.fixture
def lead() -> Person:
    return Cast().person("team")


def no_guard() -> None:
    """Stand in for the checkpoint of a job."""


@pytest.mark.parametrize(
    ("day", "half"),
    [(date(2026, 1, 1), (2025, 2)), (date(2026, 6, 30), (2025, 2)), (date(2026, 7, 1), (2026, 1))],
)
def test_the_half_year_that_ended(day: date, half: tuple[int, int]) -> None:
    assert reflections.last_half(day) == half


def test_the_clock_opens_reflections_filled_in_and_each_once(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    programme_in("signing")
    Milestone.objects.filter(programme=programme).delete()
    for title, planned, done in (
        ("Straten gekozen", date(2026, 2, 1), date(2026, 3, 4)),
        ("Ontwerp", date(2026, 5, 1), None),
        ("Aansluiting", date(2026, 11, 1), None),
    ):
        Milestone.objects.create(programme=programme, title=title, planned_on=planned, done_on=done)
    day = date(2026, 7, 2)
    assert reflections.open_reflections(day=day, guard=no_guard) == 1
    assert reflections.open_reflections(day=day + timedelta(days=1), guard=no_guard) == 0
    there = ProgrammeReflection.objects.get()
    assert (there.programme, there.year, there.half, there.due_on) == (programme, 2026, 1, date(2026, 8, 11))
    assert there.planned.splitlines() == ["- Straten gekozen: 1 februari 2026", "- Ontwerp: 1 mei 2026"]
    assert there.real.splitlines() == ["- Straten gekozen: gehaald op 4 maart 2026", "- Ontwerp: nog niet"]
    Programme.objects.filter(pk=programme.pk).update(starts_on=date(2026, 7, 1))
    ProgrammeReflection.objects.all().delete()
    assert reflections.open_reflections(day=day, guard=no_guard) == 0


def test_the_clock_asks_for_it_as_a_job(lead: Person) -> None:
    programme_in("execution", lead.own)
    ask_for_programmes_day()
    ask_for_programmes_day()
    jobs.run_all_here()
    assert ProgrammeReflection.objects.count() == 1


def test_a_reflection_is_written_handed_in_and_then_stays(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    there = ProgrammeReflection.objects.create(programme=programme, year=2026, half=1, due_on="2026-08-11")
    texts = {"planned": "", "real": "", "energy": "", "adjust": "Minder overleg"}
    other = lead.cast.person("team")
    with pytest.raises(NotAllowed):
        reflections.change_reflection(actor=other.user, reflection=there, version=1, values=texts)
    changed = reflections.change_reflection(actor=lead.user, reflection=there, version=1, values=texts)
    with pytest.raises(EditConflict):
        reflections.change_reflection(actor=lead.user, reflection=there, version=1, values={**texts, "real": "X"})
    with pytest.raises(TransitionRefused, match="echt gebeurde"):
        reflections.submit_reflection(actor=lead.user, reflection=changed)
    reflections.change_reflection(actor=lead.user, reflection=there, version=2, values={**texts, "real": "Later"})
    handed = reflections.submit_reflection(actor=lead.user, reflection=there)
    assert reflections.submit_reflection(actor=lead.user, reflection=handed).submitted_at == handed.submitted_at
    with pytest.raises(TransitionRefused):
        reflections.change_reflection(actor=lead.user, reflection=there, version=3, values=texts)


def test_a_midterm_review_gives_points_with_an_owner_and_a_day(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    partner = lead.cast.person("partner")
    make_partner(programme, partner.own)
    with pytest.raises(TransitionRefused):
        reviews.keep_review(actor=lead.user, programme=make_programme(lead.own), held_on=today())
    review = reviews.keep_review(actor=lead.user, programme=programme, held_on=today(), assessment=" Goed ")
    with pytest.raises(ValidationError):
        reviews.add_point(actor=lead.user, review=review, what="X", owner=make_organisation(), due_on=next_month())
    point = reviews.add_point(
        actor=lead.user, review=review, what="Eén bladzijde", owner=partner.own, due_on=today()
    )
    with pytest.raises(NotAllowed):
        reviews.finish_point(actor=lead.cast.person("team").user, point=point, result="Klaar")
    with pytest.raises(ValidationError):
        reviews.finish_point(actor=partner.user, point=point, result=" ")
    (item,) = registrations.points_to_act_on(partner.user)
    assert (item.title, item.due) == ("Eén bladzijde", today())
    done = reviews.finish_point(actor=partner.user, point=point, result="Staat op de site")
    assert done.done_on == today()
    assert list(registrations.points_to_act_on(partner.user)) == []
    with pytest.raises(TransitionRefused):
        reviews.finish_point(actor=lead.user, point=point, result="Nog eens")


def test_a_programme_is_extended_with_the_reason(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    agreed = programme.ends_on
    for ends_on, reason in ((agreed, "Meer tijd"), (agreed + timedelta(days=90), " ")):
        with pytest.raises(ValidationError):
            reviews.extend(actor=lead.user, programme=programme, ends_on=ends_on, reason=reason)
    turn = reviews.extend(
        actor=lead.user, programme=programme, ends_on=agreed + timedelta(days=90), reason="Vergunningen"
    )
    programme.refresh_from_db()
    assert (turn.ended_on, programme.ends_on) == (agreed, agreed + timedelta(days=90))
    with pytest.raises(TransitionRefused):
        reviews.extend(
            actor=lead.user, programme=make_programme(lead.own), ends_on=next_month(), reason="Te vroeg"
        )


@pytest.mark.parametrize(
    ("kind", "source", "phase"),
    [(Kind.TRANCHE, "execution", "preparation"), (Kind.RESTART, "closed", "exploration")],
)
def test_a_next_tranche_and_a_restart_are_linked_and_ask_the_partners_anew(
    lead: Person, kind: ProgrammeTurn.Kind, source: str, phase: str
) -> None:
    programme = programme_in(source, lead.own)
    gone = programme.partners.last()
    ProgrammePartner.objects.filter(pk=gone.pk).update(left_on=today(), left_reason="Weg")
    with pytest.raises(ValidationError):
        reviews.go_on_in_another(actor=lead.user, programme=programme, kind=kind, title="Deel twee", reason="")
    following = reviews.go_on_in_another(
        actor=lead.user, programme=programme, kind=kind, title="Deel twee", reason="Het werkt"
    )
    assert (following.previous, following.tranche, following.phase) == (programme, 2, phase)
    assert (following.challenge, following.domains) == (programme.challenge, programme.domains)
    answers = dict(following.partners.values_list("organisation", "answer"))
    assert answers.pop(lead.own.pk) == "yes"
    assert set(answers.values()) == {"asked"}
    assert gone.organisation_id not in answers
    with pytest.raises(TransitionRefused):
        reviews.go_on_in_another(
            actor=lead.user, programme=make_programme(lead.own), kind=kind, title="X", reason="Y"
        )


def test_my_work_asks_partners_to_answer_to_sign_and_for_hours(lead: Person) -> None:
    cast = lead.cast
    ministry, signatory = cast.person("ministry"), cast.person("signatory")
    running = programme_in("execution", lead.own)
    make_partner(running, ministry.own, joined_on=date(2024, 3, 1))
    make_partner(running, signatory.own)
    make_partner(make_programme(lead.own), ministry.own, answer="asked", why="")
    SigningRound.objects.create(covenant=running.covenant, number=2, held_on=today())
    hours, ask = registrations.asked_of_partners(ministry.user)
    assert "Hoeveel uur" in hours.title
    assert (hours.minutes, hours.due) == (1, date(today().year, 4, 1))
    assert ask.action_label == "Zeg ja of nee"
    (sign,) = registrations.asked_of_partners(signatory.user)
    assert "Teken het convenant" in sign.title
    HoursEstimate.objects.create(
        partner=running.partners.get(organisation=ministry.own), year=today().year - 1, hours=10
    )
    assert len(list(registrations.asked_of_partners(ministry.user))) == 1
    assert list(registrations.asked_of_partners(cast.person("desk").user)) == []


def test_my_work_asks_who_leads_in_one_query(lead: Person, django_assert_num_queries: object) -> None:
    programme = programme_in("execution", lead.own)
    ProgrammeReflection.objects.create(programme=programme, year=2026, half=1, due_on=date(2026, 8, 11))
    Milestone.objects.create(programme=programme, title="Straat", planned_on=today())
    make_programme(lead.own, "stopped", title="Koelte", retry_on=today())
    user = lead.user
    assert user.standing
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = gather(source(user) for source in SOURCES)
    assert [one.title for one in found] == [
        "Kijk terug op een half jaar 'Warmte in oude binnensteden'",
        "Straat",
        "Is de tijd rijp voor 'Koelte'?",
    ]
    assert found[0].url.endswith(f"{programme.public_id}/terugblik/2026-1/")


def test_news_and_sections_show_what_one_may_see(lead: Person) -> None:
    since = timezone.now() - timedelta(days=2)
    running = programme_in("execution", lead.own, phase_since=today())
    make_programme(lead.own, "exploration", title="Geheim", sharing="draft", phase_since=today())
    bottleneck = make_bottleneck(lead.own, "published")
    running.bottlenecks.add(bottleneck)
    visitor = lead.cast.person("visitor").user
    assert [one.text for one in registrations.phases_that_changed(visitor, since)] == [
        "begon met de uitvoering van 'Warmte in oude binnensteden'"
    ]
    (section,) = registrations.programmes_of(visitor, lead.own.municipality)
    assert [row["title"] for row in section.context["rows"]] == [running.title]
    (section,) = registrations.programmes_of(lead.user, lead.own.municipality)
    assert len(section.context["rows"]) == 2
    assert registrations.programmes_about(visitor, bottleneck).context["rows"][0]["phase"] == "uitvoering"
    assert list(registrations.programmes_of(visitor, make_city().municipality)) == []


def test_places_go_along_with_a_merger_where_the_successor_has_none(lead: Person) -> None:
    both, one = make_programme(lead.cast.other), make_programme(lead.cast.other)
    successor = make_city()
    for programme in (both, one):
        make_partner(programme, lead.own)
    make_partner(both, successor)
    handover = carrying.Handover(old=lead.own, new=successor, on=today(), actor=None)
    assert carrying._partners(handover) == 1
    assert one.partners.filter(organisation=successor).exists()
    assert both.partners.filter(organisation=lead.own).exists()


def test_bottlenecks_that_merge_take_their_programmes_along_and_back(lead: Person) -> None:
    source, target = make_bottleneck(lead.own, "published"), make_bottleneck(lead.own, "published")
    one, both = make_programme(lead.own), make_programme(lead.own)
    one.bottlenecks.add(source)
    both.bottlenecks.set([source, target])
    links = carrying.ProgrammeLinks()
    moved = links.move(source=source, target=target)
    assert (moved, list(one.bottlenecks.all())) == ([one.pk], [target])
    links.move_back(source=source, target=target, moved=moved)
    assert list(one.bottlenecks.all()) == [source]
    assert both.bottlenecks.count() == 2


def test_the_demo_shows_each_state_and_comes_once() -> None:
    load_cities()
    load_reference()
    for _organisation in range(4):
        make_organisation()
    assert load_demo("small", 1) == ["demo: programmes 5"]
    assert set(Programme.objects.values_list("phase", flat=True)) == {
        "execution",
        "scaling",
        "preparation",
        "exploration",
        "stopped",
    }
    assert not Programme.objects.filter(is_illustrative=False).exists()
    assert load_demo("small", 1) == ["demo: programmes are there already"]
    assert Programme.objects.count() == 5


@pytest.fixture
def reported(lead: Person) -> Programme:
    programme = programme_in("closed", lead.own)
    make_partner(programme, make_organisation(name="Zegt nee BV"), answer="no", why="Geheime reden")
    ProgrammeReflection.objects.create(
        programme=programme, year=2026, half=1, due_on="2026-08-11", real="Alles liep", submitted_at=timezone.now()
    )
    return programme


@pytest.mark.parametrize("kind", ["json", "xlsx", "html"])
def test_the_report_says_what_was_agreed_done_and_reached(reported: Programme, kind: str, tmp_path: Path) -> None:
    output = tmp_path / f"programma.{kind}"
    options = {"format": kind, "output": output}
    call_command("report", "programme", reported.public_id, stdout=StringIO(), **options)
    if kind == "json":
        data = json.loads(output.read_text())
        assert "Tien straten aardgasvrij" in output.read_text()
        assert "Geheime reden" not in output.read_text()
        assert data
    elif kind == "xlsx":
        book = load_workbook(BytesIO(output.read_bytes()))
        assert len(book.sheetnames) >= 3
    else:
        assert "Groene leefomgeving" in output.read_text()


def test_who_does_not_take_part_gets_no_report_of_what_partners_share(reported: Programme, lead: Person) -> None:
    outsider = lead.cast.person("team")
    inside = ProgrammeReport().collect(reported, lead.cast.person("steering").user)
    outside = ProgrammeReport().collect(reported, outsider.user)
    assert inside.data["reflections"]
    assert outside.data["reflections"] == []
