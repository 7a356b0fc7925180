"""Programmes: begun, moved along the life cycle on its conditions, stopped, tried again; who may."""

import pytest
from django.core.exceptions import ValidationError

from activities.models import Lesson, Milestone, Programme, ProgrammePartner, ProgrammeReflection
from activities.services.programmes import editing, moving, outcomes, partners, reviews, starting, work
from activities.services.programmes.reference import load_reference
from activities.workflow.programme import CHECKS, ONWARD
from cities.models import Proposition
from cities.services import propositions
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_organisation
from tests.activities.programmes import (
    make_covenant,
    make_partner,
    make_programme,
    make_theme,
    next_month,
    programme_in,
)
from tests.cities.matrix_propositions import make_proposition, make_support

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Person:
    return Cast().person("team")


def move(person: Person, programme: Programme, step: str, reason: str = "", **more: object) -> Programme:
    return moving.move_programme(actor=person.user, programme=programme, step=step, reason=reason, **more)


def refused(person: Person, programme: Programme, step: str) -> str:
    with pytest.raises(TransitionRefused) as error:
        move(person, programme, step)
    programme.refresh_from_db()
    return str(error.value)


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "desk"])
def test_who_leads_begins_and_changes_a_programme(role: str) -> None:
    person = Cast().person(role)
    values = {"title": " Warmte ", "challenge": "Kades", "domains": "wonen, energie", "sharing": "draft"}
    programme = editing.begin_programme(actor=person.user, organisation=person.own, values=values)
    assert (programme.title, programme.phase, programme.sharing) == ("Warmte", "inventory", "draft")
    (partner,) = programme.partners.all()
    assert (partner.organisation, partner.answer) == (person.own, "yes")
    changed = editing.change_programme(
        actor=person.user, programme=programme, version=1, values={"title": "Warmte in steden"}
    )
    assert (changed.title, changed.version) == ("Warmte in steden", 2)
    with pytest.raises(EditConflict):
        editing.change_programme(actor=person.user, programme=programme, version=1, values={"title": "Anders"})
    with pytest.raises(ValidationError):
        editing.change_programme(actor=person.user, programme=programme, version=2, values={"title": " "})
    with pytest.raises(NotAllowed):
        editing.begin_programme(actor=person.user, organisation=person.cast.other, values=values)
    assert AuditEvent.objects.filter(object_type="activities.programme").count() == 2


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "publisher", "steering"])
def test_others_change_nothing(role: str) -> None:
    person = Cast().person(role)
    where = person.own or person.cast.other
    with pytest.raises(NotAllowed):
        editing.begin_programme(actor=person.user, organisation=where, values={"title": "X"})
    programme = make_programme(person.cast.other)
    for call in (
        lambda: editing.change_programme(actor=person.user, programme=programme, version=1, values={"title": "X"}),
        lambda: move(person, programme, "explore"),
        lambda: partners.ask_partners(actor=person.user, programme=programme, organisations=[where]),
        lambda: work.keep_group(actor=person.user, programme=programme, name="X"),
        lambda: work.keep_milestone(actor=person.user, programme=programme, title="X", planned_on=today()),
        lambda: outcomes.keep_result(actor=person.user, programme=programme, values={"title": "X"}),
        lambda: outcomes.keep_closing(actor=person.user, programme=programme, values={}),
        lambda: reviews.extend(actor=person.user, programme=programme, ends_on=today(), reason="X"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_every_phase_has_its_conditions_and_the_reference_data_names_them() -> None:
    assert {step for step in CHECKS if step != "reopen"} == set(ONWARD.values())
    load_reference()
    again = load_reference()
    assert again
    assert all("added 0" in line for line in again)


def test_leaving_the_inventory_asks_for_a_challenge_that_crosses_domains(lead: Person) -> None:
    programme = make_programme(lead.own, challenge="", domains="wonen", raised_by=None)
    text = refused(lead, programme, "explore")
    for words in ("opgave", "twee beleidsterreinen", "gemeente of welk ministerie"):
        assert words in text
    company = make_organisation()
    values = {"title": "W", "challenge": "Kades", "domains": "wonen; energie", "raised_by": company}
    programme = editing.change_programme(actor=lead.user, programme=programme, version=1, values=values)
    assert "ministerie" in refused(lead, programme, "explore")
    values["raised_by"] = lead.own
    programme = editing.change_programme(actor=lead.user, programme=programme, version=2, values=values)
    assert move(lead, programme, "explore").phase == "exploration"


def test_leaving_the_exploration_asks_for_enough_partners_with_time(lead: Person) -> None:
    programme = make_programme(lead.own, "exploration", enough=3)
    make_partner(programme, make_organisation())
    make_partner(programme, make_organisation(), hours=None, euros=5000)
    make_partner(programme, make_organisation(), answer="no", why="Geen mensen")
    assert "2 van 3 partners" in refused(lead, programme, "prepare")
    late = make_partner(programme, make_organisation(), answer="asked", why="")
    partners.answer(actor=lead.user, partner=late, answer="yes", why="Toch", hours=40)
    assert move(lead, programme, "prepare").phase == "preparation"


def test_signing_asks_for_a_whole_covenant(lead: Person) -> None:
    programme = make_programme(lead.own, "preparation")
    text = refused(lead, programme, "sign")
    for words in ("twee partners", "doel", "afgesproken", "wanneer tot wanneer", "mijlpaal"):
        assert words in text
    bare = make_partner(programme, make_organisation(name="Nutsbedrijf"), hours=None)
    covenant = make_covenant(programme)
    assert "Nutsbedrijf" in refused(lead, programme, "sign")
    partners.answer(actor=lead.user, partner=bare, answer="yes", why="", euros=10_000)
    moved = move(lead, programme, "sign")
    covenant.refresh_from_db()
    assert (moved.phase, len(covenant.digest)) == ("signing", 64)
    assert [one["name"] for one in covenant.fixed["partners"]] == sorted(["Nutsbedrijf", lead.own.name])
    milestone = Milestone.objects.get()
    assert milestone.first_planned_on == milestone.planned_on


def test_the_execution_asks_for_signatures_and_the_staatscourant(lead: Person) -> None:
    programme = programme_in("signing", lead.own)
    text = refused(lead, programme, "execute")
    assert "twee handtekeningen" in text
    assert "Staatscourant" in text
    running = programme_in("execution", lead.own)
    Programme.objects.filter(pk=running.pk).update(phase="signing", starts_on=None, ends_on=None)
    moved = move(lead, running, "execute")
    assert (moved.phase, moved.starts_on) == ("execution", running.covenant.starts_on)


def test_scaling_up_asks_for_groups_followed_milestones_reflection_and_results(lead: Person) -> None:
    programme = programme_in("execution", lead.own)
    late = Milestone.objects.create(programme=programme, title="Proefstraat", planned_on="2024-05-01")
    ProgrammeReflection.objects.create(programme=programme, year=2025, half=1, due_on="2025-08-11")
    text = refused(lead, programme, "scale")
    for words in ("werkgroep", "Proefstraat", "terugblik", "resultaat"):
        assert words in text
    group = work.keep_group(actor=lead.user, programme=programme, name="Ondergrond")
    seat = work.seat(actor=lead.user, group=group, partner=programme.partners.first())
    before = AuditEvent.objects.count()
    assert work.seat(actor=lead.user, group=group, partner=programme.partners.first()) == seat
    assert AuditEvent.objects.count() == before, "the same seat twice is one"
    ended = work.end_group(
        actor=lead.user, group=work.keep_group(actor=lead.user, programme=programme, name="Bovengrond")
    )
    with pytest.raises(TransitionRefused):
        work.seat(actor=lead.user, group=ended, partner=programme.partners.first())
    with pytest.raises(NotAllowed):
        work.keep_group(actor=lead.user, programme=make_programme(lead.own), name="X", group=group)
    work.reach_milestone(actor=lead.user, milestone=late, done_on=today(), note="Wel later")
    ProgrammeReflection.objects.update(submitted_at="2025-08-01T10:00Z")
    outcomes.keep_result(actor=lead.user, programme=programme, values={"kind": "law", "title": "Regel"})
    assert move(lead, programme, "scale").phase == "scaling"


def test_closing_asks_for_results_lessons_and_hand_over(lead: Person) -> None:
    programme = programme_in("scaling", lead.own)
    outcomes.keep_result(actor=lead.user, programme=programme, values={"kind": "money", "title": "Fonds"})
    text = refused(lead, programme, "close")
    for words in ("opschalingsthema", "Fonds", "wat werkte", "overgedragen"):
        assert words in text
    values = {"task": "Overal", "forms": "Kopgroep", "finance": "Fonds", "alliances": "VNG", "owner": lead.own}
    outcomes.keep_scaling(actor=lead.user, programme=programme, theme=make_theme(), values={"task": "Overal"})
    assert "Groene leefomgeving" in refused(lead, programme, "close")
    with pytest.raises(ValidationError):
        outcomes.keep_scaling(
            actor=lead.user, programme=programme, theme=make_theme(), values={**values, "owner_missing": True}
        )
    outcomes.keep_scaling(actor=lead.user, programme=programme, theme=make_theme(), values=values)
    for result in programme.results.all():
        outcomes.keep_result(
            actor=lead.user,
            programme=programme,
            result=result,
            values={"title": result.title, "anchored_in": "Begroting"},
        )
    closing = {"what_worked": "Eén tafel", "what_failed": "", "handed_to": "VNG", "hand_over": "Elk kwartaal"}
    outcomes.keep_closing(actor=lead.user, programme=programme, values=closing)
    assert move(lead, programme, "close").phase == "closed"
    lesson = Lesson.objects.get()
    assert (lesson.organisation, lesson.what_worked, lesson.state) == (lead.own, "Eén tafel", "draft")
    with pytest.raises(TransitionRefused):
        work.keep_group(actor=lead.user, programme=programme, name="Na afloop")


def test_stopping_asks_for_a_reason_and_it_may_be_tried_again(lead: Person) -> None:
    programme = make_programme(lead.own, "exploration")
    with pytest.raises(TransitionRefused):
        move(lead, programme, "stop", " ")
    with pytest.raises(ValidationError):
        move(lead, programme, "stop", "Geen urgentie", retry_on=today())
    stopped = move(lead, programme, "stop", "Geen urgentie", retry_on=next_month())
    assert (stopped.phase, stopped.retry_on) == ("stopped", next_month())
    again = move(lead, stopped, "retry", "Nu wel")
    assert (again.phase, again.retry_on) == ("exploration", None)


def test_a_covenant_opens_again_until_somebody_signed(lead: Person) -> None:
    programme = programme_in("preparation", lead.own)
    make_covenant(programme)
    move(lead, programme, "sign")
    assert move(lead, programme, "reopen", "Eén partner wil meer uren").phase == "preparation"
    programme.covenant.refresh_from_db()
    assert (programme.covenant.digest, Milestone.objects.get().first_planned_on) == ("", None)
    signed = programme_in("execution", lead.own)
    Programme.objects.filter(pk=signed.pk).update(phase="signing")
    with pytest.raises(TransitionRefused, match="getekend"):
        move(lead, signed, "reopen", "Spijt")


def test_what_nobody_else_saw_can_be_thrown_away(lead: Person) -> None:
    editing.discard_programme(actor=lead.user, programme=make_programme(lead.own, sharing="draft"))
    asked = make_programme(lead.own, sharing="draft")
    make_partner(asked, make_organisation(), answer="asked")
    for programme in (asked, make_programme(lead.own), make_programme(lead.own, "exploration", sharing="draft")):
        with pytest.raises(NotAllowed):
            editing.discard_programme(actor=lead.user, programme=programme)
    assert Programme.objects.count() == 3


def test_a_proposition_grows_into_a_programme_without_loss(lead: Person) -> None:
    proposition = make_proposition(lead.own, "open", ask="Een jurist", region="Metropool")
    ministry, gone = lead.cast.person("ministry"), make_organisation()
    make_support(proposition, ministry.own, brings="Twee dagen", why="Past bij ons")
    make_support(proposition, gone, left_on=today(), left_reason="Toch niet")
    moved = propositions.move_proposition(
        actor=lead.user, proposition=proposition, step="programme", reason="Groot genoeg"
    )
    programme = Programme.objects.get(proposition=proposition)
    assert (moved.result_label, moved.result_url) == (proposition.title, programme.get_absolute_url())
    assert (programme.task, programme.region, programme.raised_by) == (proposition.task, "Metropool", lead.own)
    assert proposition.text in programme.challenge
    assert "Een jurist" in programme.challenge
    assert (programme.phase, programme.sharing, programme.organisation) == ("inventory", "published", lead.own)
    kept = ProgrammePartner.objects.get(programme=programme, organisation=ministry.own)
    assert (kept.answer, kept.brings, kept.why, kept.hours) == ("yes", "Twee dagen", "Past bij ons", None)
    assert not programme.partners.filter(organisation=gone).exists()
    back = propositions.move_proposition(actor=lead.user, proposition=moved, step="reopen", reason="Toch niet")
    again = propositions.move_proposition(actor=lead.user, proposition=back, step="programme", reason="Toch wel")
    assert again.result_url == programme.get_absolute_url()
    assert Programme.objects.count() == 1
    assert starting.begin_from_proposition(lead.user, Proposition.objects.get()).url == again.result_url
