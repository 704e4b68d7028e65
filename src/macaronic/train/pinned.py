"""Random states and threads that are put back when a run is over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def random_state() -> Iterator[None]:
    """While it is open transformers may set the global seeds; those before are put back."""
    import torch

    before = random.getstate(), np.random.get_state(), torch.random.get_rng_state()
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])
        torch.random.set_rng_state(before[2])


@contextmanager
def threads(count: int) -> Iterator[None]:
    """While it is open torch computes on this many threads; 0 leaves them."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
