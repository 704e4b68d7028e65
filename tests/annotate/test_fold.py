"""Sheets out of logs: undo and redo over sentences, cuts at letters, parts of a log, and events that no longer fit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaronic.annotate import fold as folds
from macaronic.annotate.actions import merge, paint, split, towards
from macaronic.annotate.events import Event
from macaronic.annotate.items import Item, boundaries, from_json, to_json
from macaronic.annotate.sheet import IDLE_MS, Sheet
from macaronic.annotate.store import Store
from macaronic.core.errors import UsageError
from macaronic.core.utterance import Relation, Span, Utterance

LAYERS = ("lang",)


def items() -> dict[int, Item]:
    texts = ("so chill yaar", "office-on late", "kya scene")
    return {
        n: Item(n, Utterance.from_words(t.split(), layers={"lang": ["en"] * len(t.split())}))
        for n, t in enumerate(texts, 1)
    }


def view(sheets: folds.Sheets) -> dict[Any, Any]:
    return {
        key: (s.tokens, s.token_labels("lang"), dict(s.sentence), {k: v for k, v in s.spans.items() if v}, s.state)
        for key, s in sheets.items()
    }


def test_a_step_is_undone_and_redone_as_a_whole() -> None:
    log = paint(Sheet(items()[1]), "asha", "k1", "lang", 0, 2, "hi-Latn")
    assert folds.fold(log, items())["asha", 1].token_labels("lang") == ("hi-Latn",) * 3
    log.append(folds.undo(log, "asha", "k2"))  # type: ignore[arg-type]
    assert folds.fold(log, items())["asha", 1].token_labels("lang") == ("en",) * 3
    log.append(folds.redo(log, "asha", "k3"))  # type: ignore[arg-type]
    assert folds.fold(log, items())["asha", 1].token_labels("lang") == ("hi-Latn",) * 3


def test_undo_goes_back_over_sentences_and_ends() -> None:
    log = [
        Event("asha", 1, "label", "a", "lang", 0, 2, "en", "ne"),
        Event("asha", 1, "accept", "b"),
        Event("asha", 2, "label", "c", "lang", 0, 9, "en", "mixed"),
    ]
    seen = []
    while (back := folds.undo(log, "asha", f"u{len(log)}")) is not None:
        seen.append((back.item, back.new))
        log.append(back)
    assert seen == [(2, "c"), (1, "b"), (1, "a")]
    assert folds.fold(log, items())["asha", 1].state == "open"
    log.append(folds.redo(log, "asha", "r"))  # type: ignore[arg-type]
    assert folds.fold(log, items())["asha", 1].token_labels("lang")[0] == "ne"


def test_a_new_step_ends_what_could_be_redone() -> None:
    log = [Event("asha", 1, "label", "a", "lang", 0, 2, "en", "ne"), Event("asha", 1, "undo", "b", new="a")]
    log.append(Event("asha", 2, "accept", "c"))
    assert folds.redo(log, "asha", "d") is None


def test_nobody_undoes_what_another_did() -> None:
    log = [Event("asha", 1, "accept", "a"), Event("ravi", 1, "accept", "a"), Event("ravi", 1, "undo", "b", new="a")]
    sheets = folds.fold(log, items())
    assert (sheets["asha", 1].state, sheets["ravi", 1].state) == ("accepted", "open")
    with pytest.raises(UsageError, match="alone"):
        folds.undo(log, "asha", "c")


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["label", "split", "merge", "undo", "redo", "accept", "sentence", "span"]),
        st.integers(1, 3),
        st.integers(0, 8),
    ),
    max_size=25,
)


def played(actions: list[tuple[str, int, int]]) -> list[Event]:
    """A log as a page would send it: each action is made from the sheet as it stands then."""
    log: list[Event] = []
    for n, (action, number, k) in enumerate(actions):
        sheet = folds.fold(log, items()).get(("asha", number)) or Sheet(items()[number])
        tokens = sheet.tokens
        i = k % len(tokens)
        name = f"c{n}"
        try:
            match action:
                case "label":
                    log += paint(sheet, "asha", name, "lang", i, min(i + 1, len(tokens) - 1), ("en", "hi", None)[k % 3])
                case "split":
                    log.append(split(sheet, "asha", name, i, tokens[i][0] + 1 + k % 3))
                case "merge":
                    log.append(merge(sheet, "asha", name, i, i + 1))
                case "accept":
                    log.append(Event("asha", number, "accept", name))
                case "sentence":
                    log.append(Event("asha", number, "sentence", name, "matrix", new="en"))
                case "span":
                    log.append(Event("asha", number, "span", name, "ner", *tokens[i], None, "PER"))
                case _:
                    step = (folds.undo if action == "undo" else folds.redo)(log, "asha", name)
                    log += [step] if step else []
        except UsageError:
            continue
    return log


@given(ACTIONS)
@settings(max_examples=80, deadline=None)
def test_undoing_everything_gives_what_was_shown_and_redoing_gives_it_back(actions: list[tuple[str, int, int]]) -> None:
    log = played(actions)
    before = view(folds.fold(log, items()))
    back = list(log)
    count = 0
    while (event := folds.undo(back, "asha", f"u{count}")) is not None:
        back.append(event)
        count += 1
    fresh = view(folds.fold([Event("asha", n, "open", "o") for _, n in before], items()))
    assert view(folds.fold(back, items())) == fresh
    for n in range(count):
        back.append(folds.redo(back, "asha", f"r{n}"))  # type: ignore[arg-type]
    assert view(folds.fold(back, items())) == before


@given(ACTIONS)
@settings(max_examples=50, deadline=None)
def test_a_part_of_the_log_gives_the_same_sheets(actions: list[tuple[str, int, int]]) -> None:
    log = played(actions)
    log = [event for one in log for event in (one, one._replace(who="ravi"))]
    whole = view(folds.fold(log, items()))
    for who in ("asha", "ravi"):
        for number in items():
            part = view(folds.fold([e for e in log if e.who == who and e.item == number], items()))
            assert part == {key: value for key, value in whole.items() if key == (who, number)}
    assert all(sheet.misfits == 0 for sheet in folds.fold(log, items()).values())


def test_split_and_merge_keep_labels_where_they_are_sure() -> None:
    sheet = Sheet(items()[2])
    sheet.apply(split(sheet, "asha", "a", 0, 6))
    sheet.apply(split(sheet, "asha", "b", 1, 7))
    assert sheet.tokens == ((0, 6), (6, 7), (7, 9), (10, 14))
    assert sheet.token_labels("lang") == ("en",) * 4
    sheet.apply(paint(sheet, "asha", "c", "lang", 2, 2, "hi-Latn")[0])
    sheet.apply(merge(sheet, "asha", "d", 0, 2))
    assert sheet.tokens == ((0, 9), (10, 14))
    assert sheet.token_labels("lang") == (None, "en")


@pytest.mark.parametrize(
    ("word", "bad"), [("हिंदी", [1, 2, 4]), ("e\u0301t", [1]), ("👍🏽ok", [1]), ("👩‍👩‍👧x", [1, 2, 3, 4])]
)
def test_letters_and_emoji_are_never_torn(word: str, bad: list[int], project: Any) -> None:
    sheet = Sheet(Item(1, Utterance.from_words([word])))
    for at in bad:
        assert at not in boundaries(word)
        with pytest.raises(UsageError, match="inside a letter"):
            split(sheet, "asha", "c", 0, at)
    good = max(boundaries(word) - {0, len(word)})
    sheet.apply(split(sheet, "asha", "c", 0, good))
    assert sheet.tokens == ((0, good), (good, len(word)))


def test_words_with_a_space_between_are_not_merged() -> None:
    with pytest.raises(UsageError, match="without a space"):
        merge(Sheet(items()[1]), "asha", "c", 0, 1)


def test_an_event_that_no_longer_fits_is_counted_and_changes_nothing() -> None:
    sheet = Sheet(items()[2])
    for event in (
        Event("asha", 2, "label", "a", "lang", 0, 6, None, "ne"),
        Event("asha", 2, "split", "b", start=0, end=6, new="3"),
        Event("asha", 2, "merge", "c", start=0, end=9),
    ):
        sheet.apply(event)
    assert (sheet.misfits, sheet.tokens) == (3, ((0, 9), (10, 14)))


def test_a_long_pause_counts_as_half_a_minute() -> None:
    sheet = Sheet(items()[1])
    sheet.apply(Event("asha", 1, "label", "a", "lang", 0, 2, "en", "ne", latency=900))
    sheet.apply(Event("asha", 1, "accept", "b", latency=3_600_000))
    assert sheet.time == 900 + IDLE_MS


def test_what_was_shown_stays_what_a_later_model_says(store: Store) -> None:
    from macaronic.annotate.items import Proposal
    from macaronic.annotate.work import work_of

    assert store.take("asha") == 1
    store.append([Event("asha", 1, "accept", "a")])
    store.propose([(1, "lang", Proposal(("ne", "ne", "ne", "ne"), (0.9, 0.9, 0.9, 0.9)))])
    assert store.item(1).proposals["lang"].confidence == (0.9,) * 4
    store.append([store.opening("ravi", 1)])
    work = work_of(store)
    assert work.sheets["asha", 1].token_labels("lang") == ("en",) * 4
    assert work.sheets["ravi", 1].token_labels("lang") == ("ne",) * 4


@given(ACTIONS)
@settings(max_examples=40, deadline=None)
def test_the_way_to_what_another_says_leads_there(actions: list[tuple[str, int, int]]) -> None:
    log = [e for e in played(actions) if e.action in ("label", "split", "merge", "undo", "redo")]
    for (_, number), sheet in folds.fold(log, items()).items():
        wanted = sheet.utterance(LAYERS, {})
        fresh = Sheet(items()[number])
        made = towards(fresh, "ravi", "t", wanted, LAYERS, {})
        again = folds.fold(made, items()).get(("ravi", number)) or Sheet(items()[number])
        assert (again.tokens, again.token_labels("lang")) == (sheet.tokens, wanted.layers["lang"])


def test_an_utterance_is_kept_with_everything_in_it() -> None:
    whole = Utterance(
        "so chill", "a", ((0, 2), (3, 8)), {"lang": ("en", None)},
        (Span("ner", "X", 0, 2, "s1"), Span("ner", "Y", 3, 8, "s2")),
        (Relation("r", "s1", "s2"),), {"lang": "en"}, {"likes": 3, "who": None},
    )  # fmt: skip
    assert from_json(to_json(whole)) == whole
    assert from_json(to_json(Utterance("", "b"))) == Utterance("", "b")
