"""Text that comes with macaronic: parallel everyday sentences, and mixed ones tagged word by word.

The project wrote all of it, for demos and tests; it is not field data. `README.md` in this folder says how it was
made and what it must not be used for.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import NamedTuple

from macaronic.core.errors import FormatError, UnknownName
from macaronic.core.languages import parse

_TEXT = "# text = "


class MixedSentence(NamedTuple):
    """A sentence in two languages with a label for each word.

    Attributes:
        text: the sentence as a person would type it.
        words: its word tokens in order; each stands in `text` after the one before.
        labels: one for each word: a language tag, `ne`, `other` or `mixed`.
        pair: the two languages, the main one first: ``"hi-Latn/en"``.
    """

    text: str
    words: tuple[str, ...]
    labels: tuple[str, ...]
    pair: str


def parallel_path() -> Path:
    """Where the parallel sentences lie: a TSV file with a header of `sentence` and language tags.

    Example:
        >>> parallel_path().name
        'parallel.tsv'
    """
    return Path(str(resources.files(__name__) / "parallel.tsv"))


def mixed_paths() -> dict[str, Path]:
    """Where the mixed sentences lie: one two-column CoNLL file for each pair of languages, by pair.

    Example:
        >>> mixed_paths()["tr/de"].name
        'tr_de.conll'
    """
    folder = Path(str(resources.files(__name__) / "mixed"))
    return {path.stem.replace("_", "/"): path for path in sorted(folder.glob("*.conll"))}


def parallel() -> list[dict[str, str]]:
    """Read the parallel sentences: every row says the same thing in each language.

    Returns:
        A mapping for each row: `sentence` (``"food-03"``, the topic and a number) and the text for each language tag
        (`id` is Indonesian).

    Raises:
        FormatError: the file was changed and a row no longer fits the header.

    Example:
        >>> row = parallel()[30]
        >>> row["sentence"], row["en"], row["de"]
        ('travel-04', 'The road is closed because of an accident.', 'Die Straße ist wegen eines Unfalls gesperrt.')
    """
    path = parallel_path()
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    names = head.split("\t")
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(names):
            raise FormatError(f"expected {len(names)} columns, got {len(cells)}", str(path), number)
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def mixed(pair: str | None = None) -> list[MixedSentence]:
    """Read the mixed sentences of one pair of languages, or of all.

    Args:
        pair: two language tags with a slash between, in either order; every pair when left out.

    Returns:
        The sentences, pair by pair.

    Raises:
        UnknownName: there is no such pair; the message names those there are.
        FormatError: a file was changed and no longer follows its format.

    Example:
        >>> sentence = mixed("tr/de")[3]
        >>> sentence.text
        "Termin'e geç kaldım çünkü Zug yine gecikti"
        >>> sentence.labels
        ('mixed', 'tr', 'tr', 'tr', 'de', 'tr', 'tr')
    """
    paths = mixed_paths()
    wanted = list(paths) if pair is None else [_known(pair, paths)]
    return [sentence for name in wanted for sentence in _read(paths[name], name)]


def _known(pair: str, paths: dict[str, Path]) -> str:
    if pair in paths:
        return pair
    try:
        tags = {parse(tag) for tag in pair.split("/" if "/" in pair else "_")}
    except UnknownName:
        tags = set()
    for name in paths:
        if set(name.split("/")) == tags:
            return name
    raise UnknownName("bundled pair", pair, paths)


def _read(path: Path, pair: str) -> list[MixedSentence]:
    sentences = []
    text, words, labels = "", [], []  # type: str, list[str], list[str]
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([*lines, ""], start=1):
        if line.startswith(_TEXT):
            text = line.removeprefix(_TEXT)
        elif "\t" in line:
            word, label = line.split("\t")
            words.append(word)
            labels.append(label)
        elif not line and words:
            sentences.append(MixedSentence(text, tuple(words), tuple(labels), pair))
            text, words, labels = "", [], []
        elif line and not line.startswith("# "):
            raise FormatError("expected a word, a tab and a label", str(path), number)
    return sentences
