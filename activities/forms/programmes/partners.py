"""Forms of partners: asking, answering, whom to call, hours once a year."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from activities.forms.programmes.fields import euros_field, hours_field, named, partner_field, text_field
from activities.models import Programme, ProgrammePartner
from activities.models.programme_partner import Answer
from activities.services.programmes.partners import people_of_partner
from cities.models import Involvement
from cities.models.involvement import Level
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.time import today

TEAM_LEVELS = (Level.MISSION, Level.EOI)


class AskForm(forms.Form):
    """Whom to ask: cities of the network, ministries and others to choose from, other municipalities by name."""

    cities = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Mission and EoI cities"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )
    more = forms.CharField(
        label=_("Other municipalities"),
        required=False,
        max_length=2000,
        help_text=_("Their names, with a comma between them."),
    )
    is_location = forms.BooleanField(label=_("The programme runs in these cities"), required=False)
    ministries = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Ministries"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )
    others = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Others"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = programme.partners.filter(left_on=None).values("organisation")
        self.free = Organisation.objects.existing_on(today()).exclude(pk__in=there).order_by("name", "pk")
        team = Involvement.objects.filter(level__in=TEAM_LEVELS, valid_to=None)
        cities = self.free.filter(pk__in=team.values("municipality__organisation"))
        ministries = self.free.filter(group=Group.MINISTRY)
        others = self.free.exclude(group__in=[Group.MUNICIPALITY, Group.MINISTRY])
        for name, choices in (("cities", cities), ("ministries", ministries), ("others", others)):
            field = self.fields[name]
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.queryset = choices

    def clean_more(self) -> list[Organisation]:
        """Find the municipalities that are named."""
        names = [name.strip() for name in self.cleaned_data["more"].replace("\n", ",").split(",")]
        found, unknown = named([n for n in names if n], self.free.filter(group=Group.MUNICIPALITY))
        if unknown:
            text = _("These are no municipalities that can be asked: {names}. Is the spelling right?")
            raise ValidationError(str(text).format(names=", ".join(unknown)))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for at least one organisation."""
        values = self.cleaned_data
        if not self.errors and not any(values.get(name) for name in ("cities", "more", "ministries", "others")):
            raise ValidationError(_("Choose at least one organisation."))
        return values


class AnswerForm(forms.Form):
    """Yes or no, and why; with a yes what one pledges."""

    answer = forms.ChoiceField(
        label=_("Do you take part?"),
        choices=[(Answer.YES, _("Yes, we take part")), (Answer.NO, _("No, we do not take part"))],
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    why = text_field(_("Why, or why not"), rows=4, help_text=_("A few words are enough. With a no it is asked."))
    hours = hours_field(
        _("Hours that you can give per year"), required=False, help_text=_("About: nobody keeps time sheets.")
    )
    euros = euros_field(_("Money that you bring in, for the whole programme"), required=False)
    brings = forms.CharField(
        label=_("What else you bring"),
        required=False,
        max_length=300,
        help_text=_("For example: a street to try it in, a place at the table, your own figures."),
    )


class PartnerForm(forms.Form):
    """Whether the programme runs here, and whom to call."""

    is_location = forms.BooleanField(label=_("The programme runs in this city"), required=False)
    contact = forms.ChoiceField(label=_("Whom to call"), required=False)

    def __init__(self, *args: Any, partner: ProgrammePartner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people_of_partner(partner)}
        field = self.fields["contact"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Nobody yet")), *((key, one.name) for key, one in self.people.items())]
        if partner.organisation.group != Group.MUNICIPALITY:
            del self.fields["is_location"]


class LeaveForm(forms.Form):
    """Why a partner leaves."""

    reason = text_field(_("Why"), rows=4, required=True)


class HoursForm(forms.Form):
    """One number a year: about how many hours."""

    hours = hours_field(
        _("About how many hours did your organisation give?"),
        help_text=_("An estimate is enough: everybody together, meetings included."),
    )
    euros = euros_field(_("And money, if any"), required=False)
    note = forms.CharField(label=_("Anything to add?"), required=False, max_length=300)


class LeadForm(forms.Form):
    """Who leads from now on."""

    reason = text_field(_("Why"), rows=3, required=True)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = partner_field(_("Who leads from now on"), programme)
        self.order_fields(["organisation", "reason"])
