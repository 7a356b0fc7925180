"""Forms about personal data: for somebody without an account, and holding a kind of record."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance.models import PrivacyKind
from nss_portal.core.retention import all_kept


class AddressForm(forms.Form):
    """What somebody without an account asks, and how it was checked who is asking."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=PrivacyKind, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Everything that the portal has with this address. A copy goes to it by a personal link."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    identity_note = forms.CharField(
        label=_("How did you check who is asking?"),
        help_text=_("For example: asked from this address, and called back. Do not copy an identity card."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HoldForm(forms.Form):
    """Which kind of record is kept for the time being, and why."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    reason = forms.CharField(
        label=_("Why it is kept"),
        help_text=_("For example a request under the Woo, a dispute or an inquiry."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds = [(kept.key, kept.label) for kept in all_kept() if kept.due is not None]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class ArchiveForm(forms.Form):
    """What goes into an export for the archive."""

    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=2020,
        max_value=2100,
        help_text=_("Records that were signed, adopted or closed in this year. Empty: all."),
    )
    with_restricted = forms.BooleanField(
        label=_("Records that are not public too"),
        required=False,
        help_text=_("They are marked as restricted in their metadata."),
    )
