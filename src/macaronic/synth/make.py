"""A method's name, its settings and parallel rows in; mixed sentences or reasons out, one outcome a row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from macaronic.core import languages
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.parallel import Parallel
from macaronic.synth.align.aligner import LARGEST
from macaronic.synth.classes import UPOS
from macaronic.synth.lexicon.table import Lexicon
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.synth.rows import Given

Method = Literal["ec", "fhc", "mlf", "substitute", "noun-token", "ratio-token", "extreme", "wac", "pac", "target-cmi"]
METHODS: tuple[Method, ...] = get_args(Method)
STEERED = ("ec", "fhc", "mlf")
"""Methods that sample from a lattice and can be steered by all targets."""

BLOCK = 20_000
"""Rows that are aligned together; the last block holds up to twice as many, so that none is small."""

Row = Parallel | Outcome | Given
Pair = tuple[Sequence[str], Sequence[str]]
"""The words of a sentence in the main and in the embedded language."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to make.

    Args:
        method: one of `METHODS`.
        pair: the main language and the embedded one; lattices and `extreme` take more than one embedded.
        n: different sentences a row, as far as there are so many.
        target_cmi: wished Code-Mixing Index in percent, 0 to 100 (lattices and `target-cmi`).
        switch_fraction: wished share of neighbouring words between which the language switches, 0 to 1 (lattices).
        embedded_share: wished share of embedded words, 0 to 1 (lattices).
        ratio: share of the words in question that are replaced, 0 to 1 (`substitute`, `ratio-token`).
        pos: UPOS classes of the words that `substitute`, `noun-token`, `extreme` and `wac` replace; theirs when empty.
        any_matrix: whether `mlf` takes every language as the matrix, not the main one alone.
        count: whether lattices are counted.
        monolingual: whether lattices may give sentences in one language.
        lexicon: a dictionary out of the main language, for the methods that replace words, beside the links.
        romanise: whether words in other scripts are written in Latin letters; their label says so (`hi-Latn`).
        noise: share of words that get one typing error, 0 to 1.
        tolerance: how many CMI points beside the target still count as reached; None takes the nearest.
        seed: what every random choice depends on, together with the row's name.

    Raises:
        UnknownName: no such method or language.
        UsageError: a number outside its range, or a target that the method cannot be steered by.

    >>> Settings("ec", ("hi", "eng"), target_cmi=25).pair
    ('hi', 'en')
    """

    method: Method
    pair: tuple[str, ...]
    n: int = 1
    target_cmi: float | None = None
    switch_fraction: float | None = None
    embedded_share: float | None = None
    ratio: float | None = None
    pos: tuple[str, ...] = ()
    any_matrix: bool = False
    count: bool = False
    monolingual: bool = False
    lexicon: Lexicon | None = None
    romanise: bool = False
    noise: float = 0.0
    tolerance: float | None = 10.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UnknownName("method", self.method, METHODS)
        tags = tuple(languages.parse(tag) for tag in self.pair)
        if len(set(tags)) < max(2, len(tags)):
            raise UsageError(f"mixing needs two different languages; got {', '.join(tags) or 'none'}.")
        object.__setattr__(self, "pair", tags)
        if self.n < 1:
            raise UsageError(f"n, sentences a row, must be at least 1; got {self.n}.")
        if self.seed < 0:
            raise UsageError(f"seed must be 0 or more; got {self.seed}.")
        for name, most in (
            ("target_cmi", 100),
            ("switch_fraction", 1),
            ("embedded_share", 1),
            ("ratio", 1),
            ("noise", 1),
        ):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= most:
                raise UsageError(f"{name} must be between 0 and {most}; got {value}.")
        self._check_targets()

    def _check_targets(self) -> None:
        if self.method not in STEERED:
            for name in ("switch_fraction", "embedded_share"):
                if getattr(self, name) is not None:
                    raise UsageError(f"{name} steers {', '.join(STEERED)}; {self.method} cannot aim at it.")
            if self.target_cmi is not None and self.method != "target-cmi":
                raise UsageError(
                    f"target_cmi steers {', '.join(STEERED)} and target-cmi; {self.method} cannot aim at it."
                )
        if self.method == "target-cmi" and self.target_cmi is None:
            raise UsageError("method target-cmi needs a target_cmi, such as 25.")
        if self.ratio is not None and self.method not in ("substitute", "ratio-token"):
            raise UsageError(f"ratio belongs to substitute and ratio-token; {self.method} has none.")
        if self.ratio == 0:
            raise UsageError("expected a ratio above 0 and up to 1; got 0.")
        for name in self.pos:
            if name not in UPOS:
                raise UnknownName("word class (UPOS)", name, UPOS)

    @property
    def targets(self) -> dict[str, float]:
        """What was asked for, by name."""
        asked = {name: getattr(self, name) for name in ("target_cmi", "switch_fraction", "embedded_share", "ratio")}
        return {name: value for name, value in asked.items() if value is not None}


def make(
    rows: Iterable[Row],
    settings: Settings,
    *,
    extra: Sequence[Pair] = (),
    dictionary: Mapping[str, Collection[str]] | None = None,
) -> Iterator[Outcome]:
    """One outcome a row, in order: mixed sentences, or the reason for none.

    Rows without links are aligned, a block of `BLOCK` to twice as many at a time, so memory stays bounded. What is
    random in a row depends on the seed and the row's name alone.

    Args:
        rows: parallel rows; outcomes of rows that could not be read go through as they are.
        settings: method, languages and targets.
        extra: the words of more sentences of the two languages, for the alignment alone.
        dictionary: words of the main language -> translations, for the alignment alone.

    >>> from macaronic.core.utterance import Utterance
    >>> row = Parallel("1", {"en": Utterance.from_words(["the", "house"]), "es": Utterance.from_words(["la", "casa"])},
    ...                {("en", "es"): ((0, 0), (1, 1))})
    >>> [outcome.sentences[0].text for outcome in make([row], Settings("substitute", ("en", "es")))]
    ['the casa']
    """
    for block in blocks(rows):
        for given in aligned(block, settings.pair, extra=extra, dictionary=dictionary):
            yield given if isinstance(given, Outcome) else made(given, settings)


def blocks(rows: Iterable[Row], size: int = BLOCK) -> Iterator[list[Row]]:
    """Rows in blocks of `size`, the last one of up to twice as many.

    >>> [len(block) for block in blocks([Outcome("")] * 7, 3)]
    [3, 4]
    """
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) == 2 * size:
            yield held[:size]
            held = held[size:]
    if held:
        yield held


def aligned(
    rows: Sequence[Row],
    pair: tuple[str, ...],
    *,
    extra: Sequence[Pair] = (),
    dictionary: Mapping[str, Collection[str]] | None = None,
) -> Iterator[Given | Outcome]:
    """Each row with links between the main language and the others, found from all of these rows where it has none.

    Where a language has no list of function words, they are found in these rows too (layer `pos`, marked `induced`).
    """
    from macaronic.synth.align import align
    from macaronic.synth.align.everyday import beside

    main = pair[0]
    found = [_checked(row, pair) for row in rows]
    for other in pair[1:]:
        bare = {i: row for i, one in enumerate(found) if (row := _unlinked(one, main, other))}
        for i, row in [*bare.items()]:
            if isinstance(too := alignable(row, main, other), Outcome):
                found[i] = too
                del bare[i]
        words = [(row.texts[main].words, row.texts[other].words) for row in bare.values()]
        more = [*extra, *beside(words, main, other)]
        links_of = align(words, source=main, target=other, extra=more, dictionary=dictionary) if bare else []
        for (i, row), alignment in zip(bare.items(), links_of, strict=True):
            linked = replace(row, links={**row.links, (main, other): alignment.links})
            found[i] = replace(_given(found[i]), row=linked)
    return iter(_classed(found))


def alignable(row: Parallel, a: str, b: str) -> Parallel | Outcome:
    """The row, or the reason why its words are not aligned here: a document rather than a sentence.

    >>> from macaronic.core.utterance import Utterance
    >>> row = Parallel("1", {"en": Utterance.from_words(["a"] * 2000), "es": Utterance.from_words(["a"] * 2000)})
    >>> alignable(row, "en", "es").detail
    '2,000 and 2,000 words: too many to be aligned'
    """
    n, m = len(row.texts[a].tokens), len(row.texts[b].tokens)
    if n * m <= LARGEST:
        return row
    return Outcome(row.group, reason="too long", detail=f"{n:,} and {m:,} words: too many to be aligned")


def _classed(found: Sequence[Given | Outcome]) -> list[Given | Outcome]:
    """The rows with function words found by frequency where a language has no list of them."""
    from macaronic.synth.induced import with_induced

    rows = iter(with_induced([one.row for one in found if isinstance(one, Given) and isinstance(one.row, Parallel)]))
    return [replace(one, row=next(rows)) if isinstance(one, Given) else one for one in found]


def _given(one: Given | Outcome) -> Given:
    if isinstance(one, Outcome):
        raise TypeError("an outcome has no row")
    return one


def _row(given: Given | Outcome) -> Parallel:
    row = _given(given).row
    if isinstance(row, Outcome):
        raise TypeError("an outcome has no row")
    return row


def _unlinked(one: Given | Outcome, main: str, other: str) -> Parallel | None:
    """The row, where it lacks links between these two sides."""
    if isinstance(one, Outcome) or isinstance(one.row, Outcome):
        return None
    links = one.row.links
    return None if (main, other) in links or (other, main) in links else one.row


def _checked(given: Row, pair: tuple[str, ...]) -> Given | Outcome:
    """The row with its two languages alone, the main one first; or why it cannot be used."""
    row, parse = (given.row, given.parse) if isinstance(given, Given) else (given, None)
    if isinstance(row, Outcome):
        return row
    lacking = [tag for tag in pair if tag not in row.texts or not row.texts[tag].tokens]
    if lacking:
        return Outcome(row.group, reason="empty side", detail=f"no words in {' and '.join(lacking)}")
    return Given(replace(row, texts={tag: row.texts[tag] for tag in pair}), parse)


def made(given: Given, settings: Settings) -> Outcome:
    """The outcome of one aligned row, written as the settings say."""
    row = _row(given)
    rng = row_rng(settings.seed, row.group)
    outcome = _by_method(row, given.parse, settings, rng)
    if not outcome.sentences or not (settings.romanise or settings.noise):
        return outcome
    return replace(outcome, sentences=tuple(dressed(one, settings, rng) for one in outcome.sentences))


def row_rng(seed: int, group: str) -> np.random.Generator:
    """Randomness that depends on the seed and the row's name alone.

    >>> row_rng(1, "a").integers(100) == row_rng(1, "a").integers(100)
    np.True_
    """
    return np.random.default_rng([seed, int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big")])


def _by_method(row: Parallel, parse: str | None, settings: Settings, rng: np.random.Generator) -> Outcome:
    main = settings.pair[0]
    match settings.method:
        case "ec" | "fhc" | "mlf":
            from macaronic.synth.lattice.sample import sample

            return sample(
                row,
                settings.method,
                n=settings.n,
                parse=parse,
                main=None if settings.any_matrix else main,
                target_cmi=settings.target_cmi,
                switch_fraction=settings.switch_fraction,
                embedded_share=settings.embedded_share,
                tolerance=settings.tolerance,
                monolingual=settings.monolingual,
                count=settings.count,
                rng=rng,
            )
        case "substitute":
            from macaronic.synth.substitute import NOUNS, substitute

            own, pos = settings.lexicon, settings.pos or NOUNS
            ratio = settings.ratio if settings.ratio is not None else (1.0 if settings.n == 1 else 0.5)
            return _several(lambda: substitute(row, main=main, lexicon=own, pos=pos, ratio=ratio, rng=rng), settings.n)
        case "noun-token":
            from macaronic.synth.marks import noun_token

            return noun_token(row, main=main, pos=settings.pos or ("NOUN",), rng=rng)
        case "ratio-token":
            from macaronic.synth.marks import ratio_token

            ratio = 0.2 if settings.ratio is None else settings.ratio
            return _several(lambda: ratio_token(row, main=main, ratio=ratio, rng=rng), settings.n)
        case "extreme":
            from macaronic.synth.marks import extreme

            return _several(lambda: extreme(row, main=main, pos=settings.pos or ("NOUN",), rng=rng), settings.n)
        case "wac":
            from macaronic.synth.hinge import NAMING, wac

            pos = settings.pos or NAMING
            return wac(row, main=main, lexicon=settings.lexicon, pos=pos, romanised=settings.romanise, rng=rng)
        case "pac":
            from macaronic.synth.hinge import pac

            return pac(row, main=main, lexicon=settings.lexicon, romanised=settings.romanise, rng=rng)
        case "target-cmi":
            from macaronic.synth.target import target_cmi

            wanted, off, own = settings.target_cmi or 0.0, settings.tolerance, settings.lexicon
            return _several(
                lambda: target_cmi(row, target=wanted, main=main, lexicon=own, tolerance=off, rng=rng), settings.n
            )


def _several(once: Callable[[], Outcome], n: int) -> Outcome:
    """Up to `n` different sentences out of a method that gives one a call."""
    first = once()
    if n == 1 or not first.sentences:
        return first
    found = {one.words: one for one in first.sentences}
    for _ in range(3 * n):
        if len(found) >= n:
            break
        for one in once().sentences:
            found.setdefault(one.words, one)
    return replace(first, sentences=tuple(found.values())[:n])


def dressed(mixed: Mixed, settings: Settings, rng: np.random.Generator) -> Mixed:
    """A sentence in Latin letters, with typing errors, or both, as the settings say; its words stay one to one."""
    words, langs = list(mixed.words), list(mixed.langs)
    if settings.romanise:
        words, langs = map(list, zip(*(romanised(word, lang) for word, lang in zip(words, langs))))
    if settings.noise:
        from macaronic.text.noise import noisy

        text, _ = noisy(" ".join(words), rate=settings.noise, rng=rng)
        words = text.split(" ")
    return replace(mixed, words=tuple(words), langs=tuple(langs), text="")


def romanised(word: str, lang: str) -> tuple[str, str]:
    """A word in Latin letters and its label; as they are where it is in Latin letters or in no language.

    >>> romanised("पानी", "hi"), romanised("water", "en")
    (('pani', 'hi-Latn'), ('water', 'en'))
    """
    if not languages.is_language(lang) or languages.script(lang) == "Latn":
        return (_latin(word) if lang == "other" and not word.isascii() else word), lang
    from macaronic.text.romanise import romanise

    return romanise(word, lang), languages.in_latin(lang)


def _latin(mark: str) -> str:
    """Punctuation and digits of other scripts as Latin ones, such as a danda as a full stop."""
    from anyascii import anyascii

    return "." if mark in "।॥" else anyascii(mark) or mark
