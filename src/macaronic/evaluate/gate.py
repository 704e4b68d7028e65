"""A gate: which changes between two models are allowed; what it says, as text, Markdown and JUnit XML."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from macaronic.core.errors import InputError, UnknownName, UsageError
from macaronic.evaluate.compare import ALL, Better, Change


class Rule(BaseModel):
    """What is allowed of one metric."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """A drop of up to so much is allowed, however sure it is."""
    least: Annotated[float | None, Field(allow_inf_nan=False)] = None
    """The new model must reach this, whatever the old one did; where lower is better, not be above it."""
    languages: list[str] = []
    """Only these; all of them when empty."""
    direction: Better | None = None
    """Whether `higher` or `lower` is better; as the benchmark says when left out."""


class Gate(BaseModel):
    """A whole gate.

    >>> Gate(metric={"lpr": Rule(margin=0.01)}).alpha
    0.05
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """A drop counts when its corrected p is at most this."""
    max_missing: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Which share of the examples the new model may leave out."""
    metric: dict[str, Rule] = {}
    """Metric -> rule; every metric with no drop allowed when empty."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one change: `passed`, or why not."""

    change: Change
    passed: bool
    why: str


def load(path: str) -> Gate:
    """Read a gate from TOML.

    Raises:
        InputError: it cannot be read.
        UsageError: it is not TOML, or a key or value is wrong.
    """
    try:
        return Gate.model_validate(tomllib.loads(Path(path).read_text("utf-8")))
    except OSError as error:
        raise InputError(f"cannot read the gate {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: expected TOML, which is UTF-8; got other bytes: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: this is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place, key = ".".join(map(str, first["loc"])), str(first["loc"][-1])
        if first["type"] == "extra_forbidden":
            raise UnknownName(
                "key", key, (Rule if "." in place else Gate).model_fields, where=f"{path}: {place}"
            ) from None
        raise UsageError(f"{path}: {place}: {first['msg']}; got {first['input']!r}") from error


def judge(changes: Sequence[Change], gate: Gate) -> list[Verdict]:
    """What the gate says of each change that it has a rule for.

    A change fails when it is for the worse by more than the margin and its corrected p is at most alpha, when the new
    model is below `least`, or when it left out more examples than allowed.

    Raises:
        UnknownName: a rule for a metric or a language that was not compared.
    """
    known = {change.metric for change in changes}
    for name, wanted in gate.metric.items():
        if name not in known:
            raise UnknownName("metric in the gate", name, known)
        spoken = {change.language for change in changes if change.metric == name}
        for language in wanted.languages:
            if language not in spoken:
                raise UnknownName(f"language of {name} in the gate", language, spoken)
    rules = gate.metric or {name: Rule() for name in known}
    out = []
    for change in changes:
        rule = rules.get(change.metric)
        if rule is None or (rule.languages and change.language not in rule.languages):
            continue
        why = _failure(change, rule, gate)
        out.append(Verdict(change, not why, why or "no drop beyond what is allowed"))
    return out


def _failure(change: Change, rule: Rule, gate: Gate) -> str:
    higher = (rule.direction or change.better) == "higher"
    worse = -change.change if higher else change.change
    if change.n and change.missing / change.n > gate.max_missing:
        return f"{change.missing} of {change.n} examples are not answered"
    if worse > rule.margin and change.adjusted <= gate.alpha:
        return f"worse by {worse:.4f}, more than {rule.margin:g} (corrected p {change.adjusted:.4g})"
    short = rule.least is not None and (change.new < rule.least if higher else change.new > rule.least)
    return f"{change.new:.4f} does not reach {rule.least:g}" if short else ""


def markdown(verdicts: Sequence[Verdict], *, title: str = "Comparison") -> str:
    """A table for a pull request.

    >>> print(markdown([]).splitlines()[0])
    ## Comparison: nothing was compared
    """
    failed = sum(not verdict.passed for verdict in verdicts)
    told = "nothing was compared" if not verdicts else f"{failed} of {len(verdicts)} failed" if failed else "passed"
    lines = [
        f"## {title}: {told}",
        "",
        "| | metric | language | base | new | change | 95 % interval | p (Holm) | n |",
        "| --- | --- | --- | ---: | ---: | ---: | --- | ---: | ---: |",
    ]
    for verdict in verdicts:
        c = verdict.change
        ends = f"{c.low:+.4f} to {c.high:+.4f}" if c.low is not None and c.high is not None else ""
        mark = "ok" if verdict.passed else f"**{_cell(verdict.why)}**"
        names = f"{_cell(c.metric)} | {_cell(c.language)}"
        lines.append(
            f"| {mark} | {names} | {c.base:.4f} | {c.new:.4f} | {c.change:+.4f} | {ends} | {c.adjusted:.4g} | {c.n} |"
        )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return _xml(text).replace("|", "\\|").replace("<", "&lt;")


def junit(verdicts: Sequence[Verdict], *, suite: str = "macaronic eval compare") -> str:
    """JUnit XML, a test case a change, as continuous integration reads it."""
    failed = sum(not verdict.passed for verdict in verdicts)
    root = ElementTree.Element("testsuites")
    attributes = {"name": suite, "tests": str(len(verdicts)), "failures": str(failed), "errors": "0"}
    held = ElementTree.SubElement(root, "testsuite", attributes)
    for verdict in verdicts:
        change = verdict.change
        name = _xml(change.language) if change.language != ALL else "all languages"
        case = ElementTree.SubElement(held, "testcase", {"classname": _xml(change.metric), "name": name})
        numbers = f"{change.base:.6f} -> {change.new:.6f} ({change.change:+.6f}), n {change.n}; {change.signature}"
        if verdict.passed:
            ElementTree.SubElement(case, "system-out").text = numbers
        else:
            ElementTree.SubElement(case, "failure", {"message": verdict.why}).text = numbers
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c == " " else "\ufffd" for c in text)
