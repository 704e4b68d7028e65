"""Generated parts of the documentation are what the commands print today."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def write_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "tools" / "write_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_console_block(write_docs: ModuleType) -> None:
    text = "a\n<!-- begin: $ macaronic --version -->\nold\n<!-- end: version -->\nb\n"
    done = write_docs.filled(text)
    assert done.startswith("a\n<!-- begin: $ macaronic --version -->\n```console\n$ macaronic --version\n0.")
    assert done.endswith("\n```\n<!-- end: version -->\nb\n")
    assert write_docs.filled(done) == done


def test_a_table(write_docs: ModuleType) -> None:
    done = write_docs.filled("<!-- begin: table $ macaronic papers -->\n<!-- end: papers -->")
    assert "\n| id | slug | kind | status | claims | title |\n| --- |" in done
    assert write_docs.filled(done) == done


def test_a_begin_without_an_end(write_docs: ModuleType) -> None:
    with pytest.raises(SystemExit, match="no '<!-- end"):
        write_docs.filled("<!-- begin: $ macaronic --version -->\nold\n")


@pytest.mark.parametrize("command", ["rm -rf x", "macaronic nothing-like-that"])
def test_only_commands_of_ours_that_work(write_docs: ModuleType, command: str) -> None:
    with pytest.raises(SystemExit):
        write_docs.filled(f"<!-- begin: $ {command} -->\n<!-- end: x -->")


def test_check_says_what_differs(write_docs: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- begin: $ macaronic --version -->\nold\n<!-- end: version -->\n")
    assert write_docs.main(["--check", str(page)]) == 1
    assert "-old" in capsys.readouterr().out
    assert write_docs.main([str(page)]) == 0
    assert write_docs.main(["--check", str(page)]) == 0


def test_the_page_of_papers_is_fresh(write_docs: ModuleType) -> None:
    assert write_docs.main(["--check", str(ROOT / "docs" / "papers.md")]) == 0
