"""Plain and mixed versions as a task folder of lm-evaluation-harness, which scores choices by their log-likelihood.

A folder holds, for each version, its items (JSONL) and its task (YAML, written as JSON, which YAML contains), and a
group of them all. Nothing of the harness is needed to write it. What it logs with `--log_samples` goes back into
`macaronic eval score mixed-versions`, for paired tests.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from macaronic.core.errors import UsageError
from macaronic.core.files import write_text
from macaronic.evaluate.generate import write_outputs
from macaronic.evaluate.mixed_versions import MARKS

GROUP = "macaronic_mixed_versions"


def write_folder(rows: Iterable[Mapping[str, Any]], folder: str | os.PathLike[str]) -> list[str]:
    """Write the folder: `lm_eval --include_path FOLDER --tasks macaronic_mixed_versions`.

    Args:
        rows: of `mixed_versions.plain_rows` and `mixed_rows`; open prompts, which have no choices, are left out.
        folder: where to; made when missing. The tasks name their items by full path.

    Returns:
        The names of the tasks, a version each.

    Raises:
        UsageError: no row has choices.
        InputError: it cannot be written.

    >>> import tempfile
    >>> row = {"id": "1|en/plain", "version": "en/plain", "prompt": "Q?", "choices": ["a", "b"], "answer": 1}
    >>> write_folder([row], tempfile.mkdtemp())
    ['macaronic_en_plain']
    """
    place = Path(folder).resolve()
    versions: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.get("choices") and row.get("answer") is not None:
            lettered = {**row, "letters": [*MARKS[: len(row["choices"])]]}
            versions.setdefault(str(row["version"]), []).append(lettered)
    if not versions:
        raise UsageError("no item has choices and a right one; log-likelihood tasks need them.")
    names = []
    for version, held in versions.items():
        name = task_name(version)
        write_outputs(place / f"{name}.jsonl", iter(held))
        write_text(place / f"{name}.yaml", _yaml(_task(name, place / f"{name}.jsonl")))
        names.append(name)
    mean = {"metric": "acc", "aggregation": "mean", "weight_by_size": True}
    group = {"group": GROUP, "task": names, "aggregate_metric_list": [mean], "metadata": {"version": 1}}
    write_text(place / f"{GROUP}.yaml", _yaml(group))
    return names


def task_name(version: str) -> str:
    """A version's name in letters that the harness takes.

    >>> task_name("en+hi/ratio-token/0.2")
    'macaronic_en_hi_ratio_token_0_2'
    """
    return "macaronic_" + re.sub(r"\W+", "_", version)


def _task(name: str, items: Path) -> dict[str, Any]:
    return {
        "task": name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(items)}},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "{{prompt}}\nAnswer:",
        "doc_to_choice": "letters",
        "doc_to_target": "answer",
        "metric_list": [{"metric": "acc", "aggregation": "mean", "higher_is_better": True}],
        "metadata": {"version": 1},
    }


def _yaml(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def from_log(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an output, where it is one that the harness logged: its item, and the likeliest letter as response.

    >>> doc = {"id": "1|en/plain", "answer": 1, "letters": ["A", "B"]}
    >>> from_log({"doc_id": 0, "doc": doc, "filtered_resps": [["-3.5", "False"], ["-0.5", "True"]]})["response"]
    'B'
    """
    doc, said = row.get("doc"), row.get("filtered_resps")
    if not isinstance(doc, dict) or not isinstance(said, list):
        return dict(row)
    try:
        scores = [float(one[0]) for one in said]
    except (TypeError, ValueError, IndexError):
        return {**doc, "response": ""}
    best = max(range(len(scores)), key=scores.__getitem__, default=-1)
    return {**doc, "response": MARKS[best] if 0 <= best < len(MARKS) else ""}
