"""Assessments held, answered by link, closed once, and followed; who may, and what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from governance.models import (
    AnswerSheet,
    Assessment,
    AssessmentPoint,
    Instrument,
    Participant,
    ResultSharing,
    User,
)
from governance.registrations import assessments as registrations
from governance.selectors_assessments import together
from governance.services.assessments import answering, day, following, holding
from governance.services.assessments.demo import load_demo
from governance.services.assessments.links import LinkInvalid, current_token, new_nonce, sheet_key
from governance.services.assessments.reference import load_instruments
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent, MailboxMessage, OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_user
from tests.governance.making_assessments import answer, answered, ask, make_assessment

pytestmark = pytest.mark.django_db
LATER = today() + timedelta(days=7)


@pytest.fixture
def coordinator() -> Person:
    return Cast().person("coordinator")


def test_the_instruments_are_those_of_the_source() -> None:
    first, second = load_instruments(), load_instruments()
    assert (first[0], len(second)) == ("instruments of assessment: 2, of which new 2", 1)
    numbers = {
        one.code: [len(asked.statements) for asked in holding.asked_by(one)] for one in Instrument.objects.all()
    }
    assert numbers == {"programme": [2, 1, 1, 2, 3, 1, 1, 3], "nss": [1] * 8}


def test_who_holds_one(coordinator: Person) -> None:
    load_instruments()
    nss = Instrument.objects.get(code="nss")
    values = {"note": " Graag ", "closes_on": LATER}
    made = holding.create_assessment(
        actor=coordinator.user, organisation=coordinator.own, instrument=nss, subject_key="", values=values
    )
    assert (made.state, made.note, made.subject) == ("draft", "Graag", "Nationale Samenwerkingsstructuur")
    for role in ("team", "ministry", "partner", "desk", "member", "signatory", "publisher", "steering", "advisor"):
        person = coordinator.cast.person(role)
        with pytest.raises(NotAllowed):  # the structure is the coordination team's; others hold none at all
            holding.create_assessment(
                actor=person.user, organisation=person.own, instrument=nss, subject_key="", values=values
            )
        for act in (holding.open_assessment, holding.close_assessment, holding.discard_assessment):
            with pytest.raises((NotAllowed, TransitionRefused)):
                act(actor=person.user, assessment=made)
    for closes_on in (today() - timedelta(days=1), today().replace(year=9999)):
        with pytest.raises(ValidationError):
            holding.create_assessment(
                actor=coordinator.user,
                organisation=coordinator.own,
                instrument=nss,
                subject_key="",
                values={**values, "closes_on": closes_on},
            )


def test_from_the_invitation_to_the_result(coordinator: Person) -> None:
    made = make_assessment(coordinator.own)
    with pytest.raises(TransitionRefused):
        holding.open_assessment(actor=coordinator.user, assessment=made)
    people = ask(made, 6)
    assert holding.invite(actor=coordinator.user, assessment=made, addresses=[people[0].email.upper()]) == 0
    opened = holding.open_assessment(actor=coordinator.user, assessment=made)
    assert OutgoingMail.objects.count() == 6
    for person, score in zip(people, (1, 2, 3, 4, 5, 5), strict=True):
        answer(person, {1: score, 2: 0}, "Goed" if score < 5 else "")
    with pytest.raises(NotAllowed):
        holding.remove_participant(actor=coordinator.user, assessment=opened, participant=people[0])
    closed = holding.close_assessment(actor=coordinator.user, assessment=opened)
    assert closed.result["statements"][:2] == [
        {"number": 1, "mean": 3.3, "low": 1, "high": 5},
        {"number": 2, "mean": None, "low": None, "high": None},
    ]
    assert (closed.result["answers"], closed.result["comments"]) == (6, [])
    assert closed.closes_on == today(), "closed a week early: the result is of this day and year"
    assert not AnswerSheet.objects.exists()
    with pytest.raises(TransitionRefused):  # made once: a second result would tell who came in between
        holding.close_assessment(actor=coordinator.user, assessment=closed)


def test_nothing_is_told_before_the_closing(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open")
    for person in ask(made, 8):
        answer(person, {1: 5})
        made.refresh_from_db()
        assert made.result is None


def test_the_database_does_not_tie_answers_to_a_person(coordinator: Person) -> None:
    made = make_assessment(coordinator.own)
    people = ask(made, 6)
    holding.open_assessment(actor=coordinator.user, assessment=made)
    events = AuditEvent.objects.count()
    for person in people:
        answer(person, {1: 4}, "Iets van mij")
    assert AuditEvent.objects.count() == events
    tokens = [current_token(person) for person in people]
    keys = [sheet_key(token) for token in tokens]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own tables
            for (row,) in cursor.fetchall():
                assert not any(token in row for token in tokens), table
                if table != AnswerSheet._meta.db_table:
                    assert "Iets van mij" not in row, table
                    assert not any(key in row for key in keys), table
    columns = {field.name for field in AnswerSheet._meta.get_fields()}
    assert columns == {"id", "assessment", "key", "scores", "comment", "is_sent"}


def test_the_link_stands_in_the_mail_that_leaves_alone(coordinator: Person, settings: object) -> None:
    settings.EMAIL_BACKEND = "nss_portal.core.mail.mailbox.EmailBackend"
    made = make_assessment(coordinator.own, note="[[nss:assessment:1:00000000000000000000000000000000]]")
    first, *_others = ask(made, 5)
    holding.open_assessment(actor=coordinator.user, assessment=made)
    jobs.run_all_here()
    left = MailboxMessage.objects.get(recipient=first.email)
    assert f"/sturing/zelfbeoordeling/link/{current_token(first)}/" in left.text
    assert "[[nss:assessment:1:0000" in left.text
    assert current_token(first) not in OutgoingMail.objects.get(recipient=first.email).text


def test_answers_change_until_the_closing_and_count_once(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open")
    people = ask(made, 6)
    answer(people[0], {1: 1}, send=False)
    assert not Participant.objects.filter(answered=True).exists()
    for score in (2, 5):
        answer(people[0], {1: score})
    assert AnswerSheet.objects.get().scores == {"1": 5}
    for person in people[1:5]:
        answer(person, {1: 5})
    answer(people[5], {1: 1}, send=False)  # begun, not sent
    closed = holding.close_assessment(actor=coordinator.user, assessment=made)
    assert closed.result["statements"][0] == {"number": 1, "mean": 5.0, "low": 5, "high": 5}


def test_what_is_refused_changes_nothing(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open")
    person, other, *_rest = ask(made, 6)
    answer(person, {1: 4})
    token = current_token(person)
    for scores in ({1: 6}, {1: -1}, {99: 3}):
        with pytest.raises(ValidationError):
            answering.save_answers(actor=None, token=token, scores=scores, comment="", send=True)
    with pytest.raises(ValidationError):
        answering.save_answers(actor=None, token=token, scores={1: 0}, comment="", send=True)
    with pytest.raises(NotAllowed):
        answering.save_answers(actor=make_user(), token=token, scores={1: 1}, comment="", send=True)
    with pytest.raises(LinkInvalid):
        answering.save_answers(actor=None, token=new_nonce(), scores={1: 1}, comment="", send=True)
    holding.withdraw_assessment(
        actor=coordinator.user, assessment=make_assessment(coordinator.own, "open"), reason="x"
    )
    assert AnswerSheet.objects.get().scores == {"1": 4}
    Assessment.objects.filter(pk=made.pk).update(closes_on=today() - timedelta(days=1))
    with pytest.raises(answering.Closed):
        answer(other, {1: 3})
    assert AnswerSheet.objects.get().scores == {"1": 4}


def test_not_applicable_only_where_the_statement_allows_it(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open", subject_kind="programme", subject_key="bcdfgh")
    person = ask(made, 1)[0]
    answer(person, {1: 3, 14: 0})
    with pytest.raises(ValidationError):
        answer(person, {1: 0, 14: 3})


def test_the_key_of_the_portal_may_change(coordinator: Person, settings: object) -> None:
    person = ask(make_assessment(coordinator.own, "open"), 1)[0]
    token, old = current_token(person), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [old]
    assert current_token(person) == token
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LinkInvalid):
        current_token(person)


def test_the_clock_reminds_and_closes(coordinator: Person) -> None:
    made = make_assessment(coordinator.own, "open", opened_at=timezone.now() - timedelta(days=30))
    person, *_others = ask(made, 6)
    answer(person, {1: 4})
    invited = OutgoingMail.objects.count()
    for _again in range(2):
        assert day.remind(today()) == 5
    assert OutgoingMail.objects.count() == invited + 5
    assert not OutgoingMail.objects.filter(key__contains="remind", recipient=person.email).exists()
    assert day.close_passed(today()) == 0
    Assessment.objects.filter(pk=made.pk).update(closes_on=today() - timedelta(days=1))
    assert (day.close_passed(today()), day.close_passed(today())) == (1, 0)
    made.refresh_from_db()
    assert (made.state, made.result["answers"]) == ("closed", None)


def test_the_mean_of_all_counts_each_thing_once(coordinator: Person) -> None:
    programme = {"subject_kind": "programme"}
    for key, mean in (("bbbbbb", 2), ("cccccc", 4)):
        made = answered(coordinator.own, [mean] * 5, subject_key=key, **programme)
    assert together(made.instrument_id) == {}
    answered(coordinator.own, [1] * 5, subject_key="dddddd", closes_on=today(), **programme)
    answered(coordinator.own, [1] * 4, subject_key="ffffff", **programme)
    answered(coordinator.own, [3] * 5, subject_key="dddddd", closes_on=LATER, **programme)
    assert together(made.instrument_id) == dict.fromkeys(range(1, 9), 3.0)


def test_conversation_and_points_until_they_are_done(coordinator: Person) -> None:
    cast = coordinator.cast
    made = answered(coordinator.own, [3] * 5)
    indicator = made.instrument.indicators.get(number=7)
    words = {"talked_on": today(), "outcome": "Afspraak", "notes": {indicator: "Drie bronnen"}}
    kept = following.keep_conversation(actor=coordinator.user, assessment=made, version=1, **words)
    with pytest.raises(EditConflict):
        following.keep_conversation(actor=coordinator.user, assessment=made, version=1, **words)
    with pytest.raises(ValidationError):
        following.keep_conversation(
            actor=coordinator.user, assessment=kept, version=2, **{**words, "talked_on": LATER}
        )
    owner = cast.person("ministry")
    with pytest.raises(ValidationError):
        following.add_point(
            actor=coordinator.user,
            assessment=kept,
            what="x",
            owner=owner.own,
            due_on=today() - timedelta(days=1),
        )
    point = following.add_point(
        actor=coordinator.user,
        assessment=kept,
        what="Eén bron",
        owner=owner.own,
        due_on=LATER,
        indicator=indicator,
    )
    (item,) = registrations.points(owner.user)
    assert (item.title, item.due) == ("Eén bron", LATER)
    for role in ("team", "steering", "partner"):
        with pytest.raises(NotAllowed):
            following.finish_point(actor=cast.person(role).user, point=point, came_of_it="Klaar")
    with pytest.raises(ValidationError):
        following.finish_point(actor=owner.user, point=point, came_of_it=" ")
    moved = following.move_point(actor=owner.user, point=point, due_on=LATER + timedelta(days=1), reason="Ziek")
    following.finish_point(actor=owner.user, point=moved, came_of_it="CBS")
    following.finish_point(actor=owner.user, point=moved, came_of_it="Nog eens")
    assert AssessmentPoint.objects.get().came_of_it == "CBS"
    assert list(registrations.points(owner.user)) == []


def test_shared_after_the_closing_only(coordinator: Person) -> None:
    with pytest.raises(NotAllowed):
        following.share_result(
            actor=coordinator.user,
            assessment=make_assessment(coordinator.own, "open"),
            sharing=ResultSharing.PUBLISHED,
        )
    made = answered(coordinator.own, [3] * 5)
    following.share_result(actor=coordinator.user, assessment=made, sharing=ResultSharing.PUBLISHED)
    (item,) = registrations.results(make_user(), timezone.now() - timedelta(days=1))
    assert item.url == made.get_absolute_url()


def test_the_demonstration_closes_as_everything_does(coordinator: Person) -> None:
    load_instruments()
    make_user("team.amsterdam@demo.nss.example", is_demo=True)
    load_demo("small", 1)
    assert load_demo("small", 1) == []
    assert list(Assessment.objects.values_list("state", flat=True)) == ["open", "closed", "closed"]
    assert Assessment.objects.get(state="open").result is None
    user = User.objects.get(email="team.amsterdam@demo.nss.example")
    assert len(list(registrations.asked(user))) in (0, 1)
