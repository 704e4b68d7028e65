"""CodeMixBench for code: does a model still write the right function when the prompt is mixed?

The prompts are BigCodeBench's in Hinglish, Spanish and Pinyin with English at two degrees (CMD 0.6 and 0.9;
`macaronic.synth.cmd` makes them). An answer is right when the task's own tests pass. Several answers to one prompt give
pass@k by the unbiased estimator, 1 - C(n-c, k) / C(n, k) for c right ones among n. Where the plain English prompts were
answered too (language `en`, or cmd 0), the change against them is given task by task.

The code runs in `macaronic.evaluate.sandbox`, or not at all; what holds it there and its limits stand in the signature.
Counted apart, and always as wrong: answers without code, timeouts, crashes, what the sandbox refused (network, files
outside), and what went over its limits. Of an answer, the first code block that defines the function counts; a bare
body is put below the prompt's own first lines. A task that has examples but no answer counts as wrong.
"""

from __future__ import annotations

import math
import platform
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from macaronic.core.errors import FormatError
from macaronic.core.problems import Problems
from macaronic.core.result import Result, signature
from macaronic.evaluate.benchmark import Asked, Benchmark, Metric
from macaronic.evaluate.judged import Judged
from macaronic.evaluate.prompts import Form
from macaronic.evaluate.rows import Row, read_rows, required
from macaronic.evaluate.sandbox.limits import Limits
from macaronic.evaluate.sandbox.mechanism import chosen, told
from macaronic.evaluate.sandbox.outcome import OVER_LIMIT, Outcome
from macaronic.evaluate.sandbox.run import run, run_all
from macaronic.evaluate.scored import Scored, mean, table

KS = (1, 5, 10)
BENCHMARK = Benchmark(
    name="codemixbench-code",
    title="CodeMixBench: code generation from mixed prompts",
    task="write a Python function that passes its tests",
    metrics=(
        Metric("pass@1", "chance that an answer passes all tests of its task"),
        Metric("pass@5", "chance that one of five answers does"),
        Metric("pass@10", "chance that one of ten answers does"),
        Metric("timeout", "answers that did not end in time", "lower"),
        Metric("crashed", "answers that ended by a signal or before their tests", "lower"),
        Metric("refused", "answers that needed what the sandbox does not give", "lower"),
        Metric("over_limit", "answers that used too much memory, disk, output or processes", "lower"),
        Metric("no_code", "answers that hold no code", "lower"),
    ),
    form="JSONL: task_id, response (or solution), language, cmd; test and entry_point beside, or --examples FILE",
    languages="hi-Latn, es, zh-Latn, each with en",
    papers=("S018",),
    source="https://huggingface.co/datasets/ColdSlim/CodeMixBench",
    licence="Apache-2.0",
    options=("examples", "language"),
)
PROMPTS = Form(key="task_id", asked=("instruct_prompt",))
LIMITS = Limits()
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.M | re.S)
_CODE = re.compile(r"^(?:import \S+|from \S+ import .*|(?:def|class) \w+.*:.*|@\w+.*|\w+ = .*)$", re.M)
_TAGS = {"hinglish": "hi-Latn", "hin-eng": "hi-Latn", "spanish": "es", "spa-eng": "es", "pinyin": "zh-Latn",
         "chi-eng": "zh-Latn", "english": "en", "eng": "en"}  # fmt: skip
_ENTRY = "task_func"
Part = tuple[str, str]


