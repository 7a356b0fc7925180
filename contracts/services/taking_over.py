"""Contracts that were adopted outside the portal: their versions come in as drafts and are fixed in bulk."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from contracts.canonical import contents
from contracts.models import ContractVersion, VersionSnapshot
from contracts.models.version import OPEN_STATES, VersionState
from contracts.services.indicator_rows import freeze_indicators
from nss_portal.core.access import Actor, NotAllowed, standing_of

CHUNK = 100

FIX = """
UPDATE contracts_contractversion v
SET digest = encode(sha256(convert_to(s.content, 'UTF8')), 'hex'), state = %s, is_public = %s
FROM contracts_versionsnapshot s
WHERE s.version_id = v.id AND v.id = ANY(%s)
"""


@transaction.atomic
def fix_versions(*, versions: Iterable[int], actor: Actor, state: VersionState) -> int:
    """Fix drafts as adopted, signed or published, with the hash of their data; gives how many.

    For contracts that got there outside the portal: no day is recorded, since none is known. `versions` are
    primary keys; those that are no draft are left alone. Raises NotAllowed for anybody but the portal itself.
    """
    if not standing_of(actor).is_system:
        raise NotAllowed(_("This step is taken by the portal itself."))
    if state in OPEN_STATES or state == VersionState.SUPERSEDED:
        raise ValueError(f"{state} is no state to fix a version in")
    wanted = ContractVersion.objects.filter(pk__in=list(versions), state__in=OPEN_STATES)
    drafts = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(drafts), CHUNK):
        part = drafts[start : start + CHUNK]
        freeze_indicators(ContractVersion.objects.filter(pk__in=part).select_related("contract").order_by())
        snapshots = [VersionSnapshot(version_id=pk, content=text) for pk, text in contents(part).items()]
        VersionSnapshot.objects.bulk_create(snapshots)
        with connection.cursor() as cursor:
            cursor.execute(FIX, [state, state == VersionState.PUBLISHED, part])
    return len(drafts)
