"""Where persons occur in activities, lessons, programmes, the desk and workspaces."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.services.places import give_back_all
from governance.models import User
from nss_portal.core.access import Actor
from nss_portal.core.privacy import Personal
from nss_portal.core.registry import Text, account_endings, personal_records

REFERENCE = _("Reference data: texts of the structure, no persons.")
SIGNED = _("Who signed a covenant stays named in it: without the signature the agreement proves nothing.")


def _to_come() -> Q:
    """A place in what is yet to come is free again."""
    return Q(activity__sessions__ends_at__gt=timezone.now())


@account_endings.register
def give_places_back(user: User, actor: Actor) -> None:
    """Let whoever waits longest have the places of somebody whose account closes."""
    give_back_all(user=user, actor=actor)


@personal_records.register
def agenda() -> Iterator[Personal]:
    """The agenda, its registrations and polls, and proposals for it."""
    yield Personal("activities.Activity", _("Activities"), by=("created_by",))
    yield Personal(
        "activities.Participation", _("Registrations"), people=("user",), blank=("reason",), drops=_to_come
    )
    yield Personal("activities.DatePoll", _("Polls for a date"), by=("created_by",))
    yield Personal(
        "activities.PollGuest",
        _("Answers to polls"),
        by=("user",),
        people=("answered_by",),
        blank=("note",),
    )
    yield Personal("activities.HoursLimit", _("Limits of hours"), by=("set_by",))
    yield Personal("activities.AgendaVersion", _("Agendas"), by=("proposed_by",), people=("decided_by",))
    yield Personal("activities.AgendaVote", _("Votes on the agenda"), by=("cast_by",))
    yield Personal("activities.AgendaProposal", _("Proposals for the agenda"), by=("created_by",))


@personal_records.register
def knowledge() -> Iterator[Personal]:
    """Lessons, products, news and newsletters."""
    yield Personal("activities.Lesson", _("Lessons"), by=("created_by",), words=("origin_label",))
    yield Personal("activities.LessonVersion", names=("published_by_label",))
    yield Personal(
        "activities.LessonComment",
        _("Comments on lessons"),
        by=("author",),
        names=("author_label", "resolved_by_label"),
    )
    yield Personal("activities.LessonUse", _("Uses of lessons"), by=("said_by",))
    yield Personal("activities.KnowledgeProduct", _("Knowledge products"), by=("created_by",))
    yield Personal("activities.News", _("News"), by=("created_by",))
    yield Personal("activities.Newsletter", _("Newsletters"), by=("created_by",))


@personal_records.register
def desk() -> Iterator[Personal]:
    """The desk: questions, also of people without an account, calls and applications."""
    yield Personal(
        "activities.DeskQuestion",
        _("Questions to the desk"),
        by=("asked_by",),
        people=("handler",),
        names=("asker_name",),
        addresses=("asker_email",),
        blank=("asker_from",),
        words=("asker_from",),
    )
    yield Personal("activities.DeskMessage", _("Messages at the desk"), by=("by",), names=("by_label",))
    yield Personal("activities.CallInterest", _("Interest in calls"), by=("by",))
    yield Personal("activities.JointApplication", _("Joint applications"), by=("created_by",))


@personal_records.register
def programmes() -> Iterator[Personal]:
    """Programmes, pilots and twinnings."""
    yield Personal("activities.Programme", _("Programmes"), by=("created_by",))
    yield Personal("activities.ProgrammePartner", _("Contact of a partner"), people=("contact",))
    yield Personal("activities.Agreement", _("Agreements in your name"), people=("owner_user",))
    yield Personal("activities.WorkingGroupMember", _("Working groups"), people=("user",))
    yield Personal("activities.Pilot", _("Pilots"), by=("created_by",))
    yield Personal("activities.Twinning", _("Twinnings"), by=("created_by",))
    yield Personal("activities.TwinningReview", _("What you learned of a pilot"), by=("by",))
    yield Personal(
        "activities.Signature",
        _("Signatures under covenants"),
        by=("signed_by",),
        signed=("signed_by_label",),
        because=SIGNED,
    )


@personal_records.register
def workspaces() -> Iterator[Personal]:
    """Notes, files, tasks, decisions and action points of workspaces."""
    yield Personal("activities.WorkspaceNote", names=("changed_by_label",))
    yield Personal("activities.NoteVersion", _("Notes"), by=("by",), names=("by_label",))
    yield Personal(
        "activities.WorkspaceFile", _("Files in workspaces"), by=("added_by",), names=("added_by_label",)
    )
    yield Personal(
        "activities.WorkspacePublication",
        _("Publications"),
        by=("published_by",),
        names=("published_by_label",),
    )
    yield Personal("activities.PreparationTask_people", _("Tasks to prepare"), people=("user",))
    yield Personal("activities.TaskDone", _("Tasks that you did"), people=("user",))
    yield Personal("activities.WorkspaceDecision", names=("recorded_by_label",), words=("decided_by",))
    yield Personal("activities.ActionPoint", _("Action points"), people=("owner",))
    yield Personal("activities.WorkspaceReminder", people=("user",), goes=True)


@personal_records.register
def texts() -> Iterator[Personal | tuple[str, Text]]:
    """What people wrote for an organisation without their name beside it; and what names nobody."""
    written = """ActivitySession Outcome ReflectionSubject ReflectionCapacity TableCase PollMoment ApplicationParty
        DeskInvite AgendaPeriod AgendaLine PilotPart HoursEstimate Covenant SigningRound ProgrammeResult
        ProgrammeScaling ProgrammeClosing WorkingGroup Milestone ProgrammeReflection MidtermReview ReviewPoint
        ProgrammeTurn ActivityRequest ProposalSupport PreparationTask TwinningMeeting"""
    for model in written.split():
        words = {"WorkingGroup": ("name",), "Outcome": ("who_is_up",)}.get(model, ())
        yield Personal(f"activities.{model}", words=words)
    # The desk of a subsidy is reached at an office, not at a person; an address in it is forgotten all the same.
    yield Personal("activities.DirectoryEntry", words=("name", "name_en", "contact", "run_by"))
    for model in ("ProgrammePhase", "ExistingProgramme", "ScalingTheme", "RhythmDate", "DeskRoute"):
        yield f"activities.{model}", REFERENCE
