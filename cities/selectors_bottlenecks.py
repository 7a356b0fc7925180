"""Which bottlenecks are alike: Dutch stems, parts of compound words, and rare words that weigh more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import log
from operator import add, or_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Func, Q, Value

from cities.models import Bottleneck, BottleneckWord
from cities.models.bottleneck import BottleneckQuerySet
from governance.models import Organisation
from nss_portal.core.access import Actor

LONGEST_TEXT = 2_000  # characters of a text that are looked at
MOST_WORDS = 12  # heaviest words of a text that count
HEAVIEST = 6  # so many matching words make a full likeness, and a third of what a text has more than that
LONG_PART = 5  # letters from which a part of a compound word says enough by itself: 'congestie' in 'netcongestie'
SHORTEST_PART = 3  # letters of a part that counts where what is left is a word too: 'net' in 'netcongestie'
SHORTEST_REST = 4  # letters that are left of the longer word
SHORT_FIT = 0.4  # what a short part covers of a word, at least
PART_WEIGHT = 0.6
UNSEEN_SHARE = 0.0005  # of bottlenecks with a word that the database does not count among the common ones
COMMON_SHARE = 0.1
MOST_RELATED = 200  # words in use that share a part with what is typed
MOST_CANDIDATES = 1_000  # bottlenecks that are ranked
LEAST_LIKENESS = 0.2
# What ts_rank gives for one word found once is its weight divided by this (the sum of 1/n²).
ONE_HIT = 1.64493406685
WEIGHTS = "{0, 0, 0.6, 1}"  # of D, C, B (description) and A (title)


class Matches(Func):
    """Whether a tsvector holds what a query asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class AsQuery(Func):
    """A text in the notation of PostgreSQL's tsquery, as one."""

    template = "%(expressions)s::tsquery"


class Rank(Func):
    """PostgreSQL's rank of a tsvector for a query."""

    function = "ts_rank"
    template = f"%(function)s('{WEIGHTS}', %(expressions)s)"
    output_field = FloatField()


def similar_bottlenecks(
    actor: Actor, text: str, limit: int = 5, *, exclude: Bottleneck | None = None
) -> list[Bottleneck]:
    """Give the bottlenecks that a text resembles most, out of those that the actor may see, most alike first.

    `exclude` leaves one out: the one that is being written. Withdrawn and merged ones are left out; those of the
    own organisation, drafts included, are not. Five queries, however many there are.
    """
    words = words_of(text)
    if not words:
        return []
    visible = Bottleneck.objects.visible_to(actor).listed()
    if exclude is not None:
        visible = visible.exclude(pk=exclude.pk)
    candidates = _matching(visible, rare_enough(words)).order_by("-cities_behind", "-pk")
    ranked = (
        # As a list: the database would else read all bottlenecks to find these.
        Bottleneck.objects.filter(pk__in=list(candidates.values_list("pk", flat=True)[:MOST_CANDIDATES]))
        .annotate(likeness=likeness_of(words))
        .select_related("organisation", "theme")
        .order_by("-likeness", "-cities_behind", "-pk")[:limit]
    )
    return [found for found in ranked if getattr(found, "likeness") >= LEAST_LIKENESS]  # noqa: B009 - annotated


def with_words(bottlenecks: BottleneckQuerySet, text: str) -> BottleneckQuerySet:
    """Keep the bottlenecks in which every word of a text occurs, as a stem, its beginning, or in the owner's name.

    Two queries: to stem the words, and for the names. Words that say nothing ('de', 'een') are passed over.
    """
    stems = stems_per_word(text[:LONGEST_TEXT].split()[:MOST_WORDS])
    names = list(Organisation.objects.filter(_named(word for word, _ in stems)).values_list("pk", "name"))
    for word, lexemes in stems:
        # Known beforehand, so that the database looks them up in an index beside that of the words.
        condition = Q(organisation__in=[pk for pk, name in names if word.lower() in name.lower()])
        if lexemes:
            query = " & ".join(f"{quoted(lexeme)}:*" for lexeme in lexemes)
            condition |= Q(Matches(F("search"), AsQuery(Value(query))))
        elif len(stems) > 1:
            continue
        bottlenecks = bottlenecks.filter(condition)
    return bottlenecks


def _named(words: Iterable[str]) -> Q:
    return reduce(or_, (Q(name__icontains=word) for word in words), Q(pk__in=[]))


@dataclass(frozen=True)
class Word:
    """A stem and what it counts for; `share` is the part of all bottlenecks that have it."""

    lexeme: str
    weight: float
    share: float
    is_typed: bool = True


def words_of(text: str) -> list[Word]:
    """Give the stems of a text and the words in use that share a part with them, each with its weight."""
    typed = _lexemes(text[:LONGEST_TEXT])
    if not typed:
        return []
    related = _related(typed)
    shares = _shares({*typed, *related})
    words = [Word(lexeme, _rarity(shares, lexeme), shares.get(lexeme, UNSEEN_SHARE)) for lexeme in typed]
    words = sorted(words, key=lambda word: -word.weight)[:MOST_WORDS]
    heavy = {word.lexeme: word.weight for word in words}
    for lexeme, (origin, fit) in related.items():
        if origin in heavy and lexeme not in heavy:
            weight = PART_WEIGHT * fit * min(heavy[origin], _rarity(shares, lexeme))
            words.append(Word(lexeme, weight, shares.get(lexeme, UNSEEN_SHARE), is_typed=False))
    return words


