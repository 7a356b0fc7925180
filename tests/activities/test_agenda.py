"""Writing activities: who may, what must hold, and when they meet."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from activities.models import Activity, Agreement, Outcome, ReflectionCapacity
from activities.services import agenda, agreements, outcomes, reflection, sessions
from activities.services.agenda import ActivityValues
from activities.services.sessions import Repeat, problems, repeated, session_time
from cities.models import TransitionStep
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix_activity import make_activity, take_part
from tests.cities.matrix import make_theme

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def step() -> TransitionStep:
    texts = {"label_nl": "Samen", "label_en": "Together", "meaning_nl": "x", "meaning_en": "x"}
    return TransitionStep.objects.get_or_create(code="build-mandate", defaults=texts)[0]


def values(**more: object) -> ActivityValues:
    return ActivityValues(**{"title": "Netcongestie", "summary": "Wat kan er wel?", "place": "Utrecht", **more})  # type: ignore[arg-type]


def in_weeks(weeks: int, *, at: int = 10, hours: int = 2) -> sessions.SessionTime:
    return session_time(today() + timedelta(weeks=weeks), time(at), time(at + hours), HERE)


def make(person: Person, kind: str = "thematic", **more: object) -> Activity:
    return agenda.create_activity(
        actor=person.user,
        organisation=person.own,
        kind=kind,
        values=values(**{"steps": (step(),), **more}),
        times=(in_weeks(3),),
    )


def test_from_a_draft_to_what_is_rounded_off(team: Person) -> None:
    activity = make(team)
    assert (activity.state, activity.version, activity.created_by) == ("draft", 1, team.user)
    agenda.move_activity(actor=team.user, activity=activity, step="plan")
    published = agenda.move_activity(actor=team.user, activity=activity, step="publish")
    assert published.state == "published"
    assert published.published_at is not None
    with pytest.raises(TransitionRefused, match="nog niet begonnen"):
        agenda.move_activity(actor=team.user, activity=activity, step="hold")
    Activity.objects.filter(pk=activity.pk).update(starts_at=timezone.now() - timedelta(days=1))
    agenda.move_activity(actor=team.user, activity=activity, step="hold")
    assert agenda.move_activity(actor=team.user, activity=activity, step="close").state == "closed"
    with pytest.raises(NotAllowed):
        agenda.change_activity(actor=team.user, activity=activity, version=9, values=values())


def test_others_neither_see_a_draft_nor_change_what_they_see(team: Person, cast: Cast) -> None:
    activity = make(team)
    other = cast.person("team").user
    assert not Activity.objects.visible_to(other).exists()
    agenda.move_activity(actor=team.user, activity=activity, step="publish")
    assert Activity.objects.visible_to(other).get() == activity
    for do in (
        lambda: agenda.change_activity(actor=other, activity=activity, version=2, values=values()),
        lambda: agenda.change_sessions(actor=other, activity=activity, version=2, times=()),
        lambda: agenda.move_activity(actor=other, activity=activity, step="cancel", reason="x"),
        lambda: agenda.discard_activity_draft(actor=other, activity=activity),
        lambda: agenda.create_activity(actor=other, organisation=team.own, kind="event", values=values()),
        lambda: outcomes.write_outcome(
            actor=other, activity=activity, version=0, possible="", who_is_up="", scaling_up=""
        ),
    ):
        with pytest.raises(NotAllowed):
            do()


def test_a_coordinator_plans_for_another_and_keeps_sight_of_it(cast: Cast) -> None:
    coordinator, company = cast.person("coordinator"), cast.person("partner")
    activity = agenda.create_activity(
        actor=coordinator.user, organisation=company.own, kind="training", values=values()
    )
    assert activity.state == "planned"
    assert activity in Activity.objects.visible_to(coordinator.user)
    assert activity in Activity.objects.open_to(company.user, "change")
    outsider = make_city("other")
    assert outsider not in agenda.leading_organisations(coordinator.user)
    assert cast.other in agenda.leading_organisations(coordinator.user)


def test_all_that_is_missing_is_said_at_once(team: Person) -> None:
    bare = agenda.create_activity(
        actor=team.user, organisation=team.own, kind="deep_dive", values=values(summary="", place="")
    )
    with pytest.raises(TransitionRefused) as refused:
        agenda.move_activity(actor=team.user, activity=bare, step="publish")
    for words in ("wanneer", "een of twee zinnen", "stap", "waar", "thema", "vragen", "voorbereid"):
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "lacks", "more"),
    [
        ("deep_dive", "thema", {}),
        ("reflection", "resultaat of onderdeel", {}),
        ("case_table", "besloten", {"mandate": "Een half miljoen"}),
        ("training", "na de training", {"learning_goals": "Een raming lezen"}),
        ("visit", "ontvangt", {"host": "Gemeente Delft"}),
    ],
)
def test_each_kind_asks_for_its_own(team: Person, kind: str, lacks: str, more: dict[str, object]) -> None:
    activity = make(team, kind)
    with pytest.raises(TransitionRefused, match=lacks):
        agenda.move_activity(actor=team.user, activity=activity, step="publish")
    if more:
        agenda.change_activity(
            actor=team.user, activity=activity, version=1, values=values(steps=(step(),), **more)
        )
        assert agenda.move_activity(actor=team.user, activity=activity, step="publish").state == "published"


def test_cancelling_asks_why_and_can_be_taken_back(team: Person, cast: Cast) -> None:
    activity = make_activity(team.own)
    with pytest.raises(TransitionRefused, match="reden"):
        agenda.move_activity(actor=team.user, activity=activity, step="cancel")
    someone = cast.person("team")
    take_part(activity, someone.user, someone.own)
    cancelled = agenda.move_activity(actor=team.user, activity=activity, step="cancel", reason="Spreker ziek")
    assert cancelled.cancel_reason == "Spreker ziek"
    assert cancelled in Activity.objects.visible_to(someone.user)
    again = agenda.move_activity(actor=team.user, activity=activity, step="resume", reason="Nieuwe spreker")
    assert (again.state, again.cancel_reason) == ("planned", "")


def test_two_who_edit_at_once_notice_each_other(team: Person) -> None:
    activity = make(team)
    agenda.change_activity(actor=team.user, activity=activity, version=1, values=values(title="Van de collega"))
    with pytest.raises(EditConflict):
        agenda.change_activity(actor=team.user, activity=activity, version=1, values=values(title="Van mij"))
    with pytest.raises(EditConflict):
        agenda.change_sessions(actor=team.user, activity=activity, version=1, times=(in_weeks(4),))
    activity.refresh_from_db()
    assert activity.title == "Van de collega"


def test_what_is_for_everybody_is_read_by_everybody(team: Person) -> None:
    assert make(team, audience="everybody").sharing == "published"


def test_sessions_that_overlap_are_named(team: Person) -> None:
    activity = make(team)
    first = in_weeks(3)
    day = first.starts_at.astimezone(HERE).date()
    second = session_time(day, time(11, 30), time(13), HERE)
    with pytest.raises(ValidationError, match=r"overlappen.*10\.00–12\.00.*11\.30–13\.00"):
        agenda.change_sessions(actor=team.user, activity=activity, version=1, times=(first, second))
    assert activity.sessions.count() == 1
    touching = session_time(day, time(12), time(13), HERE)
    changed = agenda.change_sessions(actor=team.user, activity=activity, version=1, times=(touching, first))
    assert (changed.starts_at, changed.ends_at) == (first.starts_at, touching.ends_at)


def test_sessions_change_places_and_keep_what_was_agreed(team: Person) -> None:
    activity = make(team)
    before = activity.sessions.get()
    Agreement.objects.create(activity=activity, session=before, text="x", owner=team.own, due_on=today())
    later = sessions.SessionTime(before.starts_at + timedelta(days=7), before.ends_at + timedelta(days=7))
    agenda.change_sessions(
        actor=team.user,
        activity=activity,
        version=1,
        times=(
            sessions.SessionTime(later.starts_at, later.ends_at, pk=before.pk),
            sessions.SessionTime(before.starts_at, before.ends_at),
        ),
    )
    assert [one.is_listed for one in activity.sessions.order_by("starts_at")] == [True, False]
    assert Agreement.objects.get().session_id == before.pk
    series = agenda.change_activity(
        actor=team.user, activity=activity, version=2, values=values(is_series=True, steps=(step(),))
    )
    assert [one.is_listed for one in series.sessions.all()] == [True, True]


def test_a_published_activity_keeps_a_session(team: Person) -> None:
    activity = make_activity(team.own)
    with pytest.raises(ValidationError, match="ten minste één"):
        agenda.change_sessions(actor=team.user, activity=activity, version=1, times=())


def test_a_series_keeps_its_local_time_over_the_summer_clock() -> None:
    found = repeated(
        day=date(2027, 3, 23), begins=time(9), ends=time(10), zone=HERE, repeat=Repeat.WEEKLY, number=2
    )
    assert [one.starts_at.astimezone(ZoneInfo("UTC")).hour for one in found] == [8, 7]
    monthly = repeated(
        day=date(2027, 1, 29), begins=time(9), ends=time(10), zone=HERE, repeat=Repeat.MONTHLY, number=3
    )
    assert [one.starts_at.day for one in monthly] == [29, 26, 26]
    with pytest.raises(ValidationError, match="zomertijd"):
        session_time(date(2027, 3, 28), time(2, 30), time(4), HERE)
    night = session_time(date(2027, 5, 1), time(23), time(1), HERE)
    assert night.ends_at - night.starts_at == timedelta(hours=2)
    assert list(problems([night], HERE)) == []


def test_an_end_before_the_beginning_is_not_taken_for_the_day_after() -> None:
    slip = session_time(date(2027, 5, 1), time(13), time(12), HERE)
    (said,) = problems([slip], HERE)
    assert "1 mei 2027 13.00–12.00: het einde ligt voor het begin" in said
    long_day = session_time(date(2027, 5, 1), time(8), time(22, 30), HERE)
    assert list(problems([long_day], HERE)) == []


def test_a_session_is_read_on_the_clock_of_the_activity(team: Person) -> None:
    activity = make(team, time_zone="Europe/Athens")
    athens = session_time(today() + timedelta(days=30), time(10), time(12), activity.zone)
    assert athens.starts_at.astimezone(HERE).hour == 9


def test_fewer_places_than_people_are_refused(team: Person, cast: Cast) -> None:
    activity = make_activity(team.own, capacity=2)
    for _one in range(2):
        person = cast.person("team")
        take_part(activity, person.user, person.own)
    with pytest.raises(ValidationError, match="2 mensen"):
        agenda.change_activity(actor=team.user, activity=activity, version=1, values=values(capacity=1))


def test_an_outcome_is_published_once_it_is_complete(team: Person) -> None:
    activity = make_activity(team.own, "held", kind="deep_dive")
    texts = {"possible": "Slim laden", "who_is_up": "", "scaling_up": "Via de regio"}
    outcomes.write_outcome(actor=team.user, activity=activity, version=0, **texts)
    with pytest.raises(TransitionRefused, match="wie aan zet is"):
        outcomes.publish_outcome(actor=team.user, activity=activity)
    with pytest.raises(EditConflict):
        outcomes.write_outcome(
            actor=team.user, activity=activity, version=0, possible="x", who_is_up="", scaling_up=""
        )
    texts["who_is_up"] = "De netbeheerder"
    outcomes.write_outcome(actor=team.user, activity=activity, version=1, **texts)
    assert outcomes.publish_outcome(actor=team.user, activity=activity).published_at
    assert Outcome.objects.get().version == 2
    with pytest.raises(NotAllowed):
        outcomes.write_outcome(actor=team.user, activity=make_activity(team.own), version=0, **texts)


def test_a_reflection_names_what_it_looks_at(team: Person, cast: Cast) -> None:
    dive = make_activity(team.own, "held", kind="deep_dive")
    hidden = make_activity(cast.other, "draft", kind="deep_dive")
    session = make_activity(team.own, kind="reflection")
    subject = reflection.SubjectValues(title="Slim laden", about=dive, finding="Werkt in twee wijken")
    chosen = reflection.choose_subjects(actor=team.user, activity=session, version=1, subjects=[subject])
    assert [(one.title, one.about) for one in chosen.subjects.all()] == [("Slim laden", dive)]
    secret = reflection.SubjectValues(title="x", about=hidden)
    with pytest.raises(NotAllowed):
        reflection.choose_subjects(actor=team.user, activity=session, version=2, subjects=[secret])
    with pytest.raises(ValidationError):
        reflection.choose_subjects(actor=team.user, activity=session, version=2, subjects=[])


def test_a_city_records_what_it_has_itself(team: Person, cast: Cast) -> None:
    session = make_activity(cast.other, kind="reflection")
    answers = {"money": "no", "people": "partly", "partners": "yes", "signing": "unknown"}
    record = {"activity": session, "organisation": team.own, **answers}
    first = reflection.record_capacity(actor=team.user, version=0, note="Twee fte", **record)
    assert (first.version, first.note) == (1, "Twee fte")
    again = reflection.record_capacity(actor=team.user, version=1, note="Eén fte", **record)
    assert again.version == 2
    with pytest.raises(EditConflict):
        reflection.record_capacity(actor=team.user, version=1, note="Drie fte", **record)
    for role in ("coordinator", "member", "advisor"):
        with pytest.raises(NotAllowed):
            reflection.record_capacity(actor=cast.person(role).user, version=0, **record)
    elsewhere = {**record, "activity": make_activity(cast.other)}
    with pytest.raises(NotAllowed):
        reflection.record_capacity(actor=team.user, version=0, **elsewhere)
    assert ReflectionCapacity.objects.count() == 1


def test_a_case_is_brought_decided_on_and_followed(team: Person, cast: Cast) -> None:
    runner = cast.person("coordinator")
    table = make_activity(cast.coordinating, kind="case_table", mandate="Een half miljoen")
    case = agreements.bring_case(
        actor=team.user, activity=table, organisation=team.own, title="Warmtenet", question="Wie borgt?"
    )
    with pytest.raises(NotAllowed):
        agreements.bring_case(actor=team.user, activity=table, organisation=cast.other, title="x", question="x")
    when = today() + timedelta(days=30)
    agreed = {"activity": table, "text": "Het Rijk staat borg", "owner": team.own, "due_on": when}
    with pytest.raises(NotAllowed):
        agreements.agree(actor=team.user, **agreed)
    decision = agreements.agree(actor=runner.user, case=case, is_decision=True, **agreed)
    with pytest.raises(NotAllowed, match="besloten"):
        agreements.take_case_back(actor=team.user, case=case)
    with pytest.raises(ValidationError):
        agreements.settle_agreement(actor=team.user, agreement=decision, state="dropped")
    done = agreements.settle_agreement(actor=team.user, agreement=decision, state="done", result="Getekend")
    assert (done.state, done.settled_on) == ("done", today())
    reopened = agreements.settle_agreement(actor=runner.user, agreement=decision, state="open")
    assert (reopened.state, reopened.settled_on) == ("open", None)
    with pytest.raises(NotAllowed):
        agreements.settle_agreement(actor=cast.person("team").user, agreement=decision, state="done")
    with pytest.raises(ValidationError):
        agreements.agree(actor=runner.user, **{**agreed, "due_on": today() - timedelta(days=1)})
    other = make_activity(cast.coordinating, kind="case_table")
    with pytest.raises(NotAllowed):
        agreements.agree(actor=runner.user, case=case, **{**agreed, "activity": other})


def test_a_theme_stays_with_the_activity(team: Person) -> None:
    theme = make_theme()
    assert make(team, theme=theme).theme == theme
