"""Who speaks about a question: the asker's organisation, who handles it, and in whose name."""

from activities.models.desk_question import DeskQuestion
from activities.workflow.desk_question import holds_link
from governance.models import Organisation
from nss_portal.core.access import Actor, LinkActor, NotAllowed, granted, standing_of


def keeps_desk(actor: Actor) -> bool:
    """Say whether somebody handles all questions, and decides what is published."""
    return standing_of(actor).is_system or "all" in granted(actor, "desk_question", "answer")


def held_by_actor(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) for which somebody answers what is addressed to them."""
    return granted(actor, "desk_question", "answer").get("addressed", frozenset())


def handles(actor: Actor, question: DeskQuestion) -> bool:
    """Say whether somebody handles a question: who keeps the desk, and whoever has it; no city that was asked.

    No query.
    """
    if question.verified_at is None:
        return False
    return keeps_desk(actor) or question.holder_id in held_by_actor(actor)


def asks_for(actor: Actor, question: DeskQuestion) -> bool:
    """Say whether somebody acts as the asker: by the personal link, or for the organisation that asked."""
    if isinstance(actor, LinkActor):
        return holds_link(actor, question)
    return question.organisation_id in granted(actor, "desk_question", "ask").get("own", frozenset())


def voice(actor: Actor, question: DeskQuestion) -> Organisation:
    """Give the organisation in whose name somebody handles a question: the holder, else their own.

    Raises NotAllowed for somebody without one. One query at most.
    """
    standing = standing_of(actor)
    if standing.is_system or question.holder_id in standing.organisations:
        return question.holder
    words = granted(actor, "desk_question", "answer")
    keys = words.get("all", frozenset()) | words.get("addressed", frozenset())
    found = Organisation.objects.filter(pk__in=keys).order_by("pk").first()
    if found is None:
        raise NotAllowed()
    return found
