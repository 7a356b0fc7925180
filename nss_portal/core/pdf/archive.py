"""PDF/A-3 and PDF/UA-1 in one file: data goes along as an attachment, and a screen reader can read it.

WeasyPrint makes one or the other. PDF/A lets a file claim PDF/UA too when an extension schema in its metadata
describes the property by which it does (ISO 19005-3, 6.6.2.3.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Our name for the combination; WeasyPrint makes `BASE`, and `claim_ua` adds the rest.
VARIANT = "pdf/a-3a+ua-1"
BASE = "pdf/a-3a"

CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
END = b"</rdf:RDF>"


@dataclass(frozen=True)
class Attached:
    """A file that goes along inside a PDF; its content is text in UTF-8, its day the one it was fixed on."""

    name: str
    content: str
    description: str
    made_at: datetime


def claim_ua(_document: Any, pdf: Any) -> None:
    """Add to a PDF/A that it is a PDF/UA as well; handed to WeasyPrint as `finisher`."""
    for obj in pdf.objects:
        if getattr(obj, "extra", {}).get("Type") == "/Metadata":
            obj.stream = [part.replace(END, CLAIM + END) for part in obj.stream]
            return
    raise ValueError("a PDF/A without metadata")


def for_weasyprint(attached: Sequence[Attached]) -> list[Any]:
    """Give attachments as WeasyPrint takes them: the data that the document shows."""
    from weasyprint import Attachment

    return [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            created=one.made_at,
            modified=one.made_at,
            relationship="Data",
        )
        for one in attached
    ]
