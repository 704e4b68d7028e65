"""Let a method steer the data of a Hugging Face `Trainer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online.loop import Controller, Weighing

S = TypeVar("S", bound=Weighing)
O = TypeVar("O")  # noqa: E741


class Steering:
    """What `Trainer(callbacks=[...])` takes: it answers every event; `on_train_begin` and `on_step_end` do something.

    Made by `callback`; `controller` holds the method, `history` the (step, mixture) of every change.
    """

    def __init__(
        self,
        controller: Controller[Any, Any],
        observe: Callable[[int], Any],
        apply: Callable[[Mixture], None],
        every: Callable[[Any], int],
    ) -> None:
        self.controller = controller
        self.history: list[tuple[int, Mixture]] = []
        self._observe, self._apply, self._every = observe, apply, every
        self._due = 0

    def __getattr__(self, event: str) -> Callable[..., None]:
        if not event.startswith("on_"):
            raise AttributeError(event)
        acts = {"on_train_begin": self._set, "on_step_end": self._look}
        act = acts.get(event)

        def _answer(args: object, state: Any, *_: object, **__: object) -> None:
            if act:
                act(int(state.global_step))

        return _answer

    def _look(self, step: int) -> None:
        if step >= self._due:
            self.controller = self.controller.after(self._observe(step))
            self._set(step)

    def _set(self, step: int) -> None:
        stretch = self._every(self.controller.state)
        if stretch < 1:
            raise UsageError(f"a stretch of training needs at least one step; got {stretch}")
        self._due = step + stretch
        self.history.append((step, self.controller.mixture))
        self._apply(self.controller.mixture)


def callback(
    controller: Controller[S, O],
    *,
    observe: Callable[[int], O],
    apply: Callable[[Mixture], None],
    every: int | Callable[[S], int],
) -> Steering:
    """A callback that changes the mixture of a Hugging Face `Trainer` while it trains.

    It needs no transformers itself. On several processes every rank must see the same losses.

    Args:
        controller: the method.
        observe: the optimiser step -> what the method's step takes, such as validation losses by name.
        apply: sets the mixture that the data loader draws from; called at the begin too.
        every: optimiser steps between looks, at least 1; or a function of the method's state, for methods whose
            stretches differ (Aioli: `lambda state: state.segment`).

    Raises:
        UsageError: fewer than one step between looks.

    >>> from types import SimpleNamespace
    >>> from macaronic.mix.online import odm
    >>> chosen = []
    >>> steering = callback(
    ...     Controller(odm.start(["hi", "en"]), odm.step),
    ...     observe=lambda step: {"hi": 3.0, "en": 1.0}, apply=chosen.append, every=10,
    ... )
    >>> steering.on_train_begin(None, SimpleNamespace(global_step=0), None)
    >>> for step in range(1, 21):
    ...     steering.on_step_end(None, SimpleNamespace(global_step=step), None)
    >>> [step for step, _ in steering.history], chosen[-1].weights["hi"] > 0.5
    ([0, 10, 20], True)
    """
    if isinstance(every, int):
        if every < 1:
            raise UsageError(f"a stretch of training needs at least one step; got {every}")
        fixed = every
        return Steering(controller, observe, apply, lambda state: fixed)
    return Steering(controller, observe, apply, every)
