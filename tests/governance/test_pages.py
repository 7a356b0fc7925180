"""Pages of governance: who sees what, in how many queries."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from cities.models import Bottleneck
from governance.models import Invitation, Membership, Organisation, OrganisationName
from governance.models.membership import ContactSharing, Function
from governance.models.organisation import Group
from governance.services.reference import load_reference
from nss_portal.core import audit
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from tests.access.cast import SINCE, Cast, Person, join, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    return cast.person("team", leads=True)


def logged_in(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_visitor_reads_the_variants_in_both_languages(client: Client) -> None:
    load_reference()
    dutch, english = text(client, "/sturing/varianten/"), text(client, "/en/sturing/varianten/")
    assert "Steden nemen voortouw" in dutch
    assert "Cities take the lead" in english
    assert "Waar staat" not in english
    assert dutch.count("Mede-eigenaar") >= 10
    assert "geen rol" in dutch


def test_the_variant_in_force_stands_out_with_who_coordinates(client: Client, cast: Cast) -> None:
    page = text(client, "/sturing/varianten/")
    assert "van kracht sinds 1 januari 2020" in page
    assert cast.coordinating.name in page
    assert cast.coordinating.name in text(client, "/sturing/")


def test_before_a_choice_the_pages_say_so(client: Client) -> None:
    assert "nog geen variant gekozen" in text(client, "/sturing/")
    assert "Nog geen varianten" in text(client, "/sturing/varianten/")


@pytest.mark.parametrize("variants", [1, 3])
def test_the_variants_take_the_same_queries(client: Client, variants: int, django_assert_num_queries) -> None:
    load_reference()
    from governance.models import GovernanceVariant

    keep = list(GovernanceVariant.objects.values_list("pk", flat=True)[:variants])
    GovernanceVariant.objects.exclude(pk__in=keep).delete()
    with django_assert_num_queries(6):
        client.get("/sturing/varianten/")


@pytest.mark.parametrize("organisations", [1, 3])
def test_the_register_takes_the_same_queries(
    client: Client, organisations: int, django_assert_num_queries
) -> None:
    for _number in range(organisations):
        make_organisation()
    with django_assert_num_queries(2):
        assert client.get("/sturing/organisaties/").context["count"] == organisations


def test_the_register_filters_by_name_former_name_and_strand(client: Client) -> None:
    load_reference()
    for query, expected in (("?q=lnv", 0), ("?q=Voedselkwaliteit", 1), ("?q=vng", 1), ("?helix=business", 5)):
        found = client.get(f"/sturing/organisaties/{query}").context
        assert found["count"] == expected, query
    assert "Niets gevonden" in text(client, "/sturing/organisaties/?q=bestaatniet")
    assert "EZK" not in text(client, "/sturing/organisaties/"), "what no longer exists is not listed"


def test_an_organisation_has_an_address_that_stays(client: Client, cast: Cast) -> None:
    organisation = cast.other
    url = organisation.get_absolute_url()
    assert organisation.name in text(client, url)
    assert client.get(f"/sturing/organisaties/{organisation.public_id}/").status_code == 301
    old = client.get(f"/sturing/organisaties/{organisation.public_id}-oude-naam/")
    assert (old.status_code, old["Location"]) == (301, url)
    assert client.get("/sturing/organisaties/bbbbbb/").status_code == 404


def test_names_and_tasks_before_are_told(client: Client) -> None:
    load_reference()
    vro, bzk = Organisation.objects.get(code="vro"), Organisation.objects.get(code="bzk")
    assert "Nam de taak op 2 juli 2024 over van" in text(client, vro.get_absolute_url())
    assert "Sinds 2 juli 2024 ligt de taak bij" in text(client, bzk.get_absolute_url())
    lvvn = Organisation.objects.get(code="lvvn")
    assert "Voedselkwaliteit" in text(client, lvvn.get_absolute_url())
    assert lvvn.name_on(SINCE).endswith("Voedselkwaliteit")
    assert lvvn.name_on(today()) == lvvn.name
    assert OrganisationName.objects.count() == 1


def contact(organisation: Organisation, sharing: ContactSharing, name: str) -> Membership:
    membership = join(make_user(name=name), organisation, Function.STAFF)
    membership.sharing = sharing
    membership.save()
    return membership


def test_contact_persons_are_shown_as_far_as_they_are_shared(client: Client, cast: Cast) -> None:
    for sharing in ContactSharing:
        contact(cast.other, sharing, f"Contact {sharing.value}")
    url = cast.other.get_absolute_url()
    seen = {
        "visitor": [],
        "member": ["published"],
        "ministry": ["network", "published"],
        "coordinator": ["network", "own", "published"],
    }
    for role, expected in seen.items():
        other = Client()
        if role != "visitor":
            logged_in(other, cast.person(role))
        page = text(other, url)
        assert sorted(s.value for s in ContactSharing if f"Contact {s.value}" in page) == expected, role


def people_url(person: Person) -> str:
    assert person.own
    return f"/sturing/organisaties/{person.own.public_id}/mensen/"


def test_people_are_for_who_manages_them(client: Client, cast: Cast, lead: Person) -> None:
    assert str(lead.user) in text(logged_in(client, lead), people_url(lead))
    for other in (cast.person("team", leads=True), cast.person("steering"), cast.person("advisor")):
        assert logged_in(Client(), other).get(people_url(lead)).status_code == 404
    colleague = join(make_user(), lead.own, Function.TEAM)
    stranger = Client()
    stranger.force_login(colleague.user)
    assert stranger.get(people_url(lead)).status_code == 404
    assert logged_in(Client(), cast.person("coordinator")).get(people_url(lead)).status_code == 200


@pytest.mark.parametrize("colleagues", [1, 3])
def test_people_take_the_same_queries(
    client: Client, lead: Person, colleagues: int, django_assert_num_queries
) -> None:
    for _number in range(colleagues):
        join(make_user(), lead.own, Function.TEAM)
    logged_in(client, lead)
    with django_assert_num_queries(8):
        client.get(people_url(lead))


def test_inviting_on_the_page(client: Client, lead: Person) -> None:
    logged_in(client, lead)
    url = people_url(lead).replace("mensen", "uitnodigen")
    assert "Transitieteam" in text(client, url)
    wrong = client.post(url, {"email": "geen adres", "function": "team", "language": "nl", "name": "Nieuw"})
    assert wrong.context["form"].errors["email"]
    assert 'value="Nieuw"' in wrong.content.decode()
    sneaky = client.post(url, {"email": "a@b.example", "function": "coordination", "language": "nl"})
    assert sneaky.context["form"].errors["function"]
    signing_lead = {"email": "a@b.example", "function": "signatory", "language": "nl", "is_lead": "on"}
    assert client.post(url, signing_lead).context["form"].errors["is_lead"]
    good = client.post(url, {"email": "a@b.example", "function": "team", "language": "nl"}, follow=True)
    assert "onderweg" in good.content.decode()
    assert OutgoingMail.objects.get().recipient == "a@b.example"
    again = client.post(url, {"email": "a@b.example", "function": "team", "language": "nl"})
    assert "staat al een uitnodiging open" in again.content.decode()
    invitation = Invitation.objects.get()
    client.post(f"/sturing/organisaties/{lead.own.public_id}/uitnodigingen/{invitation.public_id}/intrekken/")
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.WITHDRAWN


def test_an_invitation_of_elsewhere_is_not_there(client: Client, cast: Cast, lead: Person) -> None:
    other = cast.person("partner", leads=True)
    from governance.services.invitations import make_invitation

    theirs, _token = make_invitation(
        actor=other.user, email="a@b.example", organisation=other.own, function=Function.STAFF
    )
    logged_in(client, lead)
    url = f"/sturing/organisaties/{lead.own.public_id}/uitnodigingen/{theirs.public_id}/intrekken/"
    assert client.post(url).status_code == 404


def test_changing_and_ending_on_the_page(client: Client, lead: Person) -> None:
    colleague = join(make_user(), lead.own, Function.TEAM)
    logged_in(client, lead)
    url = f"{people_url(lead)}{colleague.pk}/"
    client.post(url, {"position": "Adviseur energie", "sharing": "published", "is_lead": "on"})
    colleague.refresh_from_db()
    assert (colleague.position, colleague.sharing, colleague.is_lead) == ("Adviseur energie", "published", True)
    assert client.post(f"{url}beeindigen/", {"last_day": "vroeger"}).context["form"].errors["last_day"]
    assert "in het verleden" in client.post(f"{url}beeindigen/", {"last_day": "2020-01-01"}).content.decode()
    client.post(f"{url}beeindigen/", {"last_day": today().isoformat()})
    colleague.refresh_from_db()
    assert colleague.valid_to == today()


def test_the_last_lead_is_told_to_appoint_another(client: Client, lead: Person) -> None:
    own = Membership.objects.get(user=lead.user)
    logged_in(client, lead)
    answer = client.post(f"{people_url(lead)}{own.pk}/beeindigen/", {"last_day": today().isoformat()})
    assert "Maak eerst iemand anders leider" in answer.content.decode()


def test_a_coordinator_sees_a_team_without_touching_it(client: Client, cast: Cast, lead: Person) -> None:
    own = Membership.objects.get(user=lead.user)
    logged_in(client, cast.person("coordinator"))
    page = text(client, people_url(lead))
    assert f"mensen/{own.pk}/" not in page
    answer = client.post(f"{people_url(lead)}{own.pk}/beeindigen/", {"last_day": today().isoformat()})
    assert answer.status_code == 403


def test_a_mandate_on_the_page(client: Client, lead: Person) -> None:
    logged_in(client, lead)
    url = f"/sturing/organisaties/{lead.own.public_id}/mandaat/"
    assert client.post(url, {"valid_to": "2020-01-01", "reason": "x"}).status_code == 422
    client.post(url, {"valid_to": today().isoformat(), "reason": "Vakantie"})
    mandate = lead.own.mandates.get()
    assert "Vakantie" in text(client, people_url(lead))
    client.post(f"{url}{mandate.pk}/intrekken/")
    assert "Vakantie" not in text(client, people_url(lead))


def test_the_account_says_what_one_may_do_for_whom(client: Client, cast: Cast, lead: Person) -> None:
    join(lead.user, make_organisation(Group.MINISTRY), Function.COORDINATION)
    page = text(logged_in(client, lead), "/account/")
    assert lead.own.name in page
    assert "Je houdt het contract" in page
    assert "coördineert nu niet" in page
    assert "/beheer/logboek/" in page
    alone = text(logged_in_alone(), "/account/")
    assert "hoort nu bij geen enkele organisatie" in alone
    assert "/beheer/logboek/" not in alone


def logged_in_alone() -> Client:
    client = Client()
    client.force_login(make_user())
    return client


@pytest.mark.parametrize("memberships", [1, 3])
def test_the_account_takes_the_same_queries(
    client: Client, cast: Cast, memberships: int, django_assert_num_queries
) -> None:
    user = make_user()
    for _number in range(memberships):
        join(user, make_organisation())
    client.force_login(user)
    with django_assert_num_queries(7):
        client.get("/account/")


def test_the_log_shows_a_lead_the_own_organisation_and_steering_all(
    client: Client, cast: Cast, lead: Person
) -> None:
    member = cast.person("partner")
    assert logged_in(Client(), member).get("/beheer/logboek/").status_code == 403
    logged_in(client, lead)
    client.post(
        people_url(lead).replace("mensen", "uitnodigen"),
        {"email": "a@b.example", "function": "team", "language": "nl"},
    )
    other = cast.person("partner", leads=True)
    own = text(client, "/beheer/logboek/")
    assert "a@b.example" in own
    assert "a@b.example" not in text(logged_in(Client(), other), "/beheer/logboek/")
    assert "a@b.example" in text(logged_in(Client(), cast.person("steering")), "/beheer/logboek/")
    assert "a@b.example" not in text(client, "/beheer/logboek/?event=login")
    assert "a@b.example" in text(client, f"/beheer/logboek/?q=a@b&since={today().isoformat()}")
    assert "a@b.example" not in text(client, "/beheer/logboek/?until=2020-01-01")


def test_the_log_names_no_draft_to_who_may_not_see_it(client: Client, cast: Cast, lead: Person) -> None:
    draft = make_bottleneck(lead.own, title="Geheim plan")
    with transaction.atomic():
        audit.record(
            actor=lead.user,
            event=Event.CHANGED,
            obj=draft,
            changes={"description": ["", "vertrouwelijk"]},
            on_behalf_of=lead.own,
            reason="omdat",
        )
    own = text(logged_in(client, lead), "/beheer/logboek/")
    assert "Geheim plan" in own
    assert "vertrouwelijk" in own
    for role in ("coordinator", "steering"):
        page = text(logged_in(Client(), cast.person(role)), "/beheer/logboek/")
        assert lead.own.name in page, "that something happened is told"
        assert "dat je niet ziet" in page
        for secret in ("Geheim plan", "vertrouwelijk", "omdat"):
            assert secret not in page
        guess = text(logged_in(Client(), cast.person(role)), "/beheer/logboek/?q=Geheim")
        assert "Niets gevonden" in guess
    Bottleneck.objects.filter(pk=draft.pk).update(sharing="network", state="open")
    assert "Geheim plan" in text(logged_in(Client(), cast.person("coordinator")), "/beheer/logboek/")


def make_bottleneck(organisation: Organisation, title: str) -> Bottleneck:
    return Bottleneck.objects.create(organisation=organisation, title=title)


@pytest.mark.parametrize("events", [1, 3])
def test_the_log_takes_the_same_queries(
    client: Client, cast: Cast, events: int, django_assert_num_queries
) -> None:
    logged_in(client, cast.person("coordinator"))
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor_label="x", event="changed", object_type="governance.user", object_id="1", object_label="y"
        )
        for _number in range(events)
    )
    with django_assert_num_queries(6):
        client.get("/beheer/logboek/")


def test_the_admin_shows_and_writes_nothing(client: Client, cast: Cast) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    user = make_user()
    for model in ("user", "organisation", "membership", "invitation", "mandate", "variantperiod"):
        assert client.get(f"/beheer/governance/{model}/").status_code == 200, model
        assert client.get(f"/beheer/governance/{model}/add/").status_code == 403, model
    page = client.get(f"/beheer/governance/user/{user.pk}/change/")
    assert page.status_code == 200
    assert "argon2" not in page.content.decode()
    assert client.post(f"/beheer/governance/user/{user.pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"/beheer/governance/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
