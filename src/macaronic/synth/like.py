"""Mixed text like real text: from several candidates a row, those whose figures together match a profile.

Each row gives candidates that aim at sentences of the profile. One is chosen for each so that, over all rows, the
distributions of CMI, of switching and of the embedded language and the classes of switched words come close to the
profile's; the choice starts with the candidate nearest to what its row aimed at and is then improved row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.core.result import Result, signature
from macaronic.synth import classes
from macaronic.synth.choose import Figures, chosen, coarse_shares, figures_of
from macaronic.synth.compare import UNITS, two
from macaronic.synth.distance import jensen_shannon, wasserstein
from macaronic.synth.make import STEERED, Pair, Row, Settings, aligned, blocks, dressed, made, row_rng
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.synth.observed import MOST
from macaronic.synth.profile import Profile
from macaronic.synth.rows import Given

TARGETS = 4
"""Sentences of the profile that a row aims at."""


class Matcher:
    """Chooses sentences that are together like a profile, a block of rows at a time.

    Args:
        profile: what to be like.
        settings: method, languages, sentences a row; targets in it are not used.
        candidates: sentences to choose from, a row.
        extra: the words of more sentences of the two languages, for the alignment alone.

    Raises:
        UsageError: the profile is of other languages.

    >>> from macaronic.core.parallel import Parallel
    >>> from macaronic.core.utterance import Utterance
    >>> row = Parallel("1", {"en": Utterance.from_words(["the", "house"]), "es": Utterance.from_words(["la", "casa"])},
    ...                {("en", "es"): ((0, 0), (1, 1))})
    >>> real = Profile(("en", "es"), 1, 1.0, ((50.0, 1.0, 0.5, 2),), {"NOUN": 1.0}, "listed")
    >>> matcher = Matcher(real, Settings("substitute", ("en", "es")))
    >>> [outcome.sentences[0].text for outcome in matcher.choose([row])], round(matcher.after[0].value, 3)
    (['the casa'], 0.0)
    """

    def __init__(
        self, profile: Profile, settings: Settings, *, candidates: int = 12, extra: Sequence[Pair] = ()
    ) -> None:
        if len(settings.pair) != 2:
            raise UsageError(f"text like real text is made of two languages; got {', '.join(settings.pair)}.")
        pair = two((settings.pair[0], settings.pair[1]))
        if set(pair) != set(profile.pair):
            raise UsageError(
                f"the profile is of {' and '.join(profile.pair)}, the text of {' and '.join(pair)}; "
                "expected the same two languages."
            )
        if candidates < 1:
            raise UsageError(f"candidates a row must be at least 1; got {candidates}.")
        self.profile = profile
        aimed = settings.target_cmi if settings.method == "target-cmi" else None
        self.settings = replace(settings, target_cmi=aimed, switch_fraction=None, embedded_share=None)
        self.candidates = candidates
        self._extra = extra
        self._pos = profile.pos
        self._shares = dict(profile.switched)
        self._first: list[Figures] = []
        self._chosen: list[Figures] = []

    @property
    def before(self) -> list[Result]:
        """Distances to the profile of the first candidate of each row, taken without aiming or choosing."""
        return self._distances(self._first)

    @property
    def after(self) -> list[Result]:
        """Distances to the profile of what was chosen."""
        return self._distances(self._chosen)

    def choose(self, rows: Iterable[Row]) -> Iterator[Outcome]:
        """One outcome a row, in order; rows that give nothing say why."""
        for block in blocks(rows):
            yield from self._block(list(aligned(block, self.settings.pair, extra=self._extra)))

    def _block(self, block: list[Given | Outcome]) -> Iterator[Outcome]:
        induced = self._induced(block)
        points = self._aims(len(block))
        found = [one if isinstance(one, Outcome) else self._candidates(one, points[i]) for i, one in enumerate(block)]
        pools = [one.sentences for one in found]
        held = [self._figures(one, pool, induced) for one, pool in zip(block, pools)]
        aims = [points[i][0] for i in range(len(block))]
        taken = chosen(held, aims, self.profile, self._shares, n=self.settings.n, seed=self.settings.seed)
        for outcome, pool, figures, picks in zip(found, pools, held, taken):
            if not pool:
                yield outcome
                continue
            if len(self._first) < MOST:
                self._first.append(figures[0])
                self._chosen += [figures[i] for i in picks]
            rng = row_rng(self.settings.seed + 1, outcome.group)
            yield replace(outcome, sentences=tuple(self._dressed(pool[i], rng) for i in picks))

    def _dressed(self, one: Mixed, rng: np.random.Generator) -> Mixed:
        return dressed(one, self.settings, rng) if self.settings.romanise or self.settings.noise else one

    def _aims(self, rows: int) -> NDArray[np.int64]:
        """Which sentences of the profile each row aims at, each about equally often, (rows, TARGETS)."""
        rng = np.random.default_rng([self.settings.seed, rows])
        times = -(-rows // len(self.profile.points))
        every = np.arange(len(self.profile.points))
        drawn = [np.concatenate([rng.permutation(every) for _ in range(times)])[:rows] for _ in range(TARGETS)]
        return np.stack(drawn, axis=1)

    def _candidates(self, given: Given, aims: NDArray[np.int64]) -> Outcome:
        """Different sentences of a row: first such as aim at nothing, then such as aim at sentences of the profile."""
        plain = replace(self.settings, romanise=False, noise=0.0, tolerance=None, n=self.candidates)
        if plain.method not in STEERED and plain.method != "target-cmi":
            return made(given, plain)
        each = max(1, self.candidates // (TARGETS + 1))
        asked = [replace(plain, n=each, seed=plain.seed + 7919 * (k + 1)) for k in range(TARGETS)]
        for k, aim in enumerate(aims.tolist()):
            cmi, switching, _, _ = self.profile.points[aim]
            steer = {"switch_fraction": switching} if plain.method in STEERED else {}
            asked[k] = replace(asked[k], target_cmi=min(cmi, 100.0), **steer)
        if plain.method in STEERED:
            asked.insert(0, replace(plain, n=max(1, self.candidates - each * TARGETS)))
        outcomes = [made(given, one) for one in asked]
        different = {one.words: one for outcome in outcomes for one in outcome.sentences}
        return replace(outcomes[0], sentences=tuple(different.values()), reason=None) if different else outcomes[0]

    def _induced(self, block: Sequence[Given | Outcome]) -> dict[str, frozenset[str]]:
        """Function words by frequency for languages without a list; the classes are only two from then on."""
        bare = [tag for tag in self.settings.pair if not classes.listed(tag)]
        if bare or self.profile.pos == "induced":
            self._pos = "induced"
            self._shares = coarse_shares(self.profile.switched)
        counts: dict[str, Counter[str]] = {tag: Counter() for tag in bare}
        for given in block:
            if isinstance(given, Given) and not isinstance(given.row, Outcome):
                for tag in bare:
                    counts[tag].update(given.row.texts[tag].words)
        return {tag: classes.induce(counts[tag]) for tag in bare}

    def _figures(
        self, given: Given | Outcome, pool: Sequence[Mixed], induced: dict[str, frozenset[str]]
    ) -> list[Figures]:
        if isinstance(given, Outcome) or isinstance(given.row, Outcome):
            return []
        texts = given.row.texts
        pos = {tag: classes.of(u, tag, induced=induced.get(tag, frozenset())).pos for tag, u in texts.items()}
        names, second = tuple(sorted(self._shares)), self.profile.pair[1]
        main = self.settings.pair[0]
        return [figures_of(one, pos, main, names, second, self._pos == "induced") for one in pool]

    def _distances(self, figures: Sequence[Figures]) -> list[Result]:
        if not figures:
            return []
        rng = np.random.default_rng(0)
        told: dict[str, str | int | float | bool] = {"pair": "+".join(self.profile.pair), "pos": self._pos}
        own = [
            [100 * f.cmi for f in figures],
            *([getattr(f, n) for f in figures] for n in ("switching", "second", "words")),
        ]
        found = []
        for number, (name, values) in enumerate(zip(("cmi", "switching", "second", "words"), own)):
            apart = wasserstein(np.array(values, np.float64), self.profile.column(number), rng=rng, samples=0)[0]
            found.append((name, "wasserstein", apart))
        wanted = np.array([self._shares[name] for name in sorted(self._shares)])
        switched = float(jensen_shannon(sum(f.switched for f in figures) + np.zeros(len(wanted)), wanted))
        found.append(("switched_pos", "jensen_shannon", switched))
        return [
            Result(n, lv, v if np.isfinite(v) else None, None, None, len(figures), UNITS[n], signature(n, told))
            for n, lv, v in found
        ]
