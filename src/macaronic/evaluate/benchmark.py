"""What a benchmark is, what it is asked, and all benchmarks, found by looking at the modules of `benchmarks`."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, Literal, get_args

from macaronic.core.errors import UnknownName, UsageError
from macaronic.evaluate import benchmarks

BENCHMARKS_PACKAGE = benchmarks.__name__
Option = Literal["compat", "lid", "examples", "lemmatiser", "judge", "form", "language"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that a benchmark gives for an output.

    Args:
        name: as the field calls it.
        about: what it counts, in a few words.
        better: whether `higher` or `lower` is better.
        unit: what the number is in.
    """

    name: str
    about: str
    better: Literal["higher", "lower"] = "higher"
    unit: str = "fraction"

    @property
    def arrow(self) -> str:
        """The direction that is better, as tables print it."""
        return "↑" if self.better == "higher" else "↓"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a benchmark is.

    Args:
        name: how the command line calls it.
        title: as its authors call it.
        task: what a model has to do, in a few words.
        metrics: what is scored; the first is the headline.
        form: what a file of outputs looks like.
        languages: tags, or what they depend on.
        papers: the seeds that it comes from.
        source: where prompts and references are released.
        licence: of those.
        options: what `score` understands beside the outputs.
        compat: how the authors' behaviour differs from ours, a sentence each; empty when it does not.
    """

    name: str
    title: str
    task: str
    metrics: tuple[Metric, ...]
    form: str
    languages: str
    papers: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    options: tuple[Option, ...] = ()
    compat: tuple[str, ...] = ()

    def asdict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be scored, and how.

    Args:
        outputs: the file of outputs; `-` is standard input.
        examples: the benchmark's own file of references, where the outputs do not hold them.
        compat: whether to do as the authors' code does, faults included.
        lid: the language identifier, of `lid.lid_named`; macaronic's own when left out.
        lemmatiser: a benchmark's word normaliser; its default when left out.
        judge: a language model that judges, of `lm.named.lm_named`.
        form: which of a benchmark's forms the outputs have; guessed when left out.
        language: what all outputs are to be in, where rows do not say so.
        samples: bootstrap resamples; 0 for no intervals.
        seed: what they depend on.
        strict: whether the first bad row ends the run.
    """

    outputs: str
    examples: str | None = None
    compat: bool = False
    lid: str | None = None
    lemmatiser: str | None = None
    judge: str | None = None
    form: str | None = None
    language: str | None = None
    samples: int = 1000
    seed: int = 0
    strict: bool = False


def modules() -> list[ModuleType]:
    """The benchmark modules, by name.

    >>> all(hasattr(module, "score") for module in modules())
    True
    """
    names = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__))
    return [importlib.import_module(f"{BENCHMARKS_PACKAGE}.{name}") for name in names]


def find(name: str) -> ModuleType:
    """The module of the benchmark with that name.

    Raises:
        UnknownName: there is none; suggests the nearest.
    """
    known = {module.BENCHMARK.name: module for module in modules()}
    if name not in known:
        raise UnknownName("benchmark", name, known)
    return known[name]


def check(asked: Asked, benchmark: Benchmark) -> None:
    """Refuse what a benchmark would silently pass over.

    Raises:
        UsageError: an option that it does not know.
    """
    for option in get_args(Option):
        if getattr(asked, option) and option not in benchmark.options:
            known = ", ".join(f"--{name}" for name in benchmark.options) or "none"
            raise UsageError(f"{benchmark.name} has no option --{option}; it has: {known}")
