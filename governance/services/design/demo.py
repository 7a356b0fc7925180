"""Demonstration: a desk of a ministry, two amounts, and a position that waits for the steering group. Made up."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from governance.models import Budget, DesignQuestion, MinistryDesk, Organisation, User
from governance.models.membership import Function
from governance.services.design.landscape import add_budget, keep_desk
from governance.services.design.positions import propose_position
from nss_portal.core.time import today

TEXT = "Vragen van gemeenten over wonen, ruimte en de stad, ook als nog niet duidelijk is wie erover gaat."
AMOUNTS = (("City Deals, bijdrage aan samenwerking", "2.5"), ("Regeling proeftuinen voor gemeenten", "14"))


@transaction.atomic
def load_demo_design(scale: str, seed: int) -> Iterable[str]:
    """Make what a fresh demonstration shows of the design; once."""
    ministry = Organisation.objects.filter(code="vro").first()
    if not settings.NSS_DEMO or ministry is None or MinistryDesk.objects.exists():
        return []
    actor = User.objects.system()
    fields = {"text": TEXT, "email": "loket@vro.example", "url": "", "answers_within_days": 5}
    desk = keep_desk(actor=actor, organisation=ministry, fields=fields)
    for title, amount in AMOUNTS:
        add_budget(
            actor=actor,
            organisation=ministry,
            title=title,
            year=today().year,
            amount_meur=Decimal(amount),
            source="Verzonnen bedrag voor de demonstratie",
        )
    MinistryDesk.objects.filter(pk=desk.pk).update(is_illustrative=True)
    Budget.objects.filter(organisation=ministry).update(is_illustrative=True)
    _propose()
    return ["demo: desk of a ministry 1, amounts 2, proposed positions 1"]


def _propose() -> None:
    coordinator = User.objects.filter(is_demo=True, memberships__function=Function.COORDINATION).first()
    question = DesignQuestion.objects.filter(number=3).first()
    if coordinator is None or question is None:
        return
    propose_position(
        actor=coordinator,
        question=question,
        place=3,
        text_nl="Alle gemeenten die willen, doen vanaf nu mee; de twaalf steden blijven voorop lopen.",
        text_en="From now on all municipalities that want to take part; the twelve stay in front.",
        reason="Verzonnen voor de demonstratie: steeds meer gemeenten vragen of zij mogen aansluiten.",
        valid_from=today() + timedelta(days=60),
    )
