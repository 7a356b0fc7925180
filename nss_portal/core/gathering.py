"""What many sources read for one page, asked of the database at once.

Every app adds to 'my work' and to the news. A query for each would make everybody's home page dearer with every
app, so a source gives `Rows` instead of items: what it would ask, the fields that it needs, and how it puts a
record into words. `gather` makes one query of all of them. `Rows` that nobody gathers ask for themselves when one
goes through them.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, DateField, DateTimeField, Expression, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import RawSQL

from nss_portal.core.registry import Section

I = TypeVar("I")  # noqa: E741 - an item: of work, of news


# Where the keys of a frozenset come: as many places as there are keys, since the database plans by what it reads.
KEYS = "\N{INFORMATION SEPARATOR ONE}%s"
NO_KEYS = "SELECT NULL::bigint WHERE FALSE"
# How a value is written that comes later, and what field of a model holds it.
GIVEN: Mapping[type, tuple[str, Any]] = {
    int: ("%s::bigint", BigIntegerField),
    date: ("%s::date", DateField),
    datetime: ("%s::timestamptz", DateTimeField),
    frozenset: (f"({KEYS})", BigIntegerField),
}


class Given(Expression):
    """The place of a value that comes only when a question is asked; of a frozenset of keys, after `__in`."""

    def __init__(self, name: str, kind: type) -> None:
        self.name = name
        self.sql, field = GIVEN[kind]
        super().__init__(output_field=field())

    def as_sql(self, *_compiler: Any) -> tuple[str, list["Given"]]:  # type: ignore[override]
        """Give the place, with this in it until the value comes."""
        return self.sql, [self]


@dataclass(frozen=True)
class Written:
    """What Django wrote for a source: the model, the SQL with its parameters, and the kind of each field."""

    model: type[Model]
    sql: str
    params: tuple[Any, ...]
    kinds: tuple[Any, ...]


def _write(queryset: QuerySet[Any], fields: tuple[str, ...]) -> Written | None:
    """Write the SQL that reads fields; None where Django sees by itself that there is nothing."""
    compiler = queryset.select_related(None).values_list(*fields).query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    kinds = tuple(column.output_field for column, _, _ in compiler.select)
    return Written(queryset.model, sql, tuple(params), kinds)


@dataclass(frozen=True)
class Prepared:
    """A question of which Django writes the SQL once per process, for everybody: only its values differ.

    `make` gives the queryset. It gets `shape`, on which the SQL depends, and in place of each of `values` (a key,
    a day, a moment, a frozenset of keys) a `Given` of that name: it can compare with them, and not look at them.
    """

    make: Callable[..., QuerySet[Any]]
    shape: tuple[Hashable, ...]
    values: Mapping[str, Any]

    def write(self, fields: tuple[str, ...]) -> Written | None:
        """Give the SQL that reads fields, with the values in their places."""
        kinds = tuple((name, type(value)) for name, value in self.values.items())
        written = _write_once(self.make, self.shape, kinds, fields)
        if written is None:
            return None
        params: list[Any] = []
        places: list[str] = []
        for one in written.params:
            value = self.values[one.name] if isinstance(one, Given) else one
            if isinstance(value, frozenset):
                places.append(", ".join(["%s"] * len(value)) or NO_KEYS)
                params += sorted(value)
            else:
                params.append(value)
        first, *parts = written.sql.split(KEYS)
        sql = "".join((first, *(part for pair in zip(places, parts, strict=True) for part in pair)))
        return replace(written, sql=sql, params=tuple(params))


@lru_cache(maxsize=1024)
def _write_once(
    make: Callable[..., QuerySet[Any]],
    shape: tuple[Hashable, ...],
    places: tuple[tuple[str, type], ...],
    fields: tuple[str, ...],
) -> Written | None:
    return _write(make(*shape, **{name: Given(name, kind) for name, kind in places}), fields)


def prepared(make: Callable[..., QuerySet[Any]]) -> Callable[..., Prepared]:
    """Have the question that a function makes prepared, see `Prepared`: for a source that everybody asks.

    What the function is then called with by name are values; the rest is the shape.
    """

    @wraps(make)
    def prepare(*shape: Hashable, **values: Any) -> Prepared:
        return Prepared(make, shape, values)

    return prepare


class Rows(Generic[I]):
    """The records that a source reads, and what it says of them.

    `fields` are names of fields ('organisation__name' over a relation) or of annotations. The records come as
    instances that hold those and their primary key; anything else costs a query of its own. Either `each` says
    what one record becomes, or `together` what all of them become; `together` is not called when there are none,
    unless `even_none` is given. The records keep the order of the queryset.
    """

    def __init__(
        self,
        queryset: QuerySet[Any] | Prepared,
        *fields: str,
        each: Callable[[Any], I] | None = None,
        together: Callable[[list[Any]], Iterable[I]] | None = None,
        even_none: bool = False,
    ) -> None:
        self._queryset = queryset
        self._fields = tuple(dict.fromkeys(("pk", *_keys(fields), *fields)))
        self._each = each
        self._together = together
        self._even_none = even_none
        self._written: Written | None = None

    def __iter__(self) -> Iterator[I]:
        return iter(gather([self]))

    def statement(self, number: int) -> tuple[str, tuple[Any, ...]] | None:
        """Give SQL in the form that all sources share, the source's number and its fields as a JSON array, with
        its parameters; None where Django sees by itself that there is nothing.

        It is put around the SQL of the queryset: for Django's own `union` every field would be an expression to
        resolve, which took more time than all the rest of a source.
        """
        source = self._queryset
        if isinstance(source, Prepared):
            self._written = source.write(self._fields)
        else:
            self._written = _write(source, self._fields)
        if self._written is None:
            return None
        names = ", ".join(f"f{place}" for place in range(len(self._fields)))
        # Names that are counted here, and what Django wrote with its values apart.
        row = f"SELECT {number}, json_build_array({names})::text FROM ({self._written.sql}) one ({names})"  # noqa: S608
        return row, self._written.params

    def said(self, found: Sequence[list[Any]]) -> Iterable[I]:
        """Put rows that were read into words."""
        records = [self._record(row) for row in found]
        if self._together is not None:
            return self._together(records) if records or self._even_none else ()
        assert self._each is not None  # noqa: S101 - one of the two is given
        return [self._each(record) for record in records]

    def _record(self, row: list[Any]) -> Model:
        assert self._written is not None  # noqa: S101 - there is a row of it
        # JSON knows no dates and no decimals.
        read = zip(self._fields, self._written.kinds, row, strict=True)
        return _instance(self._written.model, {name: _as_kind(kind, value) for name, kind, value in read})


class Several(Generic[I]):
    """Several `Rows` of one source, in their order."""

    def __init__(self, *parts: Rows[I]) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[I]:
        return iter(gather(self.parts))


def as_keys(queryset: QuerySet[Any]) -> Any:
    """Give a queryset of one column to put after `__in` in several questions, its SQL written once for all."""
    try:
        sql, params = queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return ()
    return RawSQL(sql, params)  # noqa: S611 - what Django wrote, with its values apart


def written(model: type[Model], expression: Any) -> RawSQL:
    """Give an expression on a model's records with its SQL written, for querysets that begin at that model."""
    query = model._default_manager.annotate(written=expression).query
    annotation = query.annotations["written"]
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(annotation)
    return RawSQL(sql, params, output_field=annotation.output_field)  # noqa: S611 - what Django wrote


