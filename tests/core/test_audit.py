"""The audit log: one event per change, which nobody changes afterwards."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from nss_portal.core import audit
from nss_portal.core.access import LinkActor
from nss_portal.core.models import AuditEvent, Transition
from nss_portal.core.models.audit import Event
from tests.access.cast import make_city, make_user

pytestmark = pytest.mark.django_db


def note(**values: object) -> AuditEvent:
    return audit.record(**{"actor": make_user(), "event": Event.CHANGED, "obj": make_city(), **values})


def test_an_event_says_who_what_and_for_whom() -> None:
    person, city, other = make_user(name="Transitieteam Helmond"), make_city(name="Helmond"), make_city()
    event = note(
        actor=person, obj=city, on_behalf_of=other, changes={"name": ["Helmont", "Helmond"]}, reason="typo"
    )
    assert (event.actor, event.actor_label) == (person, "Transitieteam Helmond")
    assert (event.object_type, event.object_id, event.object_label) == (
        "governance.organisation",
        str(city.pk),
        "Helmond",
    )
    assert event.on_behalf_of_id == str(other.pk)
    assert event.changes == {"name": ["Helmont", "Helmond"]}
    assert event.reason == "typo"


def test_who_came_by_a_link_is_named() -> None:
    event = note(actor=LinkActor("Woningcorporatie", None, "review"))
    assert (event.actor_id, event.actor_label) == (None, "Woningcorporatie")


def test_where_a_request_came_from_is_noted() -> None:
    seen: list[str] = []
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    audit.RequestContextMiddleware(lambda _request: seen.append(note().origin))(request)  # type: ignore[arg-type,func-returns-value]
    assert seen == ["192.0.2.7"]
    assert note().origin == ""


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_inside_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        note()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record_many(actor=make_user(), event=Event.CHANGED, rows=[])


def row(model: str) -> AuditEvent | Transition:
    if model == "core_auditevent":
        return note()
    return Transition.objects.create(
        object_type="x", object_id="1", name="x", source="a", target="b", actor_label="x"
    )


@pytest.mark.parametrize("table", ["core_auditevent", "core_transition"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET reason = 'other' WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_the_database_refuses_to_change_what_was_written(table: str, sql: str) -> None:
    written = row(table)
    with (
        pytest.raises(IntegrityError, match="written once and never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table), [written.pk])
    written.refresh_from_db()
    assert written.reason == ""


def test_the_log_outlives_the_account() -> None:
    person = make_user(name="Transitieteam Helmond")
    event = note(actor=person)
    person.delete()
    event.refresh_from_db()
    assert event.actor_label == "Transitieteam Helmond"
