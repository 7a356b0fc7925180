"""The export for the archive is whole, says what it is, and holds nothing that is not for everybody by itself."""

import csv
import hashlib
import secrets
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from governance.models import User
from nss_portal.core import jobs, registry
from nss_portal.core.access import NotAllowed
from nss_portal.core.archive import ArchiveEvent, ArchiveRecord, Involved, bag, exporting
from nss_portal.core.archive.mdto import NAMESPACE, required_of
from nss_portal.core.files import files_of, keep_zip, opened
from nss_portal.core.pdf import seal
from tests.access.cast import Cast, make_organisation

pytestmark = pytest.mark.django_db
NS = {"m": NAMESPACE}
# The elements of MDTO-XML 1.0.1 in the order of its schema.
OF_OBJECT = """
identificatie naam aggregatieniveau classificatie trefwoord omschrijving raadpleeglocatie dekkingInTijd
dekkingInRuimte taal event waardering bewaartermijn informatiecategorie isOnderdeelVan bevatOnderdeel
heeftRepresentatie aanvullendeMetagegevens gerelateerdInformatieobject archiefvormer betrokkene activiteit
beperkingGebruik
"""
OF_FILE = "identificatie naam omvang bestandsformaat checksum URLBestand isRepresentatieVan"


def record(key: str, **fields: Any) -> ArchiveRecord:
    return ArchiveRecord(
        key=key,
        name=f"Stuk {key} <&>",
        kind="Proef",
        on=date(2026, 3, 1),
        made=lambda: f"%PDF-1.7 {key}".encode(),
        url="/klimaatcontracten/x/",
        events=[ArchiveEvent("Bevriezing", date(2026, 2, 1), is_mdto=True), ArchiveEvent("X", date(2026, 3, 1))],
        involved=[Involved("Ondertekenaar", "Gemeente Delft")],
        places=["Delft"],
        **fields,
    )


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> None:
    def records(year: int | None) -> Iterator[ArchiveRecord]:
        yield record("proef/een/1", names_persons=True)
        yield record("proef/../twee", is_public=False, restriction="Niet openbaar gemaakt.")

    only: registry.Registry[Any] = registry.Registry()
    only.register(records)
    monkeypatch.setattr("nss_portal.core.archive.records.archive_sources", only)


def metadata(folder: Path) -> dict[str, list[ET.Element]]:
    found: dict[str, list[ET.Element]] = {"informatieobject": [], "bestand": []}
    for path in sorted(folder.rglob("*.mdto.xml")):
        top = ET.parse(path).getroot()[0]  # noqa: S314 - written a moment ago
        found[top.tag.removeprefix(f"{{{NAMESPACE}}}")].append(top)
    return found


@pytest.mark.usefixtures("source")
def test_a_bag_is_whole_and_its_metadata_say_what_each_record_is(tmp_path: Path) -> None:
    folder = tmp_path / "archief"
    call_command("archive_export", str(folder), "--with-restricted")
    assert bag.verify(folder) == 7
    rows = list(csv.DictReader((folder / "data/overzicht.csv").read_text().splitlines()))
    assert [row["openbaarheid"] for row in rows] == ["openbaar", "beperkt openbaar"]
    for row in rows:
        content = (folder / row["bestand"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
    found = metadata(folder)
    for kind, tops in found.items():
        order = (OF_OBJECT if kind == "informatieobject" else OF_FILE).split()
        assert len(tops) == 2
        for top in tops:
            names = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in top]
            assert names == sorted(names, key=order.index), "in the order of the schema"
            assert set(required_of(kind)) <= set(names)
            assert all((one.text or "").strip() or len(one) for one in top.iter()), "nothing is empty"
    sums = {top.findtext("m:checksum/m:checksumWaarde", namespaces=NS) for top in found["bestand"]}
    assert sums == {row["sha256"] for row in rows}
    uses = [
        [one.text for one in top.findall("m:beperkingGebruik/m:beperkingGebruikType/m:begripLabel", NS)]
        for top in found["informatieobject"]
    ]
    assert sorted(uses) == [["Beperkt openbaar"], ["Openbaar", "Bevat persoonsgegevens"]]
    with pytest.raises(Exception, match="not empty"):
        call_command("archive_export", str(folder))
    (folder / rows[0]["bestand"]).write_bytes(b"%PDF-1.7 anders")
    with pytest.raises(bag.BagBroken):
        bag.verify(folder)


def test_a_large_archive_is_packed_on_the_disk(tmp_path: Path) -> None:
    """Years of documents go from disk to disk: no more of them than a piece is in memory at a time."""
    folder = tmp_path / "groot"
    folder.mkdir()
    (folder / "stuk.bin").write_bytes(secrets.token_bytes(24_000_000))
    owner = make_organisation()
    tracemalloc.start()
    exporting._zip(folder, tmp_path / "groot.zip")
    with (tmp_path / "groot.zip").open("rb") as content:
        stored = keep_zip(content=content, name="groot.zip", actor=User.objects.system(), owner=owner)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6_000_000
    packed = (tmp_path / "groot.zip").read_bytes()
    assert (stored.size, stored.sha256) == (len(packed), hashlib.sha256(packed).hexdigest())
    with opened(stored) as file:
        assert file.read() == packed


@pytest.mark.usefixtures("source")
def test_nothing_restricted_goes_unasked_and_the_coordinator_alone_asks(tmp_path: Path) -> None:
    made = exporting.export_to(tmp_path / "a", year=2026, with_restricted=False)
    assert (made.records, made.restricted) == (1, 0)
    assert not [path for path in (tmp_path / "a").rglob("*") if "twee" in path.name]
    cast = Cast()
    for role in ("steering", "team", "publisher"):
        with pytest.raises(NotAllowed):
            exporting.ask(actor=cast.person(role).user, year=None, with_restricted=False)
    job = exporting.ask(actor=cast.person("coordinator").user, year=None, with_restricted=True)
    jobs.run_all_here()
    job.refresh_from_db()
    assert job.state == "done", job.last_error
    stored = files_of(job)[0]
    assert stored.is_confidential
    with opened(stored) as file:
        assert file.read(2) == b"PK"


def test_a_list_of_decisions_goes_as_sealed_pdf_a() -> None:
    from governance.models import Decision
    from governance.registrations.archive import lists_of_decisions
    from tests.governance.matrix_meetings import make_meeting

    meeting = make_meeting(state="adopted", is_published=True)
    owner = Cast().other
    for number, is_published in ((1, True), (2, False)):
        Decision.objects.create(
            meeting=meeting, number=number, text=f"Besluit {number}", owner=owner, is_published=is_published
        )
    public, inside = lists_of_decisions(None)
    assert (public.is_public, inside.is_public) == (True, False)
    content = public.made()
    assert b"pdfaid:part" in content
    assert seal.seal_of(content) == seal.Seal.INTACT
