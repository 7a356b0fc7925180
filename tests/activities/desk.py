"""The desk for tests."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from activities.models import DeskInvite, DeskQuestion, DirectoryEntry
from cities.models import Theme
from governance.models import Organisation
from governance.models.organisation import Duty, Group
from nss_portal.core.time import today
from tests.access.cast import make_organisation

_number = count(1)


def make_entry(organisation: Organisation | None = None, **fields: object) -> DirectoryEntry:
    """Make an entry of the directory that an organisation keeps, or the desk."""
    fields.setdefault("name", f"Warmtesubsidie {next(_number)}")
    fields.setdefault("kind", "subsidy")
    fields.setdefault("run_by", "RVO")
    fields.setdefault("description_nl", "Geld voor warmtenetten in oude wijken.")
    return DirectoryEntry.objects.create(organisation=organisation, **fields)


def make_theme(code: str = "energy-heat") -> Theme:
    """Give a theme, made when it is not there."""
    return Theme.objects.get_or_create(code=code, defaults={"label_nl": "Warmte", "label_en": "Heat"})[0]


def make_desk() -> Organisation:
    """Give the organisation that keeps the desk, made when it is not there."""
    found = Organisation.objects.filter(duty=Duty.DESK).order_by("pk").first()
    return found or make_organisation(Group.AGENCY, name="Het loket", duty=Duty.DESK)


def make_question(
    organisation: Organisation | None = None,
    state: str = "new",
    *,
    holder: Organisation | None = None,
    is_public: bool = False,
    **fields: object,
) -> DeskQuestion:
    """Make a question of an organisation, or without one of somebody who confirmed an address."""
    fields.setdefault("title", f"Hoe regelen wij warmte {next(_number)}?")
    fields.setdefault("text", "Wij lopen vast op de vergunning.")
    fields.setdefault("verified_at", timezone.now())
    fields.setdefault("due_on", today() + timedelta(days=14))
    if organisation is None:
        fields.setdefault("asker_email", "vrager@elders.example")
        fields.setdefault("asker_name", "Iemand Elders")
    if state in {"answered", "closed"}:
        fields.setdefault("answered_at", timezone.now())
    if is_public:
        fields |= {
            "public_title": "Hoe regelt een stad warmte?",
            "public_answer": "Zo.",
            "published_at": timezone.now(),
        }
    return DeskQuestion.objects.create(
        organisation=organisation, state=state, holder=holder or make_desk(), **fields
    )


def invite(question: DeskQuestion, organisation: Organisation, **fields: object) -> DeskInvite:
    """Ask a city whether it has done this."""
    return DeskInvite.objects.create(question=question, organisation=organisation, asked_on=today(), **fields)
