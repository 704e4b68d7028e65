"""The GPUs that this process may use, by the names that another process can be given."""

from __future__ import annotations

import os

VISIBLE = "CUDA_VISIBLE_DEVICES"


def cuda_devices() -> tuple[str, ...]:
    """The names of the visible CUDA devices, as CUDA_VISIBLE_DEVICES takes them; none without torch or a GPU.

    No device is opened: torch counts them through the driver's own list.
    """
    try:
        import torch
    except ImportError:
        return ()
    return named(torch.cuda.device_count(), os.environ.get(VISIBLE))


def named(count: int, visible: str | None) -> tuple[str, ...]:
    """The names of `count` devices.

    Args:
        count: how many can be used.
        visible: what CUDA_VISIBLE_DEVICES says; None when it is not set.

    >>> named(2, None), named(2, "3,GPU-8f2a"), named(0, "")
    (('0', '1'), ('3', 'GPU-8f2a'), ())
    """
    listed = [name.strip() for name in visible.split(",")] if visible else [str(i) for i in range(count)]
    return tuple(listed[:count])
