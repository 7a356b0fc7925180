"""Proposals for the agenda: what a city or partner wants to be organised, and who supports it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity, Kind
from cities.models import Bottleneck, Theme, TransitionStep
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("gathers support")
    TAKEN_UP = "taken_up", _("taken up")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


# What others read.
SHARED = (ProposalState.OPEN, ProposalState.TAKEN_UP, ProposalState.DECLINED)
# Who stands behind a bottleneck: whose it is, and who has it too.
BEHIND = """(SELECT count(DISTINCT one.organisation_id) FROM (
    SELECT b.organisation_id, b.sharing FROM activities_agendaproposal_bottlenecks l
    JOIN cities_bottleneck b ON b.id = l.bottleneck_id
    WHERE l.agendaproposal_id = %(expressions)s AND b.state IN ('open', 'solved')
    UNION SELECT j.organisation_id, j.sharing FROM activities_agendaproposal_bottlenecks l
    JOIN cities_bottleneck b ON b.id = l.bottleneck_id
    JOIN cities_bottleneckjoin j ON j.bottleneck_id = b.id
    WHERE l.agendaproposal_id = %(expressions)s AND b.state IN ('open', 'solved') AND b.sharing <> 'draft'
) one WHERE one.sharing IN (%(sharing)s))"""


class Behind(Func):
    """How many organisations stand behind the bottlenecks of a proposal, each once.

    With `public` only those that let everybody know it; drafts never count.
    """

    template = BEHIND
    output_field = IntegerField()

    def __init__(self, *, public: bool) -> None:
        shared = [Sharing.PUBLISHED] if public else [Sharing.NETWORK, Sharing.PUBLISHED]
        super().__init__(F("pk"), sharing=", ".join(f"'{one.value}'" for one in shared))


class ProposalQuerySet(AccessQuerySet["AgendaProposal"]):
    """Proposals that somebody may see."""

    resource = "agenda_proposal"

    def listed(self) -> Self:
        """Leave out what was withdrawn."""
        return self.exclude(state=ProposalState.WITHDRAWN)

    def with_weight(self, *, public: bool) -> Self:
        """Add `supporters` (organisations that support it now), `behind` (cities behind its bottlenecks)."""
        now = ProposalSupport.objects.filter(proposal=OuterRef("pk"), left_on__isnull=True).order_by()
        counted = now.values("proposal").annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            supporters=Coalesce(models.Subquery(counted, output_field=IntegerField()), Value(0)),
            behind=Behind(public=public),
        )


class AgendaProposal(models.Model):
    """What an organisation proposes for the agenda, and what became of it.

    `version` counts changes, so that two editors notice each other. `activity` is what it was taken up in;
    `answer` is why it was declined, or what the coordinator said with taking it up.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("proposed by"),
        on_delete=models.PROTECT,
        related_name="agenda_proposals",
    )
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    why = models.TextField(_("why"), blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_proposals",
    )
    steps = models.ManyToManyField(
        TransitionStep,
        verbose_name=_("steps of the transition map"),
        blank=True,
        related_name="agenda_proposals",
    )
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks behind it"), blank=True, related_name="agenda_proposals"
    )
    preparation_hours = models.DecimalField(
        _("hours of preparation per city"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.DRAFT, editable=False
    )
    answer = models.TextField(_("answer of the coordinator"), blank=True, editable=False)
    activity = models.OneToOneField(
        Activity,
        verbose_name=_("taken up in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="proposal",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    shared_at = models.DateTimeField(_("proposed"), null=True, blank=True, editable=False)

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("proposal for the agenda")
        verbose_name_plural = _("proposals for the agenda")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="proposal_declined_says_why",
                violation_error_message=_("Say why the proposal is declined."),
            ),
        ]
        indexes = [models.Index(fields=["state", "-changed_at"], name="proposal_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the proposal's page."""
        return reverse("activities:proposal", args=[self.public_id])


class ProposalSupport(models.Model):
    """An organisation supports a proposal, from a day to a day, with what it would do or bring."""

    proposal = models.ForeignKey(AgendaProposal, on_delete=models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="supported_proposals",
    )
    note = models.CharField(_("why, or what you bring"), max_length=300, blank=True)
    joined_on = models.DateField(_("supports it since"))
    left_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering = ["joined_on", "pk"]
        verbose_name = _("support of a proposal")
        verbose_name_plural = _("support of proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organisation"],
                condition=Q(left_on__isnull=True),
                name="proposal_supported_once",
                violation_error_message=_("This organisation supports the proposal already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="proposal_left_after_joining",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
