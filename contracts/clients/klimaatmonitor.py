"""The Klimaatmonitor Open Data Service (Swing 'jive' OData): emissions per main sector, municipality and year.

Its key goes into the header `apikey`. 404 means that something is not published at that level. The data is for
(decentral) governments to use freely; we store it, and ask once a year.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contracts.clients.http import Garbled, JsonService, NotThere
from contracts.figures import FACTORS
from contracts.importing.rows import FileRows, RowReason, TakenRow, number, sector_of, year

GAS, SCOPE = "CO₂", "1+2"
CODE = re.compile(r"^[A-Za-z0-9_]{1,80}$")
MUNICIPALITY = re.compile(r"^gemeente_(\d{1,4})$")
WANTED = ("total", "built", "mobility", "industry_energy_waste", "agriculture")


@dataclass(frozen=True)
class Variable:
    """One indicator: its code, name and unit as the service gives them."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True)
class Value:
    """One value as the service gives it: the area's code, the year and the text of the number."""

    area: str
    period: str
    text: str


class Klimaatmonitor:
    """The interface, typed; every method raises ServiceError."""

    def __init__(self, service: JsonService) -> None:
        self._service = service

    def variables(self) -> Iterator[Variable]:
        """Give all indicators."""
        for row in self._service.rows("Variables"):
            yield Variable(_text(row, "ExternalCode"), _text(row, "Name"), _text(row, "Unit"))

    def values(self, code: str, *, period: str = "all") -> Iterator[Value]:
        """Give the values of an indicator per municipality, of a year or of all; NotThere where there are none."""
        if not CODE.match(code) or not (period == "all" or period.isdigit()):
            raise ValueError(f"no code and year: {code!r}, {period!r}")
        path = f"Variables('{code}')/GeoLevels('gemeente')/PeriodLevels('year')/Periods('{period}')/Values"
        for row in self._service.rows(path):
            yield Value(_text(row, "ExternalCode"), _text(row, "Period"), _text(row, "ValueString"))


def _text(row: Mapping[str, object], name: str) -> str:
    if name not in row:
        raise Garbled(_("a row of the answer lacks {name}").format(name=name))
    return str(row[name] if row[name] is not None else "").strip()


def codes_of(setting: str) -> dict[str, str]:
    """Read 'total=kern111a_co2_tot,built=…' into sector to code; raises ValueError."""
    found = {}
    for part in filter(None, (part.strip() for part in setting.split(","))):
        sector, _sign, code = part.partition("=")
        if sector not in WANTED or not CODE.match(code):
            raise ValueError(f"{part!r} is not sector=code, with a sector out of {', '.join(WANTED)}")
        found[sector] = code
    return found


def chosen(
    variables: Sequence[Variable], codes: Mapping[str, str]
) -> tuple[list[tuple[str, Variable]], list[str]]:
    """Give the indicators to ask for, each with its sector, and what could not be chosen.

    `codes` names the indicator of a sector; the others are known by the words in their name. Two that fit are no
    choice: the setting then has to name one.
    """
    by_code = {variable.code: variable for variable in variables}
    found, faults = [], []
    for sector in WANTED:
        code = codes.get(sector)
        if code and code not in by_code:
            faults.append(_("there is no indicator {code} (for {sector})").format(code=code, sector=sector))
            continue
        fitting = [by_code[code]] if code else [each for each in variables if _fits(each, sector)]
        if len(fitting) == 1:
            found.append((sector, fitting[0]))
        elif fitting:
            names = ", ".join(sorted(each.code for each in fitting))
            says = _("more than one indicator fits {sector}: {names}. Name one in NSS_KLIMAATMONITOR_CODES.")
            faults.append(says.format(sector=sector, names=names))
        else:
            says = _("no indicator fits {sector}. Name one in NSS_KLIMAATMONITOR_CODES.")
            faults.append(says.format(sector=sector))
    return found, faults


def _fits(variable: Variable, sector: str) -> bool:
    # Per inhabitant or per euro is another quantity.
    plain = "per " not in variable.name.casefold() and variable.unit in FACTORS and variable.unit != "%"
    return plain and sector_of(variable.name) == sector


def emissions(client: Klimaatmonitor, *, codes: Mapping[str, str], period: str = "all") -> FileRows:
    """Ask for the emissions of all main sectors as rows of an import; raises ServiceError.

    `line` is the place of a value in the answers. What is not published at the level of municipalities is passed
    over, what cannot be read is refused, each with its reason.
    """
    rows = FileRows()
    picked, faults = chosen(list(client.variables()), codes)
    rows.refused += [RowReason(0, fault) for fault in faults]
    line = 0
    for sector, variable in picked:
        try:
            for value in client.values(variable.code, period=period):
                line += 1
                _take(rows, line, sector, variable, value)
        except NotThere:
            says = _("{name} is not published per municipality").format(name=variable.name)
            rows.passed.append(RowReason(line, says))
    return rows


def _take(rows: FileRows, line: int, sector: str, variable: Variable, value: Value) -> None:
    area = MUNICIPALITY.match(value.area)
    if area is None:
        rows.passed.append(RowReason(line, _("{area} is no municipality").format(area=value.area or "?")))
        return
    code = f"GM{int(area[1]):04d}"
    try:
        if variable.unit not in FACTORS:
            raise ValueError(_("the unit '{unit}' is not known").format(unit=variable.unit))
        when, text = year(value.period), number(value.text, point=True)
    except ValueError as error:
        rows.refused.append(RowReason(line, f"{code}, {variable.code}: {error}"))
        return
    rows.taken.append(TakenRow(line, code, sector, variable.name, when, text, variable.unit, GAS, SCOPE))
