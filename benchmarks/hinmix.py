"""Made Hindi-English text beside real mixed text, method by method: `python benchmarks/hinmix.py [--out FILE]`.

The 200 different sentence pairs of codemix-hinmix-sample are mixed by every method of `macaronic synth` with its
default settings, and by choosing like each real corpus. Each result is compared with three real corpora: tweets in
Latin letters with a language for every word (codemix-hinglid-val), sentences in both scripts whose words are identified
by macaronic (codemix-comi-mli), and tweets of which only tags are there (codemix-hi-en-tags; its word classes are
given, others come from lists). The mixed text of the sample itself, which was made by substitution, stands beside ours.
Distances are those of `macaronic synth compare`: 0 is the same distribution. Words are aligned with FLORES sentences as
extra text.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from macaronic import __version__
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.compare import compare
from macaronic.synth.like import Matcher
from macaronic.synth.make import METHODS, Settings, make
from macaronic.synth.mixed import Outcome
from macaronic.synth.observed import Observed, observe
from macaronic.synth.profile import profile
from macaronic.synth.summary import Summary, counted
from macaronic.text import formats
from macaronic.text.scripts import script_of
from macaronic.text.words import tokenise

PAIR = ("hi", "en")
SHOWN = {"cmi": "CMI", "switching": "switching", "symcom": "SyMCoM", "switched_pos": "switched words"}
CORPORA = ("tweets, Latin letters", "COMI-LINGUA", "tags of tweets")
ORDER = "to tweets / COMI-LINGUA / tags"
SAME = ("extreme", "reverse")
"""With two languages these are noun-token, one way round and the other."""
Rows = list[dict[str, str]]


def cut(text: str) -> Utterance:
    """A sentence with its words."""
    return Utterance(text, tokens=tuple(tokenise(text)))


def pairs(rows: Rows) -> list[Parallel]:
    """The different sentence pairs of the sample."""
    texts = {(row["hi"], row["en"]): None for row in rows}
    return [Parallel(f"{i:03d}", {"hi": cut(hi), "en": cut(en)}) for i, (hi, en) in enumerate(texts)]


def own(rows: Rows, method: str) -> list[Utterance]:
    """The sample's own mixed text: what is in Devanagari is Hindi, what is in Latin letters English."""
    names = {"Deva": "hi", "Latn": "en"}
    found = []
    for row in rows:
        if row["method"] == method:
            u = cut(row["hicm"])
            found.append(u.with_layer("lang", [names.get(script_of(word[0]), "other") for word in u.words]))
    return found


def real(data: Path) -> dict[str, Observed]:
    """The real corpora, as they are observed."""
    places = (
        "codemix-hinglid-val/hinglid.validation.first3000.tsv",
        "codemix-comi-mli/MLI.first1000.csv",
        "codemix-hi-en-tags/qhe_hiencs-ud-train.conllu",
    )
    keys = {"COMI-LINGUA": "Sentences"}
    return {
        name: observe(formats.read(data / place, text_key=keys.get(name, "text")))
        for name, place in zip(CORPORA, places, strict=True)
    }


