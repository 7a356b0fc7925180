"""Forms of interest in calls and of joint applications."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from nss_portal.core.days import DayField


class _ForOrganisation(forms.Form):
    """In whose name somebody acts; not asked where there is one answer."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"), empty_label=None)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.initial = organisations, organisations.first()


class InterestForm(_ForOrganisation):
    """What an organisation would do with it."""

    note = forms.CharField(
        label=_("What you would do with it"),
        max_length=300,
        required=False,
        help_text=_("One line. Others who look at this too read it, and can find you."),
    )


class ApplicationForm(forms.Form):
    """A joint application."""

    title = forms.CharField(label=_("The application in one line"), max_length=160)
    text = forms.CharField(
        label=_("What you apply for, and whom you look for"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    submit_by = DayField(
        label=_("Own deadline"),
        required=False,
        help_text=_("When all has to be ready; not after the deadline of the call."),
    )
    is_open = forms.BooleanField(
        label=_("Other municipalities can see this and join"), required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class NewApplicationForm(_ForOrganisation, ApplicationForm):
    """The same for a new one: who leads."""

    field_order = ("organisation",)


class PartyForm(forms.Form):
    """Whom one asks to take part."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        to_field_name="public_id",
        empty_label=_("Choose an organisation"),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations


class JoinApplicationForm(_ForOrganisation):
    """What an organisation brings."""

    brings = forms.CharField(
        label=_("What you bring"),
        max_length=300,
        required=False,
        help_text=_("For example: 'a pilot area and half a project manager'."),
    )
