"""How well and how fast words are aligned, beside eflomal: `python benchmarks/align.py [--out FILE]`.

The pairs are FLORES-200's dev and devtest of `parallel-ntrex` (MACARONIC_DATA), English with Spanish and with Hindi,
and their first 200; and the first 200 sentences of NTREX-128 in ten more languages, which were not looked at while the
aligner was made. Both programs get the same tokens, and their two directions are intersected by the same code.

FreeDict judges (Debian's dict-freedict-eng-*), in lower case and without inflection. Of the links whose English word
has an entry of which a translation stands in the other sentence, the share that lead to such a translation is the
*dictionary precision*. Of the English words of that kind, the share with a link to such a translation is the
*coverage*. Links are counted too, because precision can be bought by silence; `at eflomal's number` keeps only as many
of our links, the surest, as eflomal gives. Seconds are those that the processor spent.

eflomal (GPL-3) is run as a separate program; without it, or without the dictionaries, those figures are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

from macaronic import __version__
from macaronic.synth.align import Alignment, align
from macaronic.synth.align.symmetrise import symmetrised
from macaronic.text.words import words

SIDES = {"en-es": ("eng_Latn", "spa_Latn", "eng-spa"), "en-hi": ("eng_Latn", "hin_Deva", "eng-hin")}
HELD_OUT = {
    "fra": ("fr", "eng-fra"),
    "ita": ("it", "eng-ita"),
    "pol": ("pl", "eng-pol"),
    "nld": ("nl", "eng-nld"),
    "ell": ("el", "eng-ell"),
    "ces": ("cs", "eng-ces"),
    "ind": ("id", "eng-ind"),
    "gle": ("ga", "eng-gle"),
    "swe": ("sv", "eng-swe"),
    "lit": ("lt", "eng-lit"),
}
FIRST = 200
COPIES = 50
DICTIONARIES = Path("/usr/share/dictd")
DIGITS = {c: n for n, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
NOTE = re.compile(r"\([^)]*\)?|\[[^]]*\]?|<[^>]*>|\{[^}]*\}?|/[^/]*/|[?!.…]|^\s*\d+\.?")

Pair = tuple[list[str], list[str]]
Entries = dict[str, set[str]]


def pairs(first: str, second: str) -> list[Pair]:
    """The sentence pairs of two languages of the FLORES file."""
    place = Path(os.environ.get("MACARONIC_DATA", "")) / "parallel-ntrex" / "flores200_check.jsonl"
    if not place.exists():
        raise SystemExit(f"expected {place}; set MACARONIC_DATA to the folder of data sets")
    rows = {row["lang"]: row["dev"] + row["devtest"] for row in map(json.loads, place.open(encoding="utf-8"))}
    return [(words(a), words(b)) for a, b in zip(rows[first], rows[second], strict=True)]


def freedict(name: str) -> Entries | None:
    """Single-word translations of single words from a dictd dictionary; None when it is not installed."""
    index, text = (DICTIONARIES / f"freedict-{name}{suffix}" for suffix in (".index", ".dict.dz"))
    if not index.exists():
        return None
    data = gzip.decompress(text.read_bytes())
    found: Entries = {}
    for line in index.read_text("utf-8").splitlines():
        head, start, length = line.split("\t")[:3]
        if head.startswith("00database") or " " in head:
            continue
        entry = data[_number(start) : _number(start) + _number(length)].decode("utf-8")
        for row in entry.splitlines()[1:]:
            if row.lstrip().startswith('"'):
                continue
            given = (word.strip(" -").lower() for word in re.split("[,;:]", NOTE.sub("", row)))
            found.setdefault(head.lower(), set()).update(w for w in given if w and " " not in w and "~" not in w)
    return found


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + DIGITS[digit]
    return value


def judged(text: Sequence[Pair], links: Sequence[Sequence[tuple[int, int]]], entries: Entries) -> dict[str, Any]:
    """Precision and coverage by the dictionary, and how many links there are."""
    right = asked = could = between = 0
    for (first, second), found in zip(text, links, strict=True):
        a, b = [w.lower() for w in first], [w.lower() for w in second]
        wanted = [entries.get(word, set()) & set(b) for word in a]
        hits = [(i, b[j] in wanted[i]) for i, j in found if wanted[i]]
        could += sum(map(bool, wanted))
        asked += len(hits)
        right += sum(hit for _, hit in hits)
        between += sum(any(c.isalpha() for c in a[i]) for i, _ in found)
    total = sum(map(len, links))
    return {"precision": right / asked, "coverage": right / could, "judged": asked, "links": total, "of words": between}


def surest(found: Sequence[Alignment], number: int) -> list[list[tuple[int, int]]]:
    """As many links as are asked for, the most confident of all pairs."""
    sure = np.sort(np.concatenate([one.confidence for one in found]))[::-1]
    limit = sure[min(number, len(sure)) - 1]
    return [[link for link, value in zip(one.links, one.confidence) if value >= limit] for one in found]


def eflomal(program: str, text: Sequence[Pair]) -> tuple[list[list[tuple[int, int]]], float]:
    """eflomal's intersected links with its own settings, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        place = {name: f"{folder}/{name}" for name in ("first", "second", "forward", "backward")}
        for side, name in enumerate(("first", "second")):
            Path(place[name]).write_text("".join(" ".join(pair[side]) + "\n" for pair in text), "utf-8")
        options = ["-s", place["first"], "-t", place["second"], "-f", place["forward"], "-r", place["backward"]]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, *options, "-m", "3", "--overwrite"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        ways = [_masks(Path(place[name]), text) for name in ("forward", "backward")]
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [[(i, j) for i, j in np.argwhere(symmetrised(a, b)).tolist()] for a, b in zip(*ways)], spent


