"""The mailbox page of demo mode: mails that would have gone out, with links that work."""

import django_filters
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from nss_portal.core.mail.mailbox import is_in_use
from nss_portal.core.models import MailboxMessage
from nss_portal.core.rendering import render

PAGE = 50


class MailboxFilter(django_filters.FilterSet):
    """Mails to an address."""

    aan = django_filters.CharFilter("recipient", "icontains", label=gettext_lazy("Address"), max_length=254)

    class Meta:
        model = MailboxMessage
        fields: list[str] = []


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails that landed, newest first, of one address or of all; only in demo mode."""
    _only_in_demo()
    chosen = MailboxFilter(request.GET, queryset=MailboxMessage.objects.defer("text", "html"))
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    return render(request, "core/mail/mailbox.html", {"page_obj": page, "filter": chosen})


@require_safe
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one mail as its reader gets it."""
    _only_in_demo()
    found = get_object_or_404(MailboxMessage, public_id=public_id)
    return render(request, "core/mail/message.html", {"message": found})


def _only_in_demo() -> None:
    if not is_in_use():
        raise Http404
