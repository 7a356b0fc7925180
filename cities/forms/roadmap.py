"""Forms of the roadmap: how far a city is, and the texts that coordinators keep."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import BuildingBlock, RoadmapStep
from cities.models.bottleneck import Sharing
from cities.models.roadmap import Status
from cities.selectors_roadmap import CityProgress, Step
from cities.services.roadmap import LONGEST_NOTE, Key, Stand
from nss_portal.core.days import DayField
from nss_portal.core.time import today
from nss_portal.core.widgets import PlainSelect, PlainTextInput

STEP_CHOICES = [("", _("as the building blocks say")), *Status.choices]
SHARING_CHOICES = [
    (Sharing.DRAFT.value, _("only us")),
    (Sharing.NETWORK.value, _("the network of mission and EoI cities")),
    (Sharing.PUBLISHED.value, _("everybody")),
]


@dataclass(frozen=True)
class Line:
    """A line of the form: what it is about, with the two fields."""

    block: BuildingBlock | None
    status: BoundField
    note: BoundField


class ProgressForm(forms.Form):
    """How far a city is with the steps that the form shows: two fields per step and per building block."""

    sharing = forms.ChoiceField(
        label=_("Who may see how far you are?"),
        choices=SHARING_CHOICES,
        widget=forms.RadioSelect,
        help_text=_("Cities that share learn from each other: others see what you did, and when."),
    )
    on = DayField(
        label=_("Since when?"),
        required=False,
        help_text=_("The day that these changes count from; empty is today."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, data: QueryDict | None, *, steps: list[Step], progress: CityProgress | None) -> None:
        initial = {
            "sharing": progress.roadmap.sharing if progress else Sharing.DRAFT.value,
            "version": progress.roadmap.version if progress else 0,
        }
        super().__init__(data, initial=initial)
        self.steps, self.progress = steps, progress
        # Put into words once, not once for each of very many lines.
        self._how_far, self._note = gettext("{name}: how far are you?"), gettext("{name}: note")
        self._of_step, self._of_block = (
            [(value, str(label)) for value, label in choices] for choices in (STEP_CHOICES, Status.choices)
        )
        for step in steps:
            self._add(step.text.step.code, str(step.text.step), progress, (step.text.step_id, None))
            for block in step.blocks:
                self._add(block.code, block.title, progress, (block.step_id, block.pk))

    def _add(self, code: str, label: str, progress: CityProgress | None, key: Key) -> None:
        said = progress.said.get(key) if progress else None
        is_step = key[1] is None
        unsaid = "" if is_step else Status.NOT_STARTED.value
        self.fields[f"s-{code}"] = forms.ChoiceField(
            label=self._how_far.format(name=label),
            choices=self._of_step if is_step else self._of_block,
            required=False,
            initial=said.status.value if said else unsaid,
            widget=PlainSelect,
        )
        self.fields[f"n-{code}"] = forms.CharField(
            label=self._note.format(name=label),
            max_length=LONGEST_NOTE,
            required=False,
            initial=said.note if said else "",
            widget=PlainTextInput,
        )

    def lines(self, step: Step) -> Iterator[Line]:
        """Give the lines of a step, that of the step itself first."""
        for code, block in [(step.text.step.code, None), *((block.code, block) for block in step.blocks)]:
            yield Line(block, self[f"s-{code}"], self[f"n-{code}"])

    def parts(self) -> list[tuple[Step, list[dict[str, Any]]]]:
        """Give the steps with their lines, as texts: there are too many fields to look each up in a template."""
        return [
            (
                step,
                [
                    {"block": line.block, "status": _drawn(line.status), "note": _drawn(line.note)}
                    for line in self.lines(step)
                ],
            )
            for step in self.steps
        ]

    def clean_on(self) -> Any:
        """Refuse a day in the future."""
        day = self.cleaned_data["on"]
        if day is not None and day > today():
            raise forms.ValidationError(_("This day lies in the future. Give today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where something is not for the city."""
        for name in [name for name in self.fields if name.startswith("s-")]:
            note = f"n-{name.removeprefix('s-')}"
            if self.cleaned_data.get(name) == Status.NOT_FOR_US and not self.cleaned_data.get(note, "").strip():
                self.add_error(note, _("Say why this is not for you."))
        return self.cleaned_data

    def stands(self) -> dict[Key, Stand]:
        """Give what was filled in, for the service; comes after `is_valid`."""
        found: dict[Key, Stand] = {}
        for step in self.steps:
            for line in self.lines(step):
                key = (step.text.step_id, line.block.pk if line.block else None)
                found[key] = Stand(self.cleaned_data[line.status.name], self.cleaned_data[line.note.name])
        return found


def _drawn(field: BoundField) -> SafeString:
    """Draw a field whose label is for screen readers alone, with what is wrong with it."""
    return format_html(
        '<label class="visually-hidden" for="{}">{}</label>{}{}',
        field.auto_id,
        field.label,
        field.errors or "",
        field,
    )


class StepTextForm(forms.ModelForm):
    """The texts of a step."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    class Meta:
        model = RoadmapStep
        fields = ("lead_nl", "lead_en", "what_nl", "what_en", "who_nl", "who_en", "source")


class BlockForm(forms.ModelForm):
    """A building block."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000, required=False, initial=0
    )
    url = forms.URLField(label=_("more about it"), required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = BuildingBlock
        fields = (
            "title_nl",
            "title_en",
            "text_nl",
            "text_en",
            "who_nl",
            "who_en",
            "source",
            "url",
            "is_current",
        )


class ChooseMunicipalityForm(forms.Form):
    """Which municipality a page is about, by name or code."""

    g = forms.CharField(
        label=_("Municipality"),
        max_length=100,
        widget=forms.TextInput(attrs={"list": "gemeenten", "autocomplete": "off"}),
        help_text=_("The name, or the code of CBS."),
    )
