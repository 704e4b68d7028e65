"""Any outputs: is the answer in a language that was allowed, in its script, and free of mixing that nobody asked for?

Three faults are told apart: a wrong language (most words are in one that is not allowed), a wrong script (the language
is right, its letters are not), and unasked mixing (the language is right, but a good part of the words is in another).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from macaronic.core import languages
from macaronic.core.errors import UnknownName
from macaronic.core.languages import is_language
from macaronic.core.problems import Problems
from macaronic.core.result import signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.prose import RULES, prose
from macaronic.evaluate.rows import read_rows, required
from macaronic.evaluate.scored import Scored, table

BENCHMARK = Benchmark(
    name="in-language",
    title="In a language that was allowed",
    task="answer in one of the allowed languages, in its script, without mixing in others",
    metrics=(
        Metric("right", "outputs without any of the faults"),
        Metric("wrong_language", "most words are in a language that is not allowed", better="lower"),
        Metric("wrong_script", "an allowed language in letters that are not allowed", better="lower"),
        Metric(
            "unasked_mixing", "at least a tenth and three of the words are in a language not allowed", better="lower"
        ),
        Metric("empty", "no words outside reasoning, code and quotations", better="lower"),
    ),
    form='JSONL or CSV: id, response, allowed (a list or "hi-Latn en"); prompt may stand beside',
    languages="any of the identifier's, with their scripts",
    source="your own outputs",
    licence="yours",
)
PROMPTS = Form(data="confusion")
SHARE = 0.1
WORDS = 3
FEW = 4
FAULTS = ("wrong_language", "wrong_script", "unasked_mixing", "empty")
# Languages that identifiers mistake for each other in short text; an answer in one passes for the other.
_ALIKE = ({"nb", "nn", "no", "da"}, {"sr", "hr", "bs", "sh"}, {"id", "ms"}, {"cs", "sk"})


@dataclass(frozen=True, slots=True)
class Output:
    """An output with what it may be in."""

    id: str
    text: str
    allowed: tuple[str, ...]


def score(asked: Asked) -> Scored:
    """Score a file of outputs of any model to any prompts.

    Raises:
        FormatError: no row has id, response and allowed.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "outputs.jsonl"
    >>> _ = path.write_text('{"id": 1, "response": "This is plain English, I think.", "allowed": ["de"]}\\n')
    >>> score(Asked(str(path), samples=0)).judged[0].values["wrong_language"]
    1.0
    """
    problems = Problems(asked.strict)
    taken: Counter[str] = Counter()
    outputs = list(_outputs(asked, problems))
    judged = tuple(_judged(outputs, taken))
    told = signature(BENCHMARK.name, {"share": SHARE, "words": WORDS, "bs": asked.samples})
    names = [metric.name for metric in BENCHMARK.metrics]
    results = table(judged, names, signature=told, samples=asked.samples, seed=asked.seed)
    rules = [{"name": rule.name, "about": rule.about, "characters": taken[rule.name]} for rule in RULES]
    left_out = ", ".join(f"{rule['name']} ({rule['characters']:,} characters)" for rule in rules if rule["characters"])
    notes = [f"left out before judging: {left_out}"] if left_out else []
    unknown = _unknown(outputs)
    if unknown:
        notes.append(f"the identifier does not know {', '.join(unknown)}: answers in them count as another language")
    return Scored(BENCHMARK.name, judged, results, {"left_out": rules, "signature": told}, problems, tuple(notes))


def _outputs(asked: Asked, problems: Problems) -> Iterator[Output]:
    found, fields = read_rows(asked.outputs, problems), ("id", "response", "allowed")
    rows = required(found, fields, asked.outputs, problems, answer="response")
    for line, row in rows:
        try:
            yield Output(str(row["id"]), str(row["response"]), _allowed(row["allowed"]))
        except UnknownName as error:
            problems.add(asked.outputs, line, str(error).splitlines()[0], kind="unknown language")


def _allowed(value: Any) -> tuple[str, ...]:
    tags = value if isinstance(value, list) else str(value).replace(",", " ").split()
    if not tags:
        raise UnknownName("language tag", "", ["hi-Latn", "en"])
    return tuple(dict.fromkeys(languages.parse(str(tag)) for tag in tags))


def _unknown(outputs: Sequence[Output]) -> list[str]:
    from macaronic.identify import tagger

    known = tagger.load().languages
    return sorted({tag for output in outputs for tag in output.allowed if not any(_same(name, tag) for name in known)})


def _judged(outputs: Sequence[Output], taken: Counter[str]) -> Iterator[Judged]:
    from macaronic.identify import tagger
    from macaronic.text.words import words

    parts = [prose(output.text) for output in outputs]
    for part in parts:
        taken.update(part.taken)
    split = [words(part.text) for part in parts]
    own = tagger.load()
    tagged = own.tag(split)
    for i, output in enumerate(outputs):  # a few words alone say little: those that an allowed language has are its own
        if sum(map(is_language, tagged[i].labels)) < FEW:
            tagged[i] = own.tag([split[i]], sorted({*output.allowed, "en"} & {*own.languages}) or None)[0]
    for output, tags in zip(outputs, tagged):
        counts = Counter(label for label in tags.labels if is_language(label))
        faults = judge(counts, output.allowed)
        values = {"right": float(not faults), **{name: float(name in faults) for name in FAULTS}}
        spoken = tuple(label for label in tags.labels if is_language(label))
        shares = ", ".join(f"{name} {n}" for name, n in counts.most_common(4))
        yield Judged(output.id, values, "+".join(output.allowed), "", shares, output.text, spoken)


def judge(counts: Mapping[str, int], allowed: Sequence[str]) -> tuple[str, ...]:
    """The faults of an output.

    Args:
        counts: language tag -> words of it.
        allowed: the tags that it may be in; mixing among them is no fault.

    >>> judge({"hi-Latn": 8, "en": 4}, ["hi-Latn", "en"]), judge({"hi-Latn": 8, "en": 4}, ["hi-Latn"])
    ((), ('unasked_mixing',))
    >>> judge({"hi": 8}, ["hi-Latn"]), judge({"fr": 8, "hi": 1}, ["hi"]), judge({}, ["hi"])
    (('wrong_script',), ('wrong_language',), ('empty',))
    """
    total = sum(counts.values())
    if not total:
        return ("empty",)
    right = sum(n for tag, n in counts.items() if any(_same(tag, a) for a in allowed))
    other_letters = sum(n for tag, n in counts.items() if _language_of(tag, allowed) and not _in(tag, allowed))
    wrong = total - right - other_letters
    if wrong * 2 > total:
        return ("wrong_language",)
    found = []
    if other_letters * 2 > right + other_letters or (other_letters >= WORDS and other_letters >= SHARE * total):
        found.append("wrong_script")
    if wrong >= WORDS and wrong >= SHARE * total:
        found.append("unasked_mixing")
    return tuple(found)


def _in(tag: str, allowed: Sequence[str]) -> bool:
    return any(_same(tag, a) for a in allowed)


def _language_of(tag: str, allowed: Sequence[str]) -> bool:
    return any(_alike(tag.partition("-")[0], a.partition("-")[0]) for a in allowed)


def _same(tag: str, allowed: str) -> bool:
    """The same language in the same script, or one that is taken for it."""
    if not _alike(tag.partition("-")[0], allowed.partition("-")[0]):
        return False
    scripts = {languages.script(tag), languages.script(allowed)}
    return len(scripts) == 1 or scripts <= {"Hans", "Hant", "Hani"}


def _alike(a: str, b: str) -> bool:
    return a == b or any(a in group and b in group for group in _ALIKE)
