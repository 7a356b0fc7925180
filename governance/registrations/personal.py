"""Where persons occur in governance: accounts, what hangs on them, invitations, assessments and meetings."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from nss_portal.core.privacy import Personal
from nss_portal.core.registry import Text, personal_records

REFERENCE = _("Reference data: texts of the structure, no persons.")
ORGANISATION = _("Facts of organisations, no persons.")


@personal_records.register
def accounts() -> Iterator[Personal]:
    """Accounts themselves and what hangs on them."""
    yield Personal(
        "governance.Membership",
        _("Organisations for which you work here"),
        people=("user",),
        blank=("position",),
    )
    yield Personal("governance.Mandate", _("Mandates that you gave"), by=("given_by",))
    yield Personal(
        "governance.Invitation",
        _("Invitations"),
        by=("invited_by",),
        people=("accepted_by",),
        names=("name",),
        addresses=("email",),
        blank=("position",),
    )
    yield Personal("governance.DigestChoice", _("How often you get the summary"), people=("user",), goes=True)
    yield Personal("governance.CalendarAddress", people=("user",), hidden=("nonce",), goes=True)
    yield Personal(
        "governance.PrivacyRequest",
        _("Requests about your own data"),
        people=("user", "handled_by"),
        addresses=("email",),
        words=("identity_note",),
        hidden=("pseudonym", "link_hash", "result"),
    )
    yield Personal("governance.User_groups", people=("user",), goes=True)
    yield Personal("governance.User_user_permissions", people=("user",), goes=True)


@personal_records.register
def work() -> Iterator[Personal]:
    """Assessments, meetings, and decisions about the structure."""
    yield Personal(
        "governance.Participant",
        _("Assessments that you were asked for"),
        people=("user",),
        addresses=("email",),
        hidden=("nonce",),
    )
    yield Personal("governance.VariantPeriod", _("Variants"), by=("proposed_by",), people=("decided_by",))
    yield Personal("governance.DesignPosition", _("Positions"), by=("proposed_by",), people=("decided_by",))
    yield Personal("governance.VariantProposal", _("Proposals"), by=("proposed_by",), people=("decided_by",))
    yield Personal(
        "governance.EmergencyRole",
        _("Rights in an emergency"),
        by=("given_by",),
        people=("user", "ended_by"),
    )
    yield Personal("governance.RightsReview", _("Reviews of rights"), people=("done_by",))
    yield Personal("governance.RightsCheck", _("Checks of rights"), people=("user", "checked_by"))
    yield Personal("governance.OrganisationDomain", _("Domains that you added"), by=("added_by",))
    yield Personal(
        "governance.SignUp",
        _("Requests for an account"),
        people=("decided_by",),
        names=("name",),
        addresses=("email",),
        blank=("position", "motivation"),
        words=("new_name",),
    )
    yield Personal("governance.VariantEvaluation", _("Evaluations that you began"), people=("begun_by",))
    yield Personal(
        "governance.EvaluationConclusion", _("Conclusions"), by=("proposed_by",), people=("decided_by",)
    )
    yield Personal("governance.ContributionEntry", _("Contributions"), by=("by",), names=("by_label",))
    yield Personal("governance.Seat", _("Seats in bodies"), people=("user",))
    yield Personal("governance.Figurehead", _("Figureheads"), names=("name",))
    yield Personal("governance.Meeting", _("Meetings that you chaired"), people=("chair",))
    yield Personal("governance.Meeting_participants", _("Meetings that you took part in"), people=("user",))


@personal_records.register
def texts() -> Iterator[Personal | tuple[str, Text]]:
    """What people wrote for an organisation without their name beside it; and what names nobody."""
    yield Personal("governance.Contribution")
    yield Personal("governance.AgendaItem")
    yield Personal("governance.Decision")
    yield Personal("governance.DecisionUpdate")
    yield Personal("governance.Assessment", words=("subject_label",))
    yield Personal("governance.AssessmentNote")
    yield Personal("governance.AssessmentPoint")
    yield Personal("governance.MinistryDesk", addresses=("email",))
    yield (
        "governance.AnswerSheet",
        _("Answers of an assessment; the portal does not know whose they are, and they go when it closes."),
    )
    yield "governance.User", _("The account itself; the request to be forgotten rewrites it.")
    for model in ("Organisation", "OrganisationName", "Budget", "Alignment"):
        yield f"governance.{model}", ORGANISATION
    reference = "Instrument Indicator Statement GovernanceVariant VariantPoint VariantRole DesignQuestion"
    for model in f"{reference} CountryStructure AlignedProgramme AskedAction Body".split():
        yield f"governance.{model}", REFERENCE