def score(asked: Asked) -> Scored:
    """Run the answers and score them.

    Raises:
        FormatError: no row has task_id and an answer, or none has tests.
        NoSandbox: nothing here can run them safely; none was run.
    """
    problems = Problems(asked.strict)
    examples = _examples(asked.examples, problems) if asked.examples else {}
    answers: dict[tuple[Part, str], list[tuple[str, str | None, str]]] = defaultdict(list)
    for line, row in _answers(asked, problems):
        task = str(row["task_id"])
        known = {**examples.get(task, {}), **{name: value for name, value in row.items() if value is not None}}
        if not known.get("test"):
            problems.add(asked.outputs, line, f"no tests for {task}; it cannot be judged", kind="no tests")
            continue
        response, prompt = str(row["response"]), str(known.get("code_prompt") or known.get("complete_prompt") or "")
        code = code_of(response, prompt, str(known.get("entry_point") or _ENTRY))
        if code is None and response.strip():
            problems.add(asked.outputs, line, f"{task}: no code; it counts as wrong", kind="no code")
        answers[_part(row, asked, line, problems), task].append((response, code, str(known["test"])))
    if not answers:
        raise FormatError(
            "expected tests (`test`) beside the answers, or --examples FILE of the release", asked.outputs
        )
    for missing in _missing(answers, examples):
        problems.add(asked.outputs, 0, f"{'/'.join(missing[0])}/{missing[1]}: no answer, so wrong", kind="no answer")
        answers[missing] = []
    judged = _judged(answers)
    settings = {"sandbox": told(chosen()), "limits": LIMITS.told(), "python": platform.python_version()}
    sign = signature(BENCHMARK.name, {**settings, "bs": asked.samples})
    names = [name for name in map(_metric, KS) if any(one.values[name] is not None for one in judged)]
    names += [metric.name for metric in BENCHMARK.metrics[len(KS) :]]
    results = table(judged, names, signature=sign, by=_level, samples=asked.samples, seed=asked.seed)
    body = {"signature": sign, **settings}
    return Scored(BENCHMARK.name, judged, (*results, *_changes(judged, asked, sign)), body, problems)


def pass_at_k(n: int, right: int, k: int) -> float | None:
    """The unbiased estimate of the chance that at least one of `k` answers is right; None with fewer than k answers.

    Args:
        n: answers.
        right: how many of them are right.
        k: how many one may give.

    >>> pass_at_k(4, 1, 2), pass_at_k(3, 0, 1), pass_at_k(1, 1, 5)
    (0.5, 0.0, None)
    """
    return 1 - math.comb(n - right, k) / math.comb(n, k) if n >= k else None


def code_of(response: str, prompt: str, entry_point: str) -> str | None:
    """The program in an answer; None where there is none.

    Args:
        response: what a model said.
        prompt: the first lines of the program, up to the function's head, for answers that only give its body.
        entry_point: the function's name.

    >>> code_of("Sure:\\n```python\\ndef f(): return 1\\n```\\nThat is it.", "", "f")
    'def f(): return 1\\n'
    >>> code_of("    return 1", "def f():", "f")
    'def f():\\n    return 1'
    >>> code_of("I cannot help with that.", "def f():", "f") is None
    True
    """
    blocks = [match[2] for match in _FENCE.finditer(response)]
    head = re.compile(rf"^(?:async )?(?:def|class) {re.escape(entry_point)}\b|^{re.escape(entry_point)}\s*=", re.M)
    for text in blocks or [response]:
        if head.search(text):
            return text
    if not blocks and _CODE.search(response):
        return response
    body = blocks[0] if blocks else response
    if prompt and body.strip() and (blocks or body.lstrip("\n")[:1].isspace()):
        return f"{prompt.rstrip()}\n{textwrap.indent(textwrap.dedent(body.strip(chr(10))), '    ')}"
    return blocks[0] if blocks else None


def defects(row: Row) -> Iterator[tuple[str, str]]:
    """What is wrong with a row of the released data: (kind, what); its own solution and an empty one are run.

    >>> list(defects({"task_id": "a/1"}))[0]
    ('no tests', 'test is missing or empty')
    """
    test, entry = str(row.get("test") or ""), str(row.get("entry_point") or _ENTRY)
    if not test:
        yield "no tests", "test is missing or empty"
        return
    prompt = str(row.get("code_prompt") or row.get("complete_prompt") or "")
    if row.get("canonical_solution"):
        found = run(solution(row), test=test, limits=LIMITS)
        if found.kind != "passed":
            yield "canonical solution", f"{found.kind} {found.detail}".strip()
    if run(f"{prompt}\n    pass\n" if prompt else f"def {entry}(*_): pass", test=test, limits=LIMITS).kind == "passed":
        yield "empty tests", "a function that does nothing passes"


def solution(row: Row) -> str:
    """The released solution as a program.

    >>> solution({"code_prompt": "def f():\\n", "canonical_solution": "    return 1"})
    'def f():\\n    return 1'
    """
    text, prompt = str(row["canonical_solution"]), str(row.get("code_prompt") or row.get("complete_prompt") or "")
    whole = re.search(rf"^def {re.escape(str(row.get('entry_point') or _ENTRY))}\b", text, re.M)
    return text if whole else f"{prompt.rstrip()}\n{text}"


