"""Programmes in the ecosystem: who leads them and who takes part, of those that the actor sees."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from activities.models import Programme, ProgrammePartner
from activities.models.programme import slug_of
from activities.models.programme_partner import Answer
from nss_portal.core.access import Actor
from nss_portal.core.registry import Tied, ties

KIND = gettext_lazy("programme")


@ties.register
def programmes(actor: Actor) -> Iterator[Tied]:
    """Give who leads which running programme, and which partners said yes. Two queries."""
    seen: QuerySet[Programme] = Programme.objects.visible_to(actor).running().order_by()
    label = "domain__label_en" if get_language() == "en" else "domain__label_nl"
    fields = ("pk", "public_id", "title", "organisation", "domain__code", label)
    found: dict[int, Tied] = {}
    for key, public_id, title, organisation, theme, theme_label in seen.values_list(*fields):
        found[key] = Tied(
            organisation=organisation,
            thing=f"programme-{public_id}",
            label=title,
            kind=KIND,
            url=reverse("activities:programme", args=[public_id, slug_of(title)]),
            role=_("leads it"),
            weight=0,
            theme=theme or "",
            theme_label=theme_label or "",
        )
    yield from found.values()
    partners = ProgrammePartner.objects.filter(programme__in=seen, answer=Answer.YES, left_on=None)
    takes_part = _("takes part")
    for key, organisation in partners.order_by("pk").values_list("programme", "organisation"):
        programme = found[key]
        if organisation != programme.organisation:
            yield Tied(**{**programme.__dict__, "organisation": organisation, "role": takes_part, "weight": 1})
