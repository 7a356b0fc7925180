"""No figure of the analysis, and no difference of figures, tells what one or two cities answered."""

import random
from itertools import product

import pytest

from cities.models import EoiCall
from cities.selectors_eoi_analysis import FEWEST, Gathered, Said, Seen, analyse, gather
from cities.views.eoi_analysis import may_ask_report
from governance.models import User
from tests.access.cast import Cast, Person, join, make_city, make_user
from tests.cities.eoi import make_submission, make_version, usual_call

pytestmark = pytest.mark.django_db
YEARS = (2022, 2023, 2024)


@pytest.fixture
def ministry() -> Person:
    return Cast().person("ministry")


def hand_in(call: EoiCall, level: str, *, sharing: str = "network", ticked: str = "money") -> object:
    return make_submission(make_city(level), call, sharing=sharing, choices={"needs": [ticked]})


def shown(call: EoiCall, user: object, **narrow: object) -> tuple[int, dict[str, int]]:
    """Give the number of cities, and of each answer to 'needs'."""
    data = analyse(gather(call, user), **narrow)
    (needs,) = [question for question in data["questions"] if question["code"] == "needs"]
    return data["total"], {row["code"]: row["count"] for row in needs["rows"]}


def test_one_city_that_keeps_its_answers_is_not_found_by_subtraction(ministry: Person) -> None:
    call = usual_call("closed", analysis_published=True)
    for _city in range(5):
        hand_in(call, "mission")
    for private in (1, 2):
        hand_in(call, "mission", sharing="draft", ticked="rules")
        data = analyse(gather(call, ministry.user))
        assert (data["left_out"], data["total"]) == (private, 5)
        assert shown(call, ministry.user)[1]["rules"] == 0
        assert shown(call, None) == shown(call, ministry.user), "the public page tells the network no more"
    assert shown(call, User.objects.system())[1]["rules"] == 2
    hand_in(call, "mission", sharing="draft", ticked="rules")
    assert shown(call, ministry.user) == (8, {"money": 5, "rules": 3, "people": 0})


def test_a_city_that_keeps_its_answers_reads_along_as_others_do() -> None:
    call = usual_call("closed", analysis_published=True)
    for _city in range(3):
        hand_in(call, "mission")
    own = make_city("eoi")
    make_submission(own, call, sharing="draft", choices={"needs": ["rules"]})
    person = make_user()
    join(person, own, "team")
    assert shown(call, person)[0] == 4, "it sees all of them"
    hand_in(call, "mission", sharing="draft")
    assert shown(call, person)[0] == 3


def test_levels_are_told_apart_only_where_each_is_large_enough_also_among_private_ones(ministry: Person) -> None:
    call = usual_call("closed", analysis_published=True)
    for level in ("mission", "eoi"):
        for _city in range(3):
            hand_in(call, level)
    assert analyse(gather(call, ministry.user))["may_split"]
    for level in ("mission", "mission", "eoi"):
        hand_in(call, level, sharing="draft")
    data = analyse(gather(call, ministry.user))
    assert (data["may_split"], data["total"]) == (False, 9)
    assert analyse(gather(call, ministry.user), level="eoi")["too_few"]


def test_a_year_waits_until_enough_cities_changed_something(ministry: Person) -> None:
    call = usual_call("closed", analysis_published=True, year=2022)
    handed = [hand_in(call, "mission", sharing="draft") for _city in range(6)]
    for number, submission in enumerate(handed[:3], start=1):
        make_version(submission, 2, year=2024, choices={"needs": ["rules"]})
        data = analyse(gather(call, ministry.user), year=2024)
        if number < FEWEST:
            assert (data["year"], data["years"], data["waiting"]) == (2022, [2022], [2024])
            assert shown(call, ministry.user, year=2024)[1]["rules"] == 0
        else:
            assert (data["year"], data["years"], data["waiting"]) == (2024, [2024, 2022], [])


def random_gathering(dice: random.Random) -> Gathered:
    """Make a call with submissions of three levels in several years, some of them private, seen by the network."""
    said, levels, seen = [], {}, {}
    for key in range(dice.randint(3, 14)):
        levels[key] = dice.choice(("mission", "mission", "eoi", "interested"))
        private = dice.random() < 0.4
        first = dice.choice(YEARS)
        said.append(Said(key, key, first, 1, {}, (), is_kept_private=private))
        for number, year in enumerate((year for year in YEARS if year > first and dice.random() < 0.5), start=2):
            said.append(Said(key, key, year, number, {}, (), is_kept_private=private))
        if not private:
            seen[key] = Seen(str(key), str(key))
    private = {each.submission for each in said if each.is_kept_private}
    hidden = private if 0 < len(private) < FEWEST else set()
    kept = [each for each in said if each.submission not in hidden]
    return Gathered(EoiCall(year=2022), [], kept, levels, seen, len(hidden))


@pytest.mark.parametrize("seed", range(60))
def test_no_sum_or_difference_of_what_is_shown_is_about_one_or_two_cities(seed: int) -> None:
    """Every figure that is shown is a sum over a group of versions: all of a year, or one level of a year. Whoever
    adds and subtracts them, with or without what the network reads, is left with nobody's answers or with those
    of enough cities."""
    found = random_gathering(random.Random(seed))
    if found.sees_all:
        return
    groups = [found.until(year) for year in found.open_years]
    if found.may_split:
        groups += [group for year in found.open_years for group in found.per_level(year).values()]
    for signs in product((-1, 0, 1), repeat=min(len(groups), 7)):
        left: dict[tuple[int, int], int] = {}
        for sign, group in zip(signs, groups, strict=False):
            for each in group:
                key = (each.submission, each.number)
                left[key] = left.get(key, 0) + sign
        cities = {submission for (submission, _number), times in left.items() if times}
        private = cities - found.seen.keys()
        assert len(cities) not in (1, 2), (signs, cities)
        assert len(private) not in (1, 2), (signs, private)


def test_who_may_ask_for_the_report_is_as_the_matrix_says(ministry: Person) -> None:
    """An analysis is a record of the cities that handed in."""
    call = usual_call("closed", analysis_published=True)
    cast, own = ministry.cast, make_city("eoi")
    make_submission(own, call, choices={"needs": ["money"]})
    draft = make_city("eoi")
    make_submission(draft, call, submitted=False)
    person, waiting = make_user(), make_user()
    join(person, own, "team")
    join(waiting, draft, "team")
    assert may_ask_report(person, call)
    for role in ("publisher", "steering", "coordinator"):
        assert may_ask_report(cast.person(role).user, call), role
    for role in ("member", "team", "advisor", "signatory", "ministry", "partner", "desk", "visitor"):
        assert not may_ask_report(cast.person(role).user, call), role
    assert not may_ask_report(waiting, call)
