"""The loop and the callback: what is trained on, what is seen, and when."""

from types import SimpleNamespace

import pytest

from macaronic.core.errors import UsageError
from macaronic.core.mixture import Mixture
from macaronic.mix.online import aioli, odm
from macaronic.mix.online.callback import callback
from macaronic.mix.online.loop import Controller, mean_loss, run


def test_run_trains_on_the_mixture_that_the_last_look_gave() -> None:
    losses = [{"a": 3.0, "b": 1.0}] * 4
    trace = run(Controller(odm.start(["a", "b"]), odm.step), lambda mixture, t: losses[t], 4)
    state = odm.start(["a", "b"])
    for mixture, seen in zip(trace.mixtures, trace.seen, strict=True):
        assert mixture == state.mixture
        state = odm.step(state, seen)
    assert trace.controller.mixture == state.mixture
    assert trace.mean.weights["a"] == pytest.approx(sum(m.weights["a"] for m in trace.mixtures) / 4)
    with pytest.raises(UsageError):
        run(trace.controller, lambda mixture, t: losses[t], 0)


def test_mean_loss() -> None:
    assert mean_loss({"a": 1.0, "b": 2.0, "c": 6.0}) == 3.0


def steps(steering: object, last: int) -> None:
    for event in ("on_init_end", "on_epoch_begin", "on_log", "on_save", "on_push_begin"):
        assert getattr(steering, event)(None, None, None, model=None) is None
    steering.on_train_begin(None, SimpleNamespace(global_step=0), None, model=None)
    for step in range(1, last + 1):
        steering.on_step_end(None, SimpleNamespace(global_step=step), None, model=None)


def test_callback_with_stretches_of_the_methods_own() -> None:
    settings = aioli.Settings(rounds=1, probe_steps=2, train_steps=10)
    seen: list[int] = []
    chosen: list[Mixture] = []
    import numpy as np

    rng = np.random.default_rng(0)

    def observe(step: int) -> dict[str, float]:
        seen.append(step)
        return {"a": 5.0 - 0.01 * step, "b": 5.0 - 0.02 * step}

    controller = Controller(aioli.start(["a", "b"], settings=settings), lambda s, o: aioli.step(s, o, rng=rng))
    steering = callback(controller, observe=observe, apply=chosen.append, every=lambda state: state.segment)
    steps(steering, 30)
    assert seen == [10, 12, 14, 24, 26, 28]
    assert [step for step, _ in steering.history] == [0, *seen]
    assert len(chosen) == 7
    assert max(chosen[1].weights.values()) == 0.75
    assert steering.controller.state.moves == 2


def test_callback_refuses_no_stretch_and_other_attributes() -> None:
    controller = Controller(odm.start(["a", "b"]), odm.step)
    with pytest.raises(UsageError):
        callback(controller, observe=lambda step: {}, apply=print, every=0)
    steering = callback(controller, observe=lambda step: {}, apply=print, every=1)
    with pytest.raises(AttributeError):
        _ = steering.nothing


def test_the_callback_handler_of_transformers_takes_it() -> None:
    trainer_callback = pytest.importorskip("transformers.trainer_callback")
    chosen: list[Mixture] = []
    controller = Controller(odm.start(["a", "b"]), odm.step)
    steering = callback(controller, observe=lambda step: {"a": 3.0, "b": 1.0}, apply=chosen.append, every=2)
    handler = trainer_callback.CallbackHandler([steering], None, None, None, None)
    state, control = trainer_callback.TrainerState(), trainer_callback.TrainerControl()
    handler.on_train_begin(None, state, control)
    for step in range(1, 5):
        state.global_step = step
        handler.on_step_begin(None, state, control)
        handler.on_step_end(None, state, control)
    handler.on_train_end(None, state, control)
    assert [step for step, _ in steering.history] == [0, 2, 4]
    assert chosen[-1].weights["a"] > 0.5
