"""Form for handing over: per kind a colleague, and the last day."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import User
from nss_portal.core.days import DayField
from nss_portal.core.handing import Held
from nss_portal.core.time import today


class HandOverForm(forms.Form):
    """For every kind of thing that somebody holds: who takes it over. Later is allowed; a lead then sees it."""

    def __init__(
        self, *args: Any, held: Iterable[Held], colleagues: Iterable[User], ends: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in colleagues}
        choices = [("", _("Nobody yet")), *((key, str(user)) for key, user in self.colleagues.items())]
        self.kinds = list(held)
        for kind in self.kinds:
            titles = ", ".join(map(str, kind.titles[:6]))
            more = " …" if len(kind.titles) > 6 else ""
            told = ". ".join(filter(None, [titles + more, str(kind.hint)]))
            self.fields[kind.key] = forms.ChoiceField(
                label=str(kind.label), required=False, choices=choices, help_text=told
            )
        if ends:
            self.fields["last_day"] = DayField(
                label=_("Last day"),
                help_text=_("From the day after there is no access any more."),
                initial=today(),
            )

    @property
    def successors(self) -> dict[str, User]:
        """The colleague chosen per kind; kinds without one are left out."""
        chosen = {kind.key: self.cleaned_data.get(kind.key) for kind in self.kinds}
        return {key: self.colleagues[value] for key, value in chosen.items() if value}
