"""Signing: what a signatory confirms, who is asked, what was signed on paper, who withdraws, who joins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Signature
from governance.forms.second_factor import SecondFactorForm
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.days import DayField
from nss_portal.core.time import today


class SignatureForm(SecondFactorForm):
    """What a signatory confirms; the hash is that of the page that was read."""

    digest = forms.CharField(widget=forms.HiddenInput)
    position = forms.CharField(
        label=_("Your position"), max_length=120, help_text=_("It stands with the signature: alderman, director.")
    )
    has_read = forms.BooleanField(label=_("I have read this version and sign it for my organisation"))


class InviteForm(forms.Form):
    """Who is asked to sign for a party."""

    person = forms.ChoiceField(label=_("Who signs"), required=False, widget=forms.RadioSelect)
    email = forms.EmailField(label=_("Or by e-mail address"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is the one above
        field.choices = people
        if not people:
            del self.fields["person"]
            self.fields["email"].label = _("E-mail address")
            self.fields["email"].required = True


class PartiesField(forms.ModelMultipleChoiceField):
    """Parties by their name alone."""

    def label_from_instance(self, obj: Any) -> str:
        """Name a party in the language of the page."""
        return str(obj.label)


class PaperForm(forms.Form):
    """What was signed on paper, by whom, when and where."""

    parties = PartiesField(
        label=_("Who signed"), queryset=Signature.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    signed_on = DayField(_("Signed on"), initial=today)
    place = forms.CharField(label=_("Place"), max_length=120)
    event = forms.CharField(label=_("Occasion"), required=False, max_length=200)
    scan = forms.FileField(
        label=_("Scan of what was signed"),
        help_text=_("PDF or image. Seen by your own team and the parties only, also after publication."),
    )

    def __init__(self, *args: Any, version: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parties"]
        assert isinstance(field, PartiesField)  # noqa: S101 - it is the one above
        field.queryset = Signature.objects.filter(version=version, state="open")


class WithdrawForm(forms.Form):
    """When and why a party withdraws."""

    withdrawn_on = DayField(_("Since"), initial=today)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody who sees the contract reads this."),
    )


class OwnWithdrawForm(SecondFactorForm):
    """Why one's own organisation withdraws, confirmed as a signature is."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody who sees the contract reads this."),
    )
    is_sure = forms.BooleanField(label=_("My organisation withdraws from this contract"))


class JoinForm(forms.Form):
    """Who joins a contract that is signed."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation in the portal"),
        queryset=Organisation.objects.order_by("name"),
        required=False,
        empty_label=_("not in the portal"),
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, help_text=_("If it is not in the list above.")
    )
    group = forms.ChoiceField(
        label=_("Kind of organisation"), required=False, choices=[("", _("choose")), *Group.choices]
    )

    def clean(self) -> dict[str, Any]:
        """Ask for an organisation of the list, or for a name and its kind."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("organisation") and not (cleaned.get("name") and cleaned.get("group")):
            raise forms.ValidationError(_("Choose an organisation, or fill in a name and what kind it is."))
        return cleaned


class ConcludeForm(forms.Form):
    """The day on which the signing ended, and why without somebody."""

    signed_on = DayField(_("Signed on"), initial=today)
    reason = forms.CharField(
        label=_("Why without some parties"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only needed when not all have signed."),
    )