def rows_of(querysets: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """Give the rows of querysets with the same columns, as the database gives them, by one query.

    Like `union(all=True)`, which first makes one question of all of them: that takes longer than to write each.
    """
    written = []
    for queryset in querysets:
        with suppress(EmptyResultSet):
            written.append(queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql())
    return _ask(written)


def _ask(statements: Iterable[tuple[str, Iterable[Any]]]) -> list[tuple[Any, ...]]:
    """Ask SQL with its parameters, all of it at once; no query where there is none."""
    parts = list(statements)
    if not parts:
        return []
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
        cursor.execute(sql, [value for _, params in parts for value in params])
        return list(cursor)


def gather(found: Iterable[Iterable[I]]) -> list[I]:
    """Give all items of sources, in the sources' order: one query for all `Rows` together, and what others ask."""
    sources: list[Iterable[I]] = []
    for one in found:
        sources += one.parts if isinstance(one, Several) else (one,)
    read = _read(sources)
    items: list[I] = []
    for number, source in enumerate(sources):
        items += source.said(read.get(number, [])) if isinstance(source, Rows) else source
    return items


def _read(sources: Sequence[Iterable[Any]]) -> dict[int, list[list[Any]]]:
    """Ask what all `Rows` among sources read, and give it by the source's place."""
    asked = (source.statement(number) for number, source in enumerate(sources) if isinstance(source, Rows))
    read: dict[int, list[list[Any]]] = {}
    for number, row in _ask(statement for statement in asked if statement is not None):
        read.setdefault(number, []).append(json.loads(row))
    return read


def sections(found: Iterable[Section | Rows[Section] | None]) -> list[Section]:
    """Give the sections of a page in their order; those that come as `Rows` are one query together."""
    there = (source if isinstance(source, Rows) else [source] for source in found if source is not None)
    return sorted(gather(there), key=lambda section: section.order)


def _keys(fields: Iterable[str]) -> Iterator[str]:
    """Give the primary keys of the related records that fields reach into: they tell whether there is one."""
    for name in fields:
        steps = name.split(LOOKUP_SEP)[:-1]
        for length in range(1, len(steps) + 1):
            yield LOOKUP_SEP.join((*steps[:length], "pk"))


def _as_kind(kind: Any, value: Any) -> Any:
    return value if isinstance(value, bool | list | dict | None) else kind.to_python(value)


def _instance(model: type[Model], values: dict[str, Any]) -> Model:
    """Make an instance of what was read of it; related records likewise, None where there is none."""
    own: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    related: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        first, separator, rest = name.partition(LOOKUP_SEP)
        if separator:
            related.setdefault(first, {})[rest] = value
        elif first == "pk":
            own[model._meta.pk.attname] = value
        else:
            try:
                field: Any = model._meta.get_field(first)
                own[field.attname] = value
            except FieldDoesNotExist:
                extra[first] = value
    # In the order of the model's fields, which is how it is taken.
    order = [field.attname for field in model._meta.concrete_fields if field.attname in own]
    instance = model.from_db("default", order, [own[name] for name in order])
    for name, value in extra.items():
        setattr(instance, name, value)
    for name, inner in related.items():
        relation: Any = model._meta.get_field(name)
        there = _instance(relation.related_model, inner) if inner["pk"] is not None else None
        relation.set_cached_value(instance, there)
    return instance
