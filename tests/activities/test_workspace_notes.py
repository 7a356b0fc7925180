"""Notes that several people write: nobody's words are lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from activities.models import NoteVersion, Workspace, WorkspaceNote
from activities.selectors.workspace import leads
from activities.services.workspace import notes, rooms
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.workspace import Ground, make_ground, make_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return make_ground(summary="Hoe beginnen we?", questions="Wie betaalt?")


def save(ground: Ground, note: WorkspaceNote, text: str, version: int, *, by=None, is_auto: bool = False):
    actor = (by or ground.team).user
    return notes.save_note(actor=actor, note=note, version=version, title=note.title, text=text, is_auto=is_auto)


def test_the_first_to_come_opens_the_room_with_what_is_known(ground: Ground) -> None:
    start = ground.workspace.notes.get()
    assert start.is_start
    assert start.text == "## Waar het over gaat\n\nHoe beginnen we?\n\n## Vragen\n\nWie betaalt?"
    assert rooms.enter(actor=ground.partner.user, owner=ground.activity) == ground.workspace
    assert rooms.open_workspace(actor=ground.partner.user, owner=ground.activity) == ground.workspace
    assert WorkspaceNote.objects.count() == 1


def test_who_does_not_take_part_opens_nothing(ground: Ground) -> None:
    other = make_activity(ground.organiser.own)
    take_part(other, ground.partner.user, ground.partner.own, "waiting")
    for person in (ground.outsider, ground.partner, ground.organiser):
        with pytest.raises(Http404):
            rooms.enter(actor=person.user, owner=other)
    assert not Workspace.objects.filter(activity=other).exists()
    with pytest.raises(Http404):
        rooms.enter(actor=ground.outsider.user, owner=ground.activity)
    with pytest.raises(Http404):
        rooms.enter(actor=ground.cast.person("coordinator").user, owner=ground.activity)


def test_who_leads_takes_a_place_first_for_all_to_see(ground: Ground) -> None:
    activity = make_activity(ground.partner.own)
    for person in (ground.team, ground.cast.person("coordinator")):
        with pytest.raises(NotAllowed):
            rooms.join_to_run(actor=person.user, activity=activity)
    workspace = rooms.join_to_run(actor=ground.partner.user, activity=activity)
    assert rooms.join_to_run(actor=ground.partner.user, activity=activity) == workspace
    assert rooms.enter(actor=ground.partner.user, owner=activity) == workspace
    (place,) = activity.participations.all()
    assert (place.user, place.state, place.role) == (ground.partner.user, "registered", "support")
    assert leads(ground.partner.user, workspace)


def test_two_people_at_once_lose_no_word(ground: Ground) -> None:
    note = make_note(ground)
    save(ground, note, "Van de stad", 1)
    with pytest.raises(EditConflict) as clash:
        save(ground, note, "Van de partner", 1, by=ground.partner)
    assert clash.value.record.text == "Van de stad"
    note.refresh_from_db()
    assert (note.text, note.version) == ("Van de stad", 2)
    aside = note.versions.get(is_aside=True)
    assert (aside.text, aside.by) == ("Van de partner", ground.partner.user)
    with pytest.raises(EditConflict):
        save(ground, note, "Van de partner, langer", 1, by=ground.partner, is_auto=True)
    assert note.versions.get(is_aside=True).text == "Van de partner, langer"
    assert save(ground, note, "Van beiden", 2, by=ground.partner).version == 3


def test_the_same_form_twice_is_one_saving(ground: Ground) -> None:
    note = make_note(ground)
    save(ground, note, "Nieuw", 1)
    assert save(ground, note, "Nieuw", 1).version == 2


def test_a_sitting_is_one_version(ground: Ground) -> None:
    note = make_note(ground)
    for version, text in enumerate(("a", "ab", "abc"), start=1):
        save(ground, note, text, version, is_auto=True)
    assert list(note.versions.values_list("number", "text")) == [(2, "abc"), (1, "Eerste tekst")]
    save(ground, note, "abcd", 4)
    save(ground, note, "abcd.", 5)
    assert note.versions.count() == 3, "what is saved by hand ends a version"
    save(ground, note, "x", 6, is_auto=True)
    save(ground, note, "xy", 7, by=ground.partner, is_auto=True)
    assert note.versions.count() == 5, "another person begins another version"
    NoteVersion.objects.update(began_at=timezone.now() - timedelta(minutes=11))
    save(ground, note, "xyz", 8, by=ground.partner, is_auto=True)
    assert note.versions.count() == 6


def test_an_earlier_version_comes_back_and_nothing_goes(ground: Ground) -> None:
    note = make_note(ground)
    save(ground, note, "Anders", 1)
    back = notes.restore_version(actor=ground.partner.user, note=note, number=1)
    assert (back.text, back.version) == ("Eerste tekst", 3)
    assert [version.text for version in note.versions.order_by("number")] == [
        "Eerste tekst",
        "Anders",
        "Eerste tekst",
    ]
    assert note.versions.order_by("-number")[0].restored_from == 1
    notes.restore_version(actor=ground.partner.user, note=note, number=1)
    assert note.versions.count() == 3
    with pytest.raises(LookupError):
        notes.restore_version(actor=ground.partner.user, note=note, number=9)


def test_a_note_goes_and_comes_back(ground: Ground) -> None:
    note = make_note(ground)
    notes.remove_note(actor=ground.partner.user, note=note)
    with pytest.raises(NotAllowed):
        save(ground, note, "x", 1)
    notes.put_back_note(actor=ground.team.user, note=note)
    assert save(ground, note, "x", 1).text == "x"
    with pytest.raises(NotAllowed, match="startnotitie"):
        notes.remove_note(actor=ground.organiser.user, note=ground.workspace.notes.get(is_start=True))


def test_bad_input_is_named(ground: Ground) -> None:
    note = make_note(ground)
    with pytest.raises(ValidationError, match="te lang"):
        save(ground, note, "x" * (notes.LONGEST + 1), 1)
    with pytest.raises(ValidationError, match="titel"):
        notes.add_note(actor=ground.team.user, workspace=ground.workspace, title=" ")


def test_outsiders_write_nothing(ground: Ground) -> None:
    note = make_note(ground)
    outsider = ground.outsider.user
    for attempt in (
        lambda: notes.add_note(actor=outsider, workspace=ground.workspace, title="x"),
        lambda: save(ground, note, "x", 1, by=ground.outsider),
        lambda: notes.restore_version(actor=outsider, note=note, number=1),
        lambda: notes.remove_note(actor=outsider, note=note),
        lambda: notes.put_back_note(actor=outsider, note=note),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert WorkspaceNote.objects.visible_to(outsider).count() == 0
    assert WorkspaceNote.objects.visible_to(ground.partner.user).count() == 2


def test_the_log_tells_that_and_not_what(ground: Ground) -> None:
    note = make_note(ground, title="Geheimtitel", text="Geheimtekst")
    save(ground, note, "Geheimtekst twee", 1)
    events = list(AuditEvent.objects.filter(object_type="activities.workspacenote"))
    assert len(events) == 2
    assert "Geheim" not in "".join(f"{event.object_label}{event.changes}{event.reason}" for event in events)
