"""Chameleon: closed form for orthogonal domains, symmetry, and directions."""

import numpy as np
import pytest

from macaronic.core.errors import UsageError
from macaronic.mix.chameleon import chameleon, leverage


def test_orthogonal_domains_have_a_closed_form() -> None:
    # K = I: K (K + 2 ridge I)^-1 = I / (1 + 2 ridge).
    found = leverage({"a": [1.0, 0.0], "b": [0.0, 1.0]}, ridge=0.5)
    assert found == pytest.approx({"a": 0.5, "b": 0.5})


def test_twins_are_common_and_a_loner_is_special() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=8)
    domains = {f"t{i}": base + 0.05 * rng.normal(size=8) for i in range(4)} | {"lone": rng.normal(size=8)}
    found = leverage(domains, ridge=0.1)
    assert max(found, key=found.__getitem__) == "lone"
    before, after = chameleon(domains, ridge=0.1).weights, chameleon(domains, ridge=0.1, stage="finetune").weights
    assert before["lone"] == min(before.values())
    assert after["lone"] == max(after.values())


def test_order_and_temperature() -> None:
    rng = np.random.default_rng(1)
    domains = {name: rng.normal(size=5) for name in "abc"}
    turned = dict(reversed(domains.items()))
    assert chameleon(turned).weights == pytest.approx(chameleon(domains).weights)
    assert chameleon(domains, temperature=1e9).array == pytest.approx(np.full(3, 1 / 3))


def test_bad_input() -> None:
    with pytest.raises(UsageError, match="two or more"):
        leverage({"a": [1.0]})
    with pytest.raises(UsageError, match="one length"):
        leverage({"a": [1.0], "b": [1.0, 2.0]})
    with pytest.raises(UsageError, match="NaN"):
        leverage({"a": [1.0], "b": [np.nan]})
    with pytest.raises(UsageError, match="zeros"):
        chameleon({"a": [1.0], "b": [0.0]})
    with pytest.raises(UsageError, match="stage"):
        chameleon({"a": [1.0], "b": [2.0]}, stage="later")  # type: ignore[arg-type]
