"""A form that is sent after the login had ended: nothing of the text is lost, and nothing secret is kept."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cities.models import Bottleneck
from nss_portal.core import held_forms
from tests.access.cast import Cast, Person

pytestmark = pytest.mark.django_db
TEXT = 'Netbeheerder zegt nee.\r\n\r\n"Waarom" & <hoe> weet niemand.'


@pytest.fixture
def person() -> Person:
    cache.clear()
    return Cast().person("team")


def send(client: Client, **fields: str):
    return client.post(reverse("cities:bottleneck_new"), {"title": "Geen plek op het net", **fields})


def test_it_comes_back_after_the_login_and_goes_where_it_was_going(client: Client, person: Person) -> None:
    answer = send(client, description=TEXT)
    assert answer.url == f"{reverse('account_login')}?next={reverse('held_form')}"
    assert "Wat je invulde is bewaard" in client.get(answer.url).content.decode()
    assert Bottleneck.objects.count() == 0
    client.force_login(person.user)
    assert reverse("held_form") in client.get(reverse("home")).content.decode(), "also where one lands otherwise"
    page = client.get(reverse("held_form"))
    assert page.context["held"].fields == [("title", "Geen plek op het net"), ("description", TEXT)]
    assert "&lt;hoe&gt; weet niemand." in page.content.decode()
    on = client.post(reverse("held_form"), dict(page.context["held"].fields))
    assert (on.status_code, on.url) == (307, reverse("cities:bottleneck_new"))
    assert client.get(reverse("held_form")).status_code == 302, "once is enough"


def test_whoever_does_not_want_it_throws_it_away(client: Client, person: Person) -> None:
    send(client)
    client.force_login(person.user)
    assert client.post(reverse("held_form"), {"held_form_discard": "yes"}).url == reverse("home")
    assert client.get(reverse("held_form")).url == reverse("home")


def test_nothing_secret_is_kept_and_nothing_of_visitors_forms(client: Client) -> None:
    client.post(reverse("account_change_password"), {"oldpassword": "oud", "password1": "nieuw"})
    assert held_forms.KEY not in client.session
    send(client, code="123456", csrfmiddlewaretoken="x")
    assert client.session[held_forms.KEY]["fields"] == [["title", "Geen plek op het net"]]
    assert reverse("held_form") in client.get(reverse("held_form")).url, "a visitor logs in first"


def test_it_is_kept_for_an_hour_and_not_without_end(client: Client, person: Person) -> None:
    send(client, description="x" * (held_forms.LONGEST + 1))
    assert held_forms.KEY not in client.session
    for _number in range(held_forms.MOST_PER_HOUR):
        send(client)
    client.session.flush()
    assert "next=/knelpunten/" in send(Client()).url
    cache.clear()
    send(client)
    client.force_login(person.user)
    session = client.session
    session[held_forms.KEY] |= {"until": 0}
    session.save()
    assert client.get(reverse("held_form")).status_code == 302
