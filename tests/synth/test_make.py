"""Every row has an outcome, whatever the order, and every method is reached by its name."""

import numpy as np
import pytest

from macaronic import bundled
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.make import METHODS, Settings, blocks, dressed, make, romanised
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.text.words import tokenise


def rows(a: str, b: str, count: int = 30) -> list[Parallel]:
    found = []
    for row in bundled.parallel()[:count]:
        texts = {tag: Utterance(row[tag], tokens=tuple(tokenise(row[tag]))) for tag in (a, b)}
        found.append(Parallel(row["sentence"], texts))
    return found


def asked(method: str, pair: tuple[str, str] = ("hi", "en"), **more) -> Settings:
    target = {"target_cmi": 30.0, "tolerance": None} if method == "target-cmi" else {}
    return Settings(method, pair, **{**target, **more})


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_an_outcome_a_row(method: str) -> None:
    given = rows("hi", "en")
    outcomes = list(make(given, asked(method, n=2)))
    assert [outcome.group for outcome in outcomes] == [row.group for row in given]
    assert all(bool(outcome.sentences) != bool(outcome.reason) for outcome in outcomes)
    made = [one for outcome in outcomes for one in outcome.sentences]
    assert len(made) > 10
    for one in made:
        row = next(row for row in given if row.group == one.group)
        for word, side, index in zip(one.words, one.sides, one.index):
            if side in row.texts:
                assert row.texts[side].words[index] == word


def test_what_is_random_in_a_row_does_not_depend_on_its_place() -> None:
    linked = [
        Parallel(
            row.group, row.texts, {("hi", "en"): tuple((i, i) for i in range(min(map(len_words, row.texts.values()))))}
        )
        for row in rows("hi", "en", 12)
    ]
    settings = asked("ec", n=2)
    forth = {outcome.group: outcome for outcome in make(linked, settings)}
    back = {outcome.group: outcome for outcome in make(linked[::-1], settings)}
    alone = {outcome.group: outcome for row in linked for outcome in make([row], settings)}
    assert forth == back == alone
    assert forth != {outcome.group: outcome for outcome in make(linked, asked("ec", n=2, seed=2))}


def len_words(utterance: Utterance) -> int:
    return len(utterance.tokens)


def test_rows_that_cannot_be_used_say_why() -> None:
    good = rows("hi", "en", 1)[0]
    lacking = Parallel("x", {"hi": good.texts["hi"]})
    blank = Parallel("y", {"hi": good.texts["hi"], "en": Utterance("")})
    unread = Outcome("z", reason="unequal line counts")
    found = list(make([lacking, blank, unread], asked("ec")))
    assert [(o.group, o.reason) for o in found] == [
        ("x", "empty side"),
        ("y", "empty side"),
        ("z", "unequal line counts"),
    ]


def test_blocks_hold_all_rows_in_order_and_the_last_is_not_small() -> None:
    given = [Outcome(str(i)) for i in range(11)]
    found = list(blocks(given, 4))
    assert [row for block in found for row in block] == given
    assert [len(block) for block in found] == [4, 7]
    assert list(blocks([], 4)) == []


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"method": "ek"}, UnknownName, "'ec'"),
        ({"pair": ("hi", "hin")}, UsageError, "two different languages"),
        ({"pair": ("hi", "hindi")}, UnknownName, "hi"),
        ({"n": 0}, UsageError, "at least 1"),
        ({"target_cmi": 101}, UsageError, "between 0 and 100"),
        ({"noise": 2}, UsageError, "noise"),
        ({"method": "wac", "target_cmi": 20}, UsageError, "wac cannot aim"),
        ({"method": "substitute", "switch_fraction": 0.2}, UsageError, "switch_fraction"),
        ({"method": "target-cmi"}, UsageError, "needs a target_cmi"),
        ({"ratio": 0.2}, UsageError, "ratio belongs to"),
    ],
)
def test_mistaken_settings(settings: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Settings(**{"method": "ec", "pair": ("hi", "en"), **settings})


def test_romanised_words_stay_one_to_one() -> None:
    one = Mixed(("मैं", "meeting", "में", "।"), ("hi", "en", "hi", "other"), ("hi", "en", "hi", "hi"), (0, 1, 2, 3))
    found = dressed(one, Settings("ec", ("hi", "en"), romanise=True), np.random.default_rng(0))
    assert found.langs == ("hi-Latn", "en", "hi-Latn", "other")
    assert all(word.isascii() for word in found.words)
    assert found.text.endswith(".")
    assert (found.sides, found.index) == (one.sides, one.index)
    assert romanised("12", "other") == ("12", "other")


def test_noise_keeps_words_and_labels() -> None:
    one = Mixed(("tomorrow", "ki", "meeting"), ("en", "hi-Latn", "en"), ("en", "hi", "en"), (0, 1, 2))
    found = dressed(one, Settings("ec", ("hi", "en"), noise=1.0), np.random.default_rng(0))
    assert len(found.words) == 3
    assert found.words != one.words
    assert found.langs == one.langs


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match="ratio above 0"):
        Settings("substitute", ("hi", "en"), ratio=0.0)
    with pytest.raises(UnknownName, match="NOUN"):
        Settings("substitute", ("hi", "en"), pos=("NUON",))
    with pytest.raises(UsageError, match="seed"):
        Settings("ec", ("hi", "en"), seed=-1)


def test_documents_on_one_line_are_told_not_aligned() -> None:
    texts = {tag: Utterance.from_words([f"{tag}{i}" for i in range(1500)]) for tag in ("hi", "en")}
    found = list(make([*rows("hi", "en", 2), Parallel("long", texts)], asked("substitute")))
    assert [outcome.reason == "too long" for outcome in found] == [False, False, True]
