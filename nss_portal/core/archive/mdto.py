"""Metadata in MDTO 1.0.1 (Metagegevens voor duurzaam toegankelijke overheidsinformatie, Nationaal Archief).

One XML file for a record ('informatieobject') and one for its file ('bestand'). The order of the elements is
that of the schema, https://www.nationaalarchief.nl/mdto; a list of words of our own says so in
`begripBegrippenlijst`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from django.conf import settings

from nss_portal.core.archive.records import LANGUAGE, ArchiveRecord
from nss_portal.core.portal_name import portal_name

NAMESPACE = "https://www.nationaalarchief.nl/mdto"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{NAMESPACE} https://www.nationaalarchief.nl/mdto/MDTO-XML1.0.1.xsd"
SOURCE = "NSS-portaal"
OWN_LIST = "Begrippenlijst van het portaal"
EVENTS = "Begrippenlijst EventTypeLijst MDTO"
LEVELS = "Begrippenlijst Aggregatieniveaus MDTO"
CHECKSUMS = "Begrippenlijst ChecksumAlgoritme MDTO"
VALUATIONS = "Begrippenlijst Waarderingen MDTO"
PRONOM = "PRONOM-register"
# PRONOM's number of 'Acrobat PDF/A 3a'.
PDF_A_3A = ("Acrobat PDF/A - Portable Document Format 3a", "fmt/479")
# What the selection list of the archive says of the records: a label and a code of MDTO's list.
VALUES = {"B": "Blijvend te bewaren", "V": "Tijdelijk te bewaren"}
NOT_VALUED = "Nog te bepalen door de archivaris van de eigenaar"


@dataclass(frozen=True)
class Filed:
    """The file of a record: its name in the bag, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str
    made_at: datetime


def object_xml(record: ArchiveRecord, file: Filed) -> bytes:
    """Give the metadata of a record."""
    root, top = _start("informatieobject")
    _identity(top, "identificatie", record.key)
    _text(top, "naam", record.name)
    _concept(top, "aggregatieniveau", "Archiefstuk", LEVELS)
    _concept(top, "classificatie", record.kind, OWN_LIST)
    if record.description:
        _text(top, "omschrijving", record.description)
    _text(ET.SubElement(top, "raadpleeglocatie"), "raadpleeglocatieOnline", f"{settings.NSS_BASE_URL}{record.url}")
    for place in record.places:
        _reference(top, "dekkingInRuimte", place)
    _text(top, "taal", LANGUAGE)
    for event in record.events:
        found = ET.SubElement(top, "event")
        _concept(found, "eventType", event.label, EVENTS if event.is_mdto else OWN_LIST)
        _text(found, "eventTijd", event.on.isoformat())
    code = settings.NSS_ARCHIVE_VALUE
    _concept(top, "waardering", VALUES.get(code, NOT_VALUED), VALUATIONS if code in VALUES else OWN_LIST, code)
    _reference(top, "heeftRepresentatie", file.name, f"{record.key}/{file.name}")
    maker = settings.NSS_ARCHIVE_MAKER or portal_name(record.on).name_nl
    source = "Register van Overheidsorganisaties"
    _reference(top, "archiefvormer", maker, settings.NSS_ARCHIVE_MAKER_ID, source)
    for one in record.involved:
        part = ET.SubElement(top, "betrokkene")
        _concept(part, "betrokkeneTypeRelatie", one.role, OWN_LIST)
        _reference(part, "betrokkeneActor", one.name)
    _restrictions(top, record)
    return _written(root)


def file_xml(record: ArchiveRecord, file: Filed) -> bytes:
    """Give the metadata of the file of a record."""
    root, top = _start("bestand")
    _identity(top, "identificatie", f"{record.key}/{file.name}")
    _text(top, "naam", file.name)
    _text(top, "omvang", str(file.size))
    label, code = PDF_A_3A
    _concept(top, "bestandsformaat", label, PRONOM, code)
    checksum = ET.SubElement(top, "checksum")
    _concept(checksum, "checksumAlgoritme", "SHA256", CHECKSUMS)
    _text(checksum, "checksumWaarde", file.sha256)
    _text(checksum, "checksumDatum", file.made_at.isoformat(timespec="seconds"))
    _reference(top, "isRepresentatieVan", record.name, record.key)
    return _written(root)


def _restrictions(top: ET.Element, record: ArchiveRecord) -> None:
    """Say who may use a record: at least one restriction is asked for, also where there is none."""
    found = ET.SubElement(top, "beperkingGebruik")
    _concept(found, "beperkingGebruikType", "Openbaar" if record.is_public else "Beperkt openbaar", OWN_LIST)
    if record.restriction:
        _text(found, "beperkingGebruikNadereBeschrijving", record.restriction)
    if record.names_persons:
        named = ET.SubElement(top, "beperkingGebruik")
        _concept(named, "beperkingGebruikType", "Bevat persoonsgegevens", OWN_LIST)
        _text(
            named,
            "beperkingGebruikNadereBeschrijving",
            "Namen van ondertekenaars blijven staan: zonder hen bewijst de overeenkomst niets.",
        )


def _start(kind: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("MDTO", {"xmlns": NAMESPACE, "xmlns:xsi": XSI, "xsi:schemaLocation": SCHEMA})
    return root, ET.SubElement(root, kind)


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _identity(parent: ET.Element, name: str, key: str, source: str = SOURCE) -> None:
    found = ET.SubElement(parent, name)
    _text(found, "identificatieKenmerk", key)
    _text(found, "identificatieBron", source)


def _concept(parent: ET.Element, name: str, label: str, words: str, code: str = "") -> None:
    found = ET.SubElement(parent, name)
    _text(found, "begripLabel", label)
    if code:
        _text(found, "begripCode", code)
    _reference(found, "begripBegrippenlijst", words)


def _reference(parent: ET.Element, name: str, label: str, key: str = "", source: str = SOURCE) -> None:
    found = ET.SubElement(parent, name)
    _text(found, "verwijzingNaam", label)
    if key:
        _identity(found, "verwijzingIdentificatie", key, source)


def required_of(kind: str) -> Sequence[str]:
    """Give the elements that the schema asks of an 'informatieobject' or a 'bestand'."""
    if kind == "bestand":
        return ("identificatie", "naam", "omvang", "bestandsformaat", "checksum", "isRepresentatieVan")
    return ("identificatie", "naam", "waardering", "archiefvormer", "beperkingGebruik")
