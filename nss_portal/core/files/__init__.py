"""Files that belong to a record: checked on the way in, served only to whoever sees that record."""

from nss_portal.core.files.keeping import give_keeping, kept_by
from nss_portal.core.files.store import files_of, give_to, keep, keep_upload, keep_zip, opened, throw_away
from nss_portal.core.models import StoredFile

__all__ = [
    "StoredFile",
    "files_of",
    "give_keeping",
    "give_to",
    "keep",
    "keep_upload",
    "keep_zip",
    "kept_by",
    "opened",
    "throw_away",
]
