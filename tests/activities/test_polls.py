"""Find a date: offered, answered by people and whole organisations, closed, and chosen in one press."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, DatePoll, Participation, PollAnswer, PollGuest
from activities.registrations.date_polls import dates_to_answer, dates_to_choose
from activities.services import poll_choice, polls
from activities.services.polls import MomentValues, PollValues
from activities.tasks.polls import ask_for_polls_day
from governance.models import Membership
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.handing import held_by
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_user
from tests.activities.matrix_activity import make_activity, take_part

pytestmark = pytest.mark.django_db

FIRST = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=20)
CLOSES = today() + timedelta(days=5)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def runner(cast: Cast) -> Person:
    return cast.person("team")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def offered(number: int = 2, **more: object) -> list[MomentValues]:
    days = [FIRST + timedelta(days=count) for count in range(number)]
    return [MomentValues(day, day + timedelta(hours=2), **more) for day in days]  # type: ignore[arg-type]


def make_poll(runner: Person, state: str = "draft", *, moments: int = 2, **fields: object) -> DatePoll:
    fields = {"starts_at": None, "audience": "cop", **fields}
    activity = make_activity(runner.own, state, **fields)  # type: ignore[arg-type]
    values = PollValues(closes_on=CLOSES)
    return polls.start_poll(actor=runner.user, activity=activity, values=values, moments=offered(moments))


def ask(runner: Person, poll: DatePoll, *people: Person) -> list[PollGuest]:
    members = [Membership.objects.get(user=one.user, organisation=one.own) for one in people]
    return polls.ask(actor=runner.user, poll=poll, members=members)


def say(person: Person, poll: DatePoll, *replies: str) -> PollGuest:
    keys = poll.moments.values_list("pk", flat=True)
    (guest, *_rest) = polls.guests_of(person.user, poll)
    answers = dict(zip(keys, replies, strict=True))
    return polls.answer(actor=person.user, poll=poll, guest=guest, replies=answers)  # type: ignore[arg-type]


def over(poll: DatePoll) -> None:
    DatePoll.objects.filter(pk=poll.pk).update(closes_on=today() - timedelta(days=1))


def test_one_press_makes_the_session_and_brings_everybody_the_appointment(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner, capacity=1, meeting="on_site", place="Elders")
    first, second, third, silent = (cast.person(role) for role in ("member", "ministry", "team", "partner"))
    ask(runner, poll, first, second, third, silent)
    say(second, poll, "yes", "yes")
    say(first, poll, "no", "yes")
    say(third, poll, "yes", "maybe")
    assert [str(item.title) for item in dates_to_answer(silent.user)] == [
        "Wanneer kun je naar 'Warmtenetten zonder verlies'?"
    ]
    assert not list(dates_to_answer(first.user))
    moment = poll.moments.all()[1]
    poll.moments.filter(pk=moment.pk).update(meeting="hybrid", place="Utrecht")
    moment.refresh_from_db()
    before = OutgoingMail.objects.count()
    activity = poll_choice.choose(actor=runner.user, poll=poll, moment=moment)
    (session,) = activity.sessions.all()
    assert (session.starts_at, activity.starts_at, activity.state) == (
        moment.starts_at,
        moment.starts_at,
        "planned",
    )
    assert (activity.meeting, activity.place) == ("hybrid", "Utrecht")
    states = dict(Participation.objects.values_list("user", "state"))
    assert [states[one.user.pk] for one in (second, first, third, silent)] == [
        "registered",
        "waiting",
        "invited",
        "invited",
    ]
    mails = {one.recipient: one for one in OutgoingMail.objects.order_by("pk")[before:]}
    assert set(mails) == {one.user.email for one in (first, second, third, silent)}
    (event,) = IcsCalendarStream.calendar_from_ics(mails[second.user.email].calendar).events
    assert event.dtstart == moment.starts_at
    assert mails[third.user.email].calendar
    poll.refresh_from_db()
    assert (poll.state, poll.chosen_id) == ("decided", moment.pk)
    with pytest.raises(Exception, match=r"veranderd|aangemeld"):
        poll_choice.choose(actor=runner.user, poll=poll, moment=moment)
    # Who said yes sees the activity, though it is for another circle and only planned.
    assert browser(second).get(activity.get_absolute_url()).status_code == 200


def test_a_series_keeps_its_sessions_and_others_lose_theirs(runner: Person) -> None:
    for is_series, number in ((True, 2), (False, 1)):
        poll = make_poll(runner, "planned", is_series=is_series, starts_at=timezone.now() + timedelta(days=9))
        moment = poll.moments.all()[0]
        activity = poll_choice.choose(actor=runner.user, poll=poll, moment=moment)
        assert activity.sessions.count() == number


def test_who_takes_part_already_is_asked_along_and_hears_of_the_date(cast: Cast, runner: Person) -> None:
    activity = make_activity(runner.own, "planned", starts_at=None)
    there = cast.person("team")
    take_part(activity, there.user, there.own)
    poll = polls.start_poll(
        actor=runner.user, activity=activity, values=PollValues(closes_on=CLOSES), moments=offered()
    )
    assert [guest.user for guest in poll.guests.all()] == [there.user]
    poll_choice.choose(actor=runner.user, poll=poll, moment=poll.moments.all()[0])
    assert Participation.objects.get().state == "registered"
    assert [bool(one.calendar) for one in OutgoingMail.objects.order_by("pk")] == [False, True]


def test_a_whole_organisation_answers_through_any_of_its_people(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner)
    guest = cast.person("ministry")
    (row,) = polls.ask(actor=runner.user, poll=poll, organisations=[guest.own])  # type: ignore[list-item]
    assert polls.ask(actor=runner.user, poll=poll, organisations=[guest.own]) == []  # type: ignore[list-item]
    (item,) = dates_to_answer(guest.user)
    assert item.on_behalf_of == guest.own.name  # type: ignore[union-attr]
    say(guest, poll, "yes", "no")
    row.refresh_from_db()
    assert row.answered_by == guest.user
    poll_choice.choose(actor=runner.user, poll=poll, moment=poll.moments.all()[0])
    assert Participation.objects.get(user=guest.user).state == "registered"


def test_what_others_answered_shows_as_far_as_the_organiser_says(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner)
    one, other, stranger = cast.person("team"), cast.person("ministry"), cast.person("ministry")
    ask(runner, poll, one, other)
    say(other, poll, "yes", "no")
    pages = {}
    for shown in ("totals", "names", "nobody"):
        DatePoll.objects.update(shown=shown)
        pages[shown] = browser(one).get(poll.get_absolute_url()).content.decode()
    assert ["Wie kan wanneer" in page for page in pages.values()] == [True, True, False]
    assert [other.user.name in page for page in pages.values()] == [False, True, False]
    assert other.user.name in browser(runner).get(poll.get_absolute_url()).content.decode()
    assert browser(stranger).get(poll.get_absolute_url()).status_code == 404
    assert browser(one).get(f"{poll.get_absolute_url()}wijzigen/").status_code == 403
    with pytest.raises(NotAllowed):
        polls.stop_poll(actor=one.user, poll=poll)
    say_for = poll.guests.get(user=other.user)
    with pytest.raises(NotAllowed):
        polls.answer(actor=one.user, poll=poll, guest=say_for, replies={})


def test_an_answer_after_the_end_is_told_so_and_not_lost(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner)
    guest = cast.person("team")
    ask(runner, poll, guest)
    keys = list(poll.moments.values_list("pk", flat=True))
    sent = {f"m{keys[0]}": "yes", f"m{keys[1]}": "no", "note": "Liefst vroeg"}
    client = browser(guest)
    missing = client.post(poll.get_absolute_url(), {f"m{keys[0]}": "yes", "note": "Liefst vroeg"})
    assert missing.status_code == 422
    assert "Liefst vroeg" in missing.content.decode()
    over(poll)
    late = client.post(poll.get_absolute_url(), sent)
    text = late.content.decode()
    assert late.status_code == 409
    assert "De laatste dag om te antwoorden was" in text
    assert "Liefst vroeg" in text
    assert text.count("checked") >= 2
    assert not PollAnswer.objects.exists()
    DatePoll.objects.update(closes_on=CLOSES)
    assert client.post(poll.get_absolute_url(), sent).status_code == 302
    assert PollAnswer.objects.count() == 2
    poll_choice.choose(actor=runner.user, poll=poll, moment=poll.moments.all()[0])
    assert "De datum is al gekozen" in client.post(poll.get_absolute_url(), sent).content.decode()


def test_other_moments_are_asked_again(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner)
    guest = cast.person("team")
    ask(runner, poll, guest)
    say(guest, poll, "yes", "no")
    first, second = poll.moments.all()
    kept = MomentValues(first.starts_at, first.ends_at, first.meeting, first.place, first.pk)
    new = MomentValues(second.starts_at + timedelta(days=9), second.ends_at + timedelta(days=9))
    values = PollValues(closes_on=CLOSES)
    polls.change_poll(actor=runner.user, poll=poll, version=1, values=values, moments=[kept, new])
    assert list(PollAnswer.objects.values_list("moment", flat=True)) == [first.pk]
    assert len(list(dates_to_answer(guest.user))) == 1
    assert "Andere momenten" in OutgoingMail.objects.order_by("-pk")[0].subject
    with pytest.raises(EditConflict):
        polls.change_poll(actor=runner.user, poll=poll, version=1, values=values, moments=offered(3))
    old, asked = {first.pk: "yes", second.pk: "no"}, poll.guests.get()
    with pytest.raises(ValidationError, match="gewijzigd"):
        polls.answer(actor=guest.user, poll=poll, guest=asked, replies=old)


def test_a_moment_less_asks_nobody_again(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner, moments=3)
    guest = cast.person("team")
    ask(runner, poll, guest)
    say(guest, poll, "yes", "no", "no")
    OutgoingMail.objects.all().delete()
    rows = [MomentValues(one.starts_at, one.ends_at, one.meeting, one.place, one.pk) for one in poll.moments.all()]
    changed = polls.change_poll(
        actor=runner.user, poll=poll, version=1, values=PollValues(closes_on=CLOSES), moments=rows[:2]
    )
    assert (changed.version, changed.moments.count(), PollAnswer.objects.count()) == (2, 2, 2)
    assert not OutgoingMail.objects.exists()
    assert not list(dates_to_answer(guest.user))


def test_what_cannot_be_offered(runner: Person) -> None:
    activity = make_activity(runner.own, "planned", starts_at=None)

    def start(moments: list[MomentValues], closes_on: object = CLOSES, on: Activity = activity) -> None:
        polls.start_poll(
            actor=runner.user,
            activity=on,
            values=PollValues(closes_on=closes_on),
            moments=moments,  # type: ignore[arg-type]
        )

    past = MomentValues(FIRST - timedelta(days=30), FIRST - timedelta(days=29, hours=20))
    long = MomentValues(FIRST, FIRST + timedelta(hours=30))
    for moments, text in (
        (offered(1), "2 tot 20"),
        (offered(21), "2 tot 20"),
        ([past, *offered()], "verleden"),
        ([*offered(), *offered()], "twee keer"),
        ([long, *offered(2)[1:]], "het einde ligt voor het begin"),
    ):
        with pytest.raises(ValidationError, match=text):
            start(moments)
    with pytest.raises(ValidationError, match="na het eerste moment"):
        start(offered(), FIRST.date() + timedelta(days=1))
    with pytest.raises(ValidationError, match="al aanmelden"):
        start(offered(), on=make_activity(runner.own))
    start(offered())
    with pytest.raises(ValidationError, match="al een datum"):
        start(offered())


def test_a_reminder_comes_once_and_the_choice_is_asked(cast: Cast, runner: Person) -> None:
    poll = make_poll(runner)
    ready, silent = cast.person("team"), cast.person("ministry")
    ask(runner, poll, ready, silent)
    say(ready, poll, "yes", "yes")
    DatePoll.objects.update(created_at=timezone.now() - timedelta(days=3), closes_on=today() + timedelta(days=2))
    before = OutgoingMail.objects.count()
    for _time in range(2):
        ask_for_polls_day()
        jobs.run_all_here()
    assert [one.recipient for one in OutgoingMail.objects.order_by("pk")[before:]] == [silent.user.email]
    assert poll_choice.remind(day=today(), guard=lambda: None) == 0
    assert not list(dates_to_choose(runner.user))
    over(poll)
    assert [str(item.title) for item in dates_to_choose(runner.user)] == [
        "Kies de datum van 'Warmtenetten zonder verlies'"
    ]
    assert not list(dates_to_answer(silent.user))


def test_the_form_offers_more_lines_and_loses_nothing(runner: Person) -> None:
    activity = make_activity(runner.own, "draft", starts_at=None)
    client, address = browser(runner), f"/agenda/{activity.public_id}/datumprikker/"
    day = FIRST.date()
    sent = {
        "m-TOTAL_FORMS": "4",
        "m-INITIAL_FORMS": "4",
        "m-0-day": day.isoformat(),
        "m-0-begins": "10:00",
        "m-0-ends": "12:00",
        "m-1-day": "31-31-2027",
        "closes_on": CLOSES.isoformat(),
        "shown": "totals",
        "note": "Duurt een uur",
    }
    more = client.post(address, {**sent, "more": "yes"})
    assert len(more.context["lines"]) == 8
    assert "Duurt een uur" in more.content.decode()
    wrong = client.post(address, sent)
    assert (wrong.status_code, DatePoll.objects.count()) == (422, 0)
    assert "31-31-2027" in wrong.content.decode()
    few = client.post(address, {**sent, "m-1-day": ""})
    assert "Bied 2 tot 20 momenten aan" in few.content.decode()
    good = {**sent, "m-1-day": (day + timedelta(days=1)).isoformat(), "m-1-begins": "10:00", "m-1-ends": "12:00"}
    answer = client.post(address, good)
    poll = DatePoll.objects.get()
    assert answer.url == f"{poll.get_absolute_url()}vragen/"
    assert client.get(address).url == poll.get_absolute_url()
    assert client.get(f"{poll.get_absolute_url()}wijzigen/").status_code == 200


def test_number_of_queries(cast: Cast, runner: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    poll = make_poll(runner, moments=3)
    guest = cast.person("team")
    ask(runner, poll, guest)
    clients = browser(guest), browser(runner)
    for _number in range(2):
        for client, number in zip(clients, (10, 9), strict=True):
            client.get(poll.get_absolute_url())
            with django_assert_num_queries(number):
                client.get(poll.get_absolute_url())
        more = cast.person("ministry"), cast.person("team")
        ask(runner, poll, *more)
        for one in more:
            say(one, poll, "yes", "maybe", "no")


def test_who_leaves_lets_a_colleague_be_asked(cast: Cast, runner: Person) -> None:
    poll, same = make_poll(runner), make_poll(runner)
    leaver = cast.person("ministry")
    successor = make_user()
    join(successor, leaver.own)
    ask(runner, poll, leaver)
    say(leaver, poll, "yes", "no")
    ask(runner, same, leaver)
    polls.ask(actor=runner.user, poll=same, members=[Membership.objects.get(user=successor)])
    over(ended := make_poll(runner))
    ask_of = PollGuest.objects.create(poll=ended, user=leaver.user, organisation=leaver.own)
    DatePoll.objects.filter(pk=ended.pk).update(state="stopped")
    before = OutgoingMail.objects.count()
    (held,) = [one for one in held_by(leaver.user, leaver.own) if one.key == "date_polls"]
    assert len(held.titles) == 2
    held.move(successor, runner.user)
    guest = poll.guests.get()
    assert (guest.user, guest.answered_at, guest.answers.count()) == (successor, None, 0)
    assert [one.user for one in same.guests.all()] == [successor]
    assert [mail.recipient for mail in OutgoingMail.objects.order_by("pk")[before:]] == [successor.email]
    ask_of.refresh_from_db()
    assert ask_of.user == leaver.user
    assert not list(dates_to_answer(leaver.user))
