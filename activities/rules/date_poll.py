"""Who sees, runs and answers a date poll. It is not in the matrix: it follows the activity that it is about.

Whoever may change the activity runs its polls; whoever is asked sees the poll and answers, for whichever circle
the activity is and also while it is a draft. Nobody else knows of it, so the matrix needs no word for it.
"""

from functools import lru_cache

from django.db.models import Q

from activities.models import DatePoll, PollGuest
from activities.models.activity import ActivityState
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _organiser(standing: Standing, organisations: Organisations) -> Q:
    """Polls of activities that the person's organisations lead."""
    return Q(activity__organisation__in=organisations)


def _guest(standing: Standing, organisations: Organisations) -> Q:
    """Polls in which the person, or the organisation as a whole, is asked."""
    return _asked(standing.user_id, organisations)


@lru_cache(maxsize=1024)
def _asked(user_id: int | None, organisations: Organisations) -> Q:
    whole = Q(user__isnull=True, organisation__in=organisations)
    rows = PollGuest.objects.filter(whole | Q(user=user_id) if user_id else whole)
    return Q(pk__in=rows.order_by().values("poll"))


def _all(standing: Standing, organisations: Organisations) -> Q:
    """All but those of drafts of others."""
    return ~Q(activity__state=ActivityState.DRAFT) | Q(activity__organisation__in=standing.organisations)


_BOTH = "organiser+guest"

POLL = register(
    Resource(
        name="date_poll",
        model=DatePoll._meta.label,
        actions={
            "view": cells(
                member=_BOTH,
                team=_BOTH,
                advisor="guest",
                signatory="guest",
                ministry=_BOTH,
                partner=_BOTH,
                desk=_BOTH,
                publisher=_BOTH,
                steering="guest",
                coordinator="all+guest",
            ),
            "change": cells(
                member="organiser",
                team="organiser",
                ministry="organiser",
                partner="organiser",
                desk="organiser",
                publisher="organiser",
                coordinator="all",
            ),
            "answer": cells(
                member="guest",
                team="guest",
                advisor="guest",
                signatory="guest",
                ministry="guest",
                partner="guest",
                desk="guest",
                publisher="guest",
                steering="guest",
                coordinator="guest",
            ),
        },
        scopes={"organiser": _organiser, "guest": _guest, "all": _all},
        in_matrix=False,
    )
)
