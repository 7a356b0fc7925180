"""The forms of a workspace."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.models import NoteVersion, WorkspaceDecision, WorkspaceFile
from activities.selectors.insiders import Person
from activities.services.workspace.notes import LONGEST
from governance.models import User
from nss_portal.core.days import DayField
from nss_portal.core.time import today
from nss_portal.core.worddiff import with_plain_lines

# How much of a decision stands in a list of choices, in characters.
SHORT = 90


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()}…"


class People(forms.ModelChoiceField):
    """One of those who take part, named with the organisation."""

    def __init__(self, people: Sequence[Person], users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(users, **kwargs)
        self._labels = {person.user_id: person.label for person in people}

    def label_from_instance(self, obj: Any) -> str:
        return self._labels.get(obj.pk, str(obj))


class SeveralPeople(forms.ModelMultipleChoiceField):
    """Some of those who take part, named with the organisation."""

    def __init__(self, people: Sequence[Person], users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(users, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)
        self._labels = {person.user_id: person.label for person in people}

    def label_from_instance(self, obj: Any) -> str:
        return self._labels.get(obj.pk, str(obj))


class Files(forms.ModelMultipleChoiceField):
    """Some files of a workspace, by what they are."""

    def __init__(self, files: QuerySet[WorkspaceFile], **kwargs: Any) -> None:
        super().__init__(
            files,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            to_field_name="public_id",
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        name = obj.stored.name if obj.stored else ""
        return f"{obj.title} ({name})" if obj.title else name


class NoteForm(forms.Form):
    """A note."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=LONGEST,
        help_text=_(
            "Plain text. If you like: a line that begins with ## becomes a heading, one with - a list, "
            "**this** bold."
        ),
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    version = _version()

    def clean_text(self) -> str:
        """Browsers send line ends of their own; one kind is kept, so that versions compare."""
        return with_plain_lines(self.cleaned_data["text"])


class FileForm(forms.Form):
    """A file, and what it is."""

    file = forms.FileField(label=_("File"))
    title = forms.CharField(
        label=_("What it is"),
        max_length=160,
        required=False,
        help_text=_("For example: 'Calculation of the heat network, second version'."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.NSS_UPLOAD_MAX_BYTES
        largest = localize(limit // 1_000_000)
        self.fields["file"].help_text = _now(
            "PDF, image, office document without macros, or text; %s MB at most."
        ) % (largest)
        self.fields["file"].widget.attrs.update(
            {"data-max-bytes": limit, "data-too-large": _now("This file is larger than %s MB.") % largest}
        )


class TaskForm(forms.Form):
    """What is asked beforehand."""

    title = forms.CharField(label=_("What do you ask of them?"), max_length=160)
    due_on = DayField(_("By when?"))
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    minutes = forms.IntegerField(
        label=_("How long does it take?"),
        required=False,
        min_value=1,
        max_value=2400,
        widget=forms.NumberInput(attrs={"unit": _("minutes")}),
    )
    version = _version()

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        users: QuerySet[User],
        files: QuerySet[WorkspaceFile],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = SeveralPeople(
            people,
            users,
            label=_("For whom?"),
            help_text=_("Tick nobody, and it is asked of everybody who takes part, newcomers too."),
        )
        if files.exists():
            self.fields["materials"] = Files(files, label=_("Materials that belong to it"))


class DecisionForm(forms.Form):
    """What was decided, by whom, when."""

    text = forms.CharField(label=_("What was decided?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    decided_by = forms.CharField(
        label=_("Who decided?"),
        max_length=200,
        help_text=_("For example: 'All who were there', or the organisations by name."),
    )
    decided_on = DayField(_("When?"), initial=today)


class PointForm(forms.Form):
    """Who does what, by when."""

    text = forms.CharField(label=_("What is going to be done?"), max_length=300)
    due_on = DayField(_("By when?"))

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        users: QuerySet[User],
        decisions: Iterable[WorkspaceDecision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = People(people, users, label=_("Who does it?"), empty_label=_("Choose"))
        choices = [(one.public_id, _short(one.text)) for one in decisions]
        if choices:
            self.fields["decision"] = forms.ChoiceField(
                label=_("Does it follow from a decision?"), choices=[("", _("No")), *choices], required=False
            )
        self.order_fields(["text", "owner", "due_on", "decision"])


class PointChangeForm(forms.Form):
    """Another owner or another day."""

    due_on = DayField(_("By when?"))

    def __init__(self, *args: Any, people: Sequence[Person], users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = People(people, users, label=_("Who does it?"), empty_label=_("Choose"))
        self.order_fields(["owner", "due_on"])


class ResultForm(forms.Form):
    """How an action point ended."""

    step = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[("finish", _("It is done")), ("drop", _("It is no longer needed"))],
        initial="finish",
        widget=forms.RadioSelect,
    )
    result = forms.CharField(
        label=_("What came of it, or why is it no longer needed?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(forms.Form):
    """What of a workspace becomes public; `digest` says what was shown."""

    title = forms.CharField(label=_("Title of the publication"), max_length=160)
    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        *args: Any,
        versions: Sequence[NoteVersion],
        decisions: Sequence[WorkspaceDecision],
        files: QuerySet[WorkspaceFile],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {str(one.pk): one for one in versions}
        self._decisions = {one.public_id: one for one in decisions}
        self.fields["version"] = forms.ChoiceField(
            label=_("Which note, and which version of it?"),
            choices=[("", _("No note")), *((key, _label(one)) for key, one in self._versions.items())],
            required=False,
        )
        if decisions:
            self.fields["decisions"] = forms.MultipleChoiceField(
                label=_("Which decisions?"),
                choices=[(key, _short(one.text)) for key, one in self._decisions.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        if files.exists():
            self.fields["files"] = Files(files, label=_("Which files?"))

    def clean_version(self) -> NoteVersion | None:
        """Give the version itself."""
        return self._versions.get(self.cleaned_data["version"])

    def clean_decisions(self) -> list[WorkspaceDecision]:
        """Give the decisions themselves."""
        return [self._decisions[key] for key in self.cleaned_data["decisions"]]


def _label(version: NoteVersion) -> str:
    moment = date_format(version.at, "j F Y H.i")
    return f"{version.title}, {moment} ({version.by_label})"
