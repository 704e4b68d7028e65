"""Tables of runs: joins, names, and what is done to bad rows."""

from pathlib import Path

import numpy as np
import pytest

from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError
from macaronic.mix.runs import Runs, read, short, write


def tables(folder: Path, mixtures: str, losses: str) -> tuple[Path, Path]:
    (folder / "M.csv").write_text(mixtures)
    (folder / "L.csv").write_text(losses)
    return folder / "M.csv", folder / "L.csv"


def test_rows_are_joined_by_index_in_any_order(tmp_path: Path) -> None:
    m, loss = tables(tmp_path, "index,hi,en\n1,0.2,0.8\n2,0.5,0.5\n", "index,hi\n2,3.0\n1,4.0\n")
    runs = read(m, loss)
    assert runs.ids == ("1", "2")
    assert runs.target("hi").tolist() == [4.0, 3.0]
    assert runs.notes == ()


def test_the_first_column_is_the_key_when_none_is_called_so(tmp_path: Path) -> None:
    m, loss = tables(tmp_path, "run,hi,en\na,0.2,0.8\nb,0.5,0.5\n", "run,hi\nb,3.0\na,4.0\n")
    assert read(m, loss).target("hi").tolist() == [4.0, 3.0]


def test_without_a_key_rows_go_by_order_and_that_is_told(tmp_path: Path) -> None:
    m, loss = tables(tmp_path, "hi,en\n0.2,0.8\n0.5,0.5\n", "hi,en\n3.0,1\n4.0,1\n")
    runs = read(m, loss)
    assert runs.targets == ("hi", "en")
    assert runs.target("hi").tolist() == [3.0, 4.0]
    assert "order" in runs.notes[0]


def test_regmix_names_are_understood() -> None:
    assert short("train_the_pile_arxiv") == short("valid_the_pile_arxiv") == short("metric/the_pile_arxiv_val_loss")


def test_rows_that_do_not_sum_to_one_are_scaled_and_told(tmp_path: Path) -> None:
    m, loss = tables(tmp_path, "index,hi,en\n1,20,80\n2,0.5,0.5\n", "index,hi\n1,3.0\n2,4.0\n")
    runs = read(m, loss)
    assert runs.mixtures.tolist() == [[0.2, 0.8], [0.5, 0.5]]
    assert runs.stated is not None
    assert runs.stated[0].tolist() == [20, 80]
    assert "did not sum to 1" in runs.notes[0]


@pytest.mark.parametrize("cell", ["nan", "inf", ""])
def test_runs_with_a_bad_loss_are_left_out_and_told(tmp_path: Path, cell: str) -> None:
    m, loss = tables(tmp_path, "index,hi,en\n1,0.2,0.8\n2,0.5,0.5\n", f"index,hi\n1,{cell}\n2,4.0\n")
    runs = read(m, loss)
    assert runs.ids == ("2",)
    assert "1 runs left out" in runs.notes[0]


def test_runs_in_one_table_only_are_told(tmp_path: Path) -> None:
    m, loss = tables(tmp_path, "index,hi,en\n1,0.2,0.8\n2,0.5,0.5\n", "index,hi\n2,4.0\n9,4.0\n")
    runs = read(m, loss)
    assert runs.ids == ("2",)
    assert "one table only: 1, 9" in runs.notes[0]


@pytest.mark.parametrize(
    ("mixtures", "losses", "said"),
    [
        ("index,hi,en\n1,-0.2,1.2\n", "index,hi\n1,3\n", r"M\.csv:2: expected shares of at least 0"),
        ("index,hi,en\n1,x,1.2\n", "index,hi\n1,3\n", r"M\.csv:2: expected a number; got 'x'"),
        ("index,hi,en\n1,0.2\n", "index,hi\n1,3\n", r"M\.csv:2: expected 3 cells"),
        ("index,hi,en\n1,.2,.8\n1,.2,.8\n", "index,hi\n1,3\n", r"M\.csv:3: expected each id once"),
        ("index,hi,hi\n1,.2,.8\n", "index,hi\n1,3\n", "columns that differ"),
        ("", "index,hi\n1,3\n", "expected a header"),
    ],
)
def test_broken_tables_say_where(tmp_path: Path, mixtures: str, losses: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(*tables(tmp_path, mixtures, losses))


def test_no_run_in_common(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run in common"):
        read(*tables(tmp_path, "index,hi,en\n1,.2,.8\n", "index,hi\n5,3\n"))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read(tmp_path / "none.csv")


def test_write_then_read_gives_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    runs = Runs(rng.dirichlet(np.ones(3), 4), rng.random((4, 2)), ("a", "b", "c"), ("x", "y"), tuple("1234"))
    write(runs, tmp_path / "M.csv", tmp_path / "L.csv")
    back = read(tmp_path / "M.csv", tmp_path / "L.csv")
    assert np.allclose(back.mixtures, runs.mixtures, atol=1e-15)
    assert np.array_equal(back.losses, runs.losses)
    assert (back.domains, back.targets, back.ids) == (runs.domains, runs.targets, runs.ids)


def test_domains_are_aligned_by_name() -> None:
    runs = Runs(np.array([[0.2, 0.8]]), np.zeros((1, 0)), ("hi", "en"), (), ("1",))
    assert runs.aligned(["en", "hi"]).mixtures.tolist() == [[0.8, 0.2]]
    with pytest.raises(UnknownName, match="Did you mean 'en'"):
        runs.aligned(["enn", "hi"])
    with pytest.raises(UnknownName):
        runs.aligned(["en"])