def extra(data: Path) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Words of the FLORES sentences, Hindi and English, to align with."""
    held: dict[str, list[str]] = {}
    for line in (data / "parallel-ntrex" / "flores200_check.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        tag = row["lang"].partition("_")[0]
        if tag in ("hin", "eng"):
            held[tag] = [*row["dev"], *row["devtest"]]
    return [(cut(hi).words, cut(en).words) for hi, en in zip(held.get("hin", []), held.get("eng", []))]


def sentences(outcomes: Iterator[Outcome], told: Summary) -> list[Utterance]:
    """What was made, counted."""
    return [one.utterance(i) for outcome in counted(outcomes, told) for i, one in enumerate(outcome.sentences)]


def measured(name: str, made: Sequence[Utterance] | Observed, corpora: dict[str, Observed]) -> dict[str, Any]:
    """The distances of one text to each real corpus."""
    seen = made if isinstance(made, Observed) else observe(made)
    beside: dict[str, dict[str, Any]] = {}
    for corpus, held in corpora.items():
        if corpus != name:
            results = compare(seen, held, pair=PAIR)
            beside[corpus] = {r.name: [r.value, r.low, r.high, r.n] for r in results}
            beside[corpus]["pos"] = results[0].signature.partition("pos:")[2].partition("|")[0]
    return {"text": name, "to": beside}


def run(data: Path) -> dict[str, Any]:
    """All methods beside all corpora."""
    lines = (data / "codemix-hinmix-sample" / "hinmix.train-valid.jsonl").read_text("utf-8").splitlines()
    rows: Rows = [json.loads(line) for line in lines]
    parallel, more, corpora = pairs(rows), extra(data), real(data)
    found = [measured(name, held, corpora) for name, held in corpora.items()]
    for method in ("calign", "ctrans"):
        found.append(measured(f"the sample's own {method}", own(rows, method), corpora))
    for name in (method for method in METHODS if method not in SAME):
        target = {"target_cmi": 30.0, "tolerance": None} if name == "target-cmi" else {}
        settings, told = Settings(name, PAIR, n=1, **target), Summary()  # type: ignore[arg-type]
        made = sentences(make(parallel, settings, extra=more), told)
        found.append(measured(name, made, corpora) | {"made": dict(told.reasons)})
    for corpus, held in corpora.items():
        told = Summary()
        matcher = Matcher(profile(held, pair=PAIR), Settings("ec", PAIR), extra=more)
        made = sentences(matcher.choose(parallel), told)
        found.append(measured(f"ec like {corpus}", made, corpora) | {"made": dict(told.reasons)})
    return {
        "figures": figures(found),
        "corpora": list(CORPORA),
        "texts": found,
        "pairs": len(parallel),
        "version": __version__,
    }


def figures(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line a text: its mean CMI distance to the real corpora, and every distance, corpus by corpus, beside it."""
    lines = []
    for text in found:
        near = [values["cmi"][0] for values in text["to"].values()]
        beside = "; ".join(
            f"{name} {' / '.join(_short(text['to'].get(corpus), key) for corpus in CORPORA)}"
            for key, name in SHOWN.items()
        )
        lines.append(
            {
                "name": f"{text['text']}, CMI points",
                "value": round(sum(near) / len(near), 4),
                "versus": f"{ORDER}: {beside}",
            }
        )
    return lines


def _short(values: dict[str, Any] | None, key: str) -> str:
    return "-" if values is None or values[key][0] is None else f"{values[key][0]:.3g}"


SHOWN = {
    "cmi": "CMI, points",
    "switching": "switching",
    "symcom": "SyMCoM",
    "switched_pos": "classes of switched words",
}


def table(kept: dict[str, Any]) -> Iterator[str]:
    """The kept distances, tab-separated: for each text and quantity those to the three corpora."""
    names = " / ".join(kept["corpora"])
    yield "\t".join([f"distance to {names}", *SHOWN.values()])
    for row in kept["texts"]:
        held = [row["to"].get(name) for name in kept["corpora"]]
        cells = [" / ".join("-" if one is None else f"{one[key][0]:.2f}" for one in held) for key in SHOWN]
        yield "\t".join([row["text"], *cells])


def main() -> None:
    """Print the result, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="print the kept result as a table and measure nothing")
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    asked = parser.parse_args()
    if asked.table:
        kept = json.loads((Path(__file__).parent / "results" / "hinmix.json").read_text("utf-8"))
        print(*table(kept), sep="\n")
        return
    place = os.environ.get("MACARONIC_DATA")
    if not place:
        print("left out: MACARONIC_DATA names no folder of data sets", file=sys.stderr)
        return
    text = json.dumps(run(Path(place)) | {"command": "python benchmarks/hinmix.py"}, indent=1, ensure_ascii=False)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
