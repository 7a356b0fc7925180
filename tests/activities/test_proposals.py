"""Proposals for the agenda: written, supported, taken up or declined; and their pages."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, AgendaProposal, ProposalSupport
from activities.models.proposal import ProposalState
from activities.registrations import proposals as registrations
from activities.selectors.proposals import alike, heaviest_first, weighed
from activities.services import proposals as services
from activities.services.demo_proposals import NUMBER, load_demo
from activities.services.proposals import ProposalValues
from cities.models.bottleneck_group import BottleneckJoin
from governance.models import Organisation
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix_activity import make_activity
from tests.activities.test_agenda import step
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db

LIST_QUERIES = 7
RECORD_QUERIES = 10


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def values(**more: object) -> ProposalValues:
    given = {"title": " Warmtenetten ", "kind": "deep_dive", "why": "Omdat", "theme": make_theme(), **more}
    return ProposalValues(**given)  # type: ignore[arg-type]


def make_proposal(organisation: Organisation, state: str = "open", **fields: object) -> AgendaProposal:
    fields = {"title": "Warmtenetten", "kind": "deep_dive", "why": "Omdat", "theme": make_theme(), **fields}
    return AgendaProposal.objects.create(organisation=organisation, state=state, **fields)


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "desk", "publisher", "coordinator"])
def test_who_proposes_and_for_whom(cast: Cast, role: str) -> None:
    person = cast.person(role)
    draft = services.create_proposal(actor=person.user, organisation=person.own, values=values())
    assert (draft.title, draft.state) == ("Warmtenetten", "draft")
    assert services.share_proposal(actor=person.user, proposal=draft).shared_at is not None
    if role != "coordinator":
        with pytest.raises(NotAllowed):
            services.create_proposal(actor=person.user, organisation=cast.other, values=values())


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "steering"])
def test_others_do_not_propose_and_visitors_do_not_read(cast: Cast, role: str, client: Client) -> None:
    person, shared = cast.person(role), make_proposal(cast.other)
    with pytest.raises(NotAllowed):
        services.create_proposal(actor=person.user, organisation=person.own or cast.other, values=values())
    seen = AgendaProposal.objects.visible_to(person.user).filter(pk=shared.pk).exists()
    assert seen is (role != "visitor")


def test_a_draft_is_for_the_own_organisation_alone(cast: Cast, team: Person, client: Client) -> None:
    draft = make_proposal(team.own, "draft")
    for role in ("team", "ministry", "coordinator", "steering"):
        other = cast.person(role).user
        assert not AgendaProposal.objects.visible_to(other).exists(), role
        client.force_login(other)
        assert client.get(draft.get_absolute_url()).status_code == 404
    assert AgendaProposal.objects.visible_to(team.user).exists()


def test_what_is_not_finished_stays_a_draft(team: Person, client: Client) -> None:
    client.force_login(team.user)
    posted = {"organisation": team.own.pk, "title": "Alleen een titel", "share": "yes"}
    answer = client.post("/agenda/voorstellen/nieuw/", posted, follow=True)
    text = answer.content.decode()
    assert AgendaProposal.objects.get().state == "draft"
    for words in ("Alleen een titel", "waarom dit op de agenda hoort", "over welk thema"):
        assert words in text
    with pytest.raises(TransitionRefused):
        services.share_proposal(actor=team.user, proposal=AgendaProposal.objects.get())


def test_two_editors_notice_each_other(team: Person, client: Client) -> None:
    draft = make_proposal(team.own, "draft")
    services.change_proposal(actor=team.user, proposal=draft, version=1, values=values(why="Eerst"))
    with pytest.raises(EditConflict):
        services.change_proposal(actor=team.user, proposal=draft, version=1, values=values(why="Daarna"))
    client.force_login(team.user)
    address = f"{draft.get_absolute_url()}bewerken/"
    answer = client.post(address, {"title": "Warmtenetten", "why": "Daarna", "version": "1"})
    assert (answer.status_code, "Eerst" in answer.content.decode()) == (409, True)
    saved = client.post(f"{draft.get_absolute_url()}bewaren/", {"title": "Warmtenetten", "version": "2"})
    assert saved.json()["version"] == 3


def test_support_counts_once_and_can_be_withdrawn(cast: Cast, team: Person) -> None:
    proposal, ministry = make_proposal(cast.other), cast.person("ministry")
    for note in ("Wij ook", "Wij ook", "Met een jurist"):
        services.support_proposal(actor=team.user, proposal=proposal, organisation=team.own, note=note)
    mine = ProposalSupport.objects.get()
    services.support_proposal(actor=ministry.user, proposal=proposal, organisation=ministry.own)
    assert (mine.note, weighed(team.user, AgendaProposal.objects.all()).get().supporters) == ("Met een jurist", 2)
    with pytest.raises(NotAllowed):
        services.leave_proposal(actor=ministry.user, support=mine)
    services.leave_proposal(actor=team.user, support=mine)
    services.support_proposal(actor=team.user, proposal=proposal, organisation=team.own)
    assert ProposalSupport.objects.filter(left_on=None).count() == 2
    for actor, organisation in ((team.user, cast.other), (cast.person("publisher").user, team.own)):
        with pytest.raises(NotAllowed):
            services.support_proposal(actor=actor, proposal=proposal, organisation=organisation)
    own = make_proposal(team.own)
    with pytest.raises(NotAllowed):
        services.support_proposal(actor=team.user, proposal=own, organisation=team.own)


def test_cities_behind_the_bottlenecks_count_as_far_as_one_may_know(cast: Cast, team: Person) -> None:
    light, heavy = make_proposal(cast.other, title="Licht"), make_proposal(cast.other, title="Zwaar")
    published, network = make_bottleneck(cast.other, "published"), make_bottleneck(make_city(), "network")
    for city in (team.own, cast.advised):
        BottleneckJoin.objects.create(bottleneck=network, organisation=city, severity="small", sharing="network")
    heavy.bottlenecks.set([published, network, make_bottleneck(make_city(), "draft")])
    services.support_proposal(actor=team.user, proposal=light, organisation=team.own)

    def counts(person: Person) -> list[tuple[str, int]]:
        found = heaviest_first(weighed(person.user, AgendaProposal.objects.visible_to(person.user)))
        return list(found.values_list("title", "behind"))

    assert counts(team) == [("Zwaar", 4), ("Licht", 0)]
    assert dict(counts(cast.person("partner")))["Zwaar"] == 1


def test_it_is_taken_up_with_all_it_knows(cast: Cast, team: Person) -> None:
    bottleneck = make_bottleneck(team.own, "network")
    proposal = make_proposal(team.own, preparation_hours=6, created_by=team.user)
    proposal.bottlenecks.add(bottleneck)
    proposal.steps.add(step())
    coordinator = cast.person("coordinator")
    with pytest.raises(NotAllowed):
        services.take_up(actor=team.user, proposal=proposal, leader=team.own)
    activity = services.take_up(actor=coordinator.user, proposal=proposal, leader=cast.other, note="Mooi")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.activity, activity.proposal) == ("taken_up", activity, proposal)
    assert (activity.kind, activity.body, activity.preparation_hours) == ("deep_dive", "Omdat", 6)
    assert (list(activity.bottlenecks.all()), list(activity.steps.all())) == ([bottleneck], [step()])
    assert (activity.organisation, activity.proposed_by) == (cast.other, team.own)
    assert OutgoingMail.objects.get(subject__startswith="Opgepakt").recipient == team.user.email
    assert Activity.objects.visible_to(team.user).filter(pk=activity.pk).exists()
    with pytest.raises(TransitionRefused):
        services.take_up(actor=coordinator.user, proposal=proposal, leader=cast.other)
    assert Activity.objects.count() == 1


def test_it_is_declined_with_a_reason_and_opened_again(cast: Cast, team: Person) -> None:
    proposal = make_proposal(team.own, created_by=team.user)
    coordinator = cast.person("coordinator").user
    with pytest.raises(TransitionRefused):
        services.move_proposal(actor=coordinator, proposal=proposal, step="decline", reason=" ")
    moved = services.move_proposal(actor=coordinator, proposal=proposal, step="decline", reason="Bestaat al")
    assert (moved.state, moved.answer, OutgoingMail.objects.count()) == ("declined", "Bestaat al", 1)
    with pytest.raises(NotAllowed):
        services.change_proposal(actor=team.user, proposal=moved, version=moved.version, values=values())
    again = services.move_proposal(actor=coordinator, proposal=moved, step="reopen", reason="Toch niet")
    assert (again.state, again.answer) == ("open", "")
    with pytest.raises(NotAllowed):
        services.move_proposal(actor=cast.person("team").user, proposal=again, step="withdraw", reason="x")
    assert (
        services.move_proposal(actor=team.user, proposal=again, step="withdraw", reason="x").state == "withdrawn"
    )


def test_what_it_resembles(cast: Cast, team: Person) -> None:
    draft = make_proposal(team.own, "draft", title="Warmtenetten in de binnenstad")
    make_proposal(cast.other, title="Iets over warmtenetten")
    make_proposal(cast.other, "draft", title="Geheim over warmtenetten")
    make_activity(cast.other, title="Deep Dive warmtenetten")
    make_activity(cast.other, title="Fietsparkeren")
    found = [one.title for one in alike(team.user, draft.title, exclude=draft)]
    assert found == ["Iets over warmtenetten", "Deep Dive warmtenetten"]


def test_my_work_news_and_other_pages(cast: Cast, team: Person, client: Client) -> None:
    make_proposal(team.own, "draft", title="Half af")
    open_one = make_proposal(cast.other, title="Wacht op antwoord")
    bottleneck = make_bottleneck(team.own, "network")
    open_one.bottlenecks.add(bottleneck)
    work = {
        role: [str(item.title) for item in registrations.proposals_to_do(person.user)]
        for role, person in (("team", team), ("coordinator", cast.person("coordinator")))
    }
    assert ["Half af" in title for title in work["team"]] == [True]
    assert ["Wacht op antwoord" in title for title in work["coordinator"]] == [True]
    assert registrations.proposals_to_do(cast.person("steering").user) == ()
    client.force_login(team.user)
    assert "Wacht op antwoord" in client.get(bottleneck.get_absolute_url()).content.decode()
    for words in ("Half af",):
        assert words in client.get(team.own.municipality.get_absolute_url()).content.decode()


def test_links_move_along_with_a_bottleneck(team: Person) -> None:
    source, target = make_bottleneck(team.own, "network"), make_bottleneck(team.own, "network")
    proposal = make_proposal(team.own)
    proposal.bottlenecks.add(source)
    links = registrations.ProposalLinks()
    moved = links.move(source=source, target=target)
    assert list(proposal.bottlenecks.all()) == [target]
    links.move_back(source=source, target=target, moved=moved)
    assert list(proposal.bottlenecks.all()) == [source]


def test_number_of_queries_and_the_demonstration(
    cast: Cast, team: Person, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(team.user)
    proposal = make_proposal(cast.other)
    client.get("/agenda/voorstellen/")
    for number in (1, 3):
        while AgendaProposal.objects.count() < number:
            extra = make_proposal(make_city())
            proposal.bottlenecks.add(make_bottleneck(make_city(), "network"))
            services.support_proposal(
                actor=(one := cast.person("team")).user, proposal=proposal, organisation=one.own
            )
            assert extra.state == ProposalState.OPEN
        with django_assert_num_queries(LIST_QUERIES):
            assert client.get("/agenda/voorstellen/").status_code == 200
        with django_assert_num_queries(RECORD_QUERIES):
            assert client.get(proposal.get_absolute_url()).status_code == 200
    client.logout()
    assert client.get("/agenda/voorstellen/").status_code == 302
    load_demo("small", 1)
    load_demo("small", 1)
    made = AgendaProposal.objects.filter(is_illustrative=True)
    assert (made.count(), len(set(made.values_list("state", flat=True)))) == (NUMBER["small"], 3)
