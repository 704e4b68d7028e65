"""The kept results as one table, tab-separated: `python -m benchmarks.summary [NAME | brief]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
Row = tuple[str, str, str]


def load(name: str) -> dict[str, Any]:
    """The kept result of one benchmark; empty when it was not run."""
    place = RESULTS / f"{name}.json"
    return json.loads(place.read_text("utf-8")) if place.exists() else {}


def words(kept: dict[str, Any]) -> Iterator[Row]:
    """Cutting into words, beside the `regex` package."""
    for row in kept.get("rows", []):
        ours, peer = row["words_per_s"]["tokenise_batch"], row["words_per_s"]["regex word boundaries"]
        yield f"words a second, {row['text']}", f"{ours / 1e6:.1f} M", f"{ours / peer:.1f}x regex word boundaries"


def measure(kept: dict[str, Any]) -> Iterator[Row]:
    """Measuring, beside Python loops."""
    for row in kept.get("rows", []):
        speed = row["tokens_per_s"]["measure with scripts"]
        versus = f"{row['times_the_functions']:.0f}x a loop of functions, {row['times_the_loop']:.0f}x one tuned loop"
        yield f"all measures, tokens a second, {row['languages']} languages", f"{speed / 1e6:.1f} M", versus


def build(kept: dict[str, Any]) -> Iterator[Row]:
    """The main job."""
    for row in kept.get("rows", []):
        again = f"{row['ratio_new_proportions']:.1f}x faster with new proportions"
        size = f"{row['megabytes']:.0f} MB"
        yield f"build, MB a second, {size}", f"{row['megabytes_per_second']:.2f}", again
        yield f"build, most memory, {size}", f"{row['peak_memory_megabytes']:.0f} MB", ""


def supervised(kept: dict[str, Any]) -> Iterator[Row]:
    """Trainable taggers, beside a plain CRF over letter n-grams."""
    for row in kept.get("rows", []):
        name = row["set"]
        if "plain CRF" in row:
            low, high = row["ours"]["interval"]
            versus = f"{row['ours - plain CRF, points']:+.1f} points over a plain CRF; interval {low:.3f} to {high:.3f}"
            yield f"word accuracy, trained on {row['trained on']}, {name}", f"{row['ours']['accuracy']:.4f}", versus
        elif "raw text alone" in row:
            versus = f"{row['raw text alone']:.4f} without the shipped lists"
            yield f"word accuracy, {row['trained on']}, {name}", f"{row['beside the shipped lists']:.4f}", versus
        elif "whole" in row:
            versus = f"first 4 words: {row['first 4 words']:.4f}"
            yield f"sentence accuracy, {row['trained on']}, {name}", f"{row['whole']:.4f}", versus
        else:
            yield f"word accuracy, {name}", f"{row['accuracy']:.4f}", ""


def figures(kept: dict[str, Any]) -> Iterator[Row]:
    """Results that are kept as name, value and comparison."""
    for row in kept.get("figures", []):
        value = row["value"]
        shown = f"{value:.4f}" if value <= 1 else f"{value:.1f}" if value < 100 and value % 1 else f"{value:,.0f}"
        yield row["name"], shown, row.get("versus", "")


def lattice(kept: dict[str, Any]) -> Iterator[Row]:
    """Sentences out of constraint lattices, over all pairs of languages, by constraint and target."""
    held: dict[tuple[str, float | None], list[dict[str, Any]]] = {}
    for row in kept.get("rows", []):
        held.setdefault((row["constraint"], row["target_cmi"]), []).append(row)
    for (constraint, target), rows in held.items():
        name = f"{constraint}, {'at random' if target is None else f'CMI {target:g}'}"
        speeds = sorted(row["sentences_per_s"] for row in rows)
        shares = [row["share_not_empty"] for row in rows]
        told = f"rows that give something: {min(shares):.3f} to {max(shares):.3f}"
        if target is not None:
            told += f"; mean distance to the target: up to {max(row['mean_cmi_off'] for row in rows):.1f} points"
        yield f"sentences a second (median of {len(rows)}), {name}", f"{speeds[len(speeds) // 2]:,}", told


def mix_fit(kept: dict[str, Any]) -> Iterator[Row]:
    """Fitting losses to mixtures: the published protocol, the honest one, and how the choice does with few runs."""
    if not kept:
        return
    protocols = kept["protocols"]
    own, published = protocols["their protocol"]["1m"], protocols["published"]["1m"]
    told = f"published {published}; largest difference of 13: {protocols['largest difference of 13']}"
    yield "RegMix, mean Spearman x 100, authors' protocol", f"{own:.2f}", told
    for name in ("law", "gbm", "gp", "law+gbm"):
        held = protocols[f"honest {name}"]
        yield f"RegMix, honest, {name}", f"{held['1m']:.2f}", f"60M: {held['60m']:.2f}"
    yield "13 fits of boosted trees, seconds", f"{kept['speed']['13 fits']}", f"{kept['speed']['ratio']}x a bare loop"


def mix_regret(kept: dict[str, Any]) -> Iterator[Row]:
    """Mixing methods where the best mixture is known, those that do not beat even shares among them."""
    said = {"yes": "beats even shares", "no": "does not beat even shares", "worse": "worse than even shares"}
    for world, name in (("some", "three of six count"), ("all", "all six count")):
        for row in kept.get(world, {}).get("methods", []):
            between = f"{1e3 * row['low']:.2f} to {1e3 * row['high']:.2f}"
            p = "" if row["p"] is None else f", p = {row['p']:.3f}"
            told = f"{between}; {said.get(row['beats'], 'even shares')}{p}"
            yield f"regret in 0.001 nats a symbol, {name}: {row['method']}", f"{1e3 * row['regret']:.2f}", told


def mix_sampler(kept: dict[str, Any]) -> Iterator[Row]:
    """The token-exact stream, beside numpy and datasets."""
    if kept:
        speed = f"{kept['million_tokens_per_s']['macaronic']:.0f} M"
        ratios = "; ".join(f"{value}x{name.removeprefix('macaronic /')}" for name, value in kept["ratios"].items())
        yield "stream, tokens a second", speed, ratios


def mix_laws(kept: dict[str, Any]) -> Iterator[Row]:
    """Nested laws fitted without the largest model, and their starts beside the published fit."""
    if kept:
        for name in (name for name in kept if name.startswith("410M")):
            row = kept[name]
            told = f"{row['last']:.4f} when the largest model fitted stands for it; {row['inside']:.0%} inside 95%"
            yield f"mean error of the loss, {name}", f"{row['error']:.4f}", told
        starts, told = kept["starts, all groups"], kept["starts, all groups"]["reference, 500 iterations"]
        beside = f"{told['starts needed']} by the reference run to its end, 6,000 a group in the authors' code"
        yield "starts of the laws' fits, five groups", f"{starts['our starts']}", beside


def train_base(kept: dict[str, Any]) -> Iterator[Row]:
    """The trainer beside a bare loop over the same batches."""
    for row in kept.get("overhead", []):
        name = f"CPU time of a training step over a bare loop's, {row['preset']}, {row['precision']}"
        yield name, f"{row['ratio']:.3f}x", f"{row['tokens_a_cpu_second']:,} tokens a CPU second"


def train_gpu(kept: dict[str, Any]) -> Iterator[Row]:
    """The same on a GPU, by the clock."""
    if kept:
        name = f"time of a training step over a bare loop's, {kept['preset']}, bf16, {kept['device']}"
        yield name, f"{kept['ratio']:.3f}x", f"{kept['tokens_a_second']:,.0f} tokens a second"
        took = kept["proxies"]["seconds"]
        versus = f"losses differ by {kept['proxies']['largest_difference']:.3f} nats at most"
        yield "seconds of 4 tiny proxies, GPU (one core)", f"{took['cuda']:.0f} ({took['cpu']:.0f})", versus


def extract(kept: dict[str, Any]) -> Iterator[Row]:
    """The small extractor on made-up and real records, beside a gazetteer."""
    if kept:
        for name, systems in kept["tag"]["sets"].items():
            for system, metric in product(("constrained", "free"), ("TL", "WL")):
                if value := systems[system]["all"].get(metric):
                    peer = systems["majority and gazetteer"]["all"][metric]["value"]
                    told = f"{peer:.4f} by majority and gazetteer; {systems[system]['n']} records"
                    yield f"{metric}, {name}, {system} decoding", f"{value['value']:.4f}", told


def eval_generate(kept: dict[str, Any]) -> Iterator[Row]:
    """Thousands of prompts answered by a server that misbehaves, killed on the way."""
    if kept:
        told = f"{kept['kills']} kills; finished prompts asked again: {kept['finished prompts asked again']}"
        yield "prompts answered, misbehaving server", f"{kept['outputs with an answer']} of {kept['prompts']}", told
        bare = kept["prompts a second, bare client, well-behaved server"]
        yield "prompts a second", f"{kept['prompts a second, well-behaved server']}", f"{bare} by a bare client"


def eval_sandbox(kept: dict[str, Any]) -> Iterator[Row]:
    """What a start in the sandbox costs, beside a bare subprocess."""
    for row in (row for row in kept.get("rows", []) if row["program"] == "starts"):
        name = f"CPU milliseconds to start a program: {row['way']}"
        yield name, f"{row['cpu_milliseconds']}", f"{row['ratio_cpu_to_bare']}x a bare subprocess"


def ray_cluster(kept: dict[str, Any]) -> Iterator[Row]:
    """Sixteen proxies, a build and an identify on two nodes, one of which is killed."""
    if kept:
        same = all(kept[f"{what}_equals_serial"] for what in ("proxy_table", "build", "identify"))
        told = f"cluster up in {kept['seconds']['cluster up']} s; most memory {kept['most_memory_mb']['all']} MB"
        yield "two-node cluster, a node killed: the bytes of a serial run", "yes" if same else "no", told


BRIEF = {
    "identify": (
        "Turkish-German",
        "romanised Hindi",
        "one-language sentences, Latin",
        "one-language sentences, other",
        "words a second, news",
    ),
    "supervised": ("word accuracy, 100 raw sentences each, kin-fra",),
    "measure": ("all measures, tokens a second, 2",),
    "align": (
        "dictionary precision, en-es, 2,009",
        "dictionary precision, en-hi, 2,009",
        "source tokens a second, en-es, 2,009",
    ),
    "lattice": ("sentences a second (median of 8), ec",),
    "build": ("build, MB a second, 100", "build, most memory, 100"),
}
"""The rows that the README shows, by the beginnings of their names."""


def annotate_learning(kept: dict[str, Any]) -> Iterator[Row]:
    """The tagger that learns while people label."""
    for row in kept.get("rows", []):
        order = f", {row['order']} order" if row.get("order") == "queue" else ""
        what = f"keys a sentence, {row['set']}, {row['accepted']} accepted{order}"
        versus = (
            f"{row['clicks_a_sentence']:.2f} clicks that cycle labels; {row['accuracy']:.1%} of words proposed right"
        )
        yield what, f"{row['keys_a_sentence']:.2f}", versus


def annotate_replay(kept: dict[str, Any]) -> Iterator[Row]:
    """The real page, replayed."""
    for row in kept.get("rows", []):
        spans, clicks = row["span tool, no proposals"], row["labels go round by clicks"]
        right = f"{row['words proposed right']:.1%} proposed right"
        ratio = f"{spans['actions'] / row['keys']['actions']:.1f} times fewer than a span tool without proposals"
        versus = f"target {row['target keys']}; {right}; {ratio}; {clicks['actions']:.2f} clicks where labels go round"
        yield f"keys a sentence, {row['set']}, tagger of 50 sentences", f"{row['keys']['actions']:.2f}", versus
        yield f"taps a sentence, {row['set']}", f"{row['touch']['actions']:.2f}", "target 5"
        ours, theirs = (one["seconds, first time"] for one in (row["keys"], spans))
        read = row["keys"]["seconds of reading"]
        versus = f"{theirs:.1f} span tool, {clicks['seconds, first time']:.1f} clicks; reading {read:.1f} more in each"
        yield f"seconds a sentence by the keystroke model, {row['set']}", f"{ours:.1f}", versus
    for kind, target in (("key", 50), ("accept", 80)) if kept else ():
        one = kept["latency"][kind]
        name = f"ms from {kind} to picture, {kept['latency']['items']:,} texts, p95"
        yield name, f"{one['p95 ms']:.0f}", f"target {target}; p50 {one['p50 ms']:.0f}"


READERS = {
    "annotate_learning": annotate_learning,
    "annotate_replay": annotate_replay,
    "annotate_server": figures,
    "identify": figures,
    "supervised": supervised,
    "measure": measure,
    "words": words,
    "build": build,
    "demo": figures,
    "hinmix": figures,
    "align": figures,
    "lattice": lattice,
    "mix_fit": mix_fit,
    "mix_regret": mix_regret,
    "mix_sampler": mix_sampler,
    "ray_cluster": ray_cluster,
    "mix_laws": mix_laws,
    "train_base": train_base,
    "train_gpu": train_gpu,
    "extract": extract,
    "extract_codec": figures,
    "extract_translate": figures,
    "extract_translate_real": figures,
    "eval_confusion": figures,
    "eval_generate": eval_generate,
    "eval_sandbox": eval_sandbox,
    "annotate_store": figures,
    "annotate_agreement": figures,
}


def main() -> None:
    """Print the rows of one benchmark, or of all."""
    print("what\tmeasured\tbeside")
    brief = sys.argv[1:] == ["brief"]
    for name in READERS if brief else sys.argv[1:] or READERS:
        for row in READERS[name](load(name)):
            if not brief or row[0].startswith(BRIEF.get(name, ("-",))):
                print("\t".join(row))


if __name__ == "__main__":
    main()
