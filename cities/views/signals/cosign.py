"""Ask others to co-sign, and co-sign oneself."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cities.forms.signals import CosignersForm, CosignForm, CosignReasonForm
from cities.models import Signal
from cities.models.signal import READING_STATES, CosignState
from cities.selectors_signals import sender_keys
from cities.services.signals import cosigning
from cities.views.posting import posted
from cities.views.signals.common import act, find_own, find_to_send
from governance.models import Organisation
from nss_portal.core.access import NotAllowed


def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose which cities are asked to co-sign a draft."""
    signal = find_own(request, public_id)
    if not signal.is_draft:
        raise Http404
    asked = signal.cosigners.filter(state__in=READING_STATES).values_list("organisation", flat=True)
    form = CosignersForm(posted(request), signal=signal, initial={"cosigners": list(asked)})
    return act(
        request,
        signal,
        form=form,
        title=_("Who co-signs?"),
        action=_("Ask these cities"),
        do=lambda values: cosigning.ask_to_cosign(
            actor=request.user, signal=signal, organisations=values["cosigners"]
        ),
        done=_("The cities are asked. Their teams got a mail."),
        consequences=[
            _("Whoever you ask reads the draft, and gets a mail."),
            _("When you change the text, whoever co-signed is asked again."),
        ],
    )


def _own(request: HttpRequest, signal: Signal, *states: CosignState) -> list[Organisation]:
    """Give the person's own organisations in these states; raises 403 when there is none, 404 once it is sent."""
    if not signal.is_draft:
        raise Http404
    rows = signal.cosigners.filter(organisation__in=sender_keys(request.user)).select_related("organisation")
    own = list(rows)
    if not own:
        raise NotAllowed(_("Your organisation was not asked to co-sign this signal."))
    fitting = [row.organisation for row in own if row.state in states]
    if not fitting:
        raise Http404
    return fitting


def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Co-sign the text that one has read."""
    signal = find_to_send(request, public_id)
    own = _own(request, signal, CosignState.INVITED)
    form = CosignForm(posted(request), own=own, initial={"version": signal.version, "organisation": own[0]})
    return act(
        request,
        signal,
        form=form,
        title=_("Co-sign this signal?"),
        action=_("Co-sign"),
        do=lambda values: cosigning.cosign(
            actor=request.user,
            signal=signal,
            organisation=values["organisation"],
            version=values["version"],
        ),
        done=_("Your organisation co-signs. You can take this back until the signal is sent."),
        consequences=[
            _("The signal goes in the name of your organisation too, and the register says so."),
            _("You can take this back until the signal is sent. When the text changes, you are asked again."),
        ],
    )


def _with_reason(
    request: HttpRequest, public_id: str, state: CosignState, do: Callable[..., Any], title: str, done: str
) -> HttpResponse:
    signal = find_to_send(request, public_id)
    own = _own(request, signal, state)
    form = CosignReasonForm(posted(request), own=own, initial={"organisation": own[0]})
    return act(
        request,
        signal,
        form=form,
        title=title,
        action=title,
        do=lambda values: do(actor=request.user, signal=signal, **values),
        done=done,
    )


def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that one's organisation does not co-sign, and why."""
    return _with_reason(
        request,
        public_id,
        CosignState.INVITED,
        cosigning.decline_to_cosign,
        _("Do not co-sign"),
        _("Noted: your organisation does not co-sign."),
    )


def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the own organisation's signature back."""
    return _with_reason(
        request,
        public_id,
        CosignState.SIGNED,
        cosigning.withdraw_cosigning,
        _("Take our signature back"),
        _("Your organisation no longer co-signs."),
    )
