"""Going through a proposed version in the name of a city."""

import pytest
from django.test import Client

from contracts.models import GoingThrough, StandardVersion
from contracts.services.errors import Refused
from contracts.services.standard.going import save_answer
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from tests.access.cast import Cast, Person
from tests.contracts.make_standard import make_standard_version

pytestmark = pytest.mark.django_db


def answer(person: Person, version: StandardVersion, **more: object) -> GoingThrough:
    given = {"verdict": "works", "text": "", "revision": 0, "organisation": person.own, **more}
    return save_answer(actor=person.user, version=version, section=version.sections.all()[0], **given)


def test_who_may_when_and_what_is_asked() -> None:
    cast = Cast()
    team, ministry = cast.person("team"), cast.person("ministry")
    version = make_standard_version("proposed")
    with pytest.raises(Refused, match="Eén zin"):
        answer(team, version, verdict="not")
    assert answer(team, version, verdict="not", final=False).text == ""
    with pytest.raises(EditConflict):
        answer(team, version, verdict="works")
    assert answer(team, version, verdict="works", revision=1).revision == 2
    for who, more in ((ministry, {}), (team, {"organisation": cast.other})):
        with pytest.raises(NotAllowed):
            answer(who, version, **more)
    with pytest.raises(NotAllowed):
        answer(cast.person("member"), version)
    StandardVersion.objects.filter(pk=version.pk).update(state="draft")
    with pytest.raises(NotAllowed):
        answer(team, version)


def test_through_the_pages(client: Client) -> None:
    cast = Cast()
    team = cast.person("team")
    version = make_standard_version("proposed")
    client.force_login(team.user)
    base = "/aanpak/versies/1/doorlopen/"
    wrong = client.post(f"{base}opgave/", {"verdict": "changes", "text": "", "version": "0"})
    assert wrong.status_code == 422
    kept = client.post(f"{base}geld/bewaren/", {"verdict": "", "text": "Wij hebben geen", "version": "0"})
    assert kept.json()["version"] == 1
    good = client.post(f"{base}opgave/", {"verdict": "works", "text": "", "version": "0"})
    assert good["Location"] == f"{base}geld/"
    conflict = client.post(f"{base}geld/", {"verdict": "not", "text": "Te duur", "version": "0"})
    assert conflict.status_code == 409
    assert "Wij hebben geen" in conflict.content.decode()
    client.post(f"{base}geld/", {"verdict": "not", "text": "Te duur", "version": "1"})
    version.sections.filter(code="opgave").update(revision=1)
    assert "tekst sindsdien gewijzigd" in client.get(base).content.decode()
    assert "Te duur" in client.get(f"{base}uitkomst/").content.decode()
    client.force_login(cast.person("partner").user)
    assert client.get(base).status_code == 404
