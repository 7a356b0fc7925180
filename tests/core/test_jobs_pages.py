"""The pages about jobs, and a job's progress as part of a page."""

import pytest
from django.template import Context, Template
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.jobs import mend
from nss_portal.core.jobs.progress import progress_context
from nss_portal.core.jobs.todo import work_of_coordinators
from nss_portal.core.models import Job, OutgoingMail
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/beheer/taken/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def coordinator(cast: Cast, client: Client) -> User:
    """A coordinator, logged in."""
    user = cast.person("coordinator").user
    client.force_login(user)
    return user


def make_job(key: str = "one", **values: object) -> Job:
    fields: dict[str, object] = {"kind": "core.scheduled", "title": f"Reflectie {key}", "payload": {}} | values
    return Job.objects.create(key=key, **fields)


def test_a_coordinator_sees_what_runs_and_why_it_stopped(coordinator: User, client: Client) -> None:
    make_job("a", state="running", progress_done=40, progress_total=120)
    make_job("b", state="failed", last_error="KeyError (reflection.py:12 build)", actor_label="Coördinatie")
    text = client.get(LIST).content.decode()
    for words in (
        "Reflectie a",
        "40 van 120",
        "bezig",
        "Reflectie b",
        "gestopt",
        "KeyError (reflection.py:12 build)",
    ):
        assert words in text
    assert text.count("Opnieuw starten") == 1


def test_the_list_is_narrowed_by_its_address(coordinator: User, client: Client) -> None:
    make_job("a", state="failed")
    make_job("b", state="queued")
    assert "Reflectie b" not in client.get(LIST + "?stand=failed").content.decode()
    assert "Reflectie a" not in client.get(LIST + "?q=reflectie+B").content.decode()
    assert "Hier is niets" in client.get(LIST + "?q=nothing").content.decode()


