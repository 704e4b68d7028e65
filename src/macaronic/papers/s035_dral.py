"""S035: DRAL: speakers of two languages re-enact their own utterances, so that pairs match in meaning and in feeling.

What works here: manifests of pairs are checked, become a project in which people judge each pair, and go back into a
manifest; the split has no speaker in both halves. Checked on planted manifests with sounds made here. The released
pairs and their figures need the data, which have no licence file.
"""

from __future__ import annotations

import csv
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured

if TYPE_CHECKING:
    from macaronic.annotate.pair_manifest import Pair

PAPER = Paper(
    id="S035",
    slug="dral",
    title="Dialogs Re-enacted Across Languages",
    kind="dataset",
    url="https://github.com/joneavila/DRAL",
    uses=(
        "annotate.pair_manifest.read",
        "annotate.pair_manifest.speaker_split",
        "annotate.pair_manifest.outliers",
        "annotate.reenactment.export",
    ),
    claims=(
        Claim("faults", "share of planted faults told on their line, the pair left out", "mechanism", at_least=1.0),
        Claim("sound", "share of pairs without a fault that are read whole", "mechanism", at_least=1.0),
        Claim("split", "share of speakers who are in one half of the proposed split alone", "mechanism", at_least=1.0),
        Claim("outliers", "share of planted pairs named whose side is 5 times as long", "direction", at_least=0.9),
        Claim("false-alarms", "share of pairs with a natural duration that are not named", "direction", at_least=0.9),
        Claim(
            "durations",
            "log durations of the two sides of released pairs go together",
            "needs",
            needs="the released DRAL pairs as a manifest: macaronic annotate new dral MANIFEST.csv "
            "--template re-enactment --json",
        ),
    ),
    cost={"smoke": "a second", "small": "seconds", "full": "seconds"},
    languages=("en", "es"),
)
SECONDS = 30.0
FAULTS = ("id", "original", "missing side", "times", "language", "speaker", "sound file")


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Plant a manifest with faults, and durations with outliers."""
    n = {"smoke": 70, "small": 700, "full": 3500}[scale]
    return [*faults(rng, n), split(rng, n), *outliers(rng, n)]


def row(number: int, rng: np.random.Generator) -> dict[str, str]:
    """A pair without a fault."""
    out = {"id": f"p{number}", "original": "ab"[number % 2]}
    for side, lang in (("a", "en"), ("b", "es")):
        start, long = rng.uniform(0, 20), rng.uniform(0.5, 5)
        told = {"lang": lang, "audio": f"{lang}.wav", "start": start, "end": start + long, "text": f"so {number}"}
        out |= {f"{key}_{side}": str(value) for key, value in told.items()}
        out[f"speaker_{side}"] = f"s{number % 17}"
    return out


def broken(whole: dict[str, str], fault: str) -> dict[str, str]:
    """The same pair with one fault."""
    changed = {
        "id": {"id": "p0"},
        "original": {"original": ""},
        "missing side": {"text_b": ""},
        "times": {"end_a": str(SECONDS + 1)},
        "language": {"lang_b": "en"},
        "speaker": {"speaker_b": "somebody"},
        "sound file": {"audio_b": "../es.wav"},
    }
    return whole | changed[fault]


def faults(rng: np.random.Generator, n: int) -> list[Check]:
    """Every second pair has a fault; which are told, and which pairs come through."""
    from macaronic.annotate import pair_manifest
    from macaronic.core.problems import Problems

    wanted = {i: FAULTS[i // 2 % len(FAULTS)] for i in range(1, n, 2)}
    rows = [broken(row(i, rng), wanted[i]) if i in wanted else row(i, rng) for i in range(n)]
    with tempfile.TemporaryDirectory() as folder:
        path, problems = Path(folder, "pairs.csv"), Problems()
        for lang in ("en", "es"):
            with wave.open(str(Path(folder, f"{lang}.wav")), "wb") as sound:
                sound.setparams((1, 1, 1000, 0, "NONE", ""))
                sound.writeframes(bytes(int(SECONDS * 1000)))
        with open(path, "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        read = {pair.line for pair in pair_manifest.read(path, problems)}
        told = {line.removeprefix(f"{path}:").partition(":")[0] for line in problems.first}
    by_kind = {kind: list(wanted.values()).count(kind) for kind in FAULTS}
    right = [str(i + 2) in told and i + 2 not in read for i in wanted] if dict(problems.by_kind) == by_kind else [False]
    whole = [i + 2 in read for i in range(n) if i not in wanted]
    return [measured("faults", np.mean(right), n=len(wanted)), measured("sound", np.mean(whole), n=len(whole))]


def pairs(ratios: list[float], speakers: list[str]) -> list[Pair]:
    """Pairs with these ratios of durations."""
    from macaronic.annotate.pair_manifest import Pair, Side

    out = []
    for i, (ratio, who) in enumerate(zip(ratios, speakers)):
        sides = (Side("en", "en.wav", 0.0, 2.0, who, "so"), Side("es", "es.wav", 0.0, 2.0 * ratio, who, "así"))
        out.append(Pair(str(i), sides, "a", i + 2, {}))
    return out


def split(rng: np.random.Generator, n: int) -> Check:
    """Speakers of very different diligence, through the items of a project: each is in one half."""
    from macaronic.annotate.reenactment import rows

    speakers = [f"s{k % 40}" for k in rng.zipf(1.6, n).tolist()]
    metas = [one.utterance.meta for one in rows(pairs([1.0] * n, speakers))]
    halves: dict[str, set[str]] = {}
    for meta in metas:
        for side in meta["sides"]:
            halves.setdefault(side["speaker"], set()).add(meta["split"])
    note = f"{np.mean([meta['split'] == 'test' for meta in metas]):.0%} of the pairs are held out"
    return measured("split", np.mean([len(held) == 1 for held in halves.values()]), n=len(halves), note=note)


def outliers(rng: np.random.Generator, n: int) -> list[Check]:
    """One pair in twenty is five times as long on one side."""
    from macaronic.annotate import pair_manifest

    wrong = rng.random(n) < 0.05
    wrong[0] = True
    ratios = np.exp(rng.normal(0.03, 0.25, n)) * np.where(wrong, 5.0, 1.0)
    named = {pair.id for pair in pair_manifest.outliers(pairs(ratios.tolist(), ["s"] * n))}
    found = np.array([str(i) in named for i in range(n)])
    return [
        measured("outliers", found[wrong].mean(), n=int(wrong.sum())),
        measured("false-alarms", 1 - found[~wrong].mean(), n=int((~wrong).sum())),
    ]
