"""Agreement in a project: who and what counts, pieces, spans, sentences, and what is left to decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from macaronic.annotate import compare, warmup
from macaronic.annotate.create import create
from macaronic.annotate.events import Event
from macaronic.annotate.export import Choice, export
from macaronic.annotate.items import Item, Proposal
from macaronic.annotate.layers import layers_of
from macaronic.annotate.planted import ROW
from macaronic.annotate.progress import progress
from macaronic.annotate.project import Asked, new
from macaronic.annotate.settings import Settings
from macaronic.annotate.store import Store
from macaronic.annotate.work import Work, work_of
from macaronic.core.utterance import Utterance
from macaronic.measure.agreement import krippendorff_alpha
from macaronic.text import formats

PEOPLE = ["asha", "ravi"]


def done(store: Store, who: str, item: int, *events: Event) -> None:
    """Somebody is shown an item, does something, and accepts it."""
    own = [e._replace(who=who, item=item, client=f"e{item}.{n}", step="") for n, e in enumerate(events)]
    store.append([store.opening(who, item), *own, Event(who, item, "accept", f"a{item}", latency=2000)])


def label(start: int, end: int, new: str) -> Event:
    return Event("", 0, "label", "", "lang", start, end, "en", new)


def layer(work: Work, name: str):
    return work.settings.by_name[name]


def test_all_words_count_also_where_everybody_agrees(store: Store) -> None:
    done(store, "asha", 1)
    done(store, "ravi", 1, label(0, 4, "hi-Latn"))
    done(store, "asha", 3, label(0, 3, "hi-Latn"))
    done(store, "ravi", 3, label(0, 3, "hi-Latn"))
    done(store, "asha", 2)
    store.append([store.opening("ravi", 2), Event("ravi", 2, "label", "x", "lang", 0, 2, "en", "ne")])
    work = work_of(store)
    rated = compare.rated(work, layer(work, "lang"), PEOPLE)
    assert (rated.sentences, len(rated.codes)) == (2, 7)
    units = [
        ("en", "hi-Latn"),
        ("en", "en"),
        ("en", "en"),
        ("en", "en"),
        ("hi-Latn", "hi-Latn"),
        ("en", "en"),
        ("en", "en"),
    ]
    names = [tuple(rated.names[code] for code in row) for row in rated.codes.tolist()]
    assert names == units
    assert krippendorff_alpha(units) == pytest.approx(1 - (2 / 14) / (2 * 3 * 11 / (14 * 13)))


def test_pieces_of_words_that_one_person_cut(store: Store) -> None:
    done(store, "asha", 1, label(9, 18, "mixed"))
    cut = Event("", 0, "split", "", start=9, end=18, new="15")
    done(store, "ravi", 1, cut, label(15, 18, "hi-Latn"))
    work = work_of(store)
    found = list(compare.disagreements(work, layer(work, "lang"), PEOPLE))
    assert [(one.text, one.start, one.end, dict(one.labels)) for one in found] == [
        ("office", 9, 15, {"asha": "mixed", "ravi": "en"}),
        ("-on", 15, 18, {"asha": "mixed", "ravi": "hi-Latn"}),
    ]
    assert compare.confused(found) == [("en", "mixed", 1), ("hi-Latn", "mixed", 1)]


def test_spans_are_compared_piece_by_piece_with_outside(store: Store) -> None:
    span = Event("", 0, "span", "", "ner", 0, 8, None, "PER")
    done(store, "asha", 1, span)
    done(store, "ravi", 1, span._replace(end=4))
    work = work_of(store)
    rated = compare.rated(work, layer(work, "ner"), PEOPLE)
    names = [tuple(rated.names[code] for code in row) for row in rated.codes.tolist()]
    assert names == [("PER", "PER"), ("PER", "O"), ("O", "O"), ("O", "O")]


def test_a_sentence_is_one_unit(store: Store) -> None:
    for who, matrix in (("asha", "hi-Latn"), ("ravi", "en")):
        done(store, who, 1, Event("", 0, "sentence", "", "matrix", new=matrix))
        done(store, who, 2, Event("", 0, "sentence", "", "matrix", new="en"))
    work = work_of(store)
    rated = compare.rated(work, layer(work, "matrix"), PEOPLE)
    assert len(rated.codes) == 2
    found = list(compare.disagreements(work, layer(work, "matrix"), PEOPLE))
    assert [(one.item, one.text) for one in found] == [(1, "yaar kal office-on late")]


def test_an_adjudicator_decides_and_is_not_compared(store: Store) -> None:
    done(store, "asha", 1, label(0, 4, "hi-Latn"))
    done(store, "ravi", 1, label(0, 4, "ne"))
    done(store, "judge", 1, label(0, 4, "other"))
    work = work_of(store)
    assert work.by_role("annotator") == PEOPLE
    assert [one.decided for one in compare.disagreements(work, layer(work, "lang"), PEOPLE)] == ["other"]
    assert list(compare.disagreements(work, layer(work, "lang"), PEOPLE, open_only=True)) == []


def test_undoing_the_acceptance_takes_an_item_out(store: Store) -> None:
    done(store, "asha", 1)
    done(store, "ravi", 1)
    store.append([Event("ravi", 1, "undo", "u", new="a1")])
    work = work_of(store)
    assert compare.rated(work, layer(work, "lang"), PEOPLE).sentences == 0


def test_progress_counts_what_counts(store: Store) -> None:
    done(store, "asha", 1, label(0, 4, "ne")._replace(latency=1000))
    done(store, "ravi", 1)
    store.append([store.opening("asha", 2), Event("asha", 2, "skip", "s")])
    found = progress(work_of(store))
    assert (found.items, found.finished, found.begun, found.events) == (4, 1, 1, 7)
    asha = found.people[0]
    assert (asha.opened, asha.accepted, asha.skipped, asha.misfits) == (2, 1, 1, 0)
    assert asha.word_seconds == pytest.approx(3 / 4)


def test_the_warm_up_comes_first_hides_the_answers_and_is_scored(tmp_path: Path) -> None:
    gold = Utterance.from_words(["so", "yaar"], layers={"lang": ["en", "hi-Latn"]}, id="g")
    guess = {"lang": Proposal(("en", "en"), (0.9, 0.5))}
    work_item = Item(1, Utterance.from_words(["chill"], id="w"))
    create(
        tmp_path / "p.annotate",
        Settings("p", layers_of("languages", ["en", "hi"])),
        [
            work_item,
            Item(2, gold, "warmup", guess),
            Item(3, Utterance("ok", "h", ((0, 2),), {"lang": ("en",)}), "warmup"),
        ],
    )
    with Store(tmp_path / "p.annotate", write=True) as store:
        for who in PEOPLE:
            store.add_person(who)
            assert store.take(who) == 2
            shown = next(store.events(who)).new or ""
            assert "hi-Latn" not in shown
        store.append([Event("asha", 2, "accept", "a"), Event("ravi", 2, "label", "l", "lang", 3, 7, "en", "hi-Latn")])
        store.append([Event("ravi", 2, "accept", "a")])
        assert [store.take(who) for who in PEOPLE] == [3, 3]
        work = work_of(store)
        assert [(s.who, s.right, s.total) for s in warmup.scores(work)] == [("asha", 1, 2), ("ravi", 2, 2)]
        assert progress(work).people[1].warmup == 1.0
        assert compare.rated(work, layer(work, "lang"), PEOPLE).sentences == 0


def test_planted_labels_are_told_counted_and_never_come_out(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(
        "yaar kal ki meeting cancel ho gayi so chill\nkya scene hai yaar so chill\n", "utf-8"
    )
    asked = Asked([str(tmp_path / "chat.txt")], languages=("hi", "en"), overlap=2, plant=0.5, seed=1)
    made = new(tmp_path / "p.annotate", asked)
    assert "wrong on purpose" in made.settings.guidelines
    with Store(tmp_path / "p.annotate", write=True) as store:
        items = list(store.items())
        wrong = [(i.number, t, w) for i in items for t, w in zip(i.utterance.tokens, i.proposals[ROW].labels) if w]
        assert 3 < len(wrong) < 13
        for who in PEOPLE:
            store.add_person(who)
            store.append([store.opening(who, n) for n in (1, 2)])
        assert not any("planted" in (event.new or "") for event in store.events())
        number, token, label = wrong[0]
        store.append([Event("ravi", number, "label", "own", "lang", *token, label, label)])
        for who in PEOPLE:
            store.append([Event(who, n, "accept", f"a{n}") for n in (1, 2)])
        store.propose([(1, "lang", Proposal(("en",) * 9))])
        assert store.item(1).proposals["lang"] == items[0].proposals["lang"]
        own = work_of(store, "asha").sheets["asha", number]
        assert dict(zip(own.tokens, own.token_labels("lang")))[token] == label
        work = work_of(store)
    places = {(n, t) for n, t, _ in wrong}
    for who in PEOPLE:
        empty = {
            (n, t)
            for n in (1, 2)
            for t, x in zip(work.sheets[who, n].tokens, work.sheets[who, n].token_labels("lang"))
            if x is None
        }
        assert empty == (places if who == "asha" else places - {(number, token)})
    asha, ravi = progress(work).people
    assert (asha.planted, ravi.planted) == (1.0, pytest.approx(1 - 1 / len(wrong), abs=1e-4))
    export(work, tmp_path / "out.jsonl", Choice(who="asha"))
    exported = [u.langs for u in formats.read(tmp_path / "out.jsonl")]
    assert sum(x is None for langs in exported for x in langs) == len(wrong)
