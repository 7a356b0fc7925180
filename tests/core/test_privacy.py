"""Where persons occur is said of every model; the log and what is closed let names go, and nothing else."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from nss_portal.core import audit
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event
from nss_portal.core.privacy import all_personal, without_persons
from nss_portal.core.privacy.forgetting import forgetting
from nss_portal.core.privacy.personal import is_address, texts_of
from tests.access.cast import make_user

# Columns that sound like a person: whoever adds one says what it is.
SOUNDS = re.compile(r"(_label|^name|_name|^who|_by|^owner|signatory|responsible|contact|asker)")
SAID = {one.model: one for one in all_personal()}


def accounts_of(model: Any) -> set[str]:
    fields = model._meta.local_concrete_fields
    return {field.name for field in fields if field.related_model is get_user_model()}


def test_every_model_says_how_it_knows_of_persons() -> None:
    nothing = without_persons()
    assert not set(nothing) & set(SAID), "said twice"
    left_out = []
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.label
        if name in nothing:
            assert name == "governance.User" or not accounts_of(model), name
            assert name == "governance.User" or not any(map(is_address, texts_of(model))), name
        elif name not in SAID and (accounts_of(model) or list(texts_of(model))):
            left_out.append(name)
    assert left_out == [], "register these under registry.personal_records"
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert set(SAID) | set(nothing) <= known


@pytest.mark.parametrize("name", SAID)
def test_every_account_address_and_name_of_a_model_is_said(name: str) -> None:
    said = SAID[name]
    assert set(said.accounts) == accounts_of(said.cls)
    columns = {field.attname: field for field in texts_of(said.cls)}
    assert {key for key, field in columns.items() if is_address(field)} <= set(said.addresses) <= set(columns)
    placed = {*said.names, *said.addresses, *said.signed, *said.words}
    assert {key for key in columns if SOUNDS.search(key)} <= placed
    own = {field.attname for field in said.cls._meta.local_concrete_fields}
    assert {*placed, *said.blank, *said.logs, *said.hidden} <= own
    assert bool(said.signed) == bool(said.because)


@pytest.mark.django_db
def test_the_log_lets_names_go_and_nothing_else() -> None:
    user = make_user(name="Kwartelnest")
    with transaction.atomic():
        event = audit.record(actor=user, event=Event.CHANGED, obj=user, changes={"name": ["Kwartelnest", "b"]})
    rows = AuditEvent.objects.filter(pk=event.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(actor_label="iemand")
    with forgetting():
        rows.update(actor_label="iemand", changes={})
    for change in ({"at": timezone.now()}, {"event": Event.DELETED}, {"object_id": "0"}, {"actor": None}):
        with pytest.raises(IntegrityError), forgetting():
            rows.update(**change)
    with pytest.raises(IntegrityError), forgetting():
        rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(actor_label="anders")
    assert rows.get().actor_label == "iemand"
