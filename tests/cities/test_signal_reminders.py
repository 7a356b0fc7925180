"""Reminders by the clock, the steering group, my work and the news."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models import NamingDuty, Signal, SignalAddressee, SignalFollowUp, SignalReminder
from cities.registrations import signals as registrations
from cities.services.bottleneck_groups import merge_bottlenecks, undo_merge
from cities.services.signals import demo, reference, reminders
from cities.services.signals.sending import lead_of
from cities.tasks.signals import ask_for_signals_day
from governance.models import Organisation, User
from governance.models.membership import Function
from nss_portal.core import jobs
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_city, make_user
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import add_cosigner, make_ministry, make_signal

pytestmark = pytest.mark.django_db


def nothing() -> None:
    """A guard that holds nobody up."""


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry", leads=True)


def signal_due_in(days: int, city: Organisation, ministry: Organisation, **more: object) -> Signal:
    """Make a signal that was sent long ago and is due in so many days."""
    signal = make_signal(city, ministry, days_ago=90, **more)
    signal.addressees.update(due_on=today() + timedelta(days=days))
    return signal


def mails_to(user: User) -> list[str]:
    return list(OutgoingMail.objects.filter(recipient=user.email).order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("days", "reminded"), [(20, 0), (14, 1), (10, 1), (7, 1), (1, 1), (0, 1), (-1, 1), (-7, 1), (-60, 1)]
)
def test_the_newest_reminder_that_is_due_is_sent_once(
    cast: Cast, ministry: Person, days: int, reminded: int
) -> None:
    signal_due_in(days, cast.other, ministry.own)
    assert reminders.remind(day=today(), guard=nothing) == reminded
    assert reminders.remind(day=today(), guard=nothing) == 0
    assert len(mails_to(ministry.user)) == reminded


def test_each_day_around_the_date_brings_one_more(cast: Cast, ministry: Person) -> None:
    signal = make_signal(cast.other, ministry.own, days_ago=0)
    due = lead_of(signal).due_on
    assert due is not None
    written = [
        (day - due).days
        for day in (today() + timedelta(days=number) for number in range(60))
        if reminders.remind(day=day, guard=nothing)
    ]
    assert written == [-14, -7, -1, 1, 7]
    assert len(mails_to(ministry.user)) == 5


def test_nothing_is_sent_on_the_day_of_sending_or_before_it(cast: Cast, ministry: Person) -> None:
    signal = make_signal(cast.other, ministry.own)
    signal.addressees.update(due_on=today() + timedelta(days=7))
    assert reminders.remind(day=today(), guard=nothing) == 0


def test_one_mail_per_person_about_all_that_waits(cast: Cast, ministry: Person) -> None:
    for title in ("Warmtenet", "Stroomnet"):
        signal_due_in(7, cast.other, ministry.own, title=title)
    assert reminders.remind(day=today(), guard=nothing) == 1
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Herinnering: 2 signalen wachten op je"
    assert "Warmtenet" in mail.text
    assert "Stroomnet" in mail.text


def test_who_answers_is_reminded_and_nobody_else(cast: Cast, ministry: Person) -> None:
    for function in (Function.STEERING, Function.COORDINATION):
        join(make_user(), ministry.own, function)
    colleague = make_user()
    join(colleague, ministry.own)
    signal_due_in(7, cast.other, ministry.own)
    reminders.remind(day=today(), guard=nothing)
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == [ministry.user.email]


@pytest.mark.parametrize("state", ["draft", "answered", "closed", "withdrawn"])
def test_what_is_answered_is_not_reminded_of(cast: Cast, ministry: Person, state: str) -> None:
    signal_due_in(7, cast.other, ministry.own, state=state)
    assert reminders.remind(day=today(), guard=nothing) == 0


def test_who_took_the_task_over_is_reminded(cast: Cast, ministry: Person) -> None:
    old = make_ministry(successor=ministry.own, succeeded_on=today() - timedelta(days=30))
    signal_due_in(7, cast.other, old)
    reminders.remind(day=today(), guard=nothing)
    assert len(mails_to(ministry.user)) == 1


def test_the_steering_group_hears_once_per_step(cast: Cast, ministry: Person) -> None:
    steering = cast.person("steering").user
    signal_due_in(-7, cast.other, ministry.own)
    signal_due_in(-6, cast.other, ministry.own)
    for _time in range(2):
        reminders.escalate(day=today(), guard=nothing)
    assert mails_to(steering) == ["1 signaal is nog zonder antwoord"]
    reminders.escalate(day=today() + timedelta(days=21), guard=nothing)
    assert len(mails_to(steering)) == 2
    assert SignalReminder.objects.filter(kind="escalation").count() == 3


def test_the_clock_asks_for_one_job_a_day(cast: Cast, ministry: Person, run_jobs: Callable[[], None]) -> None:
    signal_due_in(7, cast.other, ministry.own)
    for _time in range(2):
        with transaction.atomic():
            ask_for_signals_day()
    run_jobs()
    assert jobs.Job.objects.filter(kind="cities.signals_day").count() == 1
    assert len(mails_to(ministry.user)) == 1
    jobs.Job.objects.filter(kind="cities.signals_day").update(state="queued", run_after=timezone.now())
    run_jobs()
    assert len(mails_to(ministry.user)) == 1


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    return lambda: jobs.run_all_here()


# My work


def titles(source: Callable[[object], object], user: object) -> list[str]:
    return [str(item.title) for item in source(user)]  # type: ignore[attr-defined]


def test_a_ministry_is_asked_to_answer(
    cast: Cast, ministry: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    signal = signal_due_in(7, cast.other, ministry.own, title="Net")
    make_signal(cast.other, make_ministry(), ministry.own)
    make_signal(cast.other, ministry.own, task="name", no_owner=True, title="Van wie")
    ministry.user.standing  # noqa: B018 - read before counting
    with django_assert_num_queries(1):
        items = list(registrations.answers_that_are_due(ministry.user))
    assert [str(item.title) for item in items] == [
        "Beantwoord het signaal 'Net'",
        "Wijs aan wie 'Van wie' beantwoordt",
    ]
    assert (items[0].due, items[0].url) == (lead_of(signal).due_on, f"{signal.get_absolute_url()}beantwoorden/")
    for role in ("coordinator", "steering", "team", "member"):
        assert titles(registrations.answers_that_are_due, cast.person(role).user) == []


def test_a_city_is_asked_to_finish_to_cosign_and_to_react(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = cast.person("team")
    make_signal(team.own, state="draft", title="Eigen")
    add_cosigner(make_signal(cast.other, state="draft", title="Van een ander"), team.own)
    answered = make_signal(team.own, make_ministry(), state="answered", title="Beantwoord")
    make_signal(cast.other, make_ministry(), state="answered")
    team.user.standing  # noqa: B018 - read before counting
    with django_assert_num_queries(1):
        found = titles(registrations.of_senders, team.user)
    assert sorted(found) == [
        "Het signaal 'Van een ander' meetekenen?",
        "Maak het signaal 'Eigen' af",
        "Reageer op het antwoord op 'Beantwoord'",
    ]
    answered.entries.create(organisation=team.own, kind="reaction", text="Fijn", verdict="helped")
    assert len(titles(registrations.of_senders, team.user)) == 2
    assert titles(registrations.of_senders, cast.person("ministry").user) == []


def test_the_owner_of_a_step_is_asked(cast: Cast, ministry: Person) -> None:
    signal = make_signal(cast.other, ministry.own, state="follow_up")
    SignalFollowUp.objects.create(signal=signal, what="Werksessie", owner=ministry.own, due_on=today())
    assert titles(registrations.steps_to_do, ministry.user) == ["Werksessie"]
    assert titles(registrations.steps_to_do, cast.person("team").user) == []


def test_a_coordinator_is_asked_to_see_that_an_owner_is_named(cast: Cast, ministry: Person) -> None:
    user = cast.person("coordinator").user
    assert titles(registrations.owners_to_name, user) == []
    first = make_signal(cast.other, ministry.own, task="name", no_owner=True)
    (item,) = registrations.owners_to_name(user)
    assert item.url == f"{first.get_absolute_url()}eigenaar/"
    make_signal(cast.other, ministry.own, task="name", no_owner=True)
    (item,) = registrations.owners_to_name(user)
    assert str(item.title) == "Wijs een eigenaar aan voor 2 signalen"
    client = Client()
    client.force_login(user)
    assert len(client.get(item.url).context["rows"]) == 2
    assert titles(registrations.owners_to_name, cast.person("team").user) == []


def test_the_steering_group_sees_what_is_late_for_a_week(cast: Cast, ministry: Person) -> None:
    user = cast.person("steering").user
    signal_due_in(-6, cast.other, ministry.own)
    assert titles(registrations.late_for_the_steering_group, user) == []
    signal_due_in(-7, cast.other, ministry.own, audience="network")
    assert titles(registrations.late_for_the_steering_group, user) == ["1 signaal is meer dan een week te laat"]
    assert titles(registrations.late_for_the_steering_group, ministry.user) == []


def test_news_tells_what_one_may_see(cast: Cast, ministry: Person) -> None:
    make_signal(cast.other, ministry.own, title="Net vol", audience="network")
    make_signal(cast.other, state="draft", title="Geheim")
    since = timezone.now() - timedelta(days=1)
    (item,) = registrations.signals_that_moved(ministry.user, since)
    assert "Net vol" in item.text
    assert list(registrations.signals_that_moved(cast.person("member").user, since)) == []


def test_the_page_of_a_municipality_shows_its_signals(client: Client, cast: Cast, ministry: Person) -> None:
    signal = make_signal(cast.other, ministry.own, title="Voorrang op het net")
    city = make_city()
    add_cosigner(signal, city, "signed")
    make_signal(city, state="draft", title="Geheim concept")
    for organisation in (cast.other, city):
        text = client.get(organisation.municipality.get_absolute_url()).content.decode()
        assert "Voorrang op het net" in text
        assert "Geheim" not in text


def test_the_page_of_a_bottleneck_shows_its_signals(client: Client, cast: Cast, ministry: Person) -> None:
    team = cast.person("team")
    bottleneck = make_bottleneck(cast.other, "published")
    signal = make_signal(cast.other, ministry.own, bottleneck=bottleneck, title="Voorrang op het net")
    make_signal(cast.other, bottleneck=bottleneck, state="draft", title="Geheim concept")
    text = client.get(bottleneck.get_absolute_url()).content.decode()
    assert signal.get_absolute_url() in text
    assert "Geheim" not in text
    way = f"/signalen/nieuw/?knelpunt={bottleneck.public_id}"
    assert way not in text
    client.force_login(team.user)
    assert way in client.get(bottleneck.get_absolute_url()).content.decode()


def test_signals_go_along_when_bottlenecks_are_merged_and_back(cast: Cast, ministry: Person) -> None:
    user = cast.person("coordinator").user
    into, one = (make_bottleneck(cast.other, "network") for _one in range(2))
    of_one = make_signal(cast.other, ministry.own, bottleneck=one)
    of_both = make_signal(cast.other, ministry.own, bottleneck=one)
    of_both.bottlenecks.add(into)
    merge = merge_bottlenecks(actor=user, into=into, bottlenecks=[one])
    assert list(of_one.bottlenecks.all()) == [into]
    undo_merge(actor=user, merge=merge)
    assert list(of_one.bottlenecks.all()) == [one]
    assert set(of_both.bottlenecks.all()) == {into, one}


# Data


def test_the_duty_to_name_an_owner_is_data() -> None:
    bzk = make_ministry(code="bzk")
    assert reference.load_reference() == ["duties to name an owner added 1"]
    NamingDuty.objects.update(days=7)
    lines = reference.load_reference()
    assert lines[0] == "duties to name an owner added 0"
    assert len(lines) == 2
    duty = NamingDuty.objects.get()
    assert (duty.organisation, duty.valid_from, duty.days) == (bzk, date(2023, 1, 1), 7)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_demonstration_has_signals_in_every_state(seed: int) -> None:
    codes = ("ezk", "kgg", "bzk", "vro", "ienw", "lvvn", "pv30", "european-commission")
    for code in codes:
        make_ministry(code=code)
    NamingDuty.objects.create(organisation=Organisation.objects.get(code="bzk"), valid_from=date(2023, 1, 1))
    for _city in range(4):
        city = make_city("mission")
        make_bottleneck(city, "published", is_illustrative=True)
    assert demo.load_demo("small", seed) == ["demo: signals 24"]
    states = set(Signal.objects.values_list("state", flat=True))
    assert states == {"draft", "sent", "received", "answered", "follow_up", "closed", "withdrawn"}
    assert not Signal.objects.filter(is_illustrative=False).exists()
    assert SignalAddressee.objects.filter(until__isnull=False).exists()
    assert SignalAddressee.objects.filter(organisation__code="bzk", task="answer").exists()
    assert Signal.objects.filter(experiment__isnull=False).exists()
    assert demo.load_demo("small", seed) == ["demo: signals are there already"]


def test_a_larger_demonstration_goes_on_where_a_smaller_one_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """In two steps or in one: the same signals."""
    make_ministry(code="kgg")
    for _city in range(4):
        city = make_city("mission")
        make_bottleneck(city, "published", is_illustrative=True)
    monkeypatch.setitem(demo.SIGNALS, "national", 30)
    told = ("key", "public_id", "title", "state", "organisation", "sent_on", "bottlenecks")
    demo.load_demo("small", 1)
    small = list(Signal.objects.values_list(*told))
    assert demo.load_demo("national", 1) == ["demo: signals 6"]
    in_two = set(Signal.objects.values_list(*told))
    assert set(small) < in_two
    assert demo.load_demo("national", 1) == ["demo: signals are there already"]
    Signal.objects.all().delete()
    assert demo.load_demo("national", 1) == ["demo: signals 30"]
    assert set(Signal.objects.values_list(*told)) == in_two
