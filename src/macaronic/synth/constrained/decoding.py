"""Greedy and beam decoding over any model that gives the next token's logits, inside an allowed vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import UsageError
from macaronic.synth.constrained.vocabulary import Allowed, Ids

Floats = NDArray[np.float64]
Step = Callable[[Sequence[int]], Any]
"""A model: the ids so far (the prompt among them) to the logits of the next, shape (vocabulary,), numpy or torch."""
Path = tuple[tuple[int, ...], float]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was decoded.

    Args:
        ids: the new ids, without the prompt and without the end of the sentence.
        score: the sum of their log-probabilities and of the end's, by the model without the constraint.
        finished: whether the sentence ended by itself; if not, the limit cut it.
    """

    ids: tuple[int, ...]
    score: float
    finished: bool


def decode(
    step: Step,
    allowed: Allowed,
    *,
    prompt: Sequence[int] = (),
    max_tokens: int = 64,
    min_tokens: int = 0,
    beams: int = 1,
    length_penalty: float = 1.0,
) -> Decoded:
    """The best sentence that uses allowed tokens only.

    It always stops: after `max_tokens` new tokens at the latest, and at once where nothing but the end is allowed or
    no allowed token has a finite logit. Such an end comes before `min_tokens` if it must.

    Args:
        step: the model.
        allowed: what may come next (`Vocabulary`, `WholeWords`).
        prompt: the ids that the model starts from.
        max_tokens: most new tokens, the end of the sentence among them; at least 1.
        min_tokens: fewest new tokens before the sentence may end.
        beams: how many sentences are kept at each step; 1 is greedy.
        length_penalty: sentences are compared by score / tokens ** this.

    Raises:
        UsageError: a count out of range, an allowed id that the model does not have.

    Source: S060; beam search as usual.

    >>> from macaronic.synth.constrained.vocabulary import Vocabulary
    >>> def step(ids): return np.array([0.5 * len(ids), 1.0, 3.0, 2.0])
    >>> decode(step, Vocabulary.of([1, 3], eos=0), max_tokens=8).ids
    (3, 3, 3, 3)
    """
    if max_tokens < 1 or beams < 1 or not 0 <= min_tokens <= max_tokens:
        raise UsageError(
            "expected max_tokens and beams of at least 1 and min_tokens from 0 to max_tokens, "
            f"got {max_tokens}, {beams} and {min_tokens}"
        )
    living: list[Path] = [((), 0.0)]
    done: list[Decoded] = []
    for length in range(max_tokens):
        grown: list[Path] = []
        for ids, score in living:
            logs = log_probabilities(step([*prompt, *ids]))
            options = _options(logs, allowed, ids, length < min_tokens, max_tokens - length)
            best = options[np.argsort(-logs[options], kind="stable")[: beams + len(allowed.eos)]]
            grown += [((*ids, int(number)), score + float(logs[number])) for number in best]
        grown.sort(key=lambda path: -path[1])
        done += [Decoded(ids[:-1], score, True) for ids, score in grown[:beams] if ids[-1] in allowed.eos]
        living = [(ids, score) for ids, score in grown if ids[-1] not in allowed.eos][:beams]
        if not living or (done and (beams == 1 or _settled(done, living, max_tokens, length_penalty))):
            break
    ended = done or [Decoded(ids, score, False) for ids, score in living]
    return max(ended, key=lambda one: _value(one.score, len(one.ids) + one.finished, length_penalty))


def log_probabilities(logits: Any) -> Floats:
    """Logits as log-probabilities, float64; what is not a number counts as impossible.

    Args:
        logits: shape (vocabulary,), numpy or torch, on any device.

    >>> log_probabilities([0.0, 0.0, float("nan")]).round(3).tolist()
    [-0.693, -0.693, -inf]
    """
    given = logits.detach().float().cpu().numpy() if hasattr(logits, "detach") else logits
    values = np.asarray(given, dtype=np.float64).reshape(-1)
    values = np.where(np.isnan(values), -np.inf, values)
    top = values.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.full(len(values), -np.inf)
    logs: Floats = values - top - np.log(np.exp(values - top).sum())
    return logs


def _options(logs: Floats, allowed: Allowed, ids: tuple[int, ...], early: bool, left: int) -> Ids:
    """The ids to choose from: allowed, possible, and no end too early unless there is nothing else."""
    options = allowed.following(ids, left)
    if options[-1] >= len(logs):
        raise UsageError(f"expected ids below {len(logs)}, the model's vocabulary, got {options[-1]}\nOne tokenizer?")
    possible = options[np.isfinite(logs[options])]
    words = possible[~np.isin(possible, allowed.eos)] if early else possible
    for choice in (words, possible):
        if len(choice):
            return choice
    return np.array(allowed.eos[:1], dtype=np.int64)


def _settled(done: Sequence[Decoded], living: Sequence[Path], most: int, penalty: float) -> bool:
    """Whether no unfinished sentence can become better than the best finished one."""
    best = max(_value(one.score, len(one.ids) + 1, penalty) for one in done)
    return all(max(_value(score, len(ids) + 1, penalty), _value(score, most, penalty)) <= best for ids, score in living)


def _value(score: float, tokens: int, penalty: float) -> float:
    return float(score / max(tokens, 1) ** penalty)
