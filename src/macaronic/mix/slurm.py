"""A sweep as an array job: every task runs its part of the proxies and keeps the results in the same folder."""

from __future__ import annotations

import shlex

from macaronic.core.errors import UsageError


def array_job(
    command: str, *, proxies: int, tasks: int | None = None, at_once: int = 0, minutes: int = 60, memory: str = "2G"
) -> str:
    """The batch script.

    Args:
        command: runs the sweep; `--part i/N` is added.
        proxies: how many there are.
        tasks: into how many parts they are cut; one a proxy when left out.
        at_once: how many tasks may run at the same time; 0 for any number.
        minutes: time limit of a task.
        memory: of a task.

    Raises:
        UsageError: no proxies, or a limit below 1.

    >>> print(array_job("macaronic mix sweep --out runs", proxies=64, tasks=8).splitlines()[2])
    #SBATCH --array=1-8
    """
    if proxies < 1 or minutes < 1 or at_once < 0 or (tasks is not None and tasks < 1):
        raise UsageError("an array job needs at least one proxy, one task and one minute")
    parts = min(tasks or proxies, proxies)
    limit = f"%{at_once}" if at_once else ""
    words = " ".join(shlex.quote(word) for word in shlex.split(command))
    return f"""#!/bin/bash
#SBATCH --job-name=mix-sweep
#SBATCH --array=1-{parts}{limit}
#SBATCH --cpus-per-task=1
#SBATCH --mem={memory}
#SBATCH --time={minutes}
# When all tasks are done, the same command without --part gathers the tables:
#   {words}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
exec {words} --part "$SLURM_ARRAY_TASK_ID/{parts}"
"""
