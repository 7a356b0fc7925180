"""Forms of signals."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, Signal
from cities.models.signal import Audience
from cities.models.signal_parts import EntryKind, ExperimentAnswer, Verdict
from cities.selectors_signals import addressable, choosable_bottlenecks, sending_cities
from cities.services.signals.drafts import Room, SignalValues, in_order
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.days import DayField

LONGEST_TEXT = 10_000
NO_OWNER = "geen"
FOUND = 10
NEEDED_TO_SEND = ("bottlenecks", "question", "lead", "answer_by", "contact_function", "contact_reach")
# Names of the groups in the list of addressees, in the plural.
GROUP_NAMES = {
    Group.MINISTRY: _("Ministries"),
    Group.PROVINCE: _("Provinces"),
    Group.EUROPEAN: _("European Union"),
}


def text_field(label: Any, *, rows: int = 5, **more: Any) -> forms.CharField:
    """Give a field for a longer text."""
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def addressee_choices(organisations: Iterable[Organisation]) -> list[tuple[str, Any]]:
    """Give addressees for a list, by group."""
    groups = groupby(organisations, key=lambda one: one.group)
    found = {group: [(one.public_id, one.local_name) for one in members] for group, members in groups}
    return [(str(name), found[group]) for group, name in GROUP_NAMES.items() if group in found]


class SignalForm(forms.Form):
    """All of a draft; only the title is needed to keep it."""

    bottlenecks = forms.ModelMultipleChoiceField(
        Bottleneck.objects.none(),
        label=_("Bottlenecks that this is about"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(
        label=_("Look for a bottleneck"),
        required=False,
        max_length=100,
        help_text=_("Of your own city or of others: a word out of the title is enough."),
    )
    title = forms.CharField(
        label=_("The signal in one line"),
        max_length=160,
        help_text=_("For example: 'Give climate projects priority on a full power grid'."),
    )
    question = text_field(
        _("What do you ask?"),
        required=False,
        help_text=_("What has to change, and what would that make possible?"),
    )
    background = text_field(_("Background"), required=False, help_text=_("What happens now, where, since when?"))
    lead = forms.ChoiceField(
        label=_("To whom?"),
        required=False,
        help_text=_("The one in the lead answers. Without a known owner somebody is asked to name one."),
    )
    others = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Ministries beside the one in the lead"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )
    answer_by = DayField(_("Answer asked by"), required=False)
    contact_function = forms.CharField(
        label=_("Contact person: function"),
        required=False,
        max_length=120,
        help_text=_("A function, not a name: 'policy officer for the energy transition'."),
    )
    contact_reach = forms.CharField(
        label=_("E-mail address or telephone number"),
        required=False,
        max_length=120,
        help_text=_("Only senders and addressees see this."),
    )
    audience = forms.ChoiceField(
        label=_("Who reads it once it is sent?"),
        choices=Audience.choices,
        initial=Audience.PUBLISHED,
        widget=forms.RadioSelect,
    )
    asks_room = forms.BooleanField(label=_("We also ask for room to experiment outside a rule"), required=False)
    room_rule = forms.CharField(label=_("Which rule?"), required=False, max_length=300)
    room_cities = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("In which cities?"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )
    room_from = DayField(_("From"), required=False)
    room_to = DayField(_("Until and including"), required=False)
    room_learned = text_field(_("What is learned?"), rows=3, required=False)
    room_conditions = text_field(_("Under which conditions?"), rows=3, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self, *args: Any, actor: Actor, signal: Signal | None, offered: Iterable[Bottleneck] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        linked = Q(signals=signal) if signal else Q(pk__in=[])
        known = Bottleneck.objects.filter(linked).values("pk")
        choosable = choosable_bottlenecks(actor).values("pk")
        self._set("bottlenecks", Bottleneck.objects.filter(Q(pk__in=choosable) | Q(pk__in=known)), offered)
        self.organisations = list(addressable())
        ministries = [one for one in self.organisations if one.group == Group.MINISTRY]
        self._set("others", addressable().filter(group=Group.MINISTRY), ministries)
        self._set("room_cities", sending_cities(), sending_cities())
        lead = self.fields["lead"]
        assert isinstance(lead, forms.ChoiceField)  # noqa: S101 - for the type
        for name in NEEDED_TO_SEND:
            # For the label: a draft may be without, a signal may not.
            self.fields[name].needed_later = True  # type: ignore[attr-defined]
        lead.choices = [
            ("", gettext("Not chosen yet")),
            (NO_OWNER, gettext("No owner known")),
            *addressee_choices(self.organisations),
        ]

    def _set(self, name: str, valid: QuerySet[Any], shown: Iterable[Any]) -> None:
        """Say what a field takes, and what it offers: a list of thousands is searched, not shown."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
        field.queryset = valid
        field.widget.choices = [(one.public_id, choice_label(one)) for one in shown]

    def values(self) -> SignalValues:
        """Give what was typed, for the service; the form is valid."""
        typed = self.cleaned_data
        lead = next((one for one in self.organisations if one.public_id == typed["lead"]), None)
        room = Room(
            rule=typed["room_rule"].strip(),
            cities=in_order(list(typed["room_cities"])),
            valid_from=typed["room_from"],
            valid_to=typed["room_to"],
            learned=typed["room_learned"].strip(),
            conditions=typed["room_conditions"].strip(),
        )
        return SignalValues(
            title=typed["title"],
            question=typed["question"],
            background=typed["background"],
            bottlenecks=tuple(typed["bottlenecks"]),
            lead=lead,
            others=tuple(typed["others"]),
            no_owner=typed["lead"] == NO_OWNER,
            contact_function=typed["contact_function"],
            contact_reach=typed["contact_reach"],
            answer_by=typed["answer_by"],
            audience=typed["audience"],
            experiment=room if typed["asks_room"] else None,
        )


