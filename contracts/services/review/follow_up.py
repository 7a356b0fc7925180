"""What a handed-in part sets going: setbacks become draft lessons, obstacles draft bottlenecks."""

from collections.abc import Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from activities.services.lessons import create_lesson_draft
from cities.selectors_bottleneck_groups import goes_on_in
from cities.services.bottlenecks import create_bottleneck_draft
from contracts.models import Effort, PartyReview
from contracts.models.review import EffortStatus
from contracts.services.review.answers import SETBACKS
from contracts.services.review.blockades import follow
from governance.models import Organisation, User

TITLE_LENGTH = 160


def owner_of(part: PartyReview) -> Organisation | None:
    """Give who owns the drafts: a city of the contract its own, the leading city those of all other parties."""
    links = part.review.contract.contract_municipalities.select_related("municipality__organisation")
    cities = [link.municipality.organisation for link in links.order_by("order", "pk")]
    own = (city for city in cities if city.pk == part.party.organisation_id)
    return next(own, cities[0] if cities else None)


def follow_up(*, part: PartyReview, efforts: Sequence[Effort]) -> None:
    """Make the drafts that these efforts ask for; each once, however often the part is handed in.

    The portal itself is the actor, since a party need not have an account and the drafts belong to the city.
    """
    owner = owner_of(part)
    if owner is None:
        return
    actor = User.objects.system()
    for effort in efforts:
        if effort.status in SETBACKS and effort.learned.strip():
            _lesson(part, effort, owner, actor)
        if effort.status == EffortStatus.BLOCKED and effort.obstacle.strip() and not names_known_one(effort):
            _bottleneck(part, effort, owner, actor)
    follow(part=part, efforts=efforts)


def names_known_one(effort: Effort) -> bool:
    """Say whether an answer names a bottleneck that was there already, rather than the draft that came of it."""
    return effort.bottleneck is not None and effort.bottleneck.key != _key(effort)


def _key(effort: Effort) -> str:
    return f"review-effort-{effort.pk}"


def _lesson(part: PartyReview, effort: Effort, owner: Organisation, actor: User) -> None:
    lesson = create_lesson_draft(
        actor=actor,
        organisation=owner,
        title=Truncator(_("What we learned from: %(title)s") % {"title": effort}).chars(TITLE_LENGTH),
        what_worked=effort.learned.strip(),
        what_failed=effort.reason.strip(),
        origin="review",
        origin_label=_origin(part),
        origin_url=part.review.get_absolute_url(),
        key=_key(effort),
    )
    if effort.lesson_id != lesson.pk:
        effort.lesson = lesson
        effort.save(update_fields=["lesson"])


def _bottleneck(part: PartyReview, effort: Effort, owner: Organisation, actor: User) -> None:
    sentence = effort.obstacle.strip().splitlines()[0]
    bottleneck = create_bottleneck_draft(
        actor=actor,
        organisation=owner,
        title=Truncator(sentence).chars(TITLE_LENGTH),
        description=effort.obstacle.strip(),
        origin_label=_origin(part),
        origin_url=part.review.get_absolute_url(),
        key=_key(effort),
    )
    # What was merged since goes on in another one, and so does the answer that named it.
    goes_on = goes_on_in(bottleneck) if bottleneck.merged_into_id else bottleneck.pk
    if effort.bottleneck_id != goes_on:
        effort.bottleneck_id = goes_on
        effort.save(update_fields=["bottleneck"])


def _origin(part: PartyReview) -> str:
    return _("Annual review %(year)s of %(contract)s, part of %(party)s") % {
        "year": part.review.round.year,
        "contract": part.review.contract,
        "party": part.party,
    }
