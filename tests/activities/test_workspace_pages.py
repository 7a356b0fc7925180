"""The pages of a workspace: what they show, what they ask, and to whom they do not exist."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from pytest_django import DjangoAssertNumQueries

from activities.models import (
    ActionPoint,
    PreparationTask,
    WorkspaceDecision,
    WorkspaceFile,
    WorkspaceNote,
    WorkspacePublication,
)
from activities.services.workspace import files, publishing
from nss_portal.core.models import StoredFile
from nss_portal.core.time import today
from tests.access.cast import make_user
from tests.activities.matrix_activity import make_activity, take_part
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
from tests.core.test_files import PDF
from tests.core.test_scanner import bomb

pytestmark = pytest.mark.django_db

ROOM_QUERIES = 13
KINDS = ["activity", "programme", "working group"]


@pytest.fixture
def ground() -> Ground:
    return make_ground()


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person.user)  # type: ignore[attr-defined]
    return client


def opens(client: Client, address: str) -> bool:
    """Say whether somebody gets a file."""
    answer = client.get(address)
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content)
    return bool(answer.status_code == 200)


def add_file(ground: Ground, name: str = "stuk.pdf") -> WorkspaceFile:
    upload = SimpleUploadedFile(name, PDF)
    return files.add_file(actor=ground.team.user, workspace=ground.workspace, upload=upload, title="Stuk")


def test_number_of_queries_of_the_room(ground: Ground, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _round in range(3):
        newcomer = make_user()
        take_part(ground.activity, newcomer, ground.team.own)
        file = add_file(ground)
        make_task(ground, materials=[file])
        make_point(ground, decision=make_decision(ground))
        make_note(ground)
        WorkspacePublication.objects.create(workspace=ground.workspace, title="Uit")
        if _round in (0, 2):
            client = client_of(ground.organiser)
            with django_assert_num_queries(ROOM_QUERIES):
                assert client.get(ground.address()).status_code == 200


@pytest.mark.parametrize(
    "make", [make_ground, make_programme_ground, partial(make_programme_ground, group=True)], ids=KINDS
)
def test_each_page_is_for_those_who_take_part(make: Callable[[], Ground]) -> None:
    ground = make()
    note, task, point = make_note(ground), make_task(ground), make_point(ground)
    decision, file = make_decision(ground), add_file(ground)
    publication = WorkspacePublication.objects.create(workspace=ground.workspace, title="Uit")
    pages = [
        "",
        "notities/nieuw/",
        f"notities/{note.public_id}/",
        f"notities/{note.public_id}/bewerken/",
        f"notities/{note.public_id}/geschiedenis/",
        f"notities/{note.public_id}/geschiedenis/1/",
        f"notities/{note.public_id}/weghalen/",
        "bestanden/nieuw/",
        f"bestanden/{file.public_id}/weghalen/",
        "besluiten/nieuw/",
        "acties/nieuw/",
        f"acties/{point.public_id}/",
        f"acties/{point.public_id}/wijzigen/",
    ]
    for_leaders = [
        "voorbereiding/nieuw/",
        f"voorbereiding/{task.public_id}/",
        f"voorbereiding/{task.public_id}/terugnemen/",
        f"besluiten/{decision.public_id}/terugnemen/",
        "publiceren/",
        f"publicaties/{publication.public_id}/intrekken/",
    ]
    buttons = [
        f"notities/{note.public_id}/bewaren/",
        f"notities/{note.public_id}/geschiedenis/1/terughalen/",
        f"notities/{note.public_id}/terugzetten/",
        f"voorbereiding/{task.public_id}/klaar/",
        f"acties/{point.public_id}/heropenen/",
    ]
    named = [
        name for name in get_resolver().namespace_dict["activities"][1].reverse_dict if "workspace" in str(name)
    ]
    assert (
        len([name for name in named if isinstance(name, str)]) == len(pages) + len(for_leaders) + len(buttons) + 1
    )
    leader, member = client_of(ground.organiser), client_of(ground.team)
    outsiders = [client_of(ground.outsider), client_of(ground.cast.person("coordinator"))]
    for page in [*pages, *for_leaders]:
        assert leader.get(ground.address(page)).status_code == 200, page
        expected = 403 if page in for_leaders else 200
        if "acties/" + point.public_id not in page:
            assert member.get(ground.address(page)).status_code == expected, page
    for page in [*pages, *for_leaders, *buttons]:
        for outsider in outsiders:
            ask = outsider.post if page in buttons else outsider.get
            assert ask(ground.address(page)).status_code == 404, page
        assert Client().get(ground.address(page)).status_code == 302, page
    assert member.get(ground.address(f"acties/{point.public_id}/")).status_code == 403


def test_who_leads_comes_in_by_a_button(ground: Ground) -> None:
    activity = make_activity(ground.partner.own)
    partner = client_of(ground.partner)
    page = partner.get(activity.get_absolute_url()).content.decode()
    assert "Meedoen en de werkruimte openen" in page
    room = f"/agenda/{activity.public_id}-{activity.slug}/werkruimte/"
    assert partner.get(room).status_code == 404
    assert partner.post(f"{room}meedoen/").url == room
    assert partner.get(room).status_code == 200
    assert "Open de werkruimte" in partner.get(activity.get_absolute_url()).content.decode()
    assert client_of(ground.team).post(f"{room}meedoen/").status_code == 403


def test_an_old_name_leads_on(ground: Ground) -> None:
    answer = client_of(ground.team).get(f"/agenda/{ground.activity.public_id}-oud/werkruimte/")
    assert (answer.status_code, answer.url) == (301, ground.address())


def test_a_note_by_its_pages(ground: Ground) -> None:
    team, partner = client_of(ground.team), client_of(ground.partner)
    team.post(
        ground.address("notities/nieuw/"),
        {"title": "Kosten", "text": "## Raming\r\n\r\n<script>alert(1)</script>"},
    )
    note = WorkspaceNote.objects.get(title="Kosten")
    page = team.get(note.get_absolute_url()).content.decode()
    assert "<h2>Raming</h2>" in page
    assert "<script>alert" not in page
    form = {"title": "Kosten", "text": "## Raming\n\nVan de stad", "version": 1}
    saved = team.post(ground.address(f"notities/{note.public_id}/bewaren/"), form)
    assert saved.json()["version"] == 2
    clash = {**form, "text": "## Raming\n\nVan de partner"}
    assert partner.post(ground.address(f"notities/{note.public_id}/bewaren/"), clash).status_code == 409
    answer = partner.post(ground.address(f"notities/{note.public_id}/bewerken/"), clash)
    assert answer.status_code == 409
    both = answer.content.decode()
    assert "Van de stad" in both
    assert "Van de partner" in both
    again = {**clash, "version": answer.context["form"]["version"].value()}
    assert partner.post(ground.address(f"notities/{note.public_id}/bewerken/"), again).status_code == 302
    history = team.get(ground.address(f"notities/{note.public_id}/geschiedenis/")).content.decode()
    assert "apart bewaard" in history
    number = note.versions.get(is_aside=False, text__contains="Van de stad").number
    compared = team.get(
        ground.address(f"notities/{note.public_id}/geschiedenis/{number}/?met=nu")
    ).content.decode()
    assert "<del>stad</del><ins>partner</ins>" in compared
    team.post(ground.address(f"notities/{note.public_id}/geschiedenis/{number}/terughalen/"))
    note.refresh_from_db()
    assert note.text.endswith("Van de stad")
    team.post(ground.address(f"notities/{note.public_id}/weghalen/"))
    assert "weggehaald" in team.get(note.get_absolute_url()).content.decode()
    partner.post(ground.address(f"notities/{note.public_id}/terugzetten/"))
    assert WorkspaceNote.objects.get(pk=note.pk).removed_at is None


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("text", "x" * 60_001), ("title", "x" * 200)])
def test_bad_notes_are_named_and_kept(ground: Ground, field: str, value: str) -> None:
    note = make_note(ground)
    team = client_of(ground.team)
    form = {"title": "Titel", "text": "Bewaard", "version": 1, field: value}
    answer = team.post(ground.address(f"notities/{note.public_id}/bewerken/"), form)
    assert list(answer.context["form"].errors) == [field]
    assert team.post(ground.address(f"notities/{note.public_id}/bewaren/"), form).status_code == 422


def test_files_by_their_pages(ground: Ground) -> None:
    team = client_of(ground.team)
    good = {"file": SimpleUploadedFile("raming.pdf", PDF), "title": "Raming"}
    assert team.post(ground.address("bestanden/nieuw/"), good).status_code == 302
    bad = {"file": SimpleUploadedFile("raming.pdf", b"MZ\x90" + bytes(40)), "title": "Raming twee"}
    answer = team.post(ground.address("bestanden/nieuw/"), bad)
    assert answer.status_code == 422
    assert "Raming twee" in answer.content.decode()
    assert "niet op virussen" in answer.content.decode()
    (file,) = WorkspaceFile.objects.all()
    served = f"/bestanden/{file.stored.public_id}/"
    assert opens(client_of(ground.partner), served)
    assert not opens(client_of(ground.outsider), served)
    assert not opens(Client(), served)
    assert (
        client_of(ground.partner).post(ground.address(f"bestanden/{file.public_id}/weghalen/")).status_code == 403
    )
    team.post(ground.address(f"bestanden/{file.public_id}/weghalen/"))
    assert not opens(team, served)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("raming.pdf", b"MZ\x90" + bytes(40), "kan hier niet"),
        ("raming.pdf", b"<script>alert(1)</script>", "kan hier niet"),
        ("raming.docx", bomb(size=3_000_000), "uitgepakt"),
    ],
)
def test_what_is_no_good_file_is_refused_with_a_reason(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    # As if a computer could bear little.
    monkeypatch.setattr("nss_portal.core.files.kinds.LARGEST_UNPACKED", 2_000_000)
    sent = {"file": SimpleUploadedFile(name, content), "title": "Raming"}
    answer = client_of(ground.team).post(ground.address("bestanden/nieuw/"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Raming" in page
    assert not WorkspaceFile.objects.exists()


def test_two_hundred_megabytes_are_not_even_read(ground: Ground) -> None:
    answer = client_of(ground.team).post(
        ground.address("bestanden/nieuw/"), {"title": "Raming"}, headers={"Content-Length": "200000000"}
    )
    assert answer.status_code == 413
    assert "MB" in answer.content.decode()
    assert not WorkspaceFile.objects.exists()


def test_a_note_with_a_script_is_drawn_as_text(ground: Ground) -> None:
    note = make_note(ground)
    text = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [klik](javascript:alert(1)) **vet**"
    form = {"title": "<b>Titel</b>", "text": text, "version": 1}
    address = ground.address(f"notities/{note.public_id}/")
    assert client_of(ground.team).post(f"{address}bewerken/", form).status_code == 302
    for page in (address, f"{address}bewerken/", f"{address}geschiedenis/", f"{address}geschiedenis/2/", ""):
        shown = client_of(ground.partner).get(page or ground.address()).content.decode()
        for trick in ("<script>alert", "<img src=x", 'href="javascript', "<b>Titel"):
            assert trick not in shown, page
    assert "<strong>vet</strong>" in client_of(ground.partner).get(address).content.decode()


def test_preparation_by_its_pages(ground: Ground) -> None:
    leader, partner = client_of(ground.organiser), client_of(ground.partner)
    values = {"title": "Lees dit", "due_on": soon(), "people": [ground.partner.user.pk], "minutes": 20}
    assert leader.post(ground.address("voorbereiding/nieuw/"), values).status_code == 302
    task = PreparationTask.objects.get()
    assert "Lees dit" in partner.get(ground.address()).content.decode()
    assert "Lees dit" not in client_of(ground.team).get(ground.address()).content.decode()
    partner.post(ground.address(f"voorbereiding/{task.public_id}/klaar/"))
    assert "1 van 1" in leader.get(ground.address()).content.decode()
    partner.post(ground.address(f"voorbereiding/{task.public_id}/klaar/"), {"done": "no"})
    assert task.done.count() == 0
    values |= {"title": "Lees dat", "version": 1, "people": []}
    assert leader.post(ground.address(f"voorbereiding/{task.public_id}/"), values).status_code == 302
    late = leader.post(ground.address(f"voorbereiding/{task.public_id}/"), {**values, "title": "Anders"})
    assert "collega" in str(late.context["form"].non_field_errors())
    assert "Lees dat" in client_of(ground.team).get(ground.address()).content.decode()
    for field, value in (("due_on", "geen dag"), ("people", [ground.outsider.user.pk]), ("minutes", -3)):
        wrong = leader.post(ground.address("voorbereiding/nieuw/"), {**values, field: value})
        assert list(wrong.context["form"].errors) == [field]


def test_decisions_and_points_by_their_pages(ground: Ground) -> None:
    team, partner, leader = client_of(ground.team), client_of(ground.partner), client_of(ground.organiser)
    values = {"text": "Wij kopen samen in", "decided_by": "Iedereen", "decided_on": today()}
    assert team.post(ground.address("besluiten/nieuw/"), values).status_code == 302
    later = team.post(ground.address("besluiten/nieuw/"), {**values, "decided_on": soon()})
    assert list(later.context["form"].errors) == ["decided_on"]
    decision = WorkspaceDecision.objects.get()
    point = {"text": "Vraag op", "owner": ground.partner.user.pk, "due_on": soon(), "decision": decision.public_id}
    assert team.post(ground.address("acties/nieuw/"), point).status_code == 302
    made = ActionPoint.objects.get()
    assert made.decision == decision
    where = ground.address(f"acties/{made.public_id}/")
    wrong = partner.post(where, {"step": "drop", "result": ""})
    assert list(wrong.context["form"].errors) == ["result"]
    assert partner.post(where, {"step": "finish", "result": "Gevraagd"}).status_code == 302
    assert partner.get(where).status_code == 302
    assert "Gevraagd" in team.get(ground.address()).content.decode()
    partner.post(f"{where}heropenen/")
    change = {"owner": ground.team.user.pk, "due_on": soon(5)}
    partner.post(f"{where}wijzigen/", change)
    made.refresh_from_db()
    assert (made.state, made.owner) == ("open", ground.team.user)
    leader.post(ground.address(f"besluiten/{decision.public_id}/terugnemen/"), {"reason": "Dubbel"})
    assert "Dubbel" in team.get(ground.address()).content.decode()


def choice(ground: Ground, **more: object) -> dict[str, object]:
    version = ground.workspace.notes.get(title="Uitkomst").versions.get()
    return {"title": "Wat wij leerden", "version": version.pk, **more}


def test_publishing_shows_exactly_what_becomes_public(ground: Ground) -> None:
    make_note(ground, title="Uitkomst", text="Samen inkopen **werkt**.")
    make_note(ground, title="Geheim", text="Geheimwoord")
    decision, file = make_decision(ground), add_file(ground)
    make_decision(ground, text="Geheimwoord besluit")
    leader = client_of(ground.organiser)
    sent = choice(ground, decisions=[decision.public_id], files=[file.public_id])
    shown = leader.post(ground.address("publiceren/"), sent)
    assert not WorkspacePublication.objects.exists()
    preview = shown.content.decode()
    assert "<strong>werkt</strong>" in preview
    assert "Geheimwoord" not in preview
    kept: dict[str, list[str]] = {}
    for name, value in shown.context["kept"]:
        kept.setdefault(name, []).append(value)
    done = leader.post(ground.address("publiceren/"), {**kept, "publish": "1"})
    published = WorkspacePublication.objects.get()
    assert done.url == published.get_absolute_url()
    page = Client().get(done.url).content.decode()
    assert "<strong>werkt</strong>" in page
    assert "Wij kopen samen in" in page
    assert "Geheimwoord" not in page
    (copy,) = StoredFile.objects.filter(owner_type="activities.workspacepublication")
    assert opens(Client(), f"/bestanden/{copy.public_id}/")
    assert not opens(Client(), f"/bestanden/{file.stored.public_id}/")
    where = ground.address(f"publicaties/{published.public_id}/intrekken/")
    assert leader.post(where, {"reason": ""}).status_code == 422
    leader.post(where, {"reason": "Klopt niet meer"})
    assert Client().get(done.url).status_code == 404
    assert not opens(Client(), f"/bestanden/{copy.public_id}/")
    assert "Klopt niet meer" in client_of(ground.team).get(done.url).content.decode()
    assert leader.post(where, {"reason": "x"}).status_code == 404


def test_what_changed_since_it_was_shown_is_shown_again(ground: Ground) -> None:
    note = make_note(ground, title="Uitkomst")
    leader = client_of(ground.organiser)
    shown = leader.post(ground.address("publiceren/"), choice(ground))
    note.versions.update(text="Anders dan getoond")
    again = leader.post(
        ground.address("publiceren/"), {**choice(ground), "digest": shown.context["kept"][-1][1], "publish": "1"}
    )
    assert "Anders dan getoond" in again.content.decode()
    assert not WorkspacePublication.objects.exists()
    empty = leader.post(ground.address("publiceren/"), {"title": "x"})
    assert "Kies eerst" in str(empty.context["form"].non_field_errors())
    elsewhere = make_ground(ground.cast)
    foreign = make_note(elsewhere).versions.get()
    assert leader.post(ground.address("publiceren/"), {"title": "x", "version": foreign.pk}).context["form"].errors


def test_nothing_of_elsewhere_is_published_by_the_service(ground: Ground) -> None:
    elsewhere = make_ground(ground.cast)
    foreign = publishing.Choice(title="x", version=make_note(elsewhere).versions.get())
    with pytest.raises(Exception, match="niet meer"):
        publishing.publish(
            actor=ground.organiser.user, workspace=ground.workspace, choice=foreign, digest=foreign.digest
        )
