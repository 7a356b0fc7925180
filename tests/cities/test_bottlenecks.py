"""Writing, sharing and closing bottlenecks."""

import pytest

from cities.models import Bottleneck
from cities.models.bottleneck import Sharing
from cities.services import bottlenecks as services
from governance.models import User
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


def change(user: object, bottleneck: Bottleneck, version: int = 1, **texts: object) -> Bottleneck:
    values = {"title": "Titel", "description": "Tekst", "theme": None, "step": None, **texts}
    return services.change_bottleneck(actor=user, bottleneck=bottleneck, version=version, **values)


def test_the_same_key_makes_one_draft() -> None:
    cast = Cast()
    system = User.objects.system()
    drafts = [
        services.create_bottleneck_draft(
            actor=system,
            organisation=cast.other,
            title="Net vol",
            key="review:1:blocked",
            origin_label="Herijking",
        )
        for _time in range(2)
    ]
    assert drafts[0] == drafts[1]
    assert Bottleneck.objects.count() == 1
    assert AuditEvent.objects.filter(object_type="cities.bottleneck").count() == 1
    assert drafts[0].state == "draft"


@pytest.mark.parametrize("role", ["member", "team"])
def test_a_city_writes_its_own(role: str) -> None:
    person = Cast().person(role)
    draft = services.create_bottleneck_draft(actor=person.user, organisation=person.own, title=" Net vol ")
    assert (draft.title, draft.organisation, draft.created_by) == ("Net vol", person.own, person.user)
    with pytest.raises(NotAllowed):
        services.create_bottleneck_draft(actor=person.user, organisation=person.cast.other, title="x")


@pytest.mark.parametrize("role", ["visitor", "advisor", "signatory", "ministry", "partner", "publisher"])
def test_others_write_none(role: str) -> None:
    person = Cast().person(role)
    with pytest.raises(NotAllowed):
        services.create_bottleneck_draft(
            actor=person.user, organisation=person.own or person.cast.other, title="x"
        )
    with pytest.raises(NotAllowed):
        change(person.user, make_bottleneck(person.cast.other, "published"))


def test_a_coordinator_writes_with_a_mandate_only() -> None:
    cast = Cast()
    user = cast.person("coordinator").user
    assert services.create_bottleneck_draft(actor=user, organisation=cast.mandating, title="x").pk
    with pytest.raises(NotAllowed):
        services.create_bottleneck_draft(actor=user, organisation=cast.other, title="x")


def test_sharing_a_draft_puts_it_in_the_register() -> None:
    person = Cast().person("team")
    draft = make_bottleneck(person.own)
    shared = services.share_bottleneck(actor=person.user, bottleneck=draft, sharing=Sharing.NETWORK)
    assert (shared.state, shared.sharing) == ("open", "network")
    published = services.share_bottleneck(actor=person.user, bottleneck=shared, sharing=Sharing.PUBLISHED)
    assert (published.state, published.sharing) == ("open", "published")


@pytest.mark.parametrize("missing", [{"theme": None}, {"severity": ""}])
def test_a_draft_without_theme_or_severity_stays_a_draft(missing: dict[str, object]) -> None:
    person = Cast().person("team")
    draft = make_bottleneck(person.own, **missing)
    with pytest.raises(TransitionRefused):
        services.share_bottleneck(actor=person.user, bottleneck=draft, sharing=Sharing.NETWORK)
    draft.refresh_from_db()
    assert (draft.state, draft.sharing) == ("draft", "draft")


def test_what_is_withdrawn_is_no_longer_shared_and_stays_so() -> None:
    person = Cast().person("team")
    bottleneck = make_bottleneck(person.own, "published")
    services.move_bottleneck(actor=person.user, bottleneck=bottleneck, step="withdraw", reason="Dubbel")
    bottleneck.refresh_from_db()
    assert (bottleneck.state, bottleneck.sharing) == ("withdrawn", "draft")
    with pytest.raises(NotAllowed):
        change(person.user, bottleneck)


def test_solving_and_opening_again_need_a_reason() -> None:
    person = Cast().person("team")
    bottleneck = make_bottleneck(person.own, "network")
    with pytest.raises(TransitionRefused):
        services.move_bottleneck(actor=person.user, bottleneck=bottleneck, step="solve", reason="")
    services.move_bottleneck(actor=person.user, bottleneck=bottleneck, step="solve", reason="Kabel ligt er")
    services.move_bottleneck(actor=person.user, bottleneck=bottleneck, step="reopen", reason="Toch niet")
    assert Bottleneck.objects.get().state == "open"


def test_a_colleague_who_was_first_is_not_overwritten() -> None:
    person = Cast().person("team")
    bottleneck = make_bottleneck(person.own)
    change(person.user, bottleneck, description="Van de collega")
    with pytest.raises(EditConflict) as caught:
        change(person.user, bottleneck, description="Van mij")
    assert caught.value.record.description == "Van de collega"
    assert Bottleneck.objects.get().description == "Van de collega"


def test_the_same_form_twice_is_one_change() -> None:
    person = Cast().person("team")
    bottleneck = make_bottleneck(person.own)
    for _time in range(2):
        change(person.user, bottleneck, description="Nieuw")
    assert Bottleneck.objects.get().version == 2
    assert AuditEvent.objects.filter(object_type="cities.bottleneck", event="changed").count() == 1


def test_only_a_draft_is_thrown_away() -> None:
    person = Cast().person("team")
    draft, shared = make_bottleneck(person.own), make_bottleneck(person.own, "network")
    services.discard_bottleneck_draft(actor=person.user, bottleneck=draft)
    with pytest.raises(NotAllowed):
        services.discard_bottleneck_draft(actor=person.user, bottleneck=shared)
    assert list(Bottleneck.objects.all()) == [shared]
    assert AuditEvent.objects.filter(event="deleted").count() == 1


def test_an_invited_partner_reads_a_draft() -> None:
    cast = Cast()
    person, partner = cast.person("team"), cast.person("partner")
    draft = make_bottleneck(person.own)
    assert not Bottleneck.objects.visible_to(partner.user).exists()
    services.invite_to_bottleneck(actor=person.user, bottleneck=draft, organisations=[partner.own])
    assert list(Bottleneck.objects.visible_to(partner.user)) == [draft]
    with pytest.raises(NotAllowed):
        services.invite_to_bottleneck(actor=partner.user, bottleneck=draft, organisations=[])