def _masks(place: Path, text: Sequence[Pair]) -> list[Any]:
    masks = []
    for (first, second), line in zip(text, place.read_text("utf-8").splitlines(), strict=True):
        mask = np.zeros((len(first), len(second)), bool)
        for link in line.split():
            i, j = map(int, link.split("-"))
            mask[i, j] = True
        masks.append(mask)
    return masks


def compared(name: str, count: int | None, program: str | None) -> list[dict[str, Any]]:
    """The figures of one set of pairs."""
    first, second, dictionary = SIDES[name]
    text = pairs(first, second)[:count]
    source, target = name.split("-")
    tokens = sum(len(a) for a, _ in text)
    align(text[:20], source=source, target=target)
    spent, found = float("inf"), []
    for _ in range(3):
        start = time.process_time()
        found = align(text, source=source, target=target)
        spent = min(spent, time.process_time() - start)
    theirs, their_time = eflomal(program, text) if program else ([], 0.0)
    where = f"{name}, {len(text):,} pairs"
    entries = freedict(dictionary)
    figures = []
    if entries:
        ours = judged(text, [one.links for one in found], entries)
        their = judged(text, theirs, entries) if program else {}
        kept = judged(text, surest(found, their["links"]), entries) if program else {}
        for key in ("precision", "coverage"):
            figures.append(
                _figure(f"dictionary {key}, {where}", ours[key], f"{their[key]:.4f} eflomal" if program else "")
            )
        if program:
            said = f"{their['precision']:.4f} eflomal"
            figures.append(_figure(f"dictionary precision at eflomal's number, {where}", kept["precision"], said))
        figures.append(
            _figure(f"links judged, {where}", ours["judged"], f"{their['judged']:,} eflomal" if program else "")
        )
    links = sum(len(one.links) for one in found)
    figures.append(_figure(f"links, {where}", links, f"{sum(map(len, theirs)):,} eflomal" if program else ""))
    rate = tokens / spent
    versus = f"{tokens / their_time:,.0f} eflomal: {rate * their_time / tokens:.0f}x as fast; " if program else ""
    figures.append(_figure(f"source tokens a second, {where}", rate, f"{versus}target 20,000"))
    return figures


def held_out(program: str) -> list[dict[str, Any]]:
    """The mean over languages that played no part in choosing the settings."""
    place = Path(os.environ["MACARONIC_DATA"]) / "parallel-ntrex" / "ntrex200.jsonl"
    rows = {row["lang"]: row["sentences"] for row in map(json.loads, place.open(encoding="utf-8"))}
    ours, theirs = [], []
    for code, (target, dictionary) in HELD_OUT.items():
        entries = freedict(dictionary)
        if not entries:
            continue
        text = [(words(a), words(b)) for a, b in zip(rows["eng-US"], rows[code], strict=True)]
        links, _ = eflomal(program, text)
        theirs.append(judged(text, links, entries))
        ours.append(judged(text, [one.links for one in align(text, source="en", target=target)], entries))

    def mean(found: list[dict[str, Any]], key: str) -> float:
        return sum(float(one[key]) for one in found) / max(1, len(found))

    where = f"200 pairs, mean of {len(ours)} languages not looked at"
    figures = [
        _figure(f"dictionary {key}, {where}", mean(ours, key), f"{mean(theirs, key):.4f} eflomal")
        for key in ("precision", "coverage")
    ]
    return [*figures, _figure(f"links, {where}", mean(ours, "links"), f"{mean(theirs, 'links'):,.0f} eflomal")]


def large() -> list[dict[str, Any]]:
    """Time and memory of 100,000 pairs: the Spanish ones again and again, each copy with rare words of its own."""
    text = pairs(*SIDES["en-es"][:2])
    seen: dict[tuple[int, str], int] = {}
    for pair in text:
        for side in (0, 1):
            for word in pair[side]:
                seen[side, word] = seen.get((side, word), 0) + 1

    def renamed(sentence: list[str], side: int, copy: int) -> list[str]:
        return [f"{word}{copy}" if seen[side, word] < 2 else word for word in sentence]

    many = [(renamed(a, 0, copy), renamed(b, 1, copy)) for copy in range(COPIES) for a, b in text]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    align(many, source="en", target="es")
    spent = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    where = f"{len(many):,} pairs"
    tokens = sum(len(a) for a, _ in many)
    return [
        _figure(f"seconds, {where}", spent),
        _figure(f"source tokens a second, {where}", tokens / spent, "target 20,000"),
        _figure(f"most memory in MB, {where}", most / 1024, f"{before / 1024:,.0f} before"),
    ]


def _figure(name: str, value: float, versus: str = "") -> dict[str, Any]:
    return {"name": name, "value": round(float(value), 4), "versus": versus}


def main() -> None:
    """Print the figures, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the result to this JSON file too")
    parser.add_argument("--eflomal", default=shutil.which("eflomal-align"), help="the program eflomal-align")
    parser.add_argument("--small", action="store_true", help="without the 100,000 pairs")
    asked = parser.parse_args()
    figures = [row for name in SIDES for count in (None, FIRST) for row in compared(name, count, asked.eflomal)]
    figures += held_out(asked.eflomal) if asked.eflomal else []
    figures += [] if asked.small else large()
    result = {"command": "python benchmarks/align.py", "version": __version__, "figures": figures}
    text = json.dumps(result, indent=1, ensure_ascii=False)
    sys.stdout.write(text + "\n")
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
