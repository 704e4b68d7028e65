"""A report with everything that is hard to show: many languages, three directions of trouble, hostile text.

The sentences are the project's own; the figures are made up to fill the page.
"""

from __future__ import annotations

import pytest

from macaronic.core.result import Result, signature
from macaronic.core.utterance import Utterance
from macaronic.report.build_report import BuildReport, Histogram, Notice, Sample, Share, SourceRow, SwitchPairs

SENTENCES = (
    ("yaar/hi-Latn kal/hi-Latn ki/hi-Latn meeting/en cancel/en ho/hi-Latn gayi/hi-Latn ,/other so/en chill/en", None),
    ("कल/hi की/hi meeting/en रद्द/hi हो/hi गई/hi ,/other so/en chill/en", "कल की meeting रद्द हो गई, so chill"),
    ("غدا/ar نلتقي/ar في/ar المحطة/ar ،/other d'accord/fr ؟/other", "غدا نلتقي في المحطة، d'accord؟"),
    ("on/fr se/fr voit/fr غدا/ar في/ar المحطة/ar ,/other 10/other h/fr", "on se voit غدا في المحطة, 10 h"),
    ("ghedwa/arq-Latn nro7o/arq-Latn l/arq-Latn la/fr plage/fr inchallah/arq-Latn", None),
    ("我们/zh 明天/zh 再/zh meeting/en 吧/zh ，/other OK/en ？/other", "我们明天再meeting吧，OK？"),
    ("நாளைக்கு/ta office/en போகணும்/ta ./other", "நாளைக்கு office போகணும்."),
    ("mañana/es tenemos/es un/es deadline/en ,/other ¿/other te/es acuerdas/es ?/other",
     "mañana tenemos un deadline, ¿te acuerdas?"),
    ("ben/tr heute/de gelmeyeceğim/tr ,/other weil/de ich/de krank/de bin/de",
     "ben heute gelmeyeceğim, weil ich krank bin"),
    ("می‌خواهم/fa این/fa file/en را/fa download/en کنم/fa", None),
    ("मैले/ne-Deva Kathmandu/ne मा/ne-Deva ticket/en किनें/ne-Deva", None),
    ("anga/other <script>alert(1)</script>/other \u202egnp.exe/mixed nul\x00byte/unk what/None", None),
)  # fmt: skip


def _sample(tagged: str, text: str | None, index: int) -> Sample:
    pairs = [piece.rpartition("/") for piece in tagged.split(" ")]
    labels = [None if label == "None" else label for _, _, label in pairs]
    utterance = Utterance.from_words([word for word, _, _ in pairs], layers={"lang": labels}, text=text)
    return Sample.of(utterance, source=f"source-{index % 3}", note="CMI 44.4" if index == 0 else "")


def samples() -> tuple[Sample, ...]:
    """The sentences above as samples."""
    return tuple(_sample(tagged, text, i) for i, (tagged, text) in enumerate(SENTENCES))


def example_report() -> BuildReport:
    """A report of a build in thirty languages."""
    tags = (
        "en", "hi", "hi-Latn", "ar", "fr", "zh", "ta", "es", "tr", "de", "fa", "ne-Deva", "arq-Latn", "bn", "ur", "te",
        "mr", "gu", "kn", "ml", "pa", "sw", "id", "ja", "ko", "ru", "uk", "el", "he", "th", "vi", "zh-Hant",
    )  # fmt: skip
    weights = [1.0 / (i + 1.5) for i in range(len(tags))]
    total = sum(weights)
    languages = tuple(
        Share(
            tag,
            achieved=w / total,
            asked=0.5 * w / total + 0.5 / len(tags),
            available=int(900_000 * w),
            taken=int(602_331 * w / total),
            epochs=round(602_331 / total / 900_000, 4) * (1 + i % 4),
            cap="4 epochs" if i % 4 == 3 else "",
        )
        for i, (tag, w) in enumerate(zip(tags, weights, strict=True))
    )
    scripts = tuple(
        Share(name, share, share, 100_000, 20_000, 0.2)
        for name, share in (("Latn", 0.51), ("Deva", 0.22), ("Arab", 0.14), ("Hans", 0.08), ("Taml", 0.05))
    )
    names = ("ar", "ar-Latn", "de", "en", "es", "fr", "hi", "hi-Latn", "tr", "zh")
    counts = tuple(
        tuple(0 if i == j or (i + j) % 3 == 0 else (i * 37 + j * 11) ** 2 % 9000 for j in range(10)) for i in range(10)
    )
    sign = signature("cmi", {"unit": "word", "other": "excluded", "bs": 1000, "seed": 1})
    return BuildReport(
        title="hinglish-and-friends",
        rows=48_213,
        size=602_331,
        budget=600_000,
        settings=(
            ("method", "temperature"),
            ("temperature", "3.0"),
            ("by", "language, script, mixedness"),
            ("unit", "words"),
            ("seed", "1"),
            ("engine", "serial"),
        ),
        signature=signature("build", {"method": "temperature", "t": 3.0, "unit": "words", "seed": 1}),
        results=(
            Result("cmi", "corpus", 12.412, 12.101, 12.733, 48_213, "sentences", sign),
            Result("m_index", "corpus", 0.8127, 0.8102, 0.8151, 48_213, "sentences", sign.replace("cmi", "m_index", 1)),
            Result("burstiness", "sentence_mean", -0.1349, None, None, 9_120, "sentences", sign),
            Result("memory", "corpus", None, None, None, 0, "spans", sign),
        ),
        languages=languages,
        scripts=scripts,
        cmi=Histogram(
            tuple(float(5 * i) for i in range(11)), (39_100, 310, 820, 1_350, 1_700, 1_604, 1_220, 890, 640, 579)
        ),
        switches=SwitchPairs(names, counts),
        samples=samples(),
        notices=(
            Notice("caps bind", "ar, ne-Deva and 6 more reached 4 epochs; what they lacked went to the others.", 8),
            Notice("little text", "th has 12,412 words available; shares below 1% rest on few sentences.", 3),
            Notice("no tokenizer", "The recipe names no tokenizer, so the unit is words."),
        ),
        problems=("data/hi/crawl.jsonl:17: no key 'text'", "data/ar/tweets.tsv:2203: 3 columns needed; got <b>2</b>"),
        problem_count=57,
        sources=(
            SourceRow("news-hi", "CC-BY-4.0", 20_000, 300_112, 3, ("hi", "en")),
            SourceRow("تغريدات", "", 8_000, 92_001, 54, ("ar", "fr")),
            SourceRow("package:django", "BSD-3-Clause", 30_213, 210_218, 0, ()),
        ),
        command="macaronic build hinglish.toml --seed 1",
    )


@pytest.fixture(scope="session")
def example() -> BuildReport:
    return example_report()
