"""Small data that every test of the training base shares."""

from __future__ import annotations

import pytest

from macaronic.train.recipe import Recipe


@pytest.fixture(scope="session")
def sums() -> list[dict[str, str]]:
    """Prompts and completions that a small model can learn a little of."""
    return [{"prompt": f"{a} + {b} =", "completion": f" {a + b}"} for a in range(8) for b in range(8)]


@pytest.fixture(scope="session")
def tiny() -> Recipe:
    """Twelve steps of the smallest preset."""
    return Recipe(model="0.3m", tokenizer=256, steps=12, batch=4, length=24, save_every=4, keep=3, validation=0.1)
