"""Mixed sentences of a row under a constraint: at random, or as near as can be to an amount of mixing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.parallel import Parallel
from macaronic.synth.lattice import ec, fhc, mlf, rules
from macaronic.synth.lattice.automaton import Automaton, determinise
from macaronic.synth.lattice.choose import Choice, Wish, choose
from macaronic.synth.lattice.derive import tree as derive
from macaronic.synth.lattice.spoken import Measure, spoken
from macaronic.synth.lattice.tree import Tree
from macaronic.synth.mixed import Outcome, Reason

Constraint = Literal["ec", "fhc", "mlf"]
CONSTRAINTS: tuple[Constraint, ...] = ("ec", "fhc", "mlf")


def lattice(tree: Tree, constraint: Constraint, *, main: str | None = None) -> Automaton:
    """The automaton of all sentences of a tree that a constraint allows.

    Args:
        tree: from `tree`.
        constraint: `ec`, `fhc` or `mlf`.
        main: the matrix language of `mlf`; every side in turn when left out.

    Raises:
        UnknownName: for another constraint.
    """
    if constraint == "mlf":
        chosen = (tree.tags.index(main),) if main in tree.tags else tuple(range(len(tree.tags)))
        return determinise(mlf.network(tree, chosen), tree.ranks, adjacent=False)
    if constraint == "ec":
        return determinise(ec.network(tree), tree.ranks, adjacent=True)
    if constraint == "fhc":
        bonds = fhc.bonds(tree)
        return determinise(
            ec.network(tree), tree.ranks, adjacent=True, apart=lambda one, two: fhc.apart(bonds, one, two)
        )
    raise UnknownName("constraint", constraint, CONSTRAINTS)


def sample(
    row: Parallel,
    constraint: Constraint,
    *,
    n: int = 1,
    parse: str | None = None,
    main: str | None = None,
    target_cmi: float | None = None,
    switch_fraction: float | None = None,
    embedded_share: float | None = None,
    length: float | None = None,
    tolerance: float | None = 10.0,
    monolingual: bool = False,
    count: bool = False,
    min_links: int = 1,
    max_words: int = 400,
    rng: np.random.Generator,
) -> Outcome:
    """Different mixed sentences of a row that obey a constraint.

    Without an amount every sentence of the lattice is equally likely. With one, sentences are drawn from tilted
    distributions (each embedded word, switch or word counts as a factor) and the nearest are kept; where none comes
    near enough, exact counts over the lattice tell whether there is one, and it is given.

    Args:
        row: two or more sides with links.
        constraint: `ec`, `fhc` or `mlf`.
        n: at most so many sentences; fewer when the lattice has fewer.
        parse: a constituency parse of one side in brackets.
        main: the side to count against and the matrix language of `mlf`; the first side, and every matrix language in
            turn, when left out.
        target_cmi: the Code-Mixing Index to come near to, in percent.
        switch_fraction: switch points between words by the places where one could be, 0 to 1.
        embedded_share: words of other languages than the main one, 0 to 1 of the words that have a language.
        length: words, as a multiple of the main side's.
        tolerance: leave out sentences that are more percentage points off than this; None takes the nearest.
        monolingual: also give sentences that are not mixed.
        count: also count the lattice (monolingual sentences included); where nothing is asked and `n` is no less than
            the count, all of it is given.
        min_links: rows with fewer links are left out.
        max_words: longer rows are left out.
        rng: chance.

    Returns:
        The sentences, or why there are none. `meta` of a sentence holds what was asked and reached.

    Raises:
        UsageError: when a setting is out of range.

    >>> from macaronic.core.utterance import Utterance
    >>> texts = {"en": "the dog eats bread", "es": "el perro come pan"}
    >>> row = Parallel("1", {t: Utterance.from_words(s.split()) for t, s in texts.items()},
    ...                {("en", "es"): tuple((i, i) for i in range(4))})
    >>> found = sample(row, "ec", n=3, target_cmi=25, count=True, rng=np.random.default_rng(1))
    >>> found.count, [one.cmi for one in found.sentences]
    (16, [25.0, 25.0, 25.0])
    """
    wish = _wish(n, target_cmi, switch_fraction, embedded_share, length, tolerance, monolingual)
    if constraint not in CONSTRAINTS:
        raise UnknownName("constraint", constraint, CONSTRAINTS)
    tree = derive(row, parse=parse, main=main, min_links=min_links, max_words=max_words)
    if isinstance(tree, Outcome):
        return tree
    automaton = lattice(tree, constraint, main=main)
    total = automaton.count() if count else None
    if total is not None and n >= total and not wish.asked:
        wish = replace(wish, monolingual=True)
    said = spoken(tree)
    chosen, detail = choose(automaton, said, wish, n, rng)
    if chosen:
        sentences = [
            said.mixed(one.path, one.words, constraint, _meta(tree, automaton, constraint, wish, one)) for one in chosen
        ]
        verbs = constraint == "mlf" and rules.only_verbs(tree)
        notes = (*tree.notes, "nothing but verbs to switch") if verbs else tree.notes
        return Outcome(tree.group, tuple(sentences), total, notes=notes)
    if detail:
        return Outcome(tree.group, (), total, "target unreachable", detail, tree.notes)
    none: Reason = "no switchable word" if constraint == "mlf" else "no equivalence point"
    return Outcome(tree.group, (), total, none, f"{len(tree.units)} units, no mixed sentence among them", tree.notes)


def _wish(
    n: int,
    target_cmi: float | None,
    switch_fraction: float | None,
    embedded_share: float | None,
    length: float | None,
    tolerance: float | None,
    monolingual: bool,
) -> Wish:
    """The settings, checked, in percent."""
    if n < 1:
        raise UsageError(f"expected n of at least 1, got {n}")
    if tolerance is not None and tolerance < 0:
        raise UsageError(f"expected a tolerance of 0 or more percentage points, got {tolerance}")
    asked: dict[Measure, float] = {}
    limits: tuple[tuple[str, Measure, float | None, float, float], ...] = (
        ("target_cmi", "cmi", target_cmi, 1, 100),
        ("switch_fraction", "switch_fraction", switch_fraction, 100, 1),
        ("embedded_share", "embedded_share", embedded_share, 100, 1),
        ("length", "length", length, 100, 100),
    )
    for name, measure, wanted, scale, most in limits:
        if wanted is not None:
            if not 0 <= wanted <= most:
                raise UsageError(f"expected {name} from 0 to {most}, got {wanted}")
            asked[measure] = wanted * scale
    return Wish(asked, tolerance, monolingual)


def _meta(tree: Tree, automaton: Automaton, constraint: Constraint, wish: Wish, choice: Choice) -> dict[str, Any]:
    """What a sentence tells of how it was made."""
    meta: dict[str, Any] = {}
    if constraint == "mlf":
        matrices = automaton.matrices[choice.end]
        meta["matrix"] = tree.tags[tree.main if tree.main in matrices else matrices[0]]
    for name, wanted in wish.asked.items():
        scale = 1 if name == "cmi" else 100
        meta[f"asked_{name}"] = wanted / scale
        meta[f"reached_{name}"] = round(choice.reached[name] / scale, 4)
    return meta
