"""What the page about records and codecs shows is what the code gives."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "extract-formats.md"


def test_the_examples_are_true() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 20
    assert not failed


def test_every_failure_and_note_is_explained() -> None:
    from macaronic.extract.codecs import gollie, json_codec, sel
    from macaronic.extract.codecs.codec import FAILURES

    text = PAGE.read_text("utf-8")
    for name in (*FAILURES, json_codec.NOT_JSON, json_codec.NOTHING_KNOWN, sel.NO_TREE, gollie.NO_LIST):
        assert f"`{name}`" in text
