"""The desk for tests."""

from itertools import count

from activities.models import DirectoryEntry
from governance.models import Organisation

_number = count(1)


def make_entry(organisation: Organisation | None = None, **fields: object) -> DirectoryEntry:
    """Make an entry of the directory that an organisation keeps, or the desk."""
    fields.setdefault("name", f"Warmtesubsidie {next(_number)}")
    fields.setdefault("kind", "subsidy")
    fields.setdefault("run_by", "RVO")
    fields.setdefault("description_nl", "Geld voor warmtenetten in oude wijken.")
    return DirectoryEntry.objects.create(organisation=organisation, **fields)