def choice_label(record: Bottleneck | Organisation) -> str:
    """Name a choice: a bottleneck with whose it is, an organisation by its short name."""
    if isinstance(record, Bottleneck):
        return f"{record.title} ({record.organisation.short_name or record.organisation.name})"
    return record.short_name or record.local_name


def initial_of(values: SignalValues) -> dict[str, Any]:
    """Give what a draft holds, as the form takes it."""
    room = values.experiment
    lead = values.lead.public_id if values.lead else ""
    return {
        "title": values.title,
        "question": values.question,
        "background": values.background,
        "bottlenecks": [one.public_id for one in values.bottlenecks],
        "lead": NO_OWNER if values.no_owner else lead,
        "others": [one.public_id for one in values.others],
        "contact_function": values.contact_function,
        "contact_reach": values.contact_reach,
        "answer_by": values.answer_by,
        "audience": values.audience,
        "asks_room": room is not None,
        "room_rule": room.rule if room else "",
        "room_cities": [one.public_id for one in room.cities] if room else [],
        "room_from": room.valid_from if room else None,
        "room_to": room.valid_to if room else None,
        "room_learned": room.learned if room else "",
        "room_conditions": room.conditions if room else "",
    }


class NewSignalForm(SignalForm):
    """The same for a new one: in whose name it is written."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))

    def __init__(self, *args: Any, senders: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, signal=None, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset, field.initial = senders, senders.first()


class CosignersForm(forms.Form):
    """Which cities are asked to co-sign."""

    cosigners = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Cities that you ask"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )

    def __init__(self, *args: Any, signal: Signal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cosigners"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
        field.queryset = sending_cities().exclude(pk=signal.organisation_id)


class OwnSideForm(forms.Form):
    """For whom one acts, where that is not clear by itself."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))

    def __init__(self, *args: Any, own: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, own = self.fields["organisation"], list(own)
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in own])
        field.initial = own[0] if own else None
        if len(own) == 1:
            field.widget = forms.HiddenInput()


class CosignForm(OwnSideForm):
    """Co-sign the text that one read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class CosignReasonForm(OwnSideForm):
    """Why one does not co-sign, or takes the signature back."""

    reason = text_field(_("Reason"), rows=4)


class AnswerForm(forms.Form):
    """The answer of the addressee."""

    kind = forms.ChoiceField(
        label=_("What do you answer?"),
        choices=[
            (EntryKind.TAKEN_UP, _("We take this up")),
            (EntryKind.DECLINED, _("We decline this, with reasons")),
        ],
        widget=forms.RadioSelect,
    )
    text = text_field(
        _("Answer"),
        rows=8,
        help_text=_("What will you do, or why not? Whoever may read the signal reads this too."),
    )
    experiment = forms.ChoiceField(
        label=_("Is there room to experiment?"),
        choices=[
            (ExperimentAnswer.GRANTED, _("Yes")),
            (ExperimentAnswer.CONDITIONS, _("Yes, with conditions")),
            (ExperimentAnswer.DECLINED, _("No")),
        ],
        widget=forms.RadioSelect,
    )
    conditions = text_field(_("Conditions"), rows=4, required=False)

    def __init__(self, *args: Any, asks_room: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_room:
            del self.fields["experiment"], self.fields["conditions"]

    def clean(self) -> dict[str, Any]:
        """Ask for conditions where there are some."""
        typed = super().clean() or self.cleaned_data
        conditional = typed.get("experiment") == ExperimentAnswer.CONDITIONS
        if conditional and not str(typed.get("conditions", "")).strip():
            self.add_error("conditions", gettext("Name the conditions under which there is room to experiment."))
        return typed


class PassOnForm(forms.Form):
    """To whom a signal goes on, and why."""

    to = forms.ChoiceField(label=_("To whom?"))
    reason = text_field(_("Why?"), rows=4, help_text=_("The senders read this."))

    def __init__(self, *args: Any, without: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = [one for one in addressable() if one.pk not in set(without)]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type
        field.choices = [("", gettext("Choose")), *addressee_choices(self.organisations)]

    def clean_to(self) -> Organisation:
        """Give the chosen organisation."""
        return next(one for one in self.organisations if one.public_id == self.cleaned_data["to"])


class TextForm(forms.Form):
    """One longer text; the view says what it is called."""

    text = text_field("", rows=6)

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, hint


class ReactionForm(OwnSideForm):
    """What a sender makes of the answer."""

    verdict = forms.ChoiceField(
        label=_("What do you make of the answer?"),
        choices=[(one.value, one.label) for one in Verdict if one != Verdict.NONE],
        widget=forms.RadioSelect,
    )
    text = text_field(_("Why?"), rows=5)
    field_order = ("organisation", "verdict", "text")


class StepForm(forms.Form):
    """One step that is agreed after the answer."""

    what = forms.CharField(label=_("What is done?"), max_length=300)
    owner = forms.ModelChoiceField(Organisation.objects.none(), label=_("By whom?"), empty_label=None)
    due_on = DayField(_("By when?"))

    def __init__(self, *args: Any, owners: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in owners]).order_by("name")