def test_mails_and_the_routine_of_the_clock_are_left_out(coordinator: User, client: Client) -> None:
    make_job("a", kind="core.send_mail")
    make_job("b", state="done")
    make_job("c", state="done", kind="contracts.open_round")
    text = client.get(LIST).content.decode()
    assert [f"Reflectie {key}" in text for key in "abc"] == [False, False, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    coordinator: User, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_job(str(number), actor=coordinator)
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("role", ["member", "team", "ministry", "steering"])
def test_for_others_the_pages_do_not_exist(cast: Cast, client: Client, role: str) -> None:
    person = cast.person(role, leads=True).user
    client.force_login(person)
    job = make_job(state="failed", actor=person)
    assert client.get(LIST).status_code == 404
    assert client.get(f"{LIST}{job.public_id}/").status_code == 404
    assert client.post(f"{LIST}{job.public_id}/opnieuw/").status_code == 403, (
        "seen, since asked for, but not theirs"
    )
    job.refresh_from_db()
    assert job.state == "failed"
    other = make_job("two", state="failed")
    assert client.post(f"{LIST}{other.public_id}/opnieuw/").status_code == 404


def test_one_job_says_all_that_is_known(coordinator: User, client: Client) -> None:
    job = make_job(state="failed", last_error="KeyError", attempts=5, actor_label="Coördinatie")
    text = client.get(f"{LIST}{job.public_id}/").content.decode()
    for words in ("Reflectie one", "gestopt", "KeyError", "Coördinatie", "core.scheduled", "Opnieuw starten"):
        assert words in text


def test_a_coordinator_starts_again_what_stopped(coordinator: User, client: Client) -> None:
    job = make_job(state="failed", attempts=5, last_error="KeyError")
    response = client.post(f"{LIST}{job.public_id}/opnieuw/", follow=True)
    assert "start opnieuw" in response.content.decode()
    assert "opnieuw gestart" in response.content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


def test_pressed_twice_it_starts_once(coordinator: User, client: Client) -> None:
    job = make_job(state="failed")
    mend.restart(job=job, actor=coordinator)
    with pytest.raises(TransitionRefused):
        mend.restart(job=job, actor=coordinator)
    response = client.post(f"{LIST}{job.public_id}/opnieuw/", follow=True)
    assert "intussen veranderd" in response.content.decode()


def test_what_stopped_is_work_of_a_coordinator(coordinator: User, cast: Cast) -> None:
    assert list(work_of_coordinators(coordinator)) == []
    make_job(state="failed")
    OutgoingMail.objects.create(
        key="a", message_id="<a@x>", recipient="a@b.example", subject="x", state="uncertain"
    )
    titles = [str(item.title) for item in work_of_coordinators(coordinator)]
    assert titles == ["Een taak van het portaal is gestopt", "Is deze mail verstuurd?"]
    make_job("two", state="failed")
    assert str(next(iter(work_of_coordinators(coordinator))).title) == "2 taken van het portaal zijn gestopt"
    assert list(work_of_coordinators(cast.person("team").user)) == []


# Progress as part of a page


def shown(job: Job, **values: str) -> str:
    values = {"url": "/rapporten/", "label": "Rapport openen"} | values
    template = Template("{% load jobs %}{% job_progress job url=url label=label %}")
    return template.render(Context({"job": job, **values}))


def test_a_page_shows_how_far_a_job_is() -> None:
    html = shown(make_job(state="running", progress_done=1200, progress_total=2400, progress_text="Groningen"))
    assert 'value="1200" max="2400"' in html
    assert "1.200 van 2.400" in html
    assert "Groningen" in html
    assert 'hx-trigger="every 2s"' in html


@pytest.mark.parametrize(
    ("state", "attempts", "words"),
    [
        ("queued", 0, "Wacht op zijn beurt"),
        ("queued", 1, "Het lukte net niet"),
        ("running", 1, "Bezig"),
        ("done", 1, "Rapport openen"),
        ("failed", 5, "Het is niet gelukt"),
    ],
)
def test_each_state_says_what_it_means(state: str, attempts: int, words: str) -> None:
    html = shown(make_job(state=state, attempts=attempts))
    assert words in html
    assert ("hx-get" in html) == (state in ("queued", "running"))


def test_a_jobs_title_is_no_markup() -> None:
    assert "<script>" not in shown(make_job(title="<script>alert(1)</script>"))


def poll(client: Client, job: Job, *, htmx: bool = True) -> tuple[int, str]:
    url = str(progress_context(job, url="/rapporten/", label="Rapport openen")["poll_url"])
    response = client.get(url, headers={"HX-Request": "true"} if htmx else {})
    return response.status_code, response.content.decode()


def test_whoever_was_shown_the_progress_may_follow_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.person("team").user)
    job = make_job(state="running", progress_done=1, progress_total=4)
    code, html = poll(client, job)
    assert code == 200
    assert html.lstrip().startswith("<div")
    Job.objects.update(progress_done=2)
    assert "2 van 4" in poll(client, job)[1]


def test_when_it_is_done_the_asking_ends(cast: Cast, client: Client) -> None:
    client.force_login(cast.person("team").user)
    job = make_job(state="running")
    url = str(progress_context(job, url="/rapporten/", label="Rapport openen")["poll_url"])
    Job.objects.update(state="done")
    html = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in html
    assert 'href="/rapporten/"' in html


def test_without_script_it_is_a_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.person("team").user)
    code, html = poll(client, make_job(state="running"), htmx=False)
    assert code == 200
    assert "<h1>Reflectie one</h1>" in html


def test_an_address_made_up_says_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.person("team").user)
    job, other = make_job(state="running"), make_job("two", state="running")
    good = str(progress_context(job)["poll_url"])
    made_up = [
        good.partition("?")[0],
        good + "x",
        good.replace(job.public_id, other.public_id),
        str(progress_context(job, url="https://elders.example/")["poll_url"]),
    ]
    assert [client.get(url).status_code for url in made_up] == [404] * 4
    assert client.get(good).status_code == 200


def test_a_job_that_is_asked_for_again_shows_where_it_stands() -> None:
    job = make_job(state="done")
    assert jobs.find(kind=job.kind, key=job.key) == job
