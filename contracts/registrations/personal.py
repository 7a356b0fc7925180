"""Where persons occur in contracts: signatories, contacts of parties, comments, reviews."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from nss_portal.core.privacy import Personal
from nss_portal.core.registry import Text, personal_records

REFERENCE = _("Reference data: texts of the structure, no persons.")
FIGURES = _("Figures with their sources, no persons.")
SIGNED = _("Who signed a contract, or answers for a promise in it, stays named: what was agreed does not change.")


@personal_records.register
def records() -> Iterator[Personal]:
    """Records with persons beside them."""
    yield Personal(
        "contracts.Party",
        _("Contact of a party"),
        words=("name", "name_en", "domain", "contact_position"),
        addresses=("contact_email",),
        blank=("contact_position",),
        signed=("responsible_name",),
        because=SIGNED,
    )
    yield Personal(
        "contracts.Signature",
        _("Signatures"),
        people=("signed_by",),
        signed=("name", "name_en", "signatory", "position", "withdrawal_reason"),
        because=SIGNED,
    )
    yield Personal("contracts.VersionSnapshot", signed=("content",), because=SIGNED)
    yield Personal("contracts.PaperSigning", _("Signings on paper"), by=("recorded_by",))
    yield Personal(
        "contracts.SignatoryInvitation",
        _("Invitations to sign"),
        people=("user", "invited_by"),
        addresses=("email",),
    )
    yield Personal(
        "contracts.DraftComment", _("Comments on drafts"), by=("written_by",), names=("written_by_label",)
    )
    yield Personal("contracts.ContractImport", _("Imports"), by=("made_by",), words=("file_name",))
    yield Personal("contracts.FigureNote", names=("written_by_label",))
    yield Personal("contracts.DataFetch", names=("asked_by_label",))
    yield Personal("contracts.ReviewRound", _("Rounds of reviews that you opened"), people=("opened_by",))
    yield Personal("contracts.AnnualReview", names=("submitted_by_label",))
    yield Personal("contracts.PartyReview", names=("submitted_by_label",))
    yield Personal("contracts.Effort", names=("updated_by_label",))
    yield Personal("contracts.PathwayScenario", _("Scenarios"), by=("created_by",), words=("name",))
    yield Personal("contracts.StandardVersion", _("Versions of the approach"), by=("proposed_by",))
    yield Personal(
        "contracts.StandardChange",
        _("Proposals for the approach"),
        by=("created_by",),
        names=("author_label",),
    )
    yield Personal(
        "contracts.StandardComment",
        _("Comments on the approach"),
        by=("created_by",),
        names=("author_label",),
    )
    yield Personal("contracts.GoingThrough", names=("changed_by_label",))
    yield Personal("contracts.StandardStart", _("Starts with the approach"), by=("created_by",))
    yield Personal("contracts.StandardUseAnswer", names=("answered_by_label",))
    yield Personal("contracts.Tip", names=("answered_by_label",))
    yield Personal("contracts.Blockade", names=("noted_by_label",))
    yield Personal("contracts.NationalPolicy", _("National policy that you put in"), by=("created_by",))
    yield Personal("contracts.PolicyAnswer", names=("answered_by_label",))


@personal_records.register
def texts() -> Iterator[Personal | tuple[str, Text]]:
    """What people wrote for an organisation without their name beside it; and what names nobody."""
    yield Personal("contracts.DemandOffer", words=("contact",))
    yield Personal("contracts.OfferAnswer", words=("contact",))
    yield Personal("contracts.Commitment", words=("owner",))
    yield Personal("contracts.EmissionImport", words=("file_name",))
    for model in ("ClimateContract", "ContractVersion", "Action", "Investment", "TableRow", "SectionText"):
        yield Personal(f"contracts.{model}")
    for model in ("IndicatorValue", "Indicator"):
        yield Personal(f"contracts.{model}")
    for model in ("EmissionSource", "EmissionSeries", "EmissionFigure", "NationalPoint"):
        yield f"contracts.{model}", FIGURES
    reference = "ContractStandard Measure StandardSection StandardPromise StandardMeasure"
    for model in f"{reference} TemplateSection TemplateTable TemplateColumn MeasureUse".split():
        yield f"contracts.{model}", REFERENCE
