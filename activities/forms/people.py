"""Whom to ask along: search by name or organisation, choose several, search again; what was chosen stays."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.selectors.people import found_organisations, found_people
from cities.selectors_team import contact_persons
from governance.models import Membership, Organisation
from nss_portal.core.access import Actor
from nss_portal.core.time import today

MOST_AT_ONCE = 100


class PeopleForm(forms.Form):
    """Several people, and organisations where those can be asked as a whole."""

    find = forms.CharField(
        label=_("Look for people"),
        required=False,
        max_length=100,
        help_text=_("A part of a name or of an organisation, such as 'Zwolle'."),
    )
    people = forms.ModelMultipleChoiceField(
        Membership.objects.none(), label=_("People"), required=False, widget=forms.CheckboxSelectMultiple
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Whole organisations: whoever is in answers for it"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        without: Iterable[int] | None = (),
        without_organisations: Iterable[int] | None = None,
        **kwargs: Any,
    ) -> None:
        """`without` are users who are asked already, None offers no people; organisations likewise."""
        super().__init__(*args, **kwargs)
        text = str(self.data.get("find", "")) if self.is_bound else ""
        self.searched = bool(text.strip())
        self.shows_people = self.shows_organisations = False
        self.found_organisations: list[Organisation] = []
        self.found_people: list[Membership] = []
        if without is None:
            del self.fields["people"]
        else:
            self._people(actor, text, set(without))
        if without_organisations is None:
            del self.fields["organisations"]
        else:
            if without is None:
                self.fields["find"].label = _("Look for organisations")
                self.fields["organisations"].label = _("Organisations")
            else:
                self.fields["find"].label = _("Look for people and organisations")
            self._organisations(text, set(without_organisations))

    def _chosen(self, name: str) -> list[str]:
        return list(self.data.getlist(name))[:MOST_AT_ONCE] if isinstance(self.data, QueryDict) else []

    def _people(self, actor: Actor, text: str, without: set[int]) -> None:
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
        field.queryset = contact_persons(actor).prefetch_related(None)
        keys = [int(one) for one in self._chosen("people") if one.isdecimal() and len(one) < 18]
        chosen = list(field.queryset.filter(pk__in=keys)) if keys else []
        taken = without | {one.user_id for one in chosen}
        self.found_people = found_people(actor, text, taken)
        field.widget.choices = [(one.pk, label_of(one)) for one in [*chosen, *self.found_people]]
        self.shows_people = bool(field.widget.choices)

    def _organisations(self, text: str, without: set[int]) -> None:
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
        field.queryset = Organisation.objects.existing_on(today())
        keys = self._chosen("organisations")
        chosen = list(field.queryset.filter(public_id__in=keys).order_by("name")) if keys else []
        found = found_organisations(text, without | {one.pk for one in chosen})
        self.found_organisations = found
        field.widget.choices = [(one.public_id, one.local_name) for one in [*chosen, *found]]
        self.shows_organisations = bool(field.widget.choices)

    def clean(self) -> dict[str, Any]:
        """Ask for somebody, unless this is only a search."""
        typed = super().clean() or self.cleaned_data
        if not typed.get("people") and not typed.get("organisations") and "people" not in self.errors:
            self.add_error("find", gettext("Choose at least one: search first, then tick."))
        return typed


def label_of(member: Membership) -> str:
    """Name somebody with the organisation."""
    return f"{member.user.name} – {member.organisation.local_name}"
