"""Signing a version: in the portal, on paper, later, and what comes of a withdrawal or of a version replaced."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from contracts.models import ContractVersion, PaperSigning, SignatoryInvitation, Signature
from contracts.registrations import signing as registrations_signing
from contracts.services import version as versions
from contracts.services.errors import Refused
from contracts.services.signing import giving, inviting
from contracts.services.signing.rows import Replaced, ensure_rows
from governance.models.membership import Function
from nss_portal.core import files
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_user
from tests.contracts.make import fix, make_contract, make_party, make_version
from tests.governance.passkey import Passkey

pytestmark = pytest.mark.django_db
SECRET = generate_totp_secret()
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Ground:
    """A city with an adopted version, its lead, a signatory of the other party, and one of the city."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.lead = self.cast.person("team", leads=True)
        self.signatory = self.cast.person("signatory")
        draft = make_version(make_contract(self.lead.own))
        make_party(draft, self.signatory.own)
        self.version = fix(draft)
        rows = {row.organisation_id: row for row in ensure_rows(self.version)}
        self.city_row, self.row = rows[self.lead.own.pk], rows[self.signatory.own.pk]
        self.alderman = make_user()
        join(self.alderman, self.lead.own, Function.SIGNATORY)

    def sign(self, row: Signature, user: Any, **changes: Any) -> Signature:
        values = {"digest": self.version.digest, "position": "Wethouder", **changes}
        return giving.sign(signature=row, actor=user, **values)

    def replace(self) -> ContractVersion:
        """Adopt a next version, as a colleague does a second before."""
        draft = versions.new_version(contract=self.version.contract, actor=self.lead.user)
        versions.submit(version=draft, actor=self.lead.user)
        versions.adopt(version=draft, actor=self.lead.user)
        return draft

    @property
    def address(self) -> str:
        return f"{self.version.get_absolute_url()}ondertekenen/"


@pytest.fixture
def ground() -> Ground:
    return Ground()


