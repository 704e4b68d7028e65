"""The benchmarks as tasks of inspect-ai: `inspect eval macaronic/language_confusion --model openai/gpt-x`.

inspect asks and logs; what is scored is what `macaronic eval score` scores, by the same functions: each sample shows
its metrics, and the log's figures are the benchmark's own, over all samples together. inspect-ai is optional; without
it the functions here say how to install it. It finds them through the entry point group `inspect_ai`.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from macaronic.core.errors import MissingExtra
from macaronic.core.problems import Problems
from macaronic.evaluate import benchmark as benchmarks
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.generate import answered, write_outputs
from macaronic.evaluate.prompts import Form, Prompt, place_of, read_prompts, spread
from macaronic.evaluate.scored import Scored

INSTALLED = importlib.util.find_spec("inspect_ai") is not None
Made = TypeVar("Made", bound=Callable[..., Any])


def task(function: Made) -> Made:
    """The function as a task of inspect-ai; as it is where that is not installed."""
    if not INSTALLED:
        return function
    import inspect_ai

    found: Made = inspect_ai.task(function)
    return found


def solver(function: Made) -> Made:
    """The function as a solver of inspect-ai; as it is where that is not installed."""
    if not INSTALLED:
        return function
    import inspect_ai.solver

    found: Made = inspect_ai.solver.solver(function)
    return found


def scorer(function: Made) -> Made:
    """The function as a scorer of inspect-ai; as it is where that is not installed."""
    if not INSTALLED:
        return function
    import inspect_ai.scorer

    found: Made = inspect_ai.scorer.scorer(metrics=[])(function)
    return found


def metric(function: Made) -> Made:
    """The function as a metric of inspect-ai; as it is where that is not installed."""
    if not INSTALLED:
        return function
    import inspect_ai.scorer

    found: Made = inspect_ai.scorer.metric(function)
    return found


@task
def language_confusion(prompts: str | None = None, prompt_limit: int | None = None) -> Any:
    """Language Confusion; `-T prompts=FILE` in place of the released ones, `-T prompts=confusion` for ours."""
    return build("language-confusion", prompts, prompt_limit)


@task
def in_language(prompts: str | None = None, prompt_limit: int | None = None) -> Any:
    """In a language that was allowed; the prompts that come with macaronic, or yours."""
    return build("in-language", prompts, prompt_limit)


@task
def multiq(prompts: str | None = None, prompt_limit: int | None = None) -> Any:
    """MultiQ: is the answer in the language of the question?"""
    return build("multiq", prompts, prompt_limit)


@task
def marco_mif(prompts: str, prompt_limit: int | None = None) -> Any:
    """Marco-Bench-MIF, a file of the release."""
    return build("marco-mif", prompts, prompt_limit)


@task
def multi_if(prompts: str, prompt_limit: int | None = None) -> Any:
    """Multi-IF, a file of the release: three turns."""
    return build("multi-if", prompts, prompt_limit)


@task
def mlongrr(prompts: str, prompt_limit: int | None = None) -> Any:
    """mLongRR: rows with a prompt and the label in it."""
    return build("mlongrr", prompts, prompt_limit)


@task
def codemixbench(prompts: str, prompt_limit: int | None = None) -> Any:
    """CodeMixBench: rows with a prompt, a task and the gold answer."""
    return build("codemixbench", prompts, prompt_limit)


@task
def reasoning_mixing(prompts: str, prompt_limit: int | None = None) -> Any:
    """Language mixing in reasoning traces: rows with a prompt and its language."""
    return build("reasoning-mixing", prompts, prompt_limit)


@task
def mixed_versions(prompts: str, prompt_limit: int | None = None) -> Any:
    """Plain and mixed versions of one set, a file of `macaronic eval mixed`."""
    return build("mixed-versions", prompts, prompt_limit)


def build(name: str, path: str | None, limit: int | None = None) -> Any:
    """The task of a benchmark.

    Args:
        name: of `benchmark.find`.
        path: its prompts; the benchmark's own when left out.
        limit: so many prompts, spread evenly over the file.

    Returns:
        an `inspect_ai.Task`.

    Raises:
        MissingExtra: inspect-ai is not installed.
        UsageError: there are no prompts.
        FormatError: the file has none.
    """
    if not INSTALLED:
        raise MissingExtra("inspect-ai", "eval")
    from inspect_ai import Task

    module = benchmarks.find(name)
    form = getattr(module, "PROMPTS", Form())
    problems = Problems()
    found = spread(read_prompts(place_of(module.BENCHMARK, form, path), form, problems), limit)
    metadata = {"benchmark": name, "papers": list(module.BENCHMARK.papers), "licence": module.BENCHMARK.licence}
    return Task(
        dataset=_samples(found),
        solver=turn_by_turn(),
        scorer=answers(name),
        metrics=[figures(name)],
        metadata={**metadata, "prompts left out": problems.count},
    )


def _samples(prompts: Sequence[Prompt]) -> list[Any]:
    """A sample a prompt; names that come again get a number."""
    from inspect_ai.dataset import Sample

    times: dict[str, int] = {}
    out = []
    for prompt in prompts:
        times[prompt.id] = times.get(prompt.id, 0) + 1
        name = prompt.id if times[prompt.id] == 1 else f"{prompt.id}#{times[prompt.id]}"
        held = {"turns": list(prompt.turns), "row": dict(prompt.row), "name": prompt.id}
        out.append(Sample(input=_messages(prompt), id=name, metadata=held))
    return out


def _messages(prompt: Prompt) -> list[Any]:
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    kinds: dict[str, Any] = {"system": ChatMessageSystem, "assistant": ChatMessageAssistant}
    before = [kinds.get(m["role"], ChatMessageUser)(content=m["content"]) for m in prompt.before]
    return [*before, ChatMessageUser(content=prompt.turns[0])]


@solver
def turn_by_turn() -> Any:
    """Asks the turns of a prompt one after the other."""

    async def solve(state: Any, generate: Any) -> Any:
        from inspect_ai.model import ChatMessageUser

        said = []
        for number, turn in enumerate(state.metadata["turns"]):
            if number:
                state.messages.append(ChatMessageUser(content=turn))
            state = await generate(state)
            said.append(state.output.completion)
        state.store.set("said", said)
        return state

    return solve


@scorer
def answers(benchmark: str) -> Any:
    """Scores a sample as `macaronic eval score` would score a file that holds it alone.

    Args:
        benchmark: its name.
    """

    async def score(state: Any, target: Any) -> Any:
        from inspect_ai.scorer import Score

        module = benchmarks.find(benchmark)
        held = state.metadata
        prompt = Prompt(str(held["name"]), tuple(held["turns"]), row=held["row"])
        said = state.store.get("said") or [state.output.completion]
        form = getattr(module, "PROMPTS", Form())
        row = answered(prompt, said, str(state.model), form, str(state.output.stop_reason), whole=True)
        scored = _scored(module, [row])
        one = scored.judged[0] if scored and scored.judged else None
        values = dict(one.values) if one else {}
        head = values.get(module.BENCHMARK.metrics[0].name)
        head = next((v for v in values.values() if v is not None), None) if head is None else head
        told = {"row": row, "values": values}
        return Score(
            value=float("nan") if head is None else float(head),
            answer=said[-1],
            explanation=one.note if one else "not scored",
            metadata=told,
        )

    return score


@metric
def figures(benchmark: str) -> Any:
    """The benchmark's own figures over all samples.

    Args:
        benchmark: its name.
    """

    def over_all(scores: Sequence[Any]) -> Any:
        rows = [one.score.metadata["row"] for one in scores if one.score.metadata]
        scored = _scored(benchmarks.find(benchmark), rows)
        found = scored.results if scored else ()
        return {f"{r.name} {r.level}": r.value for r in found if r.value is not None}

    return over_all


def _scored(module: Any, rows: Sequence[dict[str, Any]]) -> Scored | None:
    """The scores of some rows, through a file as every benchmark reads them; None without rows."""
    if not rows:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outputs.jsonl"
        write_outputs(path, iter(rows))
        scored: Scored = module.score(Asked(str(path), samples=0))
        return scored
