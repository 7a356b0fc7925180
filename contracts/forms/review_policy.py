"""A national policy, as coordinators enter it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Measure, NationalPolicy
from nss_portal.core.days import DayField


class PolicyForm(forms.ModelForm):
    """What the policy is, for whom it is, and where it stands. `version` is the revision it was made from."""

    url = forms.URLField(
        label=_("address of the source"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Where it can be read: the official page."),
    )
    measure = forms.ChoiceField(label=_("Kind of measure"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    class Meta:
        model = NationalPolicy
        fields = (
            "title",
            "title_en",
            "text",
            "text_en",
            "url",
            "sector",
            "measure",
            "in_force_on",
            "offered_on",
            "is_withdrawn",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "text_en": forms.Textarea(attrs={"rows": 4}),
        }
        field_classes: ClassVar[dict[str, Any]] = {"in_force_on": DayField, "offered_on": DayField}
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("As people call it, for example: subsidy for heat networks."),
            "sector": _("Only contracts with actions in this sector are asked; without one all are."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is the one above
        field.choices = [("", "–"), *((one.code, one.label) for one in Measure.objects.all())]
        self.initial.setdefault("version", self.instance.revision)

    def values(self) -> dict[str, Any]:
        """Give the policy's fields as they were filled in."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
