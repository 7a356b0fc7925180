"""What stands in a workspace stays there: a word is planted in all of it, and looked for everywhere else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField, JSONField, Model, TextField
from django.db.models.functions import Cast as AsText
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from activities.models import WorkspaceNote
from activities.services.workspace import decisions, files, notes, tasks
from activities.tasks.workspace import ask_for_workspace_day
from nss_portal.core import jobs
from nss_portal.core.editing import EditConflict
from nss_portal.core.handing import held_by
from nss_portal.core.models import AuditEvent
from tests.access.cast import Cast
from tests.activities.workspace import (
    Ground,
    make_decision,
    make_ground,
    make_note,
    make_point,
    make_programme_ground,
    make_task,
    soon,
)

pytestmark = pytest.mark.django_db
SOUGHT, BESIDE = "Kwartelnest", "zilverreiger"
WORD = f"{SOUGHT} {BESIDE}"
# Where the word may stand: what the workspace itself is made of, and the name under which a file is served.
OWN = {
    "activities.ActionPoint",
    "activities.NoteVersion",
    "activities.PreparationTask",
    "activities.WorkspaceDecision",
    "activities.WorkspaceFile",
    "activities.WorkspaceNote",
    "core.StoredFile",
}


def every_ground() -> list[Ground]:
    """Give a workspace of an activity, of a programme and of a working group, all of them public themselves."""
    cast = Cast()
    of_activity = make_ground(cast, audience="everybody")
    return [of_activity, make_programme_ground(cast), make_programme_ground(cast, group=True)]


def plant(ground: Ground) -> None:
    """Put the word into everything that people write in a workspace, and do everything that can be done there."""
    team, organiser = ground.team.user, ground.organiser.user
    note = make_note(ground, title=f"{WORD} titel", text=f"{WORD} tekst")
    fields = {"actor": team, "note": note, "title": f"{WORD} anders"}
    notes.save_note(**fields, version=1, text=f"{WORD} twee")
    with pytest.raises(EditConflict):
        notes.save_note(**fields, version=1, text=f"{WORD} te laat")
    notes.restore_version(actor=team, note=note, number=1)
    notes.remove_note(actor=team, note=note)
    notes.put_back_note(actor=team, note=note)
    upload = SimpleUploadedFile(f"{WORD}.txt", f"{WORD} inhoud".encode())
    file = files.add_file(actor=team, workspace=ground.workspace, upload=upload, title=f"{WORD} bestand")
    task = make_task(ground, title=f"{WORD} taak", explanation=WORD, due_on=soon(1), materials=[file])
    fields = {"title": f"{WORD} taak", "explanation": f"{WORD} anders", "due_on": soon(1), "minutes": 5}
    tasks.change_task(actor=organiser, task=task, version=1, fields=fields, people=[], materials=[file])
    tasks.mark_task(actor=team, task=task, is_done=True)
    decision = make_decision(ground, text=f"{WORD} besluit", decided_by=f"{WORD} beslisser")
    point, dropped = (make_point(ground, text=f"{WORD} punt", decision=decision, due_on=soon(1)) for _ in range(2))
    decisions.settle_point(actor=ground.partner.user, point=dropped, step="drop", result=f"{WORD} reden")
    decisions.settle_point(actor=ground.partner.user, point=point, step="finish", result=f"{WORD} gevolg")
    decisions.settle_point(actor=ground.partner.user, point=point, step="reopen")
    decisions.take_back_decision(actor=organiser, decision=make_decision(ground, text=WORD), reason=f"{WORD} mis")
    for record in (task, point):
        type(record).objects.update(created_at=timezone.now() - timedelta(days=30))
    client = Client()
    client.force_login(team)
    assert WORD.encode() in b"".join(client.get(f"/bestanden/{file.stored.public_id}/").streaming_content)
    assert WORD in client.get(ground.address()).content.decode()
    ask_for_workspace_day()
    jobs.run_all_here()


def columns(model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, CharField | TextField | JSONField):
            yield field.attname


def test_no_table_holds_a_word_of_it() -> None:
    grounds = every_ground()
    for ground in grounds:
        plant(ground)
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in OWN:
            continue
        for column in columns(model):
            rows = model._base_manager.annotate(sought=AsText(column, TextField())).filter(sought__icontains=WORD)
            found += [f"{model._meta.label}.{column}"] * rows.exists()
    assert found == []
    for person in (person for ground in grounds for person in (ground.team, ground.partner)):
        held = [title for one in held_by(person.user, person.own) for title in one.titles]
        assert held
        assert BESIDE not in "".join(held), "who hands over for somebody need not be in the workspace"
    assert AuditEvent.objects.filter(object_type__startswith="activities.").count() > 10


def without_arguments(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from without_arguments(entry, address)
        elif isinstance(entry, URLPattern) and "<" not in address and "^" not in address:
            yield f"/{address}"


def shown(client: Client, page: str) -> bytes:
    answer = client.get(page)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_no_page_of_others_shows_a_word_of_it() -> None:
    grounds = every_ground()
    ground = grounds[0]
    about = ["/"]
    for one in grounds:
        plant(one)
        city = one.team.own
        about += [city.get_absolute_url(), city.municipality.get_absolute_url()]
        about += [one.workspace.subject.get_absolute_url()]
    about += [note.get_absolute_url() for note in WorkspaceNote.objects.filter(is_start=False)]
    skipped = ("/account/", "/demo/", "/healthz", "/beheer/governance/", "/beheer/auth/", "/beheer/account/")
    pages = {page for page in without_arguments(get_resolver()) if not page.startswith(skipped)}
    assert len(pages) > 40
    searches = [
        f"/{part}/?q={SOUGHT}" for part in ("agenda", "lessen", "knelpunten", "signalen", "programmas", "zoeken")
    ] + [f"/beheer/logboek/?q={SOUGHT}"]
    coordinator, outsider, visitor = Client(), Client(), Client()
    coordinator.force_login(ground.cast.person("coordinator").user)
    outsider.force_login(grounds[2].outsider.user)
    looked_at_by = ((coordinator, [*pages, *about, *searches]), (outsider, about), (visitor, about))
    for client, looked_at in looked_at_by:
        for page in looked_at:
            assert BESIDE.encode() not in shown(client, page), page
