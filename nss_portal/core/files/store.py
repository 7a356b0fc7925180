"""Keeping files: checked, under a name of our own in the storage, with one row that says whose they are."""

import hashlib
import io
import re
import secrets
import unicodedata
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.access.standing import LinkActor
from nss_portal.core.files.kinds import ZIP, Kind, detect, ending, is_bomb
from nss_portal.core.files.scanner import scan
from nss_portal.core.models import StoredFile
from nss_portal.core.models.audit import Event


def keep_upload(
    *, upload: UploadedFile, actor: Actor, owner: Model | None = None, is_confidential: bool = False
) -> StoredFile:
    """Keep a file that somebody sent, looked at by the virus scanner where there is one.

    Raises ValidationError, in words for that person, when it is too large, empty, of a kind that the portal does
    not take, or not trusted by the scanner. Whether the actor may add it is the caller's to check.
    """
    limit = settings.NSS_UPLOAD_MAX_BYTES
    if (upload.size or 0) > limit:
        raise ValidationError(_("This file is larger than %s MB.") % localize(limit // 1_000_000))
    content, name = upload.read(), upload.name or ""
    kind = check(content, name)
    scan(content)
    return _keep(content, name, kind, actor=actor, owner=owner, is_confidential=is_confidential)


def keep(
    *, content: bytes, name: str, actor: Actor, owner: Model | None = None, is_confidential: bool = False
) -> StoredFile:
    """Keep a file, seen from now on by whoever sees `owner` (without one: only by `actor`, for a day).

    Raises ValidationError as `keep_upload` does. When the transaction fails the content stays behind in the
    storage until the nightly clean-up.
    """
    kind = check(content, name)
    return _keep(content, name, kind, actor=actor, owner=owner, is_confidential=is_confidential)


def keep_zip(
    *, content: bytes | io.BufferedIOBase, name: str, actor: Actor, owner: Model, is_confidential: bool = False
) -> StoredFile:
    """Keep an archive that the portal itself made; people cannot send one. A large one comes as an open file."""
    return _keep(content, name, ZIP, actor=actor, owner=owner, is_confidential=is_confidential)


@transaction.atomic
def _keep(
    content: bytes | io.BufferedIOBase,
    name: str,
    kind: Kind,
    *,
    actor: Actor,
    owner: Model | None,
    is_confidential: bool,
) -> StoredFile:
    sender_id, sender_label = _sender(actor)
    source: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    digest, size = hashlib.file_digest(source, "sha256").hexdigest(), source.seek(0, io.SEEK_END)
    source.seek(0)
    now = timezone.localtime()
    path = f"{now:%Y/%m}/{secrets.token_hex(16)}.{kind.endings[0]}"
    stored = StoredFile.objects.create(
        path=default_storage.save(path, File(source)),
        name=safe_name(name, kind),
        size=size,
        content_type=kind.content_type,
        sha256=digest,
        is_confidential=is_confidential,
        uploaded_by_id=sender_id,
        uploaded_by_label=sender_label,
        **_owner_fields(owner),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=stored, changes={"sha256": stored.sha256})
    return stored


@transaction.atomic
def give_to(*, stored: StoredFile, owner: Model, actor: Actor) -> StoredFile:
    """Tie a file that was sent before its record was saved to that record.

    Raises ValidationError when it belongs to another record, or was sent by somebody else.
    """
    fresh = StoredFile.objects.select_for_update().get(pk=stored.pk)
    is_sender = (fresh.uploaded_by_id, fresh.uploaded_by_label) == _sender(actor)
    is_keeper = fresh.keeper_id is not None and fresh.keeper_id == getattr(actor, "pk", None)
    if fresh.owner_type or not (is_sender or is_keeper):
        raise ValidationError(_("This file belongs to something else already."))
    StoredFile.objects.filter(pk=fresh.pk).update(**_owner_fields(owner))
    fresh.refresh_from_db()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"owner": ["", str(owner)[:200]]})
    return fresh


@transaction.atomic
def throw_away(*, stored: StoredFile, actor: Actor, reason: str = "") -> None:
    """Delete a file of a draft. Whether the actor may is the caller's to check."""
    audit.record(actor=actor, event=Event.DELETED, obj=stored, reason=reason)
    path = stored.path
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def files_of(owner: Model) -> list[StoredFile]:
    """Give the files of one record, newest first."""
    return list(StoredFile.objects.filter(owner_type=owner._meta.label_lower, owner_id=str(owner.pk)))


def opened(stored: StoredFile) -> IO[bytes]:
    """Open a file's content for reading; raises FileNotFoundError when the storage has lost it."""
    return default_storage.open(stored.path, "rb")


def check(content: bytes, name: str) -> Kind:
    """Give the kind of a file, or raise ValidationError in words for whoever sent it."""
    if not content:
        raise ValidationError(_("This file is empty."))
    if is_bomb(content):
        raise ValidationError(
            _("Unpacked this file is far larger than it should be, so it is not kept. Save it anew and send that.")
        )
    kind = detect(content, name)
    if kind is None:
        raise ValidationError(
            _(
                "This kind of file cannot be kept here. "
                "Send a PDF, an image, an office document without macros, or text."
            )
        )
    if ending(name) not in kind.endings:
        raise ValidationError(
            _("The name says '%(ending)s', but the content is something else (%(kind)s).")
            % {"ending": ending(name) or "?", "kind": kind.endings[0]}
        )
    return kind


def safe_name(name: str, kind: Kind) -> str:
    """Make a name that no system stumbles over: no folders, no control characters, the ending of its kind."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = base.rsplit(".", 1)[0]
    stem = re.sub(r"[\s\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|:*?;]+", " ", stem).strip(" .")
    return f"{stem[:120] or 'bestand'}.{ending(name) if ending(name) in kind.endings else kind.endings[0]}"


def _sender(actor: Actor) -> tuple[int | None, str]:
    """Give who sends a file: primary key and name; somebody who came by a link has a name only."""
    if isinstance(actor, LinkActor):
        return None, actor.label[:200]
    return getattr(actor, "pk", None), str(actor)[:200]


def _owner_fields(owner: Model | None) -> dict[str, str]:
    if owner is None:
        return {"owner_type": "", "owner_id": ""}
    return {"owner_type": owner._meta.label_lower, "owner_id": str(owner.pk)}
