"""Plug a method into a loop: a state, its step, and what is seen after each stretch of training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture


class Weighing(Protocol):
    """Any state that can say what to train on next."""

    @property
    def mixture(self) -> Mixture:
        """What to train on next."""
        ...


S = TypeVar("S", bound=Weighing)
O = TypeVar("O")  # noqa: E741


@dataclass(frozen=True)
class Controller(Generic[S, O]):
    """A method's state together with its step; settings of the step are bound by `functools.partial`.

    Args:
        state: what the method knows so far.
        step: the state after something was seen.

    >>> from macaronic.mix.online import odm
    >>> controller = Controller(odm.start(["hi", "en"]), odm.step)
    >>> controller.after({"hi": 3.0, "en": 1.0}).after({"hi": 3.0, "en": 1.0}).mixture.weights["hi"] > 0.5
    True
    """

    state: S
    step: Callable[[S, O], S]

    @property
    def mixture(self) -> Mixture:
        """What to train on next."""
        return self.state.mixture

    def after(self, seen: O) -> Controller[S, O]:
        """The controller after one step."""
        return replace(self, state=self.step(self.state, seen))


@dataclass(frozen=True)
class Trace(Generic[S, O]):
    """What happened: the mixtures that were trained on, what was seen after each, and the controller at the end."""

    mixtures: tuple[Mixture, ...]
    seen: tuple[O, ...]
    controller: Controller[S, O]

    @property
    def mean(self) -> Mixture:
        """The mixture that was trained on over all, each stretch counted once."""
        names = self.mixtures[0].names
        total = np.sum([m.aligned(names) for m in self.mixtures], axis=0)
        return Mixture(dict(zip(names, total.tolist(), strict=True)), self.mixtures[0].unit)


def run(controller: Controller[S, O], observe: Callable[[Mixture, int], O], steps: int) -> Trace[S, O]:
    """Train, look, step; again and again.

    Args:
        controller: the method.
        observe: trains one stretch on the mixture (it is told which stretch, from 0) and returns what the method's
            step takes: losses by name, or `Gradients`.
        steps: how many stretches, at least 1.

    Raises:
        UsageError: no steps.

    >>> from macaronic.mix.online import odm
    >>> trace = run(Controller(odm.start(["hi", "en"]), odm.step), lambda mixture, t: {"hi": 2.0, "en": 2.0}, 3)
    >>> len(trace.mixtures), trace.mean.weights
    (3, {'hi': 0.5, 'en': 0.5})
    """
    if steps < 1:
        raise UsageError(f"a run needs at least one step; got {steps}")
    mixtures, seen = [], []
    for t in range(steps):
        mixtures.append(controller.mixture)
        seen.append(observe(controller.mixture, t))
        controller = controller.after(seen[-1])
    return Trace(tuple(mixtures), tuple(seen), controller)


def mean_loss(losses: Mapping[str, float]) -> float:
    """The plain mean of losses by name, which most methods try to lower.

    >>> mean_loss({"hi": 2.0, "en": 4.0})
    3.0
    """
    return float(sum(losses.values()) / len(losses))
