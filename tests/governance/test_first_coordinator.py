"""`manage.py first_coordinator`: account, role, link; and what it refuses."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from governance.models import User, VariantPeriod
from governance.services.reference import load_reference
from nss_portal.core.access import Role
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("first_coordinator", *arguments)
    return capsys.readouterr().out


def test_it_makes_a_coordinator_with_a_link_that_works_once(client: Client, capsys) -> None:
    load_reference()
    output = run(capsys, "Eerste@Voorbeeld.example")
    user = User.objects.get(email="eerste@voorbeeld.example")
    assert set(user.standing.roles) == {Role.COORDINATOR}
    assert VariantPeriod.objects.get().coordinating_organisation.code == "vro"
    path = re.search(r"https?://[^/]+(\S+)", output)[1]
    url = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(url, {"password1": PASSWORD, "password2": PASSWORD})
    assert client.post("/account/inloggen/", {"login": user.email, "password": PASSWORD})["Location"] == "/"
    assert "werkt niet meer" in Client().get(path, follow=True).content.decode()


def test_a_lost_link_is_made_again_until_it_was_used(capsys) -> None:
    load_reference()
    run(capsys, "eerste@voorbeeld.example")
    assert "wachtwoord/nieuw" in run(capsys, "eerste@voorbeeld.example")
    user = User.objects.get(email="eerste@voorbeeld.example")
    user.set_password(PASSWORD)
    user.save()
    with pytest.raises(CommandError) as refused:
        run(capsys, "eerste@voorbeeld.example")
    assert refused.value.returncode == 2


def test_it_follows_the_variant_in_force(capsys) -> None:
    cast = Cast("independent-lead")
    run(capsys, "eerste@voorbeeld.example")
    user = User.objects.get(email="eerste@voorbeeld.example")
    assert user.standing.roles == {Role.COORDINATOR: frozenset({cast.coordinating.pk})}


def test_another_variant_can_be_named(capsys) -> None:
    load_reference()
    run(capsys, "eerste@voorbeeld.example", "--variant", "cities-lead", "--organisation", "rvo")
    period = VariantPeriod.objects.get()
    assert (period.variant.code, period.coordinating_organisation.code) == ("cities-lead", "rvo")


@pytest.mark.parametrize(
    "arguments",
    [
        ["geen adres"],
        ["a@b.example", "--variant", "bestaat-niet"],
        ["a@b.example", "--organisation", "bestaat-niet"],
    ],
)
def test_bad_input_is_refused_and_changes_nothing(arguments: list[str], capsys) -> None:
    load_reference()
    with pytest.raises(CommandError) as refused:
        run(capsys, *arguments)
    assert refused.value.returncode == 2
    assert not User.objects.filter(is_system=False).exists()
    assert not VariantPeriod.objects.exists()


def test_a_second_coordinator_is_invited_not_made(capsys) -> None:
    Cast().person("coordinator")
    with pytest.raises(CommandError, match="uitnodigen"):
        run(capsys, "tweede@voorbeeld.example")
