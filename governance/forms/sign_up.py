"""Forms of an organisation that arrives."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from governance.models.organisation import HELIX_GROUPS, Group
from governance.services.sign_up import Newcomer
from governance.services.sign_up_domains import domain_of
from nss_portal.core.time import today

LONGEST_TEXT = 3000
# Chosen for an organisation that is not in the list; no identifier reads like it.
NEW = "new"
# Municipalities ask to take part by a way of their own.
OTHERS = [group for groups in HELIX_GROUPS.values() for group in groups if group != Group.MUNICIPALITY]


def organisations() -> list[tuple[str, Any]]:
    """Give the organisations of today without municipalities, by kind, after an invitation to choose."""
    found = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY).order_by("name")
    by_group: dict[str, list[tuple[str, str]]] = {group.value: [] for group in OTHERS}
    for public_id, name, group in found.values_list("public_id", "name", "group"):
        by_group[group].append((public_id, name))
    listed = [(str(capfirst(Group(group).label)), rows) for group, rows in by_group.items() if rows]
    return [("", _("Choose an organisation")), (NEW, _("It is not in the list")), *listed]


def groups() -> list[tuple[str, Any]]:
    """Give the kinds of organisations."""
    return [("", _("Choose what fits best")), *((group.value, capfirst(group.label)) for group in OTHERS)]


class SignUpForm(forms.Form):
    """Somebody asks for an account for an organisation."""

    organisation = forms.ChoiceField(label=_("Organisation"), choices=organisations)
    new_name = forms.CharField(label=_("Name, when it is not in the list"), max_length=200, required=False)
    new_group = forms.ChoiceField(label=_("What kind of organisation is it?"), choices=groups, required=False)
    new_website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("For example www.voorbeeld.nl. We compare it with your e-mail address."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    position = forms.CharField(
        label=_("Job title"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        help_text=_("At the domain of the organisation. A link that confirms the request is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    motivation = forms.CharField(
        label=_("What does the organisation want to do here?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    fax = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_fax(self) -> str:
        """Refuse what only a machine fills in: the field is not drawn on the screen."""
        if self.cleaned_data["fax"]:
            raise forms.ValidationError(_("Leave this field empty. It is there to keep machines out."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Find the organisation, also where somebody typed the name of one that is known."""
        data = super().clean() or {}
        chosen, typed = data.get("organisation"), (data.get("new_name") or "").strip()
        existing = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY)
        data["found"], data["newcomer"] = None, None
        if chosen and chosen != NEW:
            data["found"] = existing.filter(public_id=chosen).first()
        elif typed:
            data["found"] = (
                existing.filter(name__iexact=typed).first() or existing.filter(short_name__iexact=typed).first()
            )
        elif chosen == NEW:
            self.add_error("new_name", _("Fill in the name of the organisation."))
        if typed and chosen == NEW and data["found"] is None:
            if not data.get("new_group"):
                self.add_error("new_group", _("Choose what kind of organisation it is."))
            data["newcomer"] = Newcomer(typed, data.get("new_group") or "", data.get("new_website") or "")
        return data


class DomainForm(forms.Form):
    """A domain of an organisation's e-mail addresses."""

    domain = forms.CharField(
        label=_("Domain"), max_length=100, help_text=_("What comes after the @, for example voorbeeld.nl.")
    )

    def clean_domain(self) -> str:
        """Give the domain alone, also where somebody typed a whole address."""
        domain = domain_of(self.cleaned_data["domain"])
        try:
            validate_email(f"a@{domain}")
        except forms.ValidationError as error:
            raise forms.ValidationError(_("This is no domain. For example: voorbeeld.nl")) from error
        return domain


class SignUpDecisionForm(forms.Form):
    """A word with the decision, and whether another domain belongs to the organisation too."""

    keep_domain = forms.BooleanField(
        required=False, label=_("This domain belongs to the organisation too: keep it")
    )
    reason = forms.CharField(
        label=_("Reason, when you decline"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("The asker reads this in the mail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, asks_domain: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_domain:
            del self.fields["keep_domain"]
