"""What goes to an archive: records as sealed PDF/A with their metadata in MDTO, in a BagIt bag."""

from nss_portal.core.archive.records import ArchiveEvent, ArchiveRecord, Involved, all_records

__all__ = ["ArchiveEvent", "ArchiveRecord", "Involved", "all_records"]
