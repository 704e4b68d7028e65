"""Finds shares by evidence: a mixture chosen before, proxies on the recipe's own buckets, or MixMin to a target."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from macaronic import __version__
from macaronic.build import synthesis
from macaronic.build.buckets import Seen
from macaronic.build.content import fingerprints
from macaronic.build.evidence import Evidence, keep, overruled, recalled, settled, with_small
from macaronic.build.recipe import Recipe
from macaronic.build.sampled import Sampled, sampled
from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.executor import Serial
from macaronic.core.files import fingerprint, sha256
from macaronic.core.mixture import Mixture
from macaronic.core.protocols import Executor
from macaronic.mix import mixture_file
from macaronic.mix.choice_page import page
from macaronic.mix.choose import choose
from macaronic.mix.in_units import InUnits
from macaronic.mix.limits import Limits, limits
from macaronic.mix.mixmin import minimise
from macaronic.mix.proxy import NgramProxy, TinyProxy
from macaronic.mix.scored import score
from macaronic.mix.texts import Row, save
from macaronic.report.mix_report import MixReport, Share
from macaronic.text import formats

_PROXIES = {"ngram": NgramProxy, "tiny": TinyProxy}
_SAMPLES = 200
METHODS = ("file", "choose", "minimise")
Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Judge:
    """Finds shares for the buckets that a plan has seen.

    Args:
        recipe: what is wanted.
        folder: what its paths are relative to.
        work: where results are kept.
        engine: where proxies run.
        say: is told stage, steps done, steps in all.
        forecast: run no sweep, only estimate what it will cost.
        scale: the share of the text that is there, in (0, 1].
    """

    recipe: Recipe
    folder: Path
    work: Path
    engine: Executor = field(default_factory=Serial)
    say: Say | None = None
    forecast: bool = False
    scale: float = 1.0

    @property
    def named(self) -> set[str]:
        """Buckets that a file of shares names, which are never put into `rest`."""
        return set(self._kept().weights) if self.recipe.mix.method == "file" else set()

    def _kept(self) -> mixture_file.Kept:
        return mixture_file.read(self.folder / (self.recipe.mix.file or ""))

    def __call__(self, seen: Seen) -> Evidence:
        """The shares of the buckets.

        Raises:
            UnknownName: a bucket that is not there.
            UsageError: too little text to judge by, or limits that no mixture meets.
        """
        if self.recipe.mix.method == "file":
            return self._from_file(seen)
        if sum(min(1.0, room) for room in _room(seen).values()) < 1 + 1e-6:
            return settled(seen, "the budget takes all that the buckets may give, so there was nothing to choose")
        if self.forecast and self.recipe.mix.method == "choose":
            return self._cost(seen)
        kept = self.work / f"{self._key(seen)}.json"
        return recalled(kept) or self._found(seen, kept)

    def _from_file(self, seen: Seen) -> Evidence:
        kept, where = self._kept(), str(self.recipe.mix.file)
        for name, weight in kept.weights.items():
            if weight > 0 and name not in seen.codes:
                raise UnknownName("bucket", name, seen.codes, where)
        missing = [name for name in seen.codes if name not in kept.weights]
        notes = (*kept.notes, *((f"not in {where}, so nothing is taken of: {', '.join(missing)}",) if missing else ()))
        mixture = Mixture({name: kept.weights.get(name, 0.0) for name in seen.codes})
        shares = tuple(
            Share(name, share, *kept.intervals.get(name, (None, None))) for name, share in mixture.weights.items()
        )
        settings = (("method", "file"), ("file", where), ("file's SHA-256", fingerprint(self.folder / where)[:16]))
        return Evidence(mixture.weights, MixReport("Shares", shares, notes=notes, settings=settings))

    def _key(self, seen: Seen) -> str:
        """The fingerprint of everything that the shares depend on."""
        mix, target = self.recipe.mix, ""
        if mix.target not in ("even", "natural"):
            target = "".join(fingerprints(formats.shards(synthesis.place(mix.target, self.folder))))
        parts = [[view.part.facts.name, view.part.limit] for view in seen.views]
        told = [__version__, mix.model_dump(), self.recipe.run.seed, target, parts, seen.budget, dict(seen.sizes)]
        return sha256(json.dumps(told, sort_keys=True))[:32]

    def _found(self, seen: Seen, kept: Path) -> Evidence:
        look = self._look(seen)
        share = {name: seen.sizes[name] / sum(seen.sizes.values()) for name in look.small}
        rest = 1 - sum(share.values())
        caps = {n: min(1.0, most / rest) for n, most in _room(seen).items() if n not in share}
        floors = {n: least / rest for n, least in self.recipe.mix.floors.items() if n not in share}
        if self.recipe.mix.method == "choose":
            found = self._chosen(seen, look, caps, floors)
        else:
            found = self._minimised(look, limits(look.texts.names, caps=caps, floors=floors))
        whole = with_small(found, seen, share, self._settings(look))
        keep(whole, kept)
        return whole

    def _look(self, seen: Seen) -> Sampled:
        mix = self.recipe.mix
        targets = None if mix.target in ("even", "natural") else self._target(mix.target)
        try:
            return sampled(seen, mix.proxy_text, seed=self.recipe.run.seed, targets=targets)
        except ValueError as error:
            raise UsageError(f'method = "{mix.method}": {error}; name shares with method = "given".') from error

    def _target(self, path: str) -> list[Row]:
        corpus = formats.read(synthesis.place(path, self.folder))
        name = Path(path).stem
        rows: list[Row] = []
        left = self.recipe.mix.proxy_text
        for utterance in corpus.utterances():
            rows.append((name, str(utterance.meta.get("group") or ""), utterance.text[:left]))
            left -= len(utterance.text)
            if left <= 0:
                break
        if not any(text for _, _, text in rows):
            raise UsageError(f"mix.target {path} holds no text to judge on.")
        return rows

    def _proxy(self, seen: Seen, look: Sampled) -> InUnits:
        """A proxy whose weights count the recipe's unit, and that repeats text as often as the build will."""
        wanted = min(seen.budget, sum(seen.capacity.values()))
        budget = sum(look.units.values()) * wanted / sum(seen.sizes[name] for name in look.texts.names)
        path = self.work / "texts.bin"
        save(look.texts, path)
        inner = _PROXIES[self.recipe.mix.proxy](path=str(path.resolve()), fingerprint=fingerprint(path), budget=0)
        return InUnits(inner, budget, tuple((name, look.symbols[name]) for name in look.texts.names))

    def _chosen(self, seen: Seen, look: Sampled, caps: Mapping[str, float], floors: Mapping[str, float]) -> MixReport:
        mix, proxy = self.recipe.mix, self._proxy(seen, look)
        natural = {name: float(seen.sizes[name]) for name in look.texts.names}
        told = self.say
        found = choose(
            look.texts,
            proxy,
            budget=proxy.budget,
            kept=(self.work / "proxies").resolve(),
            engine=self.engine,
            sizes=look.units,
            proxies=mix.proxies,
            caps=caps,
            floors={**_tried(mix.target, look.texts.names, caps), **floors},
            max_epochs=math.inf,
            method=mix.fit,
            targets=natural if mix.target == "natural" else None,
            checks=mix.checks,
            seed=self.recipe.run.seed,
            say=(lambda stage, done, total: told(f"choosing shares, {stage}", done, total)) if told else None,
        )
        settings = {"proxies": mix.proxies, "proxy": mix.proxy, f"{self.recipe.unit} a proxy": round(proxy.budget)}
        return overruled(page(found, settings, ""), {check.name: check.mixture for check in found.checks})

    def _minimised(self, look: Sampled, allowed: Limits) -> MixReport:
        seed = self.recipe.run.seed
        scored = score(look.texts, seed=seed)
        found = minimise(
            look.texts.names,
            scored.log_chances,
            scored.lengths,
            groups=scored.document,
            weights=scored.even,
            allowed=allowed,
            samples=_SAMPLES,
            rng=np.random.default_rng(seed),
        )
        ends = ((found.low.get(name), found.high.get(name)) for name in found.mixture.names)
        shares = tuple(Share(n, w, *both) for (n, w), both in zip(found.mixture.weights.items(), ends))
        documents = int(scored.document.max()) + 1
        said = (
            f"Loss {found.loss:.4f} nats a symbol on {documents} texts of the target, "
            f"at most {found.gap:.1g} above the best possible."
        )
        few = (f"only {documents} texts to judge on; the intervals are rough",) if documents < 30 else ()
        return MixReport("Shares", shares, said, notes=few)

    def _settings(self, look: Sampled) -> tuple[tuple[str, str], ...]:
        mix = self.recipe.mix
        own = (("fit", mix.fit),) if mix.method == "choose" else ()
        looked = f"{look.share:.2%} of the text, {sum(look.rows.values()):,} rows"
        return (("method", mix.method), *own, ("target", mix.target), ("looked at", looked))

    def _cost(self, seen: Seen) -> Evidence:
        """Proportional shares in place of the chosen ones, and what choosing will cost by one proxy's time."""
        mix = self.recipe.mix
        runs = mix.proxies + 3 * mix.checks
        told = f"shares are proportional here: those of the build come out of {runs} proxies"
        try:
            look = self._look(seen)
        except UsageError:
            return settled(seen, f"{told}; too few rows were looked at to say what they cost")
        proxy = self._proxy(seen, look)
        begun = time.process_time()
        proxy(look.units, seed=0)
        spent = time.process_time() - begun
        larger = min(1.0, look.share / self.scale) / look.share
        return replace(settled(seen, told), seconds=spent * runs * max(1.0, min(larger, 1 / self.scale)))


def _tried(target: str, names: Sequence[str], caps: Mapping[str, float]) -> dict[str, float]:
    """Floors that keep the optimum where proxies were run, when every bucket is a target and so none can vanish."""
    least = 1 / (6 * len(names))
    return {name: min(least, caps.get(name, 1.0)) for name in names} if target == "even" else {}


def _room(seen: Seen) -> dict[str, float]:
    """The largest share that each bucket may have."""
    return {name: min(seen.caps.get(name, 1.0), seen.capacity[name] / seen.budget) for name in seen.codes}
