"""The agenda, the page of an activity, its forms and what they do with bad input."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, ActivitySession, Agreement, Participation, ReflectionCapacity
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.test_agenda import step
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

LIST_QUERIES = 4
LIST_QUERIES_TEAM = 8
RECORD_QUERIES = 5
RECORD_QUERIES_RUNNER = 13
RUNNER_EXTRA = {"deep_dive": 0, "reflection": 1, "case_table": 2}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def at(activity: Activity, part: str) -> str:
    return f"/agenda/{activity.public_id}/{part}"


def titles(response: object) -> list[str]:
    return [row["title"] for month in response.context["months"] for row in month["rows"]]  # type: ignore[attr-defined]


def form(**more: object) -> dict[str, object]:
    values = {"title": "Netcongestie", "audience": "nop", "sharing": "audience", "meeting": "on_site"}
    return {**values, "time_zone": "Europe/Amsterdam", "repeat": "once", **more}


def test_a_visitor_sees_what_is_for_everybody(client: Client) -> None:
    city = make_city()
    shown = make_activity(city, audience="everybody", title="Open dag", online_url="https://bel.example/geheim")
    hidden = make_activity(city, audience="cop", title="Alleen wij")
    assert titles(client.get("/agenda/")) == ["Open dag"]
    page = client.get(shown.get_absolute_url())
    assert "Open dag" in page.content.decode()
    assert "bel.example" not in page.content.decode()
    assert f"/account/inloggen/?next={shown.get_absolute_url()}" in page.content.decode()
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(at(hidden, "")).status_code == 404
    assert client.get(at(shown, "bewerken/")).status_code == 302


def test_an_old_slug_leads_on(client: Client) -> None:
    activity = make_activity(make_city(), audience="everybody", title="Nieuwe titel")
    for address in (f"/agenda/{activity.public_id}-oude-titel/", at(activity, "")):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, activity.get_absolute_url())


def test_number_of_queries(team: Person, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    visitor, member, runner = Client(), browser(team), browser(cast.person("coordinator"))
    for _number in range(2):
        for kind, extra in (("deep_dive", 1), ("reflection", 2), ("case_table", 1)):
            activity = make_activity(cast.coordinating, audience="everybody", kind=kind, is_series=True)
            someone = cast.person("team")
            take_part(activity, someone.user, someone.own)
            activity.bottlenecks.add(make_bottleneck(cast.other, "published"))
            activity.steps.add(step())
            Agreement.objects.create(activity=activity, text="x", owner=team.own, due_on=today())
            with django_assert_num_queries(LIST_QUERIES):
                visitor.get("/agenda/")
            with django_assert_num_queries(LIST_QUERIES_TEAM):
                member.get("/agenda/")
            with django_assert_num_queries(RECORD_QUERIES + extra):
                visitor.get(activity.get_absolute_url())
            with django_assert_num_queries(RECORD_QUERIES_RUNNER + RUNNER_EXTRA[kind]):
                runner.get(activity.get_absolute_url())


def test_filters_narrow_the_agenda(team: Person, cast: Cast) -> None:
    page = browser(team)
    dive = make_activity(cast.other, kind="deep_dive", title="Duik", audience="cop")
    visit = make_activity(cast.other, kind="visit", title="Bezoek aan Gent", audience="everybody")
    make_activity(cast.other, "held", title="Vorige maand")
    dive.steps.add(step())
    take_part(visit, team.user, team.own)
    month = f"{timezone.localtime(dive.starts_at):%Y-%m}"
    for query, found in {
        "": ["Duik", "Bezoek aan Gent"],
        "soort=deep-dive": ["Duik"],
        "voor=iedereen": ["Bezoek aan Gent"],
        "stap=build-mandate": ["Duik"],
        "q=gent": ["Bezoek aan Gent"],
        "wie=mijn": ["Bezoek aan Gent"],
        "wanneer=geweest": ["Vorige maand"],
        "maand=" + month: ["Duik", "Bezoek aan Gent"],
        "soort=training": [],
        "soort=onzin": ["Duik", "Bezoek aan Gent"],
    }.items():
        assert titles(page.get(f"/agenda/?{query}")) == found, query
    assert "Geen activiteit past" in page.get("/agenda/?q=bestaatniet").content.decode()


def test_a_series_stands_there_session_by_session(client: Client) -> None:
    series = make_activity(make_city(), audience="everybody", is_series=True)
    days = make_activity(make_city(), audience="everybody", title="Drie dagen")
    for activity in (series, days):
        last = activity.sessions.get()
        for week in (1, 2):
            more = timedelta(weeks=week)
            ActivitySession.objects.create(
                activity=activity,
                starts_at=last.starts_at + more,
                ends_at=last.ends_at + more,
                is_listed=activity.is_series,
            )
    found = titles(client.get("/agenda/"))
    assert (found.count(series.title), found.count("Drie dagen")) == (3, 1)


def test_from_nothing_to_the_agenda(team: Person) -> None:
    step()
    page = browser(team)
    assert "Dutch Deep Dive" in page.get("/agenda/nieuw/").content.decode()
    day = (today() + timedelta(days=30)).isoformat()
    made = page.post(
        "/agenda/nieuw/thema/",
        form(
            organisation=team.own.pk,
            summary="Wat kan er wel?",
            place="Utrecht",
            steps=["build-mandate"],
            day=day,
            begins="10:00",
            ends="12:00",
            repeat="fortnightly",
            number=3,
            publish="yes",
        ),
    )
    activity = Activity.objects.get()
    assert activity.sessions.count() == 3
    assert made["Location"] == at(activity, "stap/publish/")
    assert page.get(made["Location"]).status_code == 200
    page.post(made["Location"])
    activity.refresh_from_db()
    assert activity.state == "published"
    take_part(activity, team.user, team.own)
    assert page.get(activity.get_absolute_url()).context["place"]["label"]
    page.post(at(activity, "stap/cancel/"), {"reason": "Zaal is dubbel geboekt"})
    cancelled = page.get(activity.get_absolute_url())
    assert "Zaal is dubbel geboekt" in cancelled.content.decode()
    lines = page.get("/agenda/").context["months"][0]["rows"]
    assert [line["mine"] for line in lines] + [cancelled.context["place"]["label"]] == [""] * (len(lines) + 1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"body": "x" * 1_000_000}, "body"),
        ({"day": "2027-01-01"}, "begins"),
        ({"day": "31 februari", "begins": "10:00", "ends": "12:00"}, "day"),
        ({"day": "2027-03-28", "begins": "02:30", "ends": "04:00"}, "begins"),
        ({"day": "2027-01-01", "begins": "9", "ends": "12:00"}, "begins"),
        ({"repeat": "weekly"}, "number"),
        ({"capacity": "-1"}, "capacity"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"organisation": "0"}, "organisation"),
        ({"audience": "iedereen!"}, "audience"),
    ],
)
def test_bad_input_is_named_and_kept(team: Person, more: dict[str, object], field: str) -> None:
    answer = browser(team).post(
        "/agenda/nieuw/thema/", form(**{"organisation": team.own.pk, "summary": "Bewaard", **more})
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Bewaard" in answer.content.decode()
    assert not Activity.objects.exists()


def test_scripts_in_a_text_are_shown_as_text(team: Person) -> None:
    activity = make_activity(team.own, body="<script>alert(1)</script> **vet**", summary="<b>x</b>")
    page = browser(team).get(activity.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<strong>vet</strong>" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_looking_for_a_bottleneck_keeps_what_was_typed(team: Person) -> None:
    found = make_bottleneck(team.own, "network", title="Net vol")
    answer = browser(team).post(
        "/agenda/nieuw/thema/", form(organisation=team.own.pk, title="Half", find="vol", search="yes")
    )
    text = answer.content.decode()
    assert "Net vol" in text
    assert 'value="Half"' in text
    given = browser(team).get(f"/agenda/nieuw/thema/?knelpunt={found.public_id}")
    assert given.context["form"]["bottlenecks"].value() == [found.public_id]


def test_both_texts_stand_side_by_side(team: Person) -> None:
    activity = make_activity(team.own, place="Utrecht")
    page, values = browser(team), form(version=1, place="Utrecht")
    page.post(at(activity, "bewerken/"), {**values, "title": "Van de collega"})
    answer = page.post(at(activity, "bewerken/"), {**values, "title": "Van mij"})
    assert answer.status_code == 409
    assert "Van de collega" in answer.content.decode()
    assert "Van mij" in answer.content.decode()


def test_links_of_a_colleague_are_not_taken_away_silently(team: Person) -> None:
    activity, step_of_map = make_activity(team.own, place="Utrecht"), step()
    page = browser(team)
    same = form(version=1, title=activity.title, place="Utrecht")
    page.post(at(activity, "bewerken/"), {**same, "steps": [step_of_map.code]})
    answer = page.post(at(activity, "bewerken/"), same)
    assert answer.status_code == 409
    assert [row["theirs"] for row in answer.context["conflict"]] == [str(step_of_map)]
    assert list(activity.steps.all()) == [step_of_map]
    assert page.post(at(activity, "bewerken/"), {**same, "version": 2}).status_code == 302
    assert not activity.steps.exists()


def test_a_draft_of_a_city_stays_linked_and_unseen_for_who_plans(cast: Cast, team: Person) -> None:
    coordinator = cast.person("coordinator")
    activity = make_activity(team.own, place="Utrecht")
    draft = make_bottleneck(team.own, sharing="draft", title="Nog geheim knelpunt")
    activity.bottlenecks.set([draft])
    page = browser(coordinator)
    assert "Nog geheim" not in page.get(at(activity, "bewerken/")).content.decode()
    sent = form(version=1, title="Anders", place="Utrecht")
    chosen = page.post(at(activity, "bewerken/"), {**sent, "bottlenecks": [draft.public_id]})
    assert chosen.context["form"].errors["bottlenecks"]
    assert page.post(at(activity, "bewerken/"), sent).status_code == 302
    assert list(activity.bottlenecks.all()) == [draft]
    assert "Nog geheim" in browser(team).get(at(activity, "bewerken/")).content.decode()


def test_a_draft_saves_itself(team: Person) -> None:
    draft = make_activity(team.own, "draft")
    page = browser(team)
    saved = page.post(at(draft, "bewaren/"), form(version=1, title="Bewaard")).json()
    assert saved["version"] == 2
    assert page.post(at(draft, "bewaren/"), form(version=1, title="Te laat")).status_code == 409
    assert page.post(at(draft, "bewaren/"), form(version=2, title="")).status_code == 422
    page.post(at(draft, "weggooien/"))
    assert not Activity.objects.exists()


def test_sessions_are_changed_a_line_each(team: Person) -> None:
    activity = make_activity(team.own)
    page = browser(team)
    held = page.get(at(activity, "bijeenkomsten/")).context["formset"]
    assert len(held.forms) == 3
    day = (today() + timedelta(days=40)).isoformat()
    base = {"s-TOTAL_FORMS": 2, "s-INITIAL_FORMS": 0, "version": 1}
    line = {"s-0-day": day, "s-0-begins": "10:00", "s-0-ends": "12:00"}
    overlap = {**base, **line, "s-1-day": day, "s-1-begins": "11:00", "s-1-ends": "13:00"}
    assert "overlappen" in page.post(at(activity, "bijeenkomsten/"), overlap).content.decode()
    half = page.post(at(activity, "bijeenkomsten/"), {**base, "s-0-day": day})
    assert half.context["lines"][0].errors
    assert page.post(at(activity, "bijeenkomsten/"), {**base, **line, "version": "x"}).status_code == 409
    assert page.post(at(activity, "bijeenkomsten/"), {**base, **line}).status_code == 302
    assert activity.sessions.get().starts_at.astimezone(activity.zone).hour == 10


def test_register_and_withdraw_by_buttons(team: Person, cast: Cast) -> None:
    activity = make_activity(cast.other, capacity=1, online_url="https://bel.example/geheim")
    page = browser(team)
    assert "Aanmelden" in page.get(activity.get_absolute_url()).content.decode()
    page.post(at(activity, "aanmelden/"), {"organisation": team.own.pk})
    assert "bel.example/geheim" in page.get(activity.get_absolute_url()).content.decode()
    assert "al aangemeld" in page.get(at(activity, "aanmelden/"), follow=True).content.decode()
    clash = make_activity(cast.other, title="Tegelijk")
    assert "hetzelfde moment" in page.get(at(clash, "aanmelden/")).content.decode()
    second = browser(cast.person("team"))
    own = Participation.objects.get().organisation
    assert "wachtlijst" in second.get(activity.get_absolute_url()).content.decode()
    second.post(at(activity, "aanmelden/"), {"organisation": own.pk})
    assert Participation.objects.count() == 1
    page.post(at(activity, "afmelden/"), {"reason": "Ziek"})
    assert Participation.objects.get().state == "withdrawn"
    partner = browser(cast.person("partner"))
    assert partner.get(at(activity, "aanmelden/")).status_code == 404


def test_the_organiser_decides_and_notes_who_was_there(team: Person, cast: Cast) -> None:
    activity = make_activity(team.own, needs_approval=True)
    one, two = cast.person("team"), cast.person("team")
    rows = [take_part(activity, each.user, each.own, "requested") for each in (one, two)]
    page = browser(team)
    assert "Mijn aanmelding intrekken" in browser(one).get(activity.get_absolute_url()).content.decode()
    assert "Wie het langst wacht" not in browser(one).get(at(activity, "afmelden/")).content.decode()
    listed = page.get(at(activity, "deelnemers/")).content.decode()
    assert str(one.user) in listed
    # Enter after a reason presses the first button of the form, and that one does not admit.
    assert listed.index('name="enter"') < listed.index('name="admit"')
    page.post(at(activity, f"deelnemers/{rows[0].pk}/"), {"admit": "yes"})
    page.post(at(activity, f"deelnemers/{rows[1].pk}/"), {"reason": "Vol"})
    assert set(Participation.objects.values_list("state", flat=True)) == {"registered", "refused"}
    assert browser(one).get(at(activity, "deelnemers/")).status_code == 403
    Activity.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    page.post(at(activity, "deelnemers/"), {"present": [rows[0].pk, "x"]})
    assert Participation.objects.get(pk=rows[0].pk).attended is True


def test_an_outcome_is_written_and_published(team: Person) -> None:
    activity = make_activity(team.own, "held", kind="deep_dive")
    page = browser(team)
    texts = {"possible": "Slim laden", "who_is_up": "", "scaling_up": "Regio"}
    refused = page.post(at(activity, "uitkomst/"), {**texts, "version": 0, "publish": "yes"})
    assert "wie aan zet is" in refused.content.decode()
    stale = page.post(at(activity, "uitkomst/"), {**texts, "possible": "Anders", "version": 0})
    assert stale.status_code == 409
    assert "Slim laden" in stale.content.decode()
    texts["who_is_up"] = "De netbeheerder"
    assert page.post(at(activity, "uitkomst/"), {**texts, "version": 1, "publish": "yes"}).status_code == 302
    assert "De netbeheerder" in page.get(activity.get_absolute_url()).content.decode()
    assert page.get(at(make_activity(team.own), "uitkomst/")).status_code == 404
    early = make_activity(team.own, "planned", kind="deep_dive")
    assert page.get(at(early, "uitkomst/")).status_code == 403


def test_a_reflection_shows_the_summed_picture(team: Person, cast: Cast) -> None:
    dive = make_activity(cast.other, "held", kind="deep_dive", title="Duik in het net")
    session = make_activity(team.own, kind="reflection")
    page = browser(team)
    assert "Duik in het net" in page.get(at(session, "onderwerpen/")).content.decode()
    base = {"s-TOTAL_FORMS": 2, "s-INITIAL_FORMS": 0, "version": 1}
    chosen = {"s-0-kind": "activity", "s-0-about": dive.public_id, "s-1-kind": "roadmap"}
    assert page.post(at(session, "onderwerpen/"), {**base, **chosen}).status_code == 302
    assert "Duik in het net" in page.get(session.get_absolute_url()).content.decode()
    answers = {"money": "no", "people": "yes", "partners": "yes", "signing": "unknown", "note": "Twee fte"}
    address = at(session, f"volgen/{team.own.public_id}/")
    assert list(page.post(address, {**answers, "money": ""}).context["form"].errors) == ["money"]
    page.post(address, {**answers, "version": 0})
    assert ReflectionCapacity.objects.get().money == "no"
    text = page.get(session.get_absolute_url()).content.decode()
    assert "1 stad legde vast" in text
    assert "Twee fte" in text
    assert page.post(address, {**answers, "note": "Drie", "version": 0}).status_code == 409
    other = at(session, f"volgen/{cast.other.public_id}/")
    assert page.get(other).status_code == 403


def test_a_case_table_is_followed_until_done(team: Person, cast: Cast) -> None:
    table = make_activity(cast.coordinating, kind="case_table", mandate="Een half miljoen")
    page, runner = browser(team), browser(cast.person("coordinator"))
    page.post(
        at(table, "casus/"),
        {"organisation": team.own.pk, "title": "Warmtenet", "question": "Wie staat borg?", "background": "g"},
    )
    case = table.cases.get()
    stranger = browser(cast.person("team")).get(table.get_absolute_url()).content.decode()
    assert "Warmtenet" in stranger
    assert "Wie staat borg?" not in stranger
    when = (today() + timedelta(days=20)).isoformat()
    values = {"text": "Het Rijk staat borg", "case": case.pk, "owner": team.own.pk, "is_decision": "on"}
    late = runner.post(at(table, "afspraken/"), {**values, "due_on": "2020-01-01"})
    assert list(late.context["form"].errors) == ["due_on"]
    runner.post(at(table, "afspraken/"), {**values, "due_on": when})
    agreed = Agreement.objects.get()
    assert (agreed.case, agreed.owner, agreed.is_decision) == (case, team.own, True)
    assert browser(cast.person("team")).get(at(table, f"afspraken/{agreed.pk}/")).status_code == 404
    unsaid = page.post(at(table, f"afspraken/{agreed.pk}/"), {"state": "dropped"})
    assert list(unsaid.context["form"].errors) == ["result"]
    page.post(at(table, f"afspraken/{agreed.pk}/"), {"state": "done", "result": "Getekend"})
    assert "Getekend" in runner.get(table.get_absolute_url()).content.decode()
    assert page.post(at(table, f"casus/{case.pk}/")).status_code == 403


def test_coordinators_see_who_is_silent_and_what_is_asked(team: Person, cast: Cast) -> None:
    starts = timezone.now() + timedelta(minutes=1)
    shared = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    both = make_activity(cast.other, audience="nop", preparation_hours=4, **shared)
    make_activity(cast.other, audience="cop", preparation_hours="2.5", **shared)
    take_part(both, team.user, team.own)
    page = browser(cast.person("coordinator")).get("/agenda/overzicht/")
    rows = {row["city"].organisation: row for row in page.context["cities"]}
    assert (rows[team.own.pk]["asked"], rows[team.own.pk]["taken_on"]) == ("8,5 uur", "5 uur")
    assert not rows[team.own.pk]["city"].is_silent
    assert rows[cast.other.pk]["city"].is_silent
    assert browser(team).get("/agenda/overzicht/").status_code == 403
    make_activity(team.own)
    assert browser(team).get("/agenda/overzicht/").status_code == 200