def scan(name: str = "getekend.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def paper(ground: Ground, *rows: Signature, **changes: Any) -> PaperSigning:
    values = {"signed_on": today(), "place": "Stadhuis", "event": "Klimaattop", "scan": scan(), **changes}
    return giving.record_paper(version=ground.version, signatures=rows, actor=ground.lead.user, **values)


def test_the_last_signature_concludes(ground: Ground) -> None:
    ground.sign(ground.row, ground.signatory.user)
    ground.version.refresh_from_db()
    assert ground.version.state == "adopted"
    assert ground.row.digest == ground.version.digest
    assert (ground.row.way, ground.row.signatory) == ("portal", str(ground.signatory.user))

    ground.sign(ground.city_row, ground.alderman)
    ground.version.refresh_from_db()
    assert (ground.version.state, ground.version.signed_on) == ("signed", today())
    assert AuditEvent.objects.filter(changes__signed=ground.version.digest).count() == 2


@pytest.mark.parametrize("role", ["coordinator", "ministry", "steering", "team"])
def test_only_a_signatory_of_that_party_signs(ground: Ground, role: str) -> None:
    other = ground.cast.person(role).user
    for user in (other, ground.lead.user, ground.alderman):
        with pytest.raises(NotAllowed):
            ground.sign(ground.row, user)
    ground.row.refresh_from_db()
    assert ground.row.is_open


def test_a_version_replaced_a_second_ago_is_not_signed(ground: Ground, client: Any) -> None:
    client.force_login(ground.signatory.user)
    address = f"{ground.address}{ground.row.public_id}/"
    page = client.get(address)
    assert ground.version.digest in page.content.decode()

    successor = ground.replace()
    answer = client.post(address, {"digest": ground.version.digest, "position": "Directeur", "has_read": "on"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "is op" in html
    assert "vervangen door versie 2" in html
    assert successor.get_absolute_url() in html
    ground.row.refresh_from_db()
    assert ground.row.is_open
    with pytest.raises(Replaced):
        ground.sign(ground.row, ground.signatory.user)
    row = successor.signatures.get(organisation=ground.signatory.own)
    with pytest.raises(Refused, match="iets anders gelezen"):
        ground.sign(row, ground.signatory.user, digest=ground.version.digest)


@pytest.fixture
def _second_factor(settings: Any) -> Iterator[None]:
    settings.NSS_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


def code_of_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.mark.usefixtures("_second_factor")
def test_a_second_factor_is_asked_for_at_that_moment(ground: Ground, client: Any) -> None:
    TOTP.activate(ground.signatory.user, SECRET)
    client.force_login(ground.signatory.user)
    address = f"{ground.address}{ground.row.public_id}/"
    values = {"digest": ground.version.digest, "position": "Directeur", "has_read": "on"}

    page = client.get(address).content.decode()
    assert "niet verplicht" not in page, "whoever has no passkey has to type the code"
    wrong = client.post(address, {**values, "code": "000000"})
    assert "Deze code klopt niet" in wrong.content.decode()
    assert 'value="Directeur"' in wrong.content.decode(), "nothing typed is lost"
    assert client.post(address, values).status_code == 422
    ground.row.refresh_from_db()
    assert ground.row.is_open

    done = client.post(address, {**values, "code": code_of_now()})
    assert done.status_code == 302
    ground.row.refresh_from_db()
    assert (ground.row.state, ground.row.confirmation, ground.row.position) == ("signed", "code", "Directeur")


@pytest.mark.usefixtures("_second_factor")
def test_a_passkey_does_as_well_and_an_organisations_login_does_not(ground: Ground, client: Any) -> None:
    user = ground.signatory.user
    client.force_login(user)
    address = f"{ground.address}{ground.row.public_id}/"
    assert "de login van je organisatie is hier niet genoeg" in sign_page(client, address, user).content.decode()
    passkey = Passkey()
    page = client.get("/account/tweede-stap/passkeys/nieuw/")
    client.post(
        page.request["PATH_INFO"], {"name": "sleutel", "credential": passkey.make(page.context["options"])}
    )
    page = client.get(address)
    assert 'data-passkey="get"' in page.content.decode()
    values = {"digest": ground.version.digest, "position": "Directeur", "has_read": "on"}
    wrong = client.post(address, {**values, "credential": Passkey().sign(page.context["challenge"])})
    assert "Deze passkey is niet herkend." in wrong.content.decode()
    assert client.post(address, {**values, "credential": "{}"}).status_code == 422
    fresh = client.get(address).context["challenge"]
    assert client.post(address, {**values, "credential": passkey.sign(fresh)}).status_code == 302
    ground.row.refresh_from_db()
    assert (ground.row.state, ground.row.confirmation) == ("signed", "passkey")

    address += "zelf-terugtrekken/"
    page = client.get(address)
    assert 'data-passkey="get"' in page.content.decode()
    reasons = {"reason": "Het geld is er niet.", "is_sure": "on"}
    assert "Typ een code, of gebruik een passkey" in client.post(address, reasons).content.decode()
    fresh = client.get(address).context["challenge"]
    assert client.post(address, {**reasons, "credential": passkey.sign(fresh)}).status_code == 302
    ground.row.refresh_from_db()
    assert ground.row.is_withdrawn


def sign_page(client: Any, address: str, user: Any) -> Any:
    """Open the page in a visit that began with the login of an organisation that showed a second factor."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "organisation", "acr": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client.get(address)


def test_signed_on_paper_with_a_scan(ground: Ground, client: Any) -> None:
    record = paper(ground, ground.row, ground.city_row)

    ground.version.refresh_from_db()
    assert ground.version.state == "signed"
    (stored,) = files.files_of(record)
    visitor, partner = ground.cast.person("coordinator").user, ground.signatory.user
    for user, status in ((visitor, 404), (ground.lead.user, 200), (partner, 200)):
        client.force_login(user)
        answer = client.get(f"/bestanden/{stored.public_id}/")
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content).startswith(b"%PDF")
    with pytest.raises(Refused, match="intussen"):
        paper(ground, ground.row)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"signed_on": date(2020, 1, 1)}, Refused),
        ({"signed_on": today() + timedelta(days=1)}, Refused),
        ({"scan": SimpleUploadedFile("virus.exe", b"MZ")}, ValidationError),
        ({"scan": SimpleUploadedFile("leeg.pdf", b"")}, ValidationError),
    ],
)
def test_a_paper_that_cannot_be(ground: Ground, changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        paper(ground, ground.row, **changes)
    ground.row.refresh_from_db()
    assert ground.row.is_open
    assert not PaperSigning.objects.exists()


def test_only_a_lead_records_withdraws_and_invites(ground: Ground) -> None:
    member: Person = Person("team", make_user(), ground.lead.own, ground.cast)
    join(member.user, ground.lead.own, Function.TEAM)
    for user in (member.user, ground.signatory.user, ground.cast.person("coordinator").user):
        with pytest.raises(NotAllowed):
            giving.record_paper(
                version=ground.version,
                signatures=[ground.row],
                actor=user,
                signed_on=today(),
                place="x",
                scan=scan(),
            )
        with pytest.raises(NotAllowed):
            giving.withdraw(signature=ground.row, actor=user, withdrawn_on=today(), reason="x")
        with pytest.raises(NotAllowed):
            inviting.invite(signature=ground.row, actor=user, email="a@b.example")
        with pytest.raises(NotAllowed):
            giving.add_joiner(version=ground.version, actor=user, name="x", group="company")


def test_what_was_signed_never_changes(ground: Ground) -> None:
    row = ground.sign(ground.row, ground.signatory.user)
    found = Signature.objects.filter(pk=row.pk)
    for changes in ({"digest": "0" * 64}, {"signed_on": date(2020, 1, 1)}, {"state": "open"}, {"signatory": "x"}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            found.update(**changes)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        found.delete()


def test_a_party_withdraws_and_comes_back(ground: Ground, client: Any) -> None:
    ground.sign(ground.row, ground.signatory.user)
    with pytest.raises(TransitionRefused):
        giving.withdraw(signature=ground.row, actor=ground.lead.user, withdrawn_on=today(), reason=" ")
    giving.withdraw(signature=ground.row, actor=ground.lead.user, withdrawn_on=today(), reason="Ander beleid")
    assert (ground.row.state, ground.row.digest) == ("withdrawn", ground.version.digest)
    client.force_login(ground.lead.user)
    page = client.get(ground.version.contract.get_absolute_url()).content.decode()
    assert "Ander beleid" in page
    with pytest.raises(Refused):
        ground.sign(ground.row, ground.signatory.user)

    way_back = f"{ground.address}{ground.row.public_id}/opnieuw/"
    assert way_back in client.get(ground.address).content.decode()
    again = giving.ask_again(signature=ground.row, actor=ground.lead.user)
    assert way_back not in client.get(ground.address).content.decode(), "it was asked again already"
    ground.sign(again, ground.signatory.user)
    assert ground.version.signatures.count() == 3
    with pytest.raises(Refused):
        giving.ask_again(signature=ground.row, actor=ground.lead.user)


@pytest.mark.usefixtures("_second_factor")
def test_a_party_withdraws_by_itself_and_the_others_are_told(ground: Ground, client: Any) -> None:
    TOTP.activate(ground.signatory.user, SECRET)
    client.force_login(ground.signatory.user)
    signed = {"digest": ground.version.digest, "position": "Directeur", "has_read": "on", "code": code_of_now()}
    assert client.post(f"{ground.address}{ground.row.public_id}/", signed).status_code == 302
    address = f"{ground.address}{ground.row.public_id}/zelf-terugtrekken/"
    stranger = ground.cast.person("signatory")
    for user, status in ((ground.lead.user, 403), (stranger.user, 404)):
        TOTP.activate(user, SECRET)
        client.force_login(user)
        assert client.get(address).status_code == status
    with pytest.raises(NotAllowed):
        giving.withdraw_own(signature=ground.row, actor=ground.alderman, reason="x")
    client.force_login(ground.signatory.user)
    assert address in client.get(ground.address).content.decode()
    values = {"reason": "Het geld is er niet.", "is_sure": "on", "code": "000000"}
    for wrong in (values, {**values, "is_sure": ""}, {**values, "reason": " "}):
        page = client.post(address, wrong)
        assert page.status_code == 422
        assert wrong["reason"].strip() in page.content.decode(), "nothing typed is lost"
    ground.row.refresh_from_db()
    assert ground.row.is_signed
    cache.clear()
    OutgoingMail.objects.all().delete()
    with patch("governance.accounts.second_factor._confirm_with_code", return_value="code"):
        assert client.post(address, values).status_code == 302
        assert client.post(address, values).status_code == 422, "once is enough"
    ground.row.refresh_from_db()
    assert (ground.row.state, ground.row.withdrawn_on) == ("withdrawn", today())
    mail = OutgoingMail.objects.get()
    assert mail.recipient == ground.lead.user.email
    assert "Het geld is er niet." in mail.text
    assert "Het geld is er niet." in client.get(ground.version.get_absolute_url()).content.decode()


def test_before_adopting_a_next_version_one_reads_who_signs_anew(ground: Ground, client: Any) -> None:
    paper(ground, ground.row, ground.city_row)
    draft = versions.new_version(contract=ground.version.contract, actor=ground.lead.user)
    versions.submit(version=draft, actor=ground.lead.user)
    client.force_login(ground.lead.user)
    page = client.get(f"{draft.get_absolute_url()}stap/adopt/").content.decode()
    assert "2 partijen hebben de versie ondertekend die nu geldt" in page


def test_a_party_that_is_not_in_the_portal_is_asked_for_paper(ground: Ground, client: Any) -> None:
    outside = Signature.objects.create(version=ground.version, name="Hogeschool", group="knowledge", order=9)
    client.force_login(ground.lead.user)
    address = f"{ground.address}{outside.public_id}/uitnodigen/"
    assert "niet verplicht" not in client.get(address).content.decode()
    assert client.post(address, {"email": ""}).status_code == 422
    assert client.post(address, {"email": "iemand@hogeschool.example"}).status_code == 302
    mail = OutgoingMail.objects.get()
    assert "op papier" in mail.text
    assert outside.public_id not in mail.text, "a link would lead to a login that nobody there has"
    with patch("contracts.services.signing.inviting.today", return_value=today() + timedelta(days=8)):
        assert inviting.remind(version=ground.version, actor=ground.lead.user) == 1
    reminder = OutgoingMail.objects.latest("pk")
    assert "op papier" in reminder.text
    assert outside.public_id not in reminder.text


def test_concluding_without_some_takes_a_reason_and_they_sign_later(ground: Ground) -> None:
    ground.sign(ground.city_row, ground.alderman)
    with pytest.raises(Refused, match=ground.signatory.own.name):
        versions.record_signed(version=ground.version, actor=ground.lead.user, signed_on=today())
    versions.record_signed(
        version=ground.version, actor=ground.lead.user, signed_on=today(), reason="Bestuur vergadert later"
    )
    assert ground.version.state == "signed"
    ground.sign(ground.row, ground.signatory.user)
    assert ground.row.is_signed


def test_who_joins_later_sees_and_signs_the_same_version(ground: Ground) -> None:
    joiner = ground.cast.person("partner")
    join(joiner.user, joiner.own, Function.SIGNATORY)
    with pytest.raises(Refused, match="kan later"):
        giving.add_joiner(version=ground.version, actor=ground.lead.user, organisation=joiner.own)
    paper(ground, ground.row, ground.city_row)
    assert not ContractVersion.objects.visible_to(joiner.user).exists()

    row = giving.add_joiner(version=ground.version, actor=ground.lead.user, organisation=joiner.own)

    assert ContractVersion.objects.visible_to(joiner.user).get() == ground.version
    ground.sign(row, joiner.user)
    assert (row.state, row.joined_later) == ("signed", True)
    for organisation in (joiner.own, ground.signatory.own):
        with pytest.raises(Refused, match="al partij"):
            giving.add_joiner(version=ground.version, actor=ground.lead.user, organisation=organisation)


def test_invitations_and_reminders(ground: Ground) -> None:
    lead = ground.lead.user
    inviting.invite(signature=ground.row, actor=lead, user=ground.signatory.user)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == ground.signatory.user.email
    assert ground.version.digest in mail.text
    assert f"/ondertekenen/{ground.row.public_id}/" in mail.text
    with pytest.raises(Refused, match="al gevraagd"):
        inviting.invite(signature=ground.row, actor=lead, email=ground.signatory.user.email)
    with pytest.raises(Refused, match="ondertekent niet"):
        inviting.invite(signature=ground.row, actor=lead, user=lead)
    row = inviting.invite(signature=ground.city_row, actor=lead, email="nieuw@stad.example")
    assert row.account_invitation is not None, "a lead may invite for the own city"
    assert row.account_invitation.function == Function.SIGNATORY

    assert inviting.remind(version=ground.version, actor=lead) == 0, "everybody got a mail today"
    SignatoryInvitation.objects.update(invited_on=today() - timedelta(days=7))
    assert inviting.remind_due(today()) == 2
    assert inviting.remind_due(today()) == 0
    ground.sign(ground.row, ground.signatory.user)
    SignatoryInvitation.objects.update(reminded_on=today() - timedelta(days=9))
    assert inviting.remind(version=ground.version, actor=lead) == 1


def test_nobody_gets_an_account_at_another_organisation(ground: Ground) -> None:
    row = inviting.invite(signature=ground.row, actor=ground.lead.user, email="vreemd@elders.example")
    assert row.account_invitation is None
    assert "beheert" in OutgoingMail.objects.get().text


def test_my_work(ground: Ground, django_assert_num_queries: Any) -> None:
    signatory, lead = ground.signatory.user, ground.lead.user
    assert signatory.standing
    assert lead.standing
    with django_assert_num_queries(1):
        (item,) = registrations_signing.contracts_to_sign(signatory)
    assert item.url.endswith(f"/ondertekenen/{ground.row.public_id}/")
    with django_assert_num_queries(1):
        (item,) = registrations_signing.versions_to_be_signed(lead)
    assert item.progress == (0, 2)
    assert list(registrations_signing.contracts_to_sign(lead)) == []
    ground.sign(ground.row, signatory)
    assert list(registrations_signing.contracts_to_sign(signatory)) == []
    assert [item.progress for item in registrations_signing.versions_to_be_signed(lead)] == [(1, 2)]


def test_the_pages_of_signing(ground: Ground, client: Any) -> None:
    stranger = ground.cast.person("ministry").user
    client.force_login(stranger)
    assert client.get(ground.address).status_code == 404
    client.force_login(ground.signatory.user)
    assert client.get(f"{ground.address}papier/").status_code == 403
    assert "Lees en onderteken" in client.get(ground.address).content.decode()
    client.force_login(ground.lead.user)
    sign = f"{ground.address}{ground.row.public_id}/"
    assert client.get(sign).status_code == 403
    refused = client.post(f"{sign}terugtrekken/", {"withdrawn_on": "2020-01-01", "reason": ""})
    assert refused.status_code == 422
    typed = {"parties": [ground.row.pk], "signed_on": "2030-01-01", "place": "Raadzaal"}
    refused = client.post(f"{ground.address}papier/", {**typed, "scan": scan()})
    assert "toekomst" in refused.content.decode()
    assert "Raadzaal" in refused.content.decode()
    done = client.post(f"{ground.address}papier/", {**typed, "signed_on": today(), "scan": scan()}, follow=True)
    assert "getekend.pdf" in done.content.decode()
    asked = client.post(f"{ground.address}{ground.city_row.public_id}/uitnodigen/", {"person": ground.alderman.pk})
    assert asked.status_code == 302


def test_no_query_more_for_more_parties(ground: Ground, client: Any) -> None:
    counts = []
    for parties in (1, 3):
        contract = make_contract(ground.lead.own)
        draft = make_version(contract)
        for number in range(parties):
            make_party(draft, name=f"Partij {number}")
        version = fix(draft)
        ensure_rows(version)
        client.force_login(ground.lead.user)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{version.get_absolute_url()}ondertekenen/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 15
