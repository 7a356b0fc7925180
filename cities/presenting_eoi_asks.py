"""What calls for Expressions of Interest ask of cities, read in one query that other sources share."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from cities.models import EoiCall, EoiSubmission, EoiVersion
from cities.models.eoi import CallState, EoiUpdate
from cities.models.eoi_submission import VersionState
from cities.presenting_eoi import Ask
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.gathering import Rows
from nss_portal.core.time import today

T = TypeVar("T")
CALL = ("code", "name_nl", "name_en", "year", "state", "opens_on", "closes_on")


def asked_of(actor: Actor, organisations: Iterable[int], say: Callable[[Ask], T]) -> Rows[T]:
    """Give what calls ask of organisations (primary keys) today, put into words by `say`."""
    held, day = list(organisations), today()
    updates = EoiUpdate.objects.filter(call=OuterRef("pk"), opens_on__lte=day, due_on__gte=day).order_by("pk")
    versions = EoiVersion.objects.filter(submission=OuterRef("pk")).order_by("number")
    version = JSONObject(state="state", year="year")
    visible = EoiSubmission.objects.visible_to(actor).filter(call=OuterRef("pk"), organisation__in=held)
    submission = JSONObject(
        pk="pk",
        public_id="public_id",
        organisation="organisation_id",
        is_handed_in=Q(submitted_at__isnull=False),
        versions=ArraySubquery(versions.values_list(version)),
    )
    owners = Organisation.objects.filter(pk__in=held).order_by("name", "pk")
    open_now = Q(state=CallState.OPEN, opens_on__lte=day, closes_on__gte=day)
    calls = EoiCall.objects.filter(open_now | Q(Exists(updates), state=CallState.CLOSED)).annotate(
        asked_again=ArraySubquery(updates.values_list(JSONObject(year="year", due_on="due_on"))),
        found=ArraySubquery(visible.order_by("pk").values_list(submission)),
        owners=ArraySubquery(owners.values_list(JSONObject(pk="pk", name="name"))),
    )

    def together(rows: list[Any]) -> Iterator[T]:
        for call in rows:
            for owner in call.owners:
                ask = _ask(call, owner)
                if ask.is_asked:
                    yield say(ask)

    return Rows(calls.order_by(), *CALL, "asked_again", "found", "owners", together=together)


def _ask(call: Any, owner: dict[str, Any]) -> Ask:
    row = next((row for row in call.found if row["organisation"] == owner["pk"]), None)
    versions = row["versions"] if row else []
    draft = next((one for one in versions if one["state"] == VersionState.DRAFT), None)
    handed_in = [one["year"] for one in versions if one["state"] == VersionState.SUBMITTED]
    update = call.asked_again[-1] if call.asked_again else None
    submission = None
    if row:
        submission = EoiSubmission(pk=row["pk"], public_id=row["public_id"], call=call)
        submission.submitted_at = row["is_handed_in"] or None
    return Ask(
        call=call,
        organisation=Organisation(pk=owner["pk"], name=owner["name"]),
        submission=submission,
        draft=EoiVersion(year=draft["year"]) if draft else None,
        update=EoiUpdate(year=update["year"], due_on=date.fromisoformat(update["due_on"])) if update else None,
        year=max(handed_in, default=call.year),
    )
