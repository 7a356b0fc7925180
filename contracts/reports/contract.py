"""A version of a contract as a report: a sealed PDF with its data inside, HTML, XLSX and JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models.bottleneck import Sharing
from contracts.canonical import canonical, contents
from contracts.explorer.inputs import inputs_of
from contracts.explorer.page import explore
from contracts.models import ContractMunicipality, ContractVersion, Measure, Party, Signature, VersionSnapshot
from contracts.models.version import VersionState
from contracts.naming import names_of
from contracts.pages import figures_for
from contracts.presenting.document import Document
from contracts.presenting.signing import signing_of
from contracts.selectors.contract import actions_of, versions_of
from nss_portal.core import reports
from nss_portal.core.access import Actor
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.formats import format_date
from nss_portal.core.models import Report
from nss_portal.core.pdf.archive import Attached
from nss_portal.core.reports.offer import public_pdfs

NAME = "contract"


@reports.kind(NAME, resource="contract", formats=("pdf", "html", "xlsx", "json"))
class ContractReport(reports.ReportKind):
    """One version: what its snapshot says, with the contract's figures and who signed.

    Named by the contract's public identifier (then the version that holds), or with a number: 'k7m2p9/2'.
    """

    label = gettext_lazy("Climate contract")
    description = gettext_lazy("A version as it was adopted, with its data inside and the seal of the portal.")
    template = "reports/print/contract.html"
    edition = 3
    is_sealed = True

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give the version that holds, or the one with the number behind the slash, if the actor may see it."""
        public_id, _slash, number = ref.partition("/")
        found = versions_of(actor).filter(contract__public_id=public_id).select_related("contract__standard")
        if number:
            found = found.filter(number=int(number)) if number.isdecimal() and len(number) < 5 else found.none()
        return found.select_related("contract__publication").first()

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the versions that the actor sees, each with the organisations of its cities and parties."""
        found = list(versions_of(actor).select_related("contract").order_by("contract__title", "-number"))
        owners = _organisations(found)
        labels = {state.value: state.label for state in VersionState}
        return [
            reports.Choice(
                f"{version.contract.public_id}/{version.number}",
                _("{contract}, version {number} ({state})").format(
                    contract=version.contract.name, number=version.number, state=labels[version.state]
                ),
                owners[version.pk],
            )
            for version in found
        ]

    def organisations(self, record: Model) -> frozenset[int]:
        """Give the organisations of the cities, of the parties and of who joined later."""
        assert isinstance(record, ContractVersion)  # noqa: S101 - by `find`
        return _organisations([record])[record.pk]

    def is_public(self, record: Model) -> bool:
        """Say whether the version is published."""
        assert isinstance(record, ContractVersion)  # noqa: S101 - by `find`
        return record.is_public and record.contract.sharing == Sharing.PUBLISHED

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather what the version says, from the data of its hash, and what there is beside it."""
        assert isinstance(record, ContractVersion)  # noqa: S101 - by `find`
        contract = record.contract
        links = ContractMunicipality.objects.filter(contract=contract).select_related("municipality")
        places = [link.municipality.common_name for link in links]
        setattr(contract, "places", places)  # noqa: B010 - as `Figures` counts them
        figures = figures_for(contract, record)
        actions = actions_of(record).prefetch_related("investments")
        inputs = inputs_of(contract, record, figures.rows, actions)
        explored = explore(inputs, standard=contract.standard.code) if inputs else None
        return reports.Snapshot(
            title=contract.name,
            subtitle=", ".join(places),
            version=_shown(record),
            data={
                "agreed": json.loads(_content(record)),
                "version": {
                    "number": record.number,
                    "state": record.state,
                    "digest": record.digest,
                    "adopted_on": record.adopted_on,
                    "signed_on": record.signed_on,
                    "published_on": record.published_on,
                    "target_year": record.target_year,
                    "base_year": record.base_year,
                },
                "municipalities": places,
                "names": names_of(contract.standard_id),
                "measures": {measure.code: str(measure) for measure in Measure.objects.all()},
                "standard": contract.standard.label,
                "publication": contract.publication.label if contract.publication else "",
                "boundary": figures.boundary,
                "figures": [asdict(claim) for claim in figures.leading],
                "inputs": asdict(inputs) if inputs else None,
                "pathway": explored.result if explored else None,
                "signatures": [_signed(row.signature) for row in signing_of(record).rows],
            },
        )

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template the version in words and charts."""
        return {"document": Document(data)}

    def attached(self, data: Mapping[str, Any]) -> Sequence[Attached]:
        """Give the data of the version, byte for byte what its hash was taken of."""
        agreed, adopted_on = data["agreed"], data["version"]["adopted_on"]
        name = f"klimaatcontract-{agreed['contract']['id']}-versie-{agreed['version']['number']}.json"
        made_at = datetime.combine(adopted_on or date(2000, 1, 1), time(), tzinfo=UTC)
        description = _("The data of this version; SHA-256 {digest}").format(digest=data["version"]["digest"])
        return [Attached(name, canonical(agreed), description, made_at)]

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give sheets of actions, promises, parties, money, figures and signatures."""
        return _sheets(Document(data))