def _examples(path: str, problems: Problems) -> dict[str, Row]:
    """Tasks of the release by id; all languages have the same tests, so the first row of a task counts."""
    found: dict[str, Row] = {}
    for _, row in required(read_rows(path, problems), ("task_id", "test"), path, problems, key=()):
        found.setdefault(str(row["task_id"]), row)
    return found


def _answers(asked: Asked, problems: Problems) -> Iterator[tuple[int, Row]]:
    """Rows with an answer as `response`; rows of one prompt without a `sample` are its first, second, ... sample."""
    seen: Counter[str] = Counter()

    def numbered() -> Iterator[tuple[int, Row]]:
        for line, row in read_rows(asked.outputs, problems):
            named = {"language": "", "cmd": "", **{name: value for name, value in row.items() if value is not None}}
            response = next((named[name] for name in ("response", "solution", "completion") if name in named), None)
            prompt = "/".join(str(named.get(name)) for name in ("language", "cmd", "task_id"))
            seen[prompt] += 1
            yield line, {"sample": seen[prompt], **named, "response": response}

    key = ("language", "cmd", "task_id", "sample")
    return required(numbered(), ("task_id", "response"), asked.outputs, problems, key=key, answer="response")


def _part(row: Row, asked: Asked, line: int, problems: Problems) -> Part:
    """Language and degree, as they are shown."""
    name = str(row["language"] or asked.language or "all")
    language, degree = _TAGS.get(name.lower(), name), str(row["cmd"])
    try:
        number = float(degree or 0)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        problems.add(asked.outputs, line, f"expected cmd from 0 to 1; got {degree!r}", kind="bad cmd")
        return language, "?"
    return language, f"{number:g}" if degree else ""


def _missing(answers: Mapping[tuple[Part, str], object], examples: Mapping[str, Row]) -> list[tuple[Part, str]]:
    parts = sorted({part for part, _ in answers})
    return [(part, task) for part in parts for task in examples if (part, task) not in answers]


def _judged(answers: Mapping[tuple[Part, str], Sequence[tuple[str, str | None, str]]]) -> tuple[Judged, ...]:
    programs = [(code, test) for held in answers.values() for _, code, test in held if code is not None]
    outcomes = run_all(programs, limits=LIMITS)
    judged = []
    for ((language, degree), task), held in answers.items():
        found = [next(outcomes) if code is not None else None for _, code, _ in held]
        name = "/".join(part for part in (language, degree, task) if part)
        note = "; ".join(dict.fromkeys(_note(one) for one in found)) or "no answer"
        text = held[0][0] if held else ""
        judged.append(Judged(name, _values(found), language, f"cmd {degree}" if degree else "", note, text))
    return tuple(judged)


def _values(found: Sequence[Outcome | None]) -> dict[str, float | None]:
    kinds = Counter("no_code" if one is None else "over_limit" if one.kind in OVER_LIMIT else one.kind for one in found)
    n = len(found)
    values = {_metric(k): pass_at_k(n, kinds["passed"], k) if n or k > 1 else 0.0 for k in KS}
    return {**values, **{metric.name: kinds[metric.name] / max(1, n) for metric in BENCHMARK.metrics[len(KS) :]}}


def _note(one: Outcome | None) -> str:
    return "no code" if one is None else f"{one.kind} {one.detail}".strip()


def _metric(k: int) -> str:
    return f"pass@{k}"


def _level(one: Judged) -> str:
    return f"{one.language} {one.group}".strip()


def _changes(judged: Sequence[Judged], asked: Asked, sign: str) -> Iterator[Result]:
    """pass@1 less that of the plain English prompt of the same task, for each language and degree."""
    plain = {_task(one): one for one in judged if one.language == "en" or one.group == "cmd 0"}
    parts: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if plain.get(_task(one)) not in (None, one):
            ours, theirs = one.values["pass@1"], plain[_task(one)].values["pass@1"]
            parts[_level(one)].append(Judged(one.id, {"pass@1 change": (ours or 0.0) - (theirs or 0.0)}))
    for level, rows in sorted(parts.items()):
        yield mean(rows, "pass@1 change", level=level, signature=sign, samples=asked.samples, seed=asked.seed)


def _task(one: Judged) -> str:
    """The task's id: what stands behind language and degree."""
    degree = one.group.removeprefix("cmd ")
    return one.id.removeprefix(f"{one.language}/").removeprefix(f"{degree}/" if degree else "")
