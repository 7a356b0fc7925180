"""Forms of what belongs to one kind of activity."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.agenda import text_field
from activities.models import Activity, Programme, ReflectionSubject, TableCase
from activities.models.activity import SHOWN_STATES, ActivityState
from activities.models.activity_parts import AgreementState, Answer, SubjectKind
from activities.services.reflection import MOST_SUBJECTS, SubjectValues
from cities.forms.signals import OwnSideForm
from cities.models import TransitionStep
from governance.models import Organisation, User
from nss_portal.core.access import Actor
from nss_portal.core.days import DayField
from nss_portal.core.time import today


class OutcomeForm(forms.Form):
    """What a Deep Dive brings for the roadmap."""

    possible = text_field(_("What is possible?"), rows=6, help_text=_("What can a city do now, within the rules?"))
    who_is_up = text_field(_("Who is up?"), help_text=_("Which ministry, city or partner takes the next step."))
    scaling_up = text_field(_("How to scale up?"), help_text=_("From one city to all of them."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class SubjectForm(forms.Form):
    """One result or section that a reflection session looks at; a line without a title and a link is none."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=SubjectKind.choices, initial=SubjectKind.ACTIVITY)
    about = forms.ModelChoiceField(
        Activity.objects.none(),
        label=_("Which activity?"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label=_("Which programme?"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
    )
    step = forms.ModelChoiceField(
        TransitionStep.objects.all(),
        label=_("Which step of the roadmap?"),
        required=False,
        to_field_name="code",
        empty_label=_("None"),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Empty: the name of the activity, programme or step."),
    )
    finding = text_field(_("What came out of it so far?"), rows=3)

    def subject(self) -> SubjectValues | None:
        """Give what was chosen; None for an empty line. The form is valid."""
        typed = self.cleaned_data
        named = typed.get("about") or typed.get("programme") or typed.get("step")
        title = (typed.get("title") or "").strip() or (str(named) if named else "")
        if not title:
            return None
        return SubjectValues(
            title=title,
            kind=typed["kind"],
            finding=typed["finding"],
            about=typed.get("about"),
            programme=typed.get("programme"),
            step=typed.get("step"),
        )


class BaseSubjectFormSet(forms.BaseFormSet):
    """The lines of what a session looks at; all offer the same activities, read once."""

    def __init__(self, *args: Any, actor: Actor, activity: Activity, **kwargs: Any) -> None:
        self.actor, self.activity = actor, activity
        seen = Activity.objects.visible_to(actor).filter(
            Q(state__in=SHOWN_STATES) & ~Q(state=ActivityState.CANCELLED) | Q(reflected_in__activity=activity)
        )
        self.offered = seen.exclude(pk=activity.pk).exclude(kind="reflection").order_by("-starts_at").distinct()
        self.choices = [("", gettext("None"))] + [
            (one.public_id, one.title) for one in self.offered.only("public_id", "title")[:200]
        ]
        self.programmes = Programme.objects.visible_to(actor).order_by("title", "pk")
        self.programme_choices = [("", gettext("None"))] + [
            (one.public_id, one.title) for one in self.programmes.only("public_id", "title")[:200]
        ]
        self.steps = [("", gettext("None"))] + [(one.code, str(one)) for one in TransitionStep.objects.all()]
        super().__init__(*args, **kwargs)

    def add_fields(self, form: SubjectForm, index: int | None) -> None:
        super().add_fields(form, index)
        field = form.fields["about"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = self.offered
        field.widget.choices = self.choices
        chosen = form.fields["programme"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - for the type
        chosen.queryset = self.programmes
        chosen.widget.choices = self.programme_choices
        form.fields["step"].widget.choices = self.steps


SubjectFormSet = forms.formset_factory(
    SubjectForm, formset=BaseSubjectFormSet, extra=2, max_num=MOST_SUBJECTS, absolute_max=MOST_SUBJECTS + 2
)


def initial_subjects(activity: Activity) -> list[dict[str, Any]]:
    """Give what a session looks at, as the form takes it."""
    rows: Iterable[ReflectionSubject] = activity.subjects.select_related("about", "programme", "step")
    return [
        {
            "kind": one.kind,
            "about": one.about.public_id if one.about else None,
            "programme": one.programme.public_id if one.programme else None,
            "step": one.step.code if one.step else None,
            "title": one.title,
            "finding": one.finding,
        }
        for one in rows
    ]


def answer_field(label: Any, hint: Any) -> forms.ChoiceField:
    """Give one question of what a city has."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=Answer.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )


class CapacityForm(forms.Form):
    """What a city has to take the same step: four questions and a line."""

    money = answer_field(_("Is there money?"), _("In the budget, or in sight."))
    people = answer_field(_("Are there people?"), _("With the time and the knowledge."))
    partners = answer_field(_("Are there partners?"), _("In the city or the region, who take part."))
    signing = answer_field(_("Is there room to sign?"), _("A director or council that can commit the city."))
    note = forms.CharField(
        label=_("What would help most?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class CaseForm(OwnSideForm):
    """A case that a city brings."""

    title = forms.CharField(label=_("The case in one line"), max_length=160)
    question = forms.CharField(
        label=_("What do you ask of the table?"),
        max_length=5000,
        help_text=_("A decision that those at the table can take."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    background = text_field(_("What does one need to know?"), help_text=_("Only those at the table read this."))
    field_order = ("organisation",)


class AgreementForm(forms.Form):
    """One decision or action point: what, who, by when."""

    text = forms.CharField(label=_("What is agreed?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    is_decision = forms.BooleanField(label=_("This is a decision"), required=False)
    case = forms.ModelChoiceField(
        TableCase.objects.none(), label=_("On which case?"), required=False, empty_label=_("None")
    )
    owner = forms.ModelChoiceField(Organisation.objects.none(), label=_("Who sees to it?"))
    owner_user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Which person?"),
        required=False,
        empty_label=_("The organisation decides"),
        help_text=_("Of those who take part. It stands in the work of this person."),
    )
    due_on = DayField(_("By when?"))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = activity.participations.filter(state="registered")
        owners = Organisation.objects.filter(
            Q(pk__in=there.values("organisation"))
            | Q(pk__in=activity.cases.values("organisation"))
            | Q(pk__in=activity.invited.values("pk"))
            | Q(pk=activity.organisation_id)
        )
        self._offer("owner", owners.order_by("name"))
        self._offer("owner_user", User.objects.filter(pk__in=there.values("user")).order_by("name"))
        cases = activity.cases.all()
        if cases:
            self._offer("case", cases)
        else:
            del self.fields["case"]
        self.fields["is_decision"].initial = bool(cases)

    def _offer(self, name: str, found: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = found

    def clean_due_on(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["due_on"]
        if day < today():
            raise forms.ValidationError(gettext("Choose a day that has not passed."))
        return day


class SettleForm(forms.Form):
    """What became of an agreement."""

    state = forms.ChoiceField(
        label=_("Where does it stand?"),
        choices=[
            (AgreementState.DONE, _("done")),
            (AgreementState.DROPPED, _("dropped, with why")),
            (AgreementState.OPEN, _("still open")),
        ],
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        initial=AgreementState.DONE,
    )
    result = forms.CharField(
        label=_("What became of it?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
