"""Forms of proposals: the part as it should become, why, and what it comes out of."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Lesson
from cities.models import Bottleneck, TransitionStep
from contracts.forms.standard import VoiceForm
from contracts.models import StandardMeasure, StandardPromise, StandardSection
from governance.models.organisation import Group
from nss_portal.core.access import Actor

ADDRESS = re.compile(r"(?P<kind>lessen|knelpunten)/(?P<id>[a-z0-9]{6,12})\b")
MOST_LINKS = 20


class SectionForm(forms.ModelForm):
    """A section as it should become."""

    class Meta:
        model = StandardSection
        fields = StandardSection.FIELDS
        widgets = {
            name: forms.Textarea(attrs={"rows": 8})
            for name in ("guidance_nl", "guidance_en", "model_nl", "model_en")
        }
        help_texts = {
            "model_nl": gettext_lazy(
                "{gemeente}, {inwoners}, {doeljaar} and {basisjaar} are filled in for each municipality."
            )
        }


class PromiseForm(forms.ModelForm):
    """A model promise as it should become."""

    class Meta:
        model = StandardPromise
        fields = StandardPromise.FIELDS


class MeasureForm(forms.ModelForm):
    """A measure as it should become."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Who takes part"),
        choices=Group.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    steps = forms.MultipleChoiceField(
        label=gettext_lazy("Steps of the transition map"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = StandardMeasure
        fields = StandardMeasure.FIELDS
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("text_nl", "text_en", "conditions_nl", "conditions_en")
        }
        help_texts = {
            "effect": gettext_lazy("Leave it empty where no source gives it; give a range then, or nothing."),
            "source_nl": gettext_lazy("Where the numbers come from, so that anybody can look them up."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["steps"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - it is the one above
        field.choices = [(step.code, step.label) for step in TransitionStep.objects.all()]


ITEM_FORMS: dict[str, Any] = {"section": SectionForm, "measure": MeasureForm, "promise": PromiseForm}


class WhyForm(VoiceForm):
    """Why something should change, and what that comes out of."""

    title = forms.CharField(
        label=gettext_lazy("What should change, in one line"),
        max_length=160,
        help_text=gettext_lazy("For example: 'Name the grid operator as a party from the start'."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What happened, and where? When it is taken over, everybody reads this reason."),
    )
    links = forms.CharField(
        label=gettext_lazy("Lessons and bottlenecks that it comes out of"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Their addresses in the portal, one per line."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.lessons: list[Lesson] = []
        self.bottlenecks: list[Bottleneck] = []

    def clean_links(self) -> str:
        """Find what the addresses lead to; one that leads to nothing is said."""
        text: str = self.cleaned_data["links"]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(_("Name %(number)d addresses at most.") % {"number": MOST_LINKS})
        asked = [(line, ADDRESS.search(line)) for line in lines]
        wanted = {"lessen": set[str](), "knelpunten": set[str]()}
        for _line, match in asked:
            if match:
                wanted[match["kind"]].add(match["id"])
        self.lessons = list(Lesson.objects.visible_to(self.actor).filter(public_id__in=wanted["lessen"]))
        self.bottlenecks = list(
            Bottleneck.objects.visible_to(self.actor).filter(public_id__in=wanted["knelpunten"])
        )
        self._complain(asked, [*self.lessons, *self.bottlenecks])
        return text

    def _complain(self, asked: Iterable[tuple[str, Any]], found: Iterable[Any]) -> None:
        known = {one.public_id for one in found}
        lost = [line for line, match in asked if match is None or match["id"] not in known]
        if lost:
            raise ValidationError(
                _("No lesson or bottleneck that you can see has this address: %(lines)s.")
                % {"lines": ", ".join(lost)}
            )


class DecideForm(forms.Form):
    """What becomes of a proposal, and why."""

    answer = forms.CharField(
        label=gettext_lazy("Why (not)"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever proposed it reads this. Needed when it is not taken over."),
    )
    into = forms.IntegerField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
