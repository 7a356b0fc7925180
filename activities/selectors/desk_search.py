"""Search at the desk: Dutch stems, as in the register of bottlenecks."""

from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet, Value

from cities.selectors_bottlenecks import LONGEST_TEXT, MOST_WORDS, AsQuery, Matches, quoted, stems_per_word

S = TypeVar("S", bound=QuerySet[Any])
NOTHING = Q(pk__in=[])


def words_q(text: str, *vectors: str) -> Q | None:
    """Give the condition that every word of a text occurs, as a stem or its beginning, in one of the columns.

    None when the text holds no word that says something ('de', 'een' do not). One query, to stem the words.
    """
    stems = stems_per_word(text[:LONGEST_TEXT].split()[:MOST_WORDS])
    terms = [" & ".join(f"{quoted(lexeme)}:*" for lexeme in lexemes) for _word, lexemes in stems if lexemes]
    if not terms:
        return None
    query = AsQuery(Value(" & ".join(terms)))
    condition = NOTHING
    for vector in vectors:
        condition |= Q(Matches(F(vector), query))
    return condition


def with_words(records: S, text: str, *vectors: str) -> S:
    """Keep the records with all words of a text; a text without words keeps nothing, a blank one everything."""
    if not text.strip():
        return records
    condition = words_q(text, *vectors)
    return records.filter(NOTHING if condition is None else condition)
