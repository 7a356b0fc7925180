"""The forms of a knowledge product and of a news item."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.lessons import EvidenceField, several
from activities.models import Lesson, Programme
from activities.models.knowledge import ProductKind
from activities.services.knowledge import LINKED, Product
from cities.models import Theme, TransitionStep
from governance.models import Organisation

LONGEST_SUMMARY = 2_000
LONGEST_NEWS = 2_000


class ProductForm(forms.Form):
    """What it is, where it is, and where it is used."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=ProductKind.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("What is in it, and for whom?"),
        max_length=LONGEST_SUMMARY,
        help_text=_("Two or three sentences."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    url = forms.URLField(
        label=_("Where is it?"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("The address, when it stands on another site. A file can be added after saving."),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme"),
    )
    steps = several(TransitionStep.objects.all(), label=_("At which steps of the roadmap?"), to_field_name="code")
    lessons = several(Lesson.objects.none(), label=_("In which lessons?"), to_field_name="public_id")
    programmes = several(Programme.objects.none(), label=_("In which programmes?"), to_field_name="public_id")
    places = EvidenceField(
        label=_("Where else?"),
        help_text=_("One place a line, with its address at the end: 'Standard approach, part 2 https://…'."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation] | None,
        lessons: QuerySet[Lesson],
        programmes: QuerySet[Programme],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["organisation"]
        for name, choices in (("organisation", organisations), ("lessons", lessons), ("programmes", programmes)):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField) and choices is not None:
                field.queryset = choices
        if organisations is not None:
            self.fields["organisation"].initial = organisations.first()

    @property
    def product(self) -> Product:
        """Give what is said of the product; comes after the form was found valid."""
        names = Product.__dataclass_fields__
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        for name in LINKED:
            values[name] = list(values[name])
        return Product(**values)


class NewsForm(forms.Form):
    """A short item."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What happened?"),
        max_length=LONGEST_NEWS,
        help_text=_("A few sentences. It stands on the home page, and in the next newsletter."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    url = forms.CharField(
        label=_("Read on at"),
        max_length=300,
        required=False,
        help_text=_("A page of this portal (/lessen/…) or an address that begins with https://."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if organisations is None:
            del self.fields["organisation"]
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
            field.initial = organisations.first()

    def clean_url(self) -> str:
        """Take a page of the portal or a safe address, and nothing that a browser would carry out."""
        url: str = self.cleaned_data["url"].strip()
        if url and not re.fullmatch(r"/(?!/)[^\s\\]*|https://[^\s/]+\.[^\s]+", url):
            raise ValidationError(gettext("Begin with / for a page of this portal, or with https://."))
        return url
