"""The fields with which a form says what its record serves: steps of the transition map, and bottlenecks.

Functions rather than a base class, since each form has them at a place of its own.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.signals import choice_label
from cities.models import Bottleneck, TransitionStep
from cities.selectors_signals import choosable_bottlenecks
from nss_portal.core.access import Actor

STEPS = _("Steps of the transition map that it serves")
FIND = _("A word out of the title or the name of the city is enough.")


def steps_field(label: Any = STEPS) -> forms.ModelMultipleChoiceField:
    """Give a field for steps of the transition map."""
    return forms.ModelMultipleChoiceField(
        TransitionStep.objects.all(),
        label=label,
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )


def bottlenecks_field(label: Any) -> forms.ModelMultipleChoiceField:
    """Give a field for bottlenecks; `offer_bottlenecks` says which."""
    return forms.ModelMultipleChoiceField(
        Bottleneck.objects.none(),
        label=label,
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )


def find_field(
    help_text: Any = FIND,
) -> forms.CharField:
    """Give a field to look for more bottlenecks."""
    return forms.CharField(label=_("Look for a bottleneck"), required=False, max_length=100, help_text=help_text)


def seen_bottlenecks(actor: Actor, record: Any) -> QuerySet[Bottleneck]:
    """Give the bottlenecks that a record is linked to and the actor may see; none without a record. One query."""
    if record is None:
        return Bottleneck.objects.none()
    linked = record.bottlenecks.order_by().values("pk")
    return Bottleneck.objects.visible_to(actor).filter(pk__in=linked).select_related("organisation")


def offer_bottlenecks(form: forms.Form, actor: Actor, record: Any, offered: Iterable[Bottleneck]) -> None:
    """Let a form take the bottlenecks that the actor may choose and those of its record; `offered` are drawn.

    What the actor cannot see is not offered; the service keeps it (`with_unseen`).
    """
    linked = Q(pk__in=seen_bottlenecks(actor, record).values("pk"))
    known = Q(pk__in=choosable_bottlenecks(actor).values("pk"))
    field = form.fields["bottlenecks"]
    assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
    field.queryset = Bottleneck.objects.filter(known | linked)
    field.widget.choices = [(one.public_id, choice_label(one)) for one in offered]
