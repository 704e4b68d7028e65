"""Agreement: golden values with their origin, two formulations that must agree, and what must hold of any table."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.measure import agreement
from macaronic.measure.agreement_results import confusions, results

# Three coders of the worked example in the encyclopedia article "Krippendorff's alpha" (nominal: 0.691).
ARTICLE = ("* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4")
# Four observers with missing values, the example of "Computing Krippendorff's Alpha-Reliability" as programs that
# compute alpha quote it (nominal: 0.743).
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
)

UNITS = st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=3, max_size=3), min_size=1, max_size=30)


def table(rows: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    return [tuple(None if v == "*" else v for v in unit) for unit in zip(*(row.split() for row in rows))]


def alpha_by_pairs(units: list[list[str | None]]) -> float | None:
    """Alpha from its definition: disagreeing pairs within units over disagreeing pairs of all values."""
    held = [[v for v in unit if v is not None] for unit in units]
    held = [unit for unit in held if len(unit) > 1]
    values = [v for unit in held for v in unit]
    n = len(values)
    if not n:
        return None
    seen = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in held) / n
    chance = sum(a != b for a, b in permutations(values, 2)) / (n * (n - 1))
    return 1 - seen / chance if chance else None


def test_alpha_of_published_tables() -> None:
    assert round(agreement.krippendorff_alpha(table(ARTICLE)) or 0, 3) == 0.691
    assert round(agreement.krippendorff_alpha(table(OBSERVERS)) or 0, 3) == 0.743


def test_alpha_by_hand() -> None:
    # Values a a | a b | b b, the fourth unit has one only. n = 6, three of each; one unit disagrees: Do = 2 / 6;
    # De = 2 * 3 * 3 / (6 * 5) = 0.6.
    assert agreement.krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), (None, "b")]) == pytest.approx(
        1 - (2 / 6) / 0.6
    )


@given(UNITS)
@settings(max_examples=100, deadline=None)
def test_alpha_is_that_of_pairs(units: list[list[str | None]]) -> None:
    ours, wanted = agreement.krippendorff_alpha(units), alpha_by_pairs(units)
    assert ours is None if wanted is None else ours == pytest.approx(wanted)


@given(UNITS)
@settings(max_examples=40, deadline=None)
def test_alpha_does_not_depend_on_people_or_names(units: list[list[str | None]]) -> None:
    turned = [[{"a": "z", "b": "y", "c": "x", None: None}[v] for v in reversed(unit)] for unit in units]
    first, second = agreement.krippendorff_alpha(units), agreement.krippendorff_alpha(turned)
    assert first is None if second is None else first == pytest.approx(second)


def test_one_labels_alpha_is_alpha_of_the_two_way_table() -> None:
    rng = np.random.default_rng(3)
    units = [[["a", "b", "c", None][rng.integers(4)] for _ in range(4)] for _ in range(60)]
    rated = agreement.ratings([[tuple(unit) for unit in units]])
    for i, name in enumerate(rated.names):
        binary = [[None if v is None else str(v == name) for v in unit] for unit in units]
        ours = agreement.label_alpha_of(agreement.coincidences(rated), i)[0]
        assert ours == pytest.approx(agreement.krippendorff_alpha(binary))


def test_kappa_of_two_is_sklearns() -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(1)
    for _ in range(50):
        size = int(rng.integers(2, 40))
        first = [str(x) for x in rng.choice(["a", "b", "c", "d"], size, p=[0.6, 0.2, 0.1, 0.1])]
        second = [x if rng.random() < 0.7 else str(rng.choice(["a", "b", "c", "d"])) for x in first]
        ours = agreement.cohen_kappa(first, second)
        if len({*first, *second}) > 1:
            assert ours == pytest.approx(cohen_kappa_score(first, second))
        for name in sorted({*first, *second}):
            rated = agreement.ratings([list(zip(first, second))])
            one = agreement.kappa_of(agreement.pair_counts(rated), rated.names.index(name))[0]
            wanted = cohen_kappa_score([x == name for x in first], [x == name for x in second])
            assert one == pytest.approx(wanted, nan_ok=True)


def test_kappa_leaves_out_what_one_person_left_out() -> None:
    assert agreement.cohen_kappa(["a", "a", "b", "b", None], ["a", "b", "b", "b", "a"]) == 0.5


def fleiss_by_pairs(votes: list[list[str]]) -> float:
    seen = np.mean([np.mean([a == b for a, b in combinations(row, 2)]) for row in votes])
    share = Counter(label for row in votes for label in row)
    chance = sum((n / share.total()) ** 2 for n in share.values())
    return float((seen - chance) / (1 - chance))


def test_fleiss_is_that_of_pairs() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        votes = [[str(x) for x in rng.choice(["a", "b", "c"], 4)] for _ in range(25)]
        assert agreement.fleiss_kappa(votes) == pytest.approx(fleiss_by_pairs(votes))
        assert agreement.fleiss_kappa([*votes, ["a", "b"]]) == pytest.approx(fleiss_by_pairs(votes))


def test_fleiss_takes_the_units_that_most_people_labelled() -> None:
    pairs: list[agreement.Unit] = [("a", "a", None), ("a", None, "b"), (None, "b", "b"), ("b", "a", None)]
    others: list[agreement.Unit] = [("a", "a", "a"), ("b", None, None), (None, None, None)]
    value = agreement.fleiss_of(agreement.fleiss_counts(agreement.ratings([pairs, others])).sum(0, keepdims=True))[0]
    assert value == pytest.approx(fleiss_by_pairs([[v for v in unit if v is not None] for unit in pairs]))


def test_nothing_to_agree_on_is_not_defined() -> None:
    assert agreement.krippendorff_alpha([]) is None
    assert agreement.krippendorff_alpha([("a", None)]) is None
    assert agreement.krippendorff_alpha([("a", "a")]) is None
    assert agreement.cohen_kappa(["a", "a"], ["a", "a"]) is None
    assert agreement.fleiss_kappa([]) is None
    assert agreement.fleiss_kappa([["a"]]) is None


def test_pieces_where_people_cut_differently() -> None:
    whole = ([(0, 9), (10, 14)], ["mixed", "en"])
    cut = ([(0, 6), (6, 7), (7, 9), (10, 14)], ["en", "other", "hi-Latn", "en"])
    assert agreement.units_of([whole, cut]) == [
        ("mixed", "en"), ("mixed", "other"), ("mixed", "hi-Latn"), ("en", "en"),
    ]  # fmt: skip
    assert agreement.units_of([whole, whole]) == [("mixed", "mixed"), ("en", "en")]
    assert agreement.units_of([None, None]) == []


TEXT = 12
CUTS = st.lists(st.integers(1, TEXT - 1), max_size=5, unique=True)


@given(CUTS, CUTS)
@settings(max_examples=100, deadline=None)
def test_pieces_cover_every_code_point_once(first: list[int], second: list[int]) -> None:
    readings = []
    for cuts in (first, second):
        edges = sorted({0, TEXT, *cuts})
        tokens = list(pairwise(edges))
        readings.append((tokens, [str(start) for start, _ in tokens]))
    units = agreement.units_of(readings)
    assert len(units) == len({0, *first, *second})
    assert all(None not in unit for unit in units)


def test_intervals_hold_the_value_and_shrink_with_more_sentences() -> None:
    rng = np.random.default_rng(5)

    def made(n: int) -> agreement.Ratings:
        sentences = []
        for _ in range(n):
            gold = rng.choice(["en", "hi"], 8)
            sentences.append([(str(g), str(g) if rng.random() < 0.85 else "en") for g in gold])
        return agreement.ratings(sentences)

    widths = []
    for n in (20, 400):
        first = results(made(n), ["a", "b"], layer="lang", rng=np.random.default_rng(0), samples=200)[0]
        value, low, high = first.value or 0.0, first.low or 1.0, first.high or 0.0
        assert low <= value <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_results_of_three_people_name_each_pair_that_met() -> None:
    units = [[("en", "en", None), ("hi", "en", None)], [(None, "en", "hi"), (None, "hi", "hi")]]
    found = results(agreement.ratings(units), ["a", "b", "c"], layer="lang", rng=np.random.default_rng(0), samples=0)
    assert {r.level for r in found if r.name == "cohen_kappa"} == {"a~b", "b~c"}
    assert all(r.signature.startswith("agreement|layer:lang") for r in found)
    rated, rng = agreement.ratings(units), np.random.default_rng(0)
    each = results(rated, ["a", "b", "c"], layer="lang", rng=rng, samples=0, each=True)
    assert {r.level for r in each} - {r.level for r in found} == {"a~b en", "a~b hi", "b~c en", "b~c hi"}
    assert confusions(agreement.ratings(units), ["a", "b", "c"])["b~c"] == {"en": {"hi": 1}, "hi": {"hi": 1}}