def documents_of(version: ContractVersion) -> list[Report]:
    """Give the public PDFs of a version with their hashes, the newest in each language. One query."""
    return public_pdfs(NAME, f"{version.contract.public_id}/{version.number}")


def _content(version: ContractVersion) -> str:
    if version.is_open:
        return contents([version.pk])[version.pk]
    return VersionSnapshot.objects.values_list("content", flat=True).get(version=version)


def _shown(version: ContractVersion) -> str:
    """Say which version a file shows: 'version 2, adopted on 3 March 2027'."""
    words = {"number": version.number, "state": version.get_state_display()}
    if version.adopted_on and not version.is_open:
        words["day"] = format_date(version.adopted_on)
        return _("version %(number)s, adopted on %(day)s") % words
    return _("version %(number)s (%(state)s)") % words


def _signed(signature: Signature) -> dict[str, Any]:
    """Give a signature without the name of who gave it: a PDF goes everywhere."""
    return {
        "name": signature.name,
        "name_en": signature.name_en,
        "group": signature.group,
        "state": signature.state,
        "way": signature.way,
        "position": signature.position,
        "signed_on": signature.signed_on,
        "joined_later": signature.joined_later,
        "withdrawn_on": signature.withdrawn_on,
        "withdrawal_reason": signature.withdrawal_reason,
    }


def _organisations(versions: Sequence[ContractVersion]) -> dict[int, frozenset[int]]:
    """Give the organisations that have to do with versions, by primary key of the version: three queries."""
    contracts = {version.contract_id for version in versions}
    cities: dict[int, set[int]] = {}
    links = ContractMunicipality.objects.filter(contract__in=contracts).order_by()
    for contract, organisation in links.values_list("contract", "municipality__organisation"):
        cities.setdefault(contract, set()).add(organisation)
    found = {version.pk: set(cities.get(version.contract_id, ())) for version in versions}
    named = Party.objects.filter(version__in=found, organisation__isnull=False).order_by()
    joined = Signature.objects.filter(version__in=found, organisation__isnull=False, party=None).order_by()
    for pairs in (named.values_list("version", "organisation"), joined.values_list("version", "organisation")):
        for version, organisation in pairs:
            found[version].add(organisation)
    return {version: frozenset(held) for version, held in found.items()}


def _sheets(document: Document) -> list[Sheet]:
    actions = [
        [sheet.number, sheet.title, sheet.who, sector, sheet.effect_kt, sheet.amount_meur]
        for sector, sheets in document.actions
        for sheet in sheets
    ]
    columns = [
        Column(_("Number"), 0),
        Column(_("Action")),
        Column(_("Responsible")),
        Column(_("Sector")),
        Column(_("Reduction in the target year (kt CO₂)"), 3),
        Column(_("Investment (million euros)"), 3),
    ]
    promises = [Column(_("Promise")), Column(_("Who promises")), Column(_("Due on"))]
    figures = [Column(_("Sector")), Column(_("Kind")), Column(_("Year"), year=True), Column("kt CO₂", 3)]
    parties = [Column(_("Name")), Column(_("Kind of organisation"))]
    return [
        Sheet(_("Actions"), columns, actions),
        Sheet(_("Commitments"), promises, [list(row) for row in document.commitments]),
        Sheet(_("Parties"), parties, [[party.name, party.group] for party in document.parties]),
        Sheet(_("Figures"), figures, [[row.label, row.kind, row.year, row.value] for row in document.claims]),
        Sheet(
            _("Signatures"),
            [Column(_("Party")), Column(_("How it stands"))],
            [[line.name, line.text] for line in document.signatures],
        ),
    ]
