"""The forms of a lesson: its text and what is known about it, for whom it is published, a file beside it."""

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models.lesson import MOST_INHABITANTS, Audience, Learned, Origin
from activities.services.lessons import LINKED, Details
from cities.models import Bottleneck, BuildingBlock, Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.numbers import WholeField

LONGEST_TEXT = 20_000
MOST_LINKS = 10
TEXTS = ("title", "what_worked", "what_failed", "theme")
_is_address = URLValidator(["http", "https"])


class EvidenceField(forms.CharField):
    """Links, one a line, each with a description before it if one likes; becomes [{"label", "url"}]."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=MOST_LINKS * 500, **options
        )

    def prepare_value(self, value: Any) -> Any:
        """Write the links as lines again."""
        if isinstance(value, list):
            return "\n".join(f"{row['label']} {row['url']}".strip() for row in value)
        return value

    def clean(self, value: Any) -> Any:
        """Read the lines; says which one holds no address."""
        rows = []
        for line in str(super().clean(value) or "").splitlines():
            if not line.strip():
                continue
            label, _blank, address = line.strip().rpartition(" ")
            try:
                _is_address(address)
            except ValidationError:
                message = gettext("End this line with an address that begins with https://: %(line)s")
                raise ValidationError(message % {"line": line[:80]}) from None
            rows.append({"label": label.strip(" |:-")[:200], "url": address[:500]})
        if len(rows) > MOST_LINKS:
            raise ValidationError(gettext("At most %(number)d links fit.") % {"number": MOST_LINKS})
        return rows


def shown_link(row: dict[str, str]) -> dict[str, str]:
    """Give a link of the evidence with what it is called: its description, or whose page it is."""
    return {"url": row["url"], "label": row["label"] or urlsplit(row["url"]).hostname or row["url"]}


def several(queryset: QuerySet[Any], **options: Any) -> forms.ModelMultipleChoiceField:
    """Make a choice of several records as check boxes, none needed."""
    return forms.ModelMultipleChoiceField(queryset, required=False, widget=forms.CheckboxSelectMultiple, **options)


class LessonForm(forms.Form):
    """What worked and what did not, and what is known about it."""

    title = forms.CharField(
        label=_("The lesson in one line"),
        max_length=160,
        help_text=_("For example: 'One tender for all schools saved half a year'."),
    )
    what_worked = forms.CharField(
        label=_("What worked?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    what_failed = forms.CharField(
        label=_("What did not work?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("Others learn most from this."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme yet"),
    )
    more_themes = several(Theme.objects.all(), label=_("Other themes"), to_field_name="code")
    learned = forms.ChoiceField(
        label=_("Between whom was it learned?"),
        choices=[("", _("not said")), *Learned.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    origin = forms.ChoiceField(
        label=_("What was it learned in?"), choices=[("", _("not said")), *Origin.choices], required=False
    )
    population_from = WholeField(
        label=_("Fits municipalities from"),
        unit=_("inhabitants"),
        required=False,
        max_value=MOST_INHABITANTS,
        help_text=_("Leave both empty when the lesson fits any size."),
    )
    population_to = WholeField(label=_("up to"), unit=_("inhabitants"), required=False, max_value=MOST_INHABITANTS)
    steps = several(TransitionStep.objects.all(), label=_("At which steps does it help?"), to_field_name="code")
    building_blocks = several(
        BuildingBlock.objects.current(), label=_("About which building blocks?"), to_field_name="code"
    )
    bottlenecks = several(
        Bottleneck.objects.none(), label=_("Which bottlenecks does it treat?"), to_field_name="public_id"
    )
    evidence = EvidenceField(
        label=_("Where can one read more?"),
        help_text=_("One link a line, with what it is before it: 'Evaluation https://…'."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, bottlenecks: QuerySet[Bottleneck] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bottlenecks"]
        if isinstance(field, forms.ModelMultipleChoiceField) and bottlenecks is not None:
            field.queryset = bottlenecks

    def clean(self) -> dict[str, Any]:
        """Ask for sizes from small to large."""
        found = super().clean() or {}
        smallest, largest = found.get("population_from"), found.get("population_to")
        if smallest and largest and largest < smallest:
            self.add_error("population_to", _("This is less than the number above."))
        return found

    @property
    def details(self) -> Details:
        """Give what is known besides the texts; comes after the form was found valid."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in Details.__dataclass_fields__}
        for name in LINKED:
            values[name] = list(values[name])
        return Details(**values)


class NewLessonForm(forms.Form):
    """What a new one begins with: who writes it, whom it is about, and what one wants to say."""

    author_organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Written by"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("About"),
        help_text=_("The city or organisation that learned it. It decides whether the lesson is released."),
    )

    def __init__(
        self,
        *args: Any,
        authors: QuerySet[Organisation],
        subjects: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = deepcopy(LessonForm.base_fields[name])
        first = authors.first()
        for name, choices in (("author_organisation", authors), ("organisation", subjects)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = choices
                field.initial = first


class AudienceForm(forms.Form):
    """For whom a lesson is published."""

    audiences = forms.MultipleChoiceField(
        label=_("For whom?"),
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A mission city also reads what is for EoI cities and interested municipalities; ministries, RVO and"
            " City Advisors read all of it."
        ),
        error_messages={"required": _("Choose for whom the lesson is published.")},
    )


class FileForm(forms.Form):
    """A file beside a record."""

    file = forms.FileField(
        label=_("File"), help_text=_("A PDF, an image, an office document without macros, or text.")
    )


class CommentForm(forms.Form):
    """A comment on a passage."""

    passage = forms.CharField(
        label=_("About these words"),
        max_length=LONGEST_TEXT,
        help_text=_("Leave only the words that the comment is about."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = forms.CharField(label=_("Comment"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    """An answer to a comment."""

    text = forms.CharField(label=_("Answer"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))