def _rarity(shares: Mapping[str, float], lexeme: str) -> float:
    return max(log(1 / max(shares.get(lexeme, 0), UNSEEN_SHARE)), 0.1)


def _lexemes(text: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme FROM unnest(to_tsvector('dutch', %s))", [text.replace("\x00", " ")])
        return [lexeme for (lexeme,) in cursor.fetchall()]


def stems_per_word(words: list[str]) -> list[tuple[str, list[str]]]:
    """Give the words with their stems, in the order of the text. One query."""
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, tsvector_to_array(to_tsvector('dutch', word))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS typed (word, place) ORDER BY place",
            [[word.replace("\x00", "") for word in words]],
        )
        return [(word, lexemes) for word, lexemes in cursor.fetchall()]


def _related(typed: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Give the words in use that begin or end with a typed word, or with which a typed word begins or ends.

    Each with the typed word and how much of the longer one the shorter one covers. A long text says enough by its
    long words. One query.
    """
    typed = list(typed)
    least = SHORTEST_PART if len(typed) <= MOST_WORDS else LONG_PART
    looked_up = [word for word in typed if len(word) >= least]
    if not looked_up:
        return {}
    condition = Q(lexeme__in={part for word in looked_up for part in _parts(word)})
    for word in looked_up:
        condition |= Q(lexeme__startswith=word) | Q(backwards__startswith=word[::-1])
    in_use = BottleneckWord.objects.filter(condition).order_by().values_list("lexeme", flat=True)
    found = set(in_use[:MOST_RELATED])
    related: dict[str, tuple[str, float]] = {}
    for word in sorted(found.difference(looked_up)):
        fits = [(fit, one) for one in looked_up if (fit := _fit(one, word, found))]
        if fits:
            fit, origin = max(fits)
            related[word] = (origin, fit)
    return dict(sorted(related.items(), key=lambda pair: -pair[1][1])[:MOST_WORDS])


def _parts(word: str) -> Iterable[str]:
    for cut in range(SHORTEST_PART, len(word)):
        yield word[:cut]
        yield word[-cut:]


def _fit(typed: str, word: str, in_use: set[str]) -> float:
    """Give how much of the longer of two words the shorter one covers at its start or end; 0 where it does not.

    Of a typed compound a short part counts only where the other part is in use too, with or without the s between
    them: so 'vergunning' does not find 'ver'.
    """
    short, long = sorted((typed, word), key=len)
    left = len(long) - len(short)
    rests = [rest for rest in (long.removeprefix(short), long.removesuffix(short)) if len(rest) == left]
    if not rests:
        return 0
    covered = len(short) / len(long)
    if len(short) >= LONG_PART:
        return covered
    rests = [rest for rest in rests if len(rest) >= SHORTEST_REST]
    if typed == long:
        rests = [rest for rest in rests if {rest, rest.removeprefix("s"), rest.removesuffix("s")} & in_use]
    return max(covered, SHORT_FIT) if rests else 0


def _shares(words: Iterable[str]) -> dict[str, float]:
    """Give in which part of the bottlenecks a word occurs, for the common ones, as the database last counted them.

    Nothing before its first count, which PostgreSQL does by itself (ANALYZE). One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, share FROM pg_stats AS stats,"
            " unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs) AS common (word, share)"
            " WHERE stats.schemaname = current_schema() AND stats.tablename = %s AND stats.attname = 'search'"
            " AND word = ANY (%s)",
            [Bottleneck._meta.db_table, list(words)],
        )
        return dict(cursor.fetchall())


def rare_enough(words: list[Word]) -> list[str]:
    """Give the words by which candidates are looked up: the rarest ones, so that not everything is ranked.

    Together they occur in about a tenth of all bottlenecks at most, unless the rarest one alone occurs in more.
    """
    chosen: list[str] = []
    share = 0.0
    for word in sorted(words, key=lambda word: word.share):
        share += word.share
        if chosen and share > COMMON_SHARE:
            break
        chosen.append(word.lexeme)
    return chosen


def _matching(bottlenecks: BottleneckQuerySet, lexemes: Iterable[str]) -> BottleneckQuerySet:
    query = " | ".join(map(quoted, lexemes))
    return bottlenecks.filter(Matches(F("search"), AsQuery(Value(query))))


def likeness_of(words: list[Word], vector: str = "search") -> Any:
    """Give the sum over the words of weight times rank, such that a text with the same words comes to about 1.

    `vector` names the column with the words.
    """
    typed = sorted((word.weight for word in words if word.is_typed), reverse=True)
    heaviest = sum(typed[: HEAVIEST + max(len(typed) - HEAVIEST, 0) // 3])
    terms = [
        Value(word.weight * ONE_HIT / heaviest) * Rank(F(vector), AsQuery(Value(quoted(word.lexeme))))
        for word in words
    ]
    return ExpressionWrapper(reduce(add, terms), output_field=FloatField())


def quoted(lexeme: str) -> str:
    """Write a stem as tsquery has it: any sign in it is itself."""
    text = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"


__all__ = [
    "AsQuery",
    "Matches",
    "Word",
    "likeness_of",
    "quoted",
    "rare_enough",
    "similar_bottlenecks",
    "stems_per_word",
    "with_words",
    "words_of",
]
