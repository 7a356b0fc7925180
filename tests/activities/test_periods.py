"""The agenda of a period: drawn up, voted on, decided, revised, published; and its pages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, AgendaLine, AgendaPeriod, AgendaVersion, AgendaVote, HoursLimit
from activities.registrations import periods as registrations
from activities.selectors.periods import lines_of, tally_of
from activities.services.demo_periods import load_demo
from activities.services.periods import drafting, voting
from activities.services.periods.drafting import LineValues, Means, PeriodValues
from activities.services.periods.reminders import remind
from governance.models import Organisation
from nss_portal.core.access import NotAllowed
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_city
from tests.activities.matrix_activity import make_activity

pytestmark = pytest.mark.django_db

PAGE_QUERIES = 10
FIRST, LAST = date(2031, 1, 1), date(2032, 6, 30)
SOON = timedelta(days=10)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def coordinator(cast: Cast) -> Person:
    return cast.person("coordinator")


def period_values(**more: object) -> PeriodValues:
    given = {"title": "Agenda 2031", "starts_on": FIRST, "ends_on": LAST, "goal": "Vijf knelpunten opgelost"}
    return PeriodValues(**{**given, **more})  # type: ignore[arg-type]


def line_values(lead: Organisation, **more: object) -> LineValues:
    given = {"title": "Deep Dive warmte", "kind": "deep_dive", "planned_on": date(2031, 5, 2), "lead": lead}
    return LineValues(**{**given, **more})  # type: ignore[arg-type]


def make_draft(coordinator: Person, **more: object) -> AgendaVersion:
    draft = drafting.create_period(actor=coordinator.user, values=period_values(**more))
    lead = coordinator.cast.other
    means = [Means(lead, hours=40, euros=5000)]
    drafting.save_line(actor=coordinator.user, draft=draft, values=line_values(lead), means=means)
    return draft


def make_vote(coordinator: Person) -> AgendaVersion:
    return voting.open_vote(actor=coordinator.user, draft=make_draft(coordinator), closes_on=today() + SOON)


def close(version: AgendaVersion) -> None:
    AgendaVersion.objects.filter(pk=version.pk).update(closes_on=today() - timedelta(days=1))


def carry(version: AgendaVersion) -> None:
    """Let all cities that were asked say yes."""
    for _each in range(version.cities_asked):
        AgendaVote.objects.create(version=version, organisation=make_city(), is_city=True, choice="yes")
    close(version)


def adopted(coordinator: Person) -> AgendaVersion:
    version = make_vote(coordinator)
    carry(version)
    return voting.decide(actor=coordinator.cast.person("steering").user, version=version, step="adopt")


@pytest.mark.parametrize("role", ["visitor", "member", "team", "ministry", "partner", "steering", "publisher"])
def test_only_coordinators_draw_it_up(cast: Cast, coordinator: Person, role: str) -> None:
    draft, person = make_draft(coordinator), cast.person(role)
    for write in (
        lambda: drafting.create_period(actor=person.user, values=period_values()),
        lambda: drafting.save_line(actor=person.user, draft=draft, values=line_values(cast.other)),
        lambda: voting.open_vote(actor=person.user, draft=draft, closes_on=today() + SOON),
        lambda: voting.publish(actor=person.user, version=draft),
        lambda: drafting.revise(actor=person.user, period=draft.period),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert AgendaPeriod.objects.visible_to(person.user).exists() is (role == "steering")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (LAST, FIRST, "laatste dag ligt voor de eerste"),
        (FIRST, FIRST, "laatste dag ligt voor de eerste"),
        (date(2032, 6, 30), date(2033, 1, 1), "al een agenda: Agenda 2031"),
    ],
)
def test_periods_that_cannot_be(client: Client, coordinator: Person, first: date, last: date, words: str) -> None:
    make_draft(coordinator)
    with pytest.raises(ValidationError):
        drafting.create_period(actor=coordinator.user, values=period_values(starts_on=first, ends_on=last))
    client.force_login(coordinator.user)
    posted = {"title": "Bewaard", "starts_on": first.isoformat(), "ends_on": last.isoformat(), "goal": "Ook"}
    text = client.post("/agenda/periodes/nieuw/", posted).content.decode()
    assert words in text
    assert 'value="Bewaard"' in text
    assert AgendaPeriod.objects.count() == 1


def test_a_line_stays_inside_and_says_who_brings_what(cast: Cast, coordinator: Person, client: Client) -> None:
    draft = make_draft(coordinator)
    refused: list[tuple[LineValues, list[Means]]] = [
        (line_values(cast.other, planned_on=date(2033, 1, 1)), []),
        (line_values(cast.other), [Means(cast.other)]),
        (line_values(cast.other), [Means(cast.other, 1), Means(cast.other, 2)]),
    ]
    for values, means in refused:
        with pytest.raises(ValidationError):
            drafting.save_line(actor=coordinator.user, draft=draft, values=values, means=means)
    client.force_login(coordinator.user)
    posted = {"title": "Werkbezoek", "kind": "visit", "audience": "nop", "planned_on": "2031-07-01"}
    posted |= {"lead": str(cast.other.pk), "m-TOTAL_FORMS": "1", "m-INITIAL_FORMS": "0", "m-0-hours": "8"}
    address = f"{draft.period.get_absolute_url()}regels/nieuw/"
    assert "Zeg wie dit inbrengt" in client.post(address, posted).content.decode()
    client.post(address, posted | {"m-0-organisation": str(cast.other.pk)})
    made = AgendaLine.objects.get(title="Werkbezoek")
    assert (made.planned_on, made.means.get().hours) == (date(2031, 7, 1), 8)


def test_who_draws_it_up_sees_the_hours_beside_the_limit(cast: Cast, coordinator: Person, client: Client) -> None:
    draft = make_draft(coordinator)
    HoursLimit.objects.create(hours=10, valid_from=today(), reason="x")
    client.force_login(coordinator.user)
    for hours, warns in ((10, False), (11, True)):
        draft.lines.update(preparation_hours=hours)
        text = client.get(draft.period.get_absolute_url()).content.decode()
        assert ("Meer dan de grens" in text) is warns
    assert "In 2031 vraagt" in text


def test_activities_that_exist_go_on_it_once(cast: Cast, coordinator: Person) -> None:
    draft = drafting.create_period(
        actor=coordinator.user,
        values=period_values(starts_on=today(), ends_on=today() + timedelta(days=500)),
    )
    inside = make_activity(cast.other, preparation_hours=4)
    for number in (1, 0):
        found = drafting.add_activities(actor=coordinator.user, draft=draft, activities=[inside])
        assert found == number
    line = draft.lines.get()
    assert (line.title, line.lead, line.preparation_hours) == (inside.title, cast.other, 4)
    past = make_activity(cast.other, "closed")
    with pytest.raises(ValidationError):
        drafting.add_activities(actor=coordinator.user, draft=draft, activities=[past])


def test_an_agenda_has_no_more_lines_than_it_can_hold(
    cast: Cast, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(coordinator)
    monkeypatch.setattr(drafting, "MOST_LINES", draft.lines.count())
    undated = make_activity(cast.other, "planned", starts_at=None)
    assert draft.lines.filter(activity=None).exists()
    with pytest.raises(ValidationError, match="hoogstens"):
        drafting.add_activities(actor=coordinator.user, draft=draft, activities=[undated])


def test_what_is_not_finished_is_not_put_to_the_vote(coordinator: Person) -> None:
    draft = make_draft(coordinator, goal="")
    with pytest.raises(TransitionRefused, match="waar de agenda voor is"):
        voting.open_vote(actor=coordinator.user, draft=draft, closes_on=today() + SOON)
    with pytest.raises(ValidationError):
        voting.open_vote(actor=coordinator.user, draft=draft, closes_on=today())
    draft.refresh_from_db()
    assert (draft.state, draft.closes_on) == ("draft", None)


def test_each_organisation_has_one_vote_until_the_last_day(cast: Cast, coordinator: Person) -> None:
    version, team = make_vote(coordinator), cast.person("team")
    colleague = cast.person("team").user
    join(colleague, team.own, "team")
    for actor, choice, remark in ((team.user, "yes", "weg"), (colleague, "no", "Te veel uren")):
        voting.cast_vote(actor=actor, version=version, organisation=team.own, choice=choice, remark=remark)
    vote = AgendaVote.objects.get()
    assert (vote.choice, vote.remark, vote.is_city, vote.cast_by) == ("no", "Te veel uren", True, colleague)
    assert AuditEvent.objects.filter(object_type="activities.agendavote").count() == 2
    for choice in ("no", "remark"):
        with pytest.raises(ValidationError):
            voting.cast_vote(actor=team.user, version=version, organisation=team.own, choice=choice, remark=" ")
    with pytest.raises(NotAllowed):
        voting.cast_vote(actor=team.user, version=version, organisation=cast.other, choice="yes")
    for role in ("member", "signatory", "advisor", "publisher", "steering", "coordinator", "visitor"):
        other = cast.person(role)
        with pytest.raises(NotAllowed):
            voting.cast_vote(actor=other.user, version=version, organisation=other.own or cast.other, choice="yes")
    close(version)
    with pytest.raises(NotAllowed, match="gesloten"):
        voting.cast_vote(actor=team.user, version=version, organisation=team.own, choice="yes")
    assert tally_of(version).cities_no == 1


def test_a_vote_after_closing_says_so_on_the_page(cast: Cast, coordinator: Person, client: Client) -> None:
    version, team = make_vote(coordinator), cast.person("team")
    client.force_login(team.user)
    address = f"{version.period.get_absolute_url()}stem/"
    posted = {"organisation": str(team.own.pk), "choice": "no", "remark": ""}
    assert "opmerking of de reden" in client.post(address, posted).content.decode()
    close(version)
    answer = client.post(address, posted | {"choice": "yes"})
    assert (answer.status_code, AgendaVote.objects.count()) == (403, 0)
    client.force_login(cast.person("member").user)
    assert client.get(address).status_code == 403


def test_the_steering_group_adopts_only_what_carried(cast: Cast, coordinator: Person) -> None:
    version, steering = make_vote(coordinator), cast.person("steering").user
    with pytest.raises(TransitionRefused, match="loopt nog"):
        voting.decide(actor=steering, version=version, step="adopt")
    close(version)
    with pytest.raises(TransitionRefused, match="niet aangenomen"):
        voting.decide(actor=steering, version=version, step="adopt")
    later = voting.extend_vote(actor=coordinator.user, version=version, closes_on=today() + SOON)
    assert voting.is_open(later)
    with pytest.raises(ValidationError):
        voting.extend_vote(actor=coordinator.user, version=version, closes_on=today() + timedelta(days=5))
    carry(version)
    for person in (coordinator, cast.person("team")):
        with pytest.raises(NotAllowed):
            voting.decide(actor=person.user, version=version, step="adopt")
    assert voting.decide(actor=steering, version=version, step="adopt", reason="Mooi").decision == "Mooi"


def test_who_proposed_it_does_not_decide(cast: Cast, coordinator: Person) -> None:
    join(coordinator.user, cast.person("steering").own, "steering")
    version = make_vote(coordinator)
    carry(version)
    with pytest.raises(NotAllowed):
        voting.decide(
            actor=type(coordinator.user).objects.get(pk=coordinator.user.pk), version=version, step="adopt"
        )


def test_it_is_sent_back_revised_and_replaces_the_old_one(cast: Cast, coordinator: Person) -> None:
    first, steering = adopted(coordinator), cast.person("steering").user
    with pytest.raises(NotAllowed):
        drafting.save_line(actor=coordinator.user, draft=first, values=line_values(cast.other))
    second = drafting.revise(actor=coordinator.user, period=first.period)
    assert [(line.key, line.means.get().hours) for line in lines_of(second)] == [(first.lines.get().key, 40)]
    with pytest.raises(NotAllowed):
        drafting.revise(actor=coordinator.user, period=first.period)
    with pytest.raises(TransitionRefused, match="waarom de agenda wordt herzien"):
        voting.open_vote(actor=coordinator.user, draft=second, closes_on=today() + SOON)
    values = period_values(note="Minder uren", title="Andere naam")
    drafting.change_draft(actor=coordinator.user, draft=second, version=1, values=values)
    assert AgendaPeriod.objects.get().title == "Agenda 2031"
    voting.open_vote(actor=coordinator.user, draft=second, closes_on=today() + SOON)
    close(second)
    with pytest.raises(TransitionRefused):
        voting.decide(actor=steering, version=second, step="return", reason="")
    voting.decide(actor=steering, version=second, step="return", reason="Nog eens")
    third = drafting.revise(actor=coordinator.user, period=first.period)
    drafting.change_draft(actor=coordinator.user, draft=third, version=1, values=values)
    voting.open_vote(actor=coordinator.user, draft=third, closes_on=today() + SOON)
    third.refresh_from_db()
    carry(third)
    voting.decide(actor=steering, version=third, step="adopt")
    states = list(AgendaVersion.objects.order_by("number").values_list("state", flat=True))
    assert states == ["replaced", "returned", "adopted"]


def test_what_others_see_and_what_changed(cast: Cast, coordinator: Person, client: Client) -> None:
    first = adopted(coordinator)
    address = first.period.get_absolute_url()
    assert client.get(address).status_code == 404
    assert "Agenda 2031" not in client.get("/agenda/periodes/").content.decode()
    AgendaVote.objects.filter(version=first).update(choice="remark", remark="Alleen voor leden")
    voting.publish(actor=coordinator.user, version=first)
    text = client.get(address).content.decode()
    assert "Deep Dive warmte" in text
    assert "Alleen voor leden" not in text
    second = drafting.revise(actor=coordinator.user, period=first.period)
    line = second.lines.get()
    drafting.save_line(actor=coordinator.user, draft=second, line=line, values=line_values(cast.advised))
    client.force_login(coordinator.user)
    text = client.get(address).content.decode()
    assert f"<ins>{cast.advised}</ins>" in text
    client.force_login(cast.person("team").user)
    text = client.get(address).content.decode()
    assert "<ins>" not in text
    assert "Alleen voor leden" in text
    assert client.get(f"{address}versies/2/").status_code == 404


def test_who_leads_a_line_plans_it_once(cast: Cast, coordinator: Person) -> None:
    line = adopted(coordinator).lines.get()
    lead, other = cast.person("team"), cast.person("team").user
    join(lead.user, cast.other, "team")
    leader = type(lead.user).objects.get(pk=lead.user.pk)
    assert [item.title for item in registrations.lines_to_plan(leader)] == ["Plan 'Deep Dive warmte'"]
    with pytest.raises(NotAllowed):
        voting.plan_line(actor=other, line=line)
    made = voting.plan_line(actor=leader, line=line)
    assert (made.organisation, made.title, made.state) == (cast.other, "Deep Dive warmte", "draft")
    assert voting.plan_line(actor=coordinator.user, line=line) == made
    assert Activity.objects.count() == 1


def test_my_work_and_reminders(cast: Cast, coordinator: Person) -> None:
    team, steering = cast.person("team"), cast.person("steering")
    version = make_vote(coordinator)
    asked = {role: list(registrations.votes_to_cast(cast.person(role).user)) for role in ("partner", "member")}
    assert (asked["partner"][0].due, list(asked["member"])) == (version.closes_on, [])
    assert len(list(registrations.votes_to_cast(team.user))) == 1
    day = version.closes_on - timedelta(days=7)
    AgendaVersion.objects.filter(pk=version.pk).update(opened_at=version.opened_at - timedelta(days=20))
    remind(day=day, guard=lambda: None)
    number = OutgoingMail.objects.filter(recipient=team.user.email).count()
    remind(day=day + timedelta(days=1), guard=lambda: None)
    assert (number, OutgoingMail.objects.filter(recipient=team.user.email).count()) == (1, 1)
    voting.cast_vote(actor=team.user, version=version, organisation=team.own, choice="yes")
    assert list(registrations.votes_to_cast(team.user)) == []
    remind(day=version.closes_on - timedelta(days=1), guard=lambda: None)
    assert OutgoingMail.objects.filter(recipient=team.user.email).count() == 1
    carry(version)
    assert [item.title for item in registrations.versions_to_move_on(steering.user)] == [
        "Besluit over de agenda 'Agenda 2031'"
    ]
    voting.decide(actor=steering.user, version=version, step="adopt")
    assert len(list(registrations.versions_to_move_on(coordinator.user))) == 1


def test_number_of_queries_and_the_demonstration(
    cast: Cast, coordinator: Person, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = cast.person("team")
    version = make_vote(coordinator)
    client.force_login(team.user)
    address = version.period.get_absolute_url()
    for number in (1, 3):
        while version.lines.count() < number:
            lead = make_city()
            activity = make_activity(lead)
            line = AgendaLine.objects.create(
                version=version, title="Nog een", kind="visit", planned_on=FIRST, lead=lead, activity=activity
            )
            line.means.create(organisation=lead, hours=3)
            AgendaVote.objects.create(version=version, organisation=lead, is_city=True, choice="yes")
        if number == 1:
            version.lines.update(activity=make_activity(cast.other))
        with django_assert_num_queries(PAGE_QUERIES):
            assert client.get(address).status_code == 200
    AgendaPeriod.objects.all().delete()
    load_demo("small", 1)
    load_demo("small", 1)
    assert sorted(AgendaVersion.objects.values_list("state", flat=True)) == ["adopted", "vote"]
