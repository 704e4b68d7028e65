"""`macaronic synth attack`: how much accuracy a classifier loses when words of its texts change language."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from macaronic.cli import options
from macaronic.cli.show import emit, note, note_reading
from macaronic.cli.synth import given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macaronic.synth.attack.masking import Predict


def attack(
    file: Annotated[str, typer.Argument(help="Texts with a class each (.tsv, .csv, .jsonl).")],
    classifier: Annotated[
        str,
        typer.Option("--classifier", help="file.py:function; texts in, one row of class probabilities a text out."),
    ],
    pair: Annotated[str, typer.Option("--pair", "-p", help="The texts' language and the one to mix in: id,en.")],
    dictionary: Annotated[str, typer.Option("--dictionary", help="A TSV (word, translation), `cldr` or `freedict`.")],
    label_key: Annotated[str, typer.Option("--label-key", help="The column of the class.")] = "label",
    classes: Annotated[
        str | None, typer.Option("--classes", help="The classes in the order of the probabilities; sorted if left out.")
    ] = None,
    ratio: Annotated[str, typer.Option("--ratio", help="Shares of the words that are replaced.")] = "0.2,0.4,0.6,0.8",
    protect: Annotated[str | None, typer.Option("--protect", help="Words that stay, parted by commas.")] = None,
    allow_code: Annotated[bool, typer.Option("--allow-code", help="Run the classifier's code.")] = False,
    text_key: options.TextKey = "text",
    encoding: options.Encoding = None,
    seed: options.Seed = 1,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Replace the words that a classifier leans on most by words of another language, and print what it loses.

    Only texts that it has right are attacked; function words and protected words stay.

    [dim]$ macaronic synth attack test.tsv --classifier my.py:predict --allow-code \\
        --pair id,en --dictionary id-en.tsv[/dim]
    """
    import numpy as np

    from macaronic.core.errors import UsageError
    from macaronic.report.table import write_table
    from macaronic.synth.shots import HEADER, Examples, as_json, report, table
    from macaronic.text import formats

    tags = options.tags(pair) or []
    if len(tags) != 2:
        raise UsageError(f"--pair takes the texts' language and another one, such as id,en; got {pair!r}.")
    if not allow_code:
        raise UsageError(f"{classifier} is code that would run here; say --allow-code if you trust it.")
    predict = _loaded(classifier)
    lexicon = given.lexicon(dictionary, (tags[0], tags[1]))
    corpus = formats.read(file, text_key=text_key, encoding=encoding)
    texts, labels = [], []
    for row in corpus:
        label = row.labels.get(label_key, row.meta.get(label_key))
        if label is not None:
            texts.append(row.text)
            labels.append(str(label))
    names = classes.split(",") if classes else sorted(set(labels))
    unknown = set(labels) - set(names)
    if not texts or unknown:
        raise UsageError(
            f"no class under {label_key!r} in {file}." if not texts else f"unknown class {min(unknown)!r}."
        )
    test = Examples(tuple(texts), tuple(names.index(label) for label in labels))
    try:
        ratios = [float(part) for part in ratio.split(",")]
    except ValueError as error:
        raise UsageError(f"--ratio takes shares parted by commas, such as 0.2,0.4; got {ratio!r}.") from error
    found = report(
        {"given": _of_classes(predict, names)}, test, {tags[1]: lexicon or {}}, rng=np.random.default_rng(seed),
        ratios=ratios, language=tags[0], protected=protect.split(",") if protect else (),
    )  # fmt: skip
    if json:
        emit({"losses": as_json(found)})
    else:
        write_table(HEADER, table(found), file=sys.stdout)
    note_reading(corpus, quiet=quiet)
    note(f"{len(texts):,} texts, {len(names)} classes", quiet=quiet)


def _loaded(classifier: str) -> Predict:
    """A person's function; what goes wrong while their file runs is said, not thrown at them."""
    from macaronic.core.errors import MacaronicError, UsageError
    from macaronic.curate.keep import load_rule

    try:
        found: Any = load_rule(classifier, Path.cwd())
    except MacaronicError:
        raise
    except Exception as error:
        raise UsageError(f"{classifier} cannot be loaded: {type(error).__name__}: {error}") from error
    predict: Predict = found
    return predict


def _of_classes(predict: Predict, names: Sequence[str]) -> Predict:
    """The same classifier, refused when it gives another number of classes."""
    import numpy as np

    from macaronic.core.errors import UsageError

    def asked(texts: Sequence[str]) -> Any:
        found = predict(texts)
        shape = np.shape(found)
        if len(shape) == 2 and shape[1] != len(names):
            have = f"{len(names)} classes ({', '.join(names)})"
            raise UsageError(f"expected {have}, got {shape[1]} probabilities a text.\nName them: --classes a,b,c")
        return found

    return asked
