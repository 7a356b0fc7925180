"""The summary by mail: whose turn it is, once a period, in the person's language, and messages in the portal."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from cities.models import Bottleneck
from governance.models import DigestChoice, Membership
from governance.services.digest import choose_rhythm, due_on, period_of
from nss_portal.core import jobs
from nss_portal.core.mail import queue_mail
from nss_portal.core.models import OutgoingMail
from nss_portal.core.registry import WorkItem
from nss_portal.core.time import today
from nss_portal.pages import digest
from nss_portal.pages.digest import ask_for_digests, digest_of, make_digest
from nss_portal.pages.work import Work
from tests.access.cast import Cast, Person, make_user

__all__ = ["make_digest"]

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def lead() -> Person:
    """The lead of a city whose draft lesson waits, so that something is asked."""
    from activities.models import Lesson

    person = Cast().person("team", leads=True)
    Lesson.objects.create(
        organisation=person.own,
        author_organisation=person.own,
        title="Een les die wacht",
        what_worked="Samen graven",
        created_by=person.user,
    )
    return person


@pytest.mark.parametrize(
    ("rhythm", "day", "period"),
    [
        ("daily", MONDAY, "2026-11-23"),
        ("daily", MONDAY - timedelta(days=1), ""),
        ("weekly", MONDAY, "2026-W48"),
        ("weekly", MONDAY + timedelta(days=6), "2026-W48"),
        ("weekly", date(2027, 1, 1), "2026-W53"),
        ("monthly", MONDAY, "2026-11"),
        ("never", MONDAY, ""),
    ],
)
def test_a_period_has_one_summary(rhythm: str, day: date, period: str) -> None:
    assert period_of(rhythm, day) == period


def test_whoever_left_or_chose_never_gets_none() -> None:
    cast = Cast()
    stays, never, left = (cast.person(role).user for role in ("team", "ministry", "partner"))
    alone = make_user()
    choose_rhythm(actor=never, rhythm="never")
    Membership.objects.filter(user=left).update(valid_to=today() - timedelta(days=1))
    found = {pk for pk, _period in due_on(today())}
    assert stays.pk in found
    assert not found & {never.pk, left.pk, alone.pk}
    DigestChoice.objects.create(user=stays, made_on=today())
    assert stays.pk not in {pk for pk, _period in due_on(today())}


def test_a_rhythm_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="hourly"):
        choose_rhythm(actor=Cast().person("team").user, rhythm="hourly")


def test_one_mail_a_period_with_what_is_asked(lead: Person) -> None:
    assert ask_for_digests() >= 1
    ask_for_digests()
    jobs.run_all_here()
    ask_for_digests()
    jobs.run_all_here()
    (mail,) = OutgoingMail.objects.filter(key__startswith=f"digest.{lead.user.pk}.")
    assert "Een les die wacht" in mail.text
    assert "Een les die wacht" in mail.html
    assert "/account/berichten/" in mail.text
    assert "Samen graven" not in mail.text
    assert mail.subject == "1 ding wacht op je"
    assert DigestChoice.objects.get(user=lead.user).made_on == today()


def work(number: int, *, days: int | None) -> WorkItem:
    due = None if days is None else today() + timedelta(days=days)
    return WorkItem(
        title=f"Taak {number} <b>",
        url=f"/taak/{number}/",
        action_label="Doen",
        minutes=5,
        due=due,
        detail="Bij & om",
    )


def test_what_is_late_comes_first_and_a_long_list_ends_with_the_way_to_the_rest(
    lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [work(1, days=-400), work(2, days=3), work(3, days=60), *(work(n, days=None) for n in range(4, 16))]
    monkeypatch.setattr(digest, "work_of", lambda user: Work(open=items, done=[]))
    monkeypatch.setattr(digest, "news_of", lambda user, since: [])
    with translation.override("nl"):
        found = digest_of(lead.user, timezone.now())
    assert found.subject == "15 dingen wachten op je, 1 te laat"
    order = ["Te laat", "Taak 1 <b>", "De komende week", "Taak 2", "Later", "Taak 3", "Zonder datum", "Taak 10"]
    assert [found.text.index(words) for words in order] == sorted(found.text.index(words) for words in order)
    assert f"gevraagd voor {date_format(items[0].due, 'j F Y')}" in found.text
    assert "Taak 11" not in found.text
    assert "En nog 5 dingen" in found.text
    assert "\n\n\n" not in found.text
    assert f'<a href="{settings.NSS_BASE_URL}/taak/1/">Taak 1 &lt;b&gt;</a>' in found.html
    assert "Bij &amp; om" in found.html
    assert "Bij & om" in found.text
    assert "En nog 5 dingen" in found.html


def test_the_mail_is_in_the_language_of_the_person(lead: Person) -> None:
    lead.user.language = "en"
    lead.user.save()
    ask_for_digests()
    jobs.run_all_here()
    mail = OutgoingMail.objects.get(key__startswith=f"digest.{lead.user.pk}.")
    assert mail.subject == "1 thing waits for you"
    assert "Choose it here" in mail.text


def test_nothing_to_say_is_no_mail() -> None:
    person = Cast().person("partner")
    assert not Bottleneck.objects.exists()
    ask_for_digests()
    jobs.run_all_here()
    assert not OutgoingMail.objects.filter(key__startswith=f"digest.{person.user.pk}.").exists()
    assert DigestChoice.objects.get(user=person.user).made_on == today()


def test_messages_are_ones_own_and_never_about_logging_in(client: Client) -> None:
    cast = Cast()
    mine, other = cast.person("team").user, cast.person("ministry").user
    with transaction.atomic():
        found = queue_mail(key="a.1", to=mine.email.upper(), subject="Voor mij", body="Zie https://x.example/")
        secret = queue_mail(key="account.2", to=mine.email, subject="Nieuw wachtwoord", body="geheim")
        theirs = queue_mail(key="a.3", to=other.email, subject="Voor een ander", body="nee")
    client.force_login(mine)
    page = client.get("/account/berichten/").content.decode()
    assert "Voor mij" in page
    assert "Nieuw wachtwoord" not in page
    assert "Voor een ander" not in page
    assert 'href="https://x.example/"' in client.get(f"/account/berichten/{found.public_id}/").content.decode()
    for hidden in (secret, theirs):
        assert client.get(f"/account/berichten/{hidden.public_id}/").status_code == 404


def test_the_rhythm_is_chosen_on_the_page(client: Client) -> None:
    user = Cast().person("team").user
    client.force_login(user)
    assert client.post("/account/berichten/", {"rhythm": "elk uur"}).status_code == 422
    assert not DigestChoice.objects.exists()
    client.post("/account/berichten/", {"rhythm": "never"})
    assert DigestChoice.objects.get().rhythm == "never"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    client: Client, number: int, django_assert_num_queries
) -> None:
    user = Cast().person("team").user
    with transaction.atomic():
        for count in range(number):
            queue_mail(key=f"b.{count}", to=user.email, subject="Bericht", body="tekst")
    client.force_login(user)
    client.get("/account/berichten/")
    with django_assert_num_queries(6):
        client.get("/account/berichten/")
