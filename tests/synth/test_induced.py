"""Function words found in the rows, for languages without a list."""

from macaronic.bundled import parallel
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth import classes
from macaronic.synth.induced import with_induced
from macaronic.text.words import words


def test_only_sides_without_a_list_are_marked() -> None:
    rows = [
        Parallel(
            row["sentence"],
            {"en": Utterance.from_words(words(row["en"])), "tl": Utterance.from_words(words(row["tl"]))},
        )
        for row in parallel()
    ]
    marked = with_induced(rows)
    assert all("pos" not in row.texts["en"].layers for row in marked)
    found = {
        w.lower() for row in marked for w, p in zip(row.texts["tl"].words, row.texts["tl"].layers["pos"]) if p == "PART"
    }
    assert {"ang", "ng", "sa"} <= found
    assert classes.of(marked[0].texts["tl"], "tl").how == "induced"


def test_a_given_layer_stays_and_listed_rows_are_the_same_objects() -> None:
    given = Parallel("1", {"yo": Utterance.from_words(["ile"], layers={"pos": ("NOUN",)})})
    english = Parallel("2", {"en": Utterance.from_words(["house"])})
    first, second = with_induced([given, english])
    assert classes.of(first.texts["yo"], "yo") == classes.Classes(("NOUN",), "given")
    assert second is english
    assert with_induced([]) == []
