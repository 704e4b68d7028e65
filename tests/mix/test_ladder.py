"""Tables of runs of several sizes: columns found, bad rows counted."""

from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.mix.ladder import number, read

GOOD = "size,tokens,hi,en,chat,news\n70M,1e9,0.2,0.8,3,4\n70M,2e9,0.2,0.8,2.5,3.5\n1.5B,1e9,1,0,2,3\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "runs.csv"
    path.write_text(text, "utf-8")
    return path


def test_columns_are_found(tmp_path: Path) -> None:
    rungs = read(write(tmp_path, GOOD))
    assert (rungs.domains, rungs.targets, rungs.unit) == (("hi", "en"), ("chat", "news"), "tokens")
    assert rungs.sizes.tolist() == [7e7, 7e7, 1.5e9]
    assert rungs.which.tolist() == [0, 0, 1]
    assert rungs.mixtures.tolist() == [[0.2, 0.8], [1.0, 0.0]]
    assert rungs.losses[:, 0].tolist() == [3, 2.5, 2]


def test_regmix_names_and_steps_and_a_last_domain_that_never_occurs(tmp_path: Path) -> None:
    rungs = read(
        write(tmp_path, "id,step,valid_hi_loss,size,train_hi,train_en\na,10,2,5,0.5,0.5\nb,20,1.5,5,0.5,0.5\n")
    )
    assert (rungs.domains, rungs.targets, rungs.unit) == (("hi", "en"), ("hi",), "steps")
    rungs = read(write(tmp_path, "size,step,hi,en,ta,loss\n5,10,0.5,0.5,0,2\n"))
    assert rungs.domains == ("hi", "en", "ta")
    rungs = read(write(tmp_path, "size,step,hi,en,loss\n5,10,1,0,2\n5,20,1,0,2\n5,30,0.5,0.5,2\n"))
    assert rungs.domains == ("hi", "en")


def test_named_domains_may_stand_anywhere(tmp_path: Path) -> None:
    rungs = read(write(tmp_path, "size,tokens,loss,en,hi\n5,10,0.7,0.2,0.8\n"), domains=["hi", "en"])
    assert (rungs.domains, rungs.targets) == (("hi", "en"), ("loss",))
    assert rungs.mixtures.tolist() == [[0.8, 0.2]]
    with pytest.raises(UnknownName, match="Did you mean 'en'"):
        read(tmp_path / "runs.csv", domains=["enn"])


def test_bad_rows_are_counted_and_bad_losses_told(tmp_path: Path) -> None:
    bad = "x,1e9,0.2,0.8,3,4\n70M,1e9,0.9,0.8,3,4\n70M,1e9,0.2\n70M,-3,0.2,0.8,3,4\n70M,4e9,0.2,0.8,nan,inf\n"
    problems = Problems()
    rungs = read(write(tmp_path, GOOD + bad + "70M,3e9,0.2,0.8,,3.1\n"), problems=problems)
    assert problems.count == 5
    assert ":7: expected 6 cells" in problems.first[0]
    assert {line.split(":")[1] for line in problems.first} == {"5", "6", "7", "8", "9"}
    assert len(rungs) == 4
    assert np.isnan(rungs.losses[3, 0])
    assert "1 losses are missing" in rungs.notes[0]
    with pytest.raises(FormatError, match="expected 6 cells"):
        read(tmp_path / "runs.csv", problems=Problems(strict=True))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a header and a row"),
        ("size,tokens,hi,en,loss\n", "a header and a row"),
        ("tokens,hi,en,loss\n1,1,0,2\n", "expected a column size"),
        ("size,hi,en,loss\n1,1,0,2\n", "expected a column tokens or step"),
        ("size,step,hi,en,loss\n1,1,0.4,0.1,2\n", "Name them: --domains"),
        ("size,step,hi,en\n1,1,0.5,0.5\n", "a column of losses"),
        ("size,size,step,hi,loss\n1,1,1,1,1\n", "'size' stands twice"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(write(tmp_path, text))


def test_files_that_cannot_be_read_or_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read(tmp_path / "nowhere.csv")
    (tmp_path / "u.csv").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(InputError, match="cannot read"):
        read(tmp_path / "u.csv")
    with pytest.raises(UsageError, match="no usable row is left of 1"):
        read(write(tmp_path, "size,step,hi,en,loss\n1,1,0.5,0.5,nan\n"))


def test_numbers() -> None:
    assert number("2T") == 2e12
    assert np.isnan(number("B"))
    assert np.isnan(number("many"))
