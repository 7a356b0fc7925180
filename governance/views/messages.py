"""What the portal wrote to somebody, and how often it writes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.forms.digest import DigestForm
from governance.models import DigestChoice, User
from governance.services.digest import choose_rhythm
from governance.views.account import person
from nss_portal.core.models import MailState, OutgoingMail
from nss_portal.core.rendering import render

PER_PAGE = 25
# Mails about logging in stay out: whoever sits at somebody's open screen must not find a new password here.
NOT_SHOWN = r"^(account\.|governance\.invitation)"


def mails_to(user: User) -> QuerySet[OutgoingMail]:
    """Give the mails that went, or go, to a person's own address, without those about logging in."""
    found = OutgoingMail.objects.filter(recipient__iexact=user.email).exclude(key__regex=NOT_SHOWN)
    return found.exclude(state=MailState.FAILED).order_by("-queued_at", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def message_list(request: HttpRequest) -> HttpResponse:
    """List what the portal wrote, the newest first, and choose how often the summary comes."""
    user = person(request)
    choice = DigestChoice.objects.filter(user=user).first()
    form = DigestForm(request.POST or None, instance=choice)
    if request.method == "POST" and form.is_valid():
        choose_rhythm(actor=user, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Your choice has been saved."))
        return redirect("account_messages")
    page = Paginator(mails_to(user).defer("text", "html", "calendar"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "governance/messages.html", {"form": form, "page_obj": page})


@require_safe
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one message as it was sent; 404 for somebody else's."""
    found = get_object_or_404(mails_to(person(request)), public_id=public_id)
    return render(request, "governance/message.html", {"message": found})
