"""Coordinators' pages about mail: what went, what did not, and which addresses are not mailed.

They show no text of a mail: it may hold a personal link, which is the right of whoever it was sent to.
"""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.validators import EmailValidator
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nss_portal.core import workflow
from nss_portal.core.jobs.views import only_for_coordinators, shown
from nss_portal.core.mail import mend, suppression
from nss_portal.core.models import MailState, OutgoingMail, SuppressedAddress
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PAGE = 50
TONES = {
    MailState.QUEUED: "neutral",
    MailState.SENDING: "info",
    MailState.SENT: "good",
    MailState.UNCERTAIN: "attention",
    MailState.FAILED: "bad",
    MailState.SUPPRESSED: "neutral",
}


class MailFilter(django_filters.FilterSet):
    """Mails by state and by address."""

    stand = django_filters.ChoiceFilter(
        "state", label=gettext_lazy("State"), empty_label=gettext_lazy("All"), choices=MailState.choices
    )
    aan = django_filters.CharFilter("recipient", "icontains", label=gettext_lazy("Address"), max_length=254)

    class Meta:
        model = OutgoingMail
        fields: list[str] = []


class SuppressForm(forms.Form):
    """An address that is no longer to be mailed, and why."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        validators=[EmailValidator()],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=255,
        help_text=gettext_lazy("For example: asked for by the person, or the address is no longer in use."),
    )


def worst_first(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Put first what asks for a decision (uncertain), then what did not go, then the rest by date."""
    urgency = Case(
        When(state=MailState.UNCERTAIN, then=Value(0)),
        When(state=MailState.FAILED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return mails.order_by(urgency, "-queued_at", "-pk")


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails, those of which nobody knows whether they went first."""
    only_for_coordinators(request, "mail")
    mails = OutgoingMail.objects.visible_to(request.user)
    chosen = MailFilter(request.GET, queryset=worst_first(mails.defer("text", "html")))
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    counts = dict(mails.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "page_obj": page,
        "filter": chosen,
        "uncertain": counts.get(MailState.UNCERTAIN, 0),
        "rows": [_row(mail) for mail in page],
    }
    return render(request, "core/mail/list.html", context)


@require_safe
def mail_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what became of one mail."""
    only_for_coordinators(request, "mail")
    mail = _mail(request, public_id)
    context = {**_row(mail), "facts": _facts(mail), "history": workflow.history(mail)}
    return render(request, "core/mail/detail.html", context)


@require_POST
def mail_step(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Send a mail again, or note that it has arrived."""
    mail = _mail(request, public_id)
    take, done = {
        "opnieuw": (mend.send_again, _("The mail is sent again.")),
        "aangekomen": (mend.note_arrived, _("Noted: the mail has arrived.")),
    }[step]
    try:
        take(mail=mail, actor=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("mail", public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def suppressed_list(request: HttpRequest) -> HttpResponse:
    """List the addresses that are not mailed, and put one on the list."""
    only_for_coordinators(request, "mail")
    form = SuppressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        suppression.suppress(
            address=form.cleaned_data["address"], reason=form.cleaned_data["reason"], actor=request.user
        )
        messages.success(request, _("This address is no longer mailed."))
        return redirect("suppressed_addresses")
    page = Paginator(SuppressedAddress.objects.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "core/mail/suppressed.html", {"form": form, "page_obj": page})


@require_POST
def suppressed_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address off the list."""
    only_for_coordinators(request, "mail")
    suppression.allow_again(suppressed=get_object_or_404(SuppressedAddress, pk=pk), actor=request.user)
    messages.success(request, _("This address is mailed again."))
    return redirect("suppressed_addresses")


def _mail(request: HttpRequest, public_id: str) -> OutgoingMail:
    return get_object_or_404(OutgoingMail.objects.visible_to(request.user), public_id=public_id)


def _row(mail: OutgoingMail) -> dict[str, Any]:
    names = {step.name for step in mend.WORKFLOW.open_steps(mail)}
    return {
        "mail": mail,
        "tone": TONES[MailState(mail.state)],
        "can_send_again": "send_again" in names,
        "can_note_arrived": "arrived" in names,
    }


def _facts(mail: OutgoingMail) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("To"), mail.recipient),
        (_("About"), mail.about_label or None),
        (_("Written at"), mail.queued_at),
        (_("Sent at"), mail.sent_at),
        (_("Tries"), mail.attempts),
        (_("Number in mail programmes (Message-ID)"), mail.message_id),
    ]
    return shown(facts)
