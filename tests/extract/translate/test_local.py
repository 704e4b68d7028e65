"""A model with random weights answers nonsense: every record is dropped under a rule, none is kept."""

from macaronic.extract.record import Record, Span
from macaronic.extract.translate import translate
from macaronic.extract.translate.label_files import shipped
from macaronic.lm.local import Local

from ...lm.test_local import folder, lm

__all__ = ["folder", "lm"]


def test_nonsense_is_dropped(lm: Local) -> None:
    records = [
        Record("Ann left.", spans=(Span("PER", "Ann", 0, 3),), id="1", language="en"),
        Record("Hi", language="en"),
    ]
    done = translate(records, to="ja", labels=shipped(), model=lm, max_tokens=8)
    assert done.kept == ()
    assert set(done.rules) <= {"not JSON", "empty answer", "malformed answer"}
    assert done.model.startswith("local:")
