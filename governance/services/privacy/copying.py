"""The copy of somebody's data: a ZIP with the data as JSON and a document to read, for seven days."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from governance.models import PrivacyKind, PrivacyRequest, PrivacyState, User
from governance.services import Refused
from nss_portal.core import audit, files, jobs
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.files import StoredFile
from nss_portal.core.mail import queue_mail
from nss_portal.core.mail.secrets import kind_of_secret, sealed
from nss_portal.core.models.audit import Event
from nss_portal.core.privacy import Person, told

KEPT_FOR = timedelta(days=7)
SECRET = "copy"  # noqa: S105 - a name
SALT = "governance.privacy.link"


def person_of(request: PrivacyRequest) -> Person:
    """Give the person that a request is about."""
    return Person.of_account(request.user) if request.user else Person.of_address(request.email)


def data_of(request: PrivacyRequest) -> dict[str, Any]:
    """Give all that goes into a copy, in the language that is active."""
    user = request.user
    account = {}
    if user is not None:
        account = {
            _("name"): user.name,
            _("e-mail address"): user.email,
            _("language"): user.get_language_display(),
            _("account since"): user.date_joined.isoformat(),
            _("last login"): user.last_login.isoformat() if user.last_login else "",
        }
    else:
        account = {_("e-mail address"): request.email}
    return {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "portal": settings.NSS_BASE_URL,
        "explanation": _(
            "'person' is you; 'kinds' are the kinds of records in which you occur. Each has 'kind' (the name of "
            "the table), 'label' and 'records'; the keys of a record are the names of its columns. Words of "
            "others, and records that you may not see, are left out. Passwords, codes and links that open "
            "something are not told."
        ),
        "person": account,
        "kinds": told(person_of(request)),
    }


def zipped(data: dict[str, Any], language: str) -> bytes:
    """Make the ZIP: 'gegevens.json' with the data, 'gegevens.html' to read."""
    with translation.override(language):
        page = render_to_string("reports/print/privacy_copy.html", {"data": data, "language": language})
    text = json.dumps(data, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gegevens.html", page)
        archive.writestr("gegevens.json", text)
    return written.getvalue()


def make_copy(job: jobs.RunningJob) -> dict[str, object]:
    """Make the copy of a request, put it away and tell the person; nothing where that was done already."""
    request = PrivacyRequest.objects.select_related("user").get(pk=int(job.payload["request"]))
    if request.state != PrivacyState.RUNNING or request.kind != PrivacyKind.COPY:
        return {"state": str(request.state)}
    with translation.override(request.language):
        content = zipped(data_of(request), request.language)
    with transaction.atomic():
        job.checkpoint()
        fresh = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        name = f"mijn-gegevens-{timezone.localdate():%Y-%m-%d}.zip"
        # The system keeps it: it is nobody's to look after or to hand over.
        system = User.objects.system()
        fresh.file = files.keep_zip(content=content, name=name, actor=system, owner=fresh, is_confidential=True)
        fresh.state, fresh.finished_at = PrivacyState.READY, timezone.now()
        fresh.expires_at = fresh.finished_at + KEPT_FOR
        if fresh.user_id is None:
            fresh.link_hash = hash_of(token_of(fresh))
        fresh.save()
        _tell(fresh)
    return {"bytes": len(content)}


def token_of(request: PrivacyRequest) -> str:
    """Give the token of the personal link to a copy; worked out with the portal's key, kept nowhere."""
    return salted_hmac(SALT, request.public_id, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """Give what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@kind_of_secret(SECRET)
def _link(key: str) -> str:
    """Give the personal link, as it goes into a mail that leaves."""
    request = PrivacyRequest.objects.filter(pk=int(key)).first() if key.isdigit() else None
    if request is None:
        return str(settings.NSS_BASE_URL)
    with translation.override(request.language):
        return f"{settings.NSS_BASE_URL}{reverse('privacy_copy_link', args=[token_of(request)])}"


def _tell(request: PrivacyRequest) -> None:
    """Mail that the copy is ready: with an account a link to its page, without one a personal link."""
    with translation.override(request.language):
        account = f"{settings.NSS_BASE_URL}{reverse('account_privacy')}"
        url = account if request.user else sealed(SECRET, request.pk)
        body = _(
            "The copy of what the portal has about you is ready. You can download it for seven days; then it is "
            "thrown away.\n\n{url}\n\nDid you not ask for this? Then tell us, and do not pass this mail on."
        ).format(url=url)
        subject = _("Your copy is ready")
    queue_mail(
        key=f"governance.privacy.copy:{request.public_id}",
        to=request.user.email if request.user else request.email,
        subject=subject,
        body=body,
        about=request,
        language=request.language,
    )


def by_link(token: str) -> PrivacyRequest | None:
    """Give the request whose copy a personal link opens at this moment, or None."""
    without_account = PrivacyRequest.objects.filter(user__isnull=True).select_related("file")
    found = without_account.filter(link_hash=hash_of(token)).first()
    return found if found is not None and found.can_be_downloaded() else None


@transaction.atomic
def open_copy(*, actor: Actor, request: PrivacyRequest, by_token: bool = False) -> StoredFile:
    """Give the file of a copy and note that it was downloaded; only to the person, also not to a coordinator.

    Raises NotAllowed, and Refused when the seven days are over.
    """
    is_own = request.user_id is not None and request.user_id == getattr(actor, "pk", None)
    if not is_own and not (by_token and request.user_id is None):
        raise NotAllowed
    if not request.can_be_downloaded() or request.file is None:
        raise Refused(_("This copy is no longer there. Ask for a new one."))
    who = actor if is_own else User.objects.system()
    audit.record(actor=who, event=Event.DOWNLOADED, obj=request)
    return request.file


def throw_away_copies(requests: Any) -> int:
    """Throw away the files of copies (a query of requests); says how many."""
    count = 0
    for request in requests.filter(file__isnull=False).select_related("file"):
        with transaction.atomic():
            stored, request.file = request.file, None
            request.state, request.link_hash = PrivacyState.DONE, ""
            request.save(update_fields=["file", "state", "link_hash"])
            files.throw_away(stored=stored, actor=User.objects.system(), reason=_("Term of a copy"))
            count += 1
    return count
