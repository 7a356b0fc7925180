"""A test that commits leaves an empty database, also of what can never change in the portal."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import connection, transaction

from nss_portal.core import audit
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event
from tests.emptying import empty


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_goes_and_what_the_database_came_with_stays() -> None:
    with transaction.atomic():
        permission = Permission.objects.first()
        assert permission is not None
        audit.record(actor=AnonymousUser(), event=Event.CHANGED, obj=permission)
    permissions = Permission.objects.count()
    assert AuditEvent._meta.db_table in empty("default")
    assert AuditEvent.objects.count() == 0
    assert Permission.objects.count() == permissions > 0
    assert empty("default") == []
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
