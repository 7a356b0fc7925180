"""Load the true boundaries of municipalities; the map draws them from then on."""

import json
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from cities.models import Municipality, MunicipalityBoundary
from cities.services.boundary_file import Area, path_of
from cities.services.municipality_table import BadTable
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, standing_of
from nss_portal.core.geo import project
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# How much detail goes: in units of the map (450 m) for what is drawn, in degrees (some 50 m) for what is kept.
COARSE, FINE = 0.8, 0.0005


@dataclass(frozen=True)
class Loaded:
    """How many boundaries there are now, and the codes of today's municipalities that have none."""

    number: int
    without: list[str]


@transaction.atomic
def import_boundaries(*, actor: Actor, areas: list[Area], source: str) -> Loaded:
    """Replace all boundaries by those of a file, simplified so that neighbours still fit.

    Raises NotAllowed unless the portal itself is the actor (a command), BadTable for a code that is unknown or
    no longer exists.
    """
    if not standing_of(actor).is_system:
        raise NotAllowed(_("Only an administrator of the portal loads boundaries."))
    known = {m.code: m for m in Municipality.objects.all()}
    _check(areas, known)
    drawn = shapely.coverage_simplify(_projected([area.geometry for area in areas]), COARSE)
    kept = shapely.coverage_simplify(np.array([area.geometry for area in areas]), FINE)
    now = timezone.now()
    MunicipalityBoundary.objects.all().delete()
    MunicipalityBoundary.objects.bulk_create(
        MunicipalityBoundary(
            municipality=known[area.code],
            geometry=_plain(fine),
            outline=path_of(coarse),
            source=source[:250],
            loaded_at=now,
        )
        for area, coarse, fine in zip(areas, drawn, kept, strict=True)
    )
    changes = {"boundaries": len(areas), "source": source[:250]}
    audit.record(actor=actor, event=Event.CHANGED, obj=User.objects.system(), changes=changes)
    present = set(Municipality.objects.current().values_list("code", flat=True))
    return Loaded(len(areas), sorted(present - {area.code for area in areas}))


def _check(areas: list[Area], known: dict[str, Municipality]) -> None:
    problems = []
    for area in areas:
        municipality = known.get(area.code)
        if municipality is None:
            text = _("area {number}: no municipality has the code {code}")
            problems.append(text.format(number=area.number, code=area.code))
        elif municipality.valid_to and municipality.valid_to < today():
            text = _("area {number}: the code {code} does not exist since {day}")
            day = (municipality.valid_to + timedelta(days=1)).isoformat()
            problems.append(text.format(number=area.number, code=area.code, day=day))
    if problems:
        raise BadTable(problems)


def _projected(geometries: list[BaseGeometry]) -> np.ndarray:
    """Give geometries in units of the map."""

    def on_the_map(points: np.ndarray) -> np.ndarray:
        return np.array([project(lat, lon) for lon, lat in points])

    return np.array([shapely.transform(geometry, on_the_map) for geometry in geometries])


def _plain(geometry: BaseGeometry) -> object:
    return json.loads(shapely.to_geojson(shapely.set_precision(geometry, 0.00001, mode="pointwise")))
