"""What belongs to a signal: room to experiment, what is said, what is done after, reminders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.signal import Signal, SignalAddressee
from governance.models import Organisation


class SignalExperiment(models.Model):
    """Room that a signal asks for to do otherwise than a rule says: which rule, where, how long, to learn what."""

    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="experiment")
    rule = models.CharField(_("which rule"), max_length=300, blank=True)
    cities = models.ManyToManyField(
        Organisation, verbose_name=_("in which cities"), blank=True, related_name="experiments"
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    learned = models.TextField(_("what is learned"), blank=True)
    conditions = models.TextField(_("under which conditions"), blank=True)

    class Meta:
        verbose_name = _("room to experiment")
        verbose_name_plural = _("room to experiment")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="signal_experiment_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.rule


class EntryKind(models.TextChoices):
    """What an entry is: an answer of an addressee, or the reaction of a sender."""

    TAKEN_UP = "taken_up", _("taken up")
    DECLINED = "declined", _("declined")
    REFERRED = "referred", _("referred on")
    NAMED = "named", _("owner named")
    ADDITION = "addition", _("adds to the answer")
    REACTION = "reaction", _("reaction of a sender")


FINAL_KINDS = (EntryKind.TAKEN_UP, EntryKind.DECLINED)


class ExperimentAnswer(models.TextChoices):
    """What is answered to the question for room to experiment."""

    NONE = "", _("not asked")
    GRANTED = "granted", _("granted")
    CONDITIONS = "conditions", _("granted with conditions")
    DECLINED = "declined", _("declined")


class Verdict(models.TextChoices):
    """What a sender makes of the answer."""

    NONE = "", _("not said")
    HELPED = "helped", _("this helps us on")
    PARTLY = "partly", _("this helps us in part")
    NOT_HELPED = "not_helped", _("this does not help us on")


class SignalEntry(models.Model):
    """One thing that was said about a signal, by whom and when; it is never changed."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    text = models.TextField(_("text"))
    referred_to = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    experiment = models.CharField(
        _("room to experiment"), max_length=10, choices=ExperimentAnswer, blank=True, default=""
    )
    conditions = models.TextField(_("conditions"), blank=True)
    verdict = models.CharField(_("what we make of it"), max_length=10, choices=Verdict, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("answer or reaction")
        verbose_name_plural = _("answers and reactions")
        constraints = [
            models.UniqueConstraint(
                fields=["signal"],
                condition=Q(kind__in=["taken_up", "declined"]),
                name="signal_one_final_answer",
                violation_error_message=_("This signal was answered already."),
            ),
            models.CheckConstraint(
                condition=~Q(experiment="conditions") | ~Q(conditions=""),
                name="signal_conditions_are_named",
                violation_error_message=_("Name the conditions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"


class SignalFollowUp(models.Model):
    """One thing that is done after the answer: what, by whom, by when, and what came of it."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        Organisation, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="signal_follow_ups"
    )
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("step after the answer")
        verbose_name_plural = _("steps after the answer")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="signal_step_done_says_what_came_of_it",
                violation_error_message=_("Say what came of it."),
            )
        ]

    def __str__(self) -> str:
        return self.what


class SignalReminder(models.Model):
    """A reminder or an escalation that was written: each once for an addressee, a due date and a day around it."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        ESCALATION = "escalation", _("put before the steering group")

    addressee = models.ForeignKey(SignalAddressee, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind)
    due_on = models.DateField()
    offset = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["addressee", "kind", "due_on", "offset"], name="signal_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.addressee}: {self.kind} {self.offset}"


class NamingDuty(models.Model):
    """Which organisation names an owner where none is known, since when, and how many days it has for that.

    Whoever took over its task since has the duty too: that stands with the organisation.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("from"), unique=True)
    days = models.PositiveSmallIntegerField(_("days to name an owner"), default=21)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("duty to name an owner")
        verbose_name_plural = _("duties to name an owner")

    def __str__(self) -> str:
        return f"{self.organisation} ({self.valid_from})"
