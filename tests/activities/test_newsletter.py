"""The newsletter: only what everybody may read, in the editors' order, each thing once over two newsletters."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities import models as all_models
from activities.models import Newsletter
from activities.models.desk import DirectoryEntry
from activities.presenting.newsletter import html_of, text_of
from activities.selectors.newsletter import offered
from activities.services import newsletter as services
from activities.services.demo_links import load_demo
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast
from tests.activities.matrix import make_lesson, make_news, make_product, published_for
from tests.activities.matrix_activity import make_activity
from tests.activities.programmes import programme_in
from tests.activities.workspace import make_ground, make_note
from tests.cities.matrix import make_theme

pytestmark = pytest.mark.django_db
SECRET = "Kwartelnest"
FORM_QUERIES = 8


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def make_public(cast: Cast, number: int = 1) -> None:
    """Publish one of each kind."""
    now = timezone.now()
    make_lesson(cast.other, "published", title=f"Les {number}", published_at=now)
    make_news(cast.other, "published", title=f"Bericht {number}")
    make_product(cast.other, "published", title=f"Gids {number}")
    dates = {"starts_at": in_days(9), "ends_at": in_days(9), "audience": "everybody", "sharing": "published"}
    make_activity(cast.other, "published", title=f"Dag {number}", **dates)
    DirectoryEntry.objects.create(
        kind="call", name=f"Oproep {number}", run_by="RVO", deadline=today() + timedelta(days=20)
    )


def plant(cast: Cast) -> None:
    """Put a word into whatever is not public: drafts, what is for chosen readers, and a workspace."""
    now = timezone.now()
    make_lesson(cast.other, title=f"{SECRET} concept")
    make_lesson(cast.other, "review", title=f"{SECRET} redactie")
    make_lesson(cast.other, "withdrawn", title=f"{SECRET} weg", published_at=now)
    lesson = published_for(cast.other, "mission")
    type(lesson).objects.filter(pk=lesson.pk).update(title=f"{SECRET} missie", published_at=now)
    make_news(cast.other, title=f"{SECRET} bericht")
    make_news(cast.other, "withdrawn", title=f"{SECRET} oud", published_at=now)
    make_product(cast.other, title=f"{SECRET} gids")
    dates = {"starts_at": in_days(9), "ends_at": in_days(9)}
    make_activity(cast.other, "published", title=f"{SECRET} kring", audience="nop", **dates)
    make_activity(
        cast.other, "planned", title=f"{SECRET} plan", audience="everybody", sharing="published", **dates
    )
    make_note(make_ground(cast, audience="everybody", sharing="published"), text=SECRET)


def test_nothing_that_is_not_public_gets_in_whatever_is_asked() -> None:
    cast = Cast()
    make_public(cast)
    plant(cast)
    editor = cast.person("publisher").user
    letter = services.begin(actor=editor)
    assert {kind: [one.title for one in found] for kind, found in offered(letter.since).items()} == {
        "news": ["Bericht 1"],
        "lesson": ["Les 1"],
        "product": ["Gids 1"],
        "activity": ["Dag 1", "Warmtenetten zonder verlies"],
        "deadline": ["Oproep 1"],
    }
    # Also who names what is not public by its key gets nothing of it.
    models = {"lesson": "Lesson", "news": "News", "product": "KnowledgeProduct", "activity": "Activity"}

    for kind, name in models.items():
        for one in getattr(all_models, name)._default_manager.all():
            letter.items.append({"kind": kind, "id": one.public_id})
    letter.save()
    client = Client()
    client.force_login(editor)
    base = letter.get_absolute_url()
    pages = [
        client.get(base + part).content.decode()
        for part in ("", "voorbeeld/", "nieuwsbrief.html", "nieuwsbrief.txt")
    ]
    for page in (*pages, html_of(letter), text_of(letter)):
        assert SECRET not in page
        assert "Les 1" in page


def test_the_editor_chooses_orders_and_introduces() -> None:
    cast = Cast()
    for number in (1, 2, 3):
        make_public(cast, number)
    client = Client()
    client.force_login(cast.person("publisher").user)
    client.post("/nieuws/nieuwsbrief/")
    letter = Newsletter.objects.get()
    base = letter.get_absolute_url()
    keys = {one.title: one.key for found in offered(letter.since).values() for one in found}
    sent = {"title": "Nieuws van juni", "introduction": "Een **mooie** <b>maand</b>.", "version": 1}
    sent |= {"take": [keys["Les 1"], keys["Les 3"], "lesson-bestaatniet"], "until": timezone.now().isoformat()}
    sent |= {f"place-{keys['Les 1']}": "1", f"place-{keys['Les 3']}": "2"}
    answer = client.post(f"{base}bewaren/", sent)
    assert answer.json()["version"] == 2
    assert client.post(f"{base}bewaren/", sent | {"title": "Anders"}).status_code == 409
    again = client.post(base, sent | {"title": "Anders"})
    assert again.status_code == 409
    assert "Nieuws van juni" in again.content.decode()
    text = text_of(Newsletter.objects.get())
    assert text.index("Les 1") < text.index("Les 3")
    assert "Les 2" not in text
    html = client.get(f"{base}nieuwsbrief.html")
    assert "attachment" in html["Content-Disposition"]
    page = html.content.decode()
    assert "<strong>mooie</strong>" in page
    assert "<b>" not in page
    assert "<table" not in page
    assert "<script" not in page
    assert 'href="http' in page
    kept = client.post(base, sent | {"title": "", "introduction": "Getikt"}).content.decode()
    assert "Getikt" in kept


def test_the_next_one_begins_after_the_one_that_was_sent() -> None:
    cast = Cast()
    make_public(cast)
    editor = cast.person("coordinator").user
    letter = services.begin(actor=editor)
    assert services.begin(actor=editor) == letter, "one draft at a time"
    with pytest.raises(ValidationError):
        services.send(actor=editor, newsletter=letter, sent_on=today() + timedelta(days=1))
    # Published after the editors last looked, so it comes with the next one.
    make_news(cast.other, "published", title="Later")
    services.send(actor=editor, newsletter=letter, sent_on=today())
    letter.refresh_from_db()
    assert "Bericht 1" in letter.text
    fields = {"title": "X", "introduction": "", "items": []}
    with pytest.raises(NotAllowed):
        services.change(actor=editor, newsletter=letter, version=1, values=fields, until=timezone.now())
    following = services.begin(actor=editor)
    assert [one.title for one in offered(following.since)["news"]] == ["Later"]
    assert offered(following.since)["lesson"] == []
    with pytest.raises(TransitionRefused):
        services.reopen(actor=editor, newsletter=letter)
    services.discard(actor=editor, newsletter=following)
    services.reopen(actor=editor, newsletter=letter)
    empty = services.change(actor=editor, newsletter=letter, version=1, values=fields, until=letter.until)
    with pytest.raises(TransitionRefused):
        services.send(actor=editor, newsletter=empty, sent_on=today())
    with pytest.raises(EditConflict):
        services.change(
            actor=editor, newsletter=letter, version=1, values=fields | {"title": "Y"}, until=letter.until
        )


def test_it_is_for_who_brings_news(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast = Cast()
    editor = cast.person("publisher").user
    letter = services.begin(actor=editor)
    pages = ["", "voorbeeld/", "nieuwsbrief.html", "nieuwsbrief.txt", "verstuurd/", "weggooien/"]
    for role in ("team", "desk", "steering", "partner"):
        user = cast.person(role).user
        client = Client()
        client.force_login(user)
        assert client.get("/nieuws/nieuwsbrief/").status_code == 403
        assert {client.get(letter.get_absolute_url() + page).status_code for page in pages} == {404}
        with pytest.raises(NotAllowed):
            services.begin(actor=user)
        with pytest.raises(NotAllowed):
            services.send(actor=user, newsletter=letter, sent_on=today())
    client = Client()
    assert client.get("/nieuws/nieuwsbrief/").status_code == 302
    client.force_login(editor)
    for number in (1, 2):
        for more in range(number):
            make_public(cast, 10 * number + more)
        with django_assert_num_queries(FORM_QUERIES):
            assert client.get(letter.get_absolute_url()).status_code == 200
    assert {client.get(letter.get_absolute_url() + page).status_code for page in pages} == {200}


def test_the_demonstration_ties_its_parts_together_once() -> None:
    cast = Cast()
    then = timezone.now() - timedelta(days=60)
    make_news(cast.other, "published", title="Toen", published_at=then, is_illustrative=True)
    make_news(cast.other, "published", title="Nu", is_illustrative=True)
    programme = programme_in("execution", is_illustrative=True, domain=make_theme())
    activity = make_activity(cast.other, is_illustrative=True, theme=programme.domain)
    session = make_activity(cast.other, kind="reflection", is_illustrative=True)
    assert load_demo("small", 7) == ["demo: activities of programmes 1", "demo: newsletters 1"]
    assert load_demo("small", 7) == ["demo: activities of programmes 0", "demo: newsletters 0"]
    activity.refresh_from_db()
    assert activity.programme == programme
    assert session.subjects.get().programme == programme
    text = Newsletter.objects.get(state="sent").text
    assert "Toen" in text
    assert "Nu" not in text
