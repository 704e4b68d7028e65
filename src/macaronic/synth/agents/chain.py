"""One chain of calls of LinguaMaster: write, judge from four sides at once, refine, decide. Source: S050."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from macaronic.core.errors import MissingData, MissingExtra, UsageError
from macaronic.core.languages import name
from macaronic.core.protocols import LM, Reply
from macaronic.synth.agents import answers, judges
from macaronic.synth.agents.answers import Unusable
from macaronic.synth.agents.judges import Check, Tag, Verdict
from macaronic.synth.agents.prompts import Prompts
from macaronic.synth.agents.scenario import Scenario
from macaronic.synth.mixed import Mixed, Outcome
from macaronic.text.words import words as words_of

MODEL = "model"
"""The side of a word that a language model wrote; its index is its position in the sentence."""

READERS = ("fluency", "naturalness", "culture")
"""The judges that a language model plays."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a text is good enough, and how the model is asked.

    Args:
        accept: the score (0 to 10) from which a text is kept.
        refinements: how often a text below that is rewritten and judged again.
        keep_last: whether the last rewriting is kept whatever its score, as the authors do; else it is rejected.
        weights: what each of the four judges counts.
        max_tokens: length limit of one answer.
        temperature: of writing and rewriting; judges are asked at 0.
        seed: of the first repeat; each further repeat takes the next.

    >>> Policy().accept, sum(Policy().weights.values())
    (8.0, 1.0)
    """

    accept: float = 8.0
    refinements: int = 1
    keep_last: bool = False
    weights: Mapping[str, float] = field(default_factory=lambda: dict(judges.WEIGHTS))
    max_tokens: int = 512
    temperature: float = 0.9
    seed: int = 1

    def __post_init__(self) -> None:
        if self.refinements < 0 or self.max_tokens < 1:
            raise UsageError(
                f"expected refinements >= 0 and max_tokens >= 1, got {self.refinements} and {self.max_tokens}."
            )
        judges.weighted({who: Verdict(0.0) for who in judges.WEIGHTS}, self.weights)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in a run, and by which rules."""

    writer: LM
    reader: LM
    languages: tuple[str, ...]
    tag: Tag
    check: Check
    prompts: Prompts
    policy: Policy


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    words: tuple[str, ...]
    langs: tuple[str, ...]


async def chain(scenario: Scenario, number: int, cast: Cast) -> Outcome:
    """Write, then judge and refine until the text is good enough or the refinements are used up.

    Args:
        scenario: what to write.
        number: which repeat of it.
        cast: who takes part.

    Raises:
        UsageError: no call to the model can succeed, or the tagger does not label every word.
    """
    group, policy = f"{scenario.number}.{number}", cast.policy
    try:
        draft = await _written("generate", scenario, number, cast, {})
        for refined in count():
            verdicts = await _judged(draft, scenario, cast)
            score = judges.weighted(verdicts, policy.weights)
            last = refined == policy.refinements
            if score >= policy.accept or (last and policy.keep_last):
                return Outcome(group, (_mixed(draft, group, scenario, verdicts, score, refined, cast),))
            if last:
                said = "; ".join(_problems(verdicts)[:3])
                detail = (
                    f"score {score:.4g} of {policy.accept:g} after {refined} refinements: {said or 'no fault named'}"
                )
                return Outcome(group, reason="rejected by the judges", detail=detail)
            draft = await _written("refine", scenario, number, cast, _blanks(draft, verdicts, cast))
    except Unusable as bad:
        return Outcome(group, reason=bad.reason, detail=bad.detail)
    raise AssertionError("a chain ends inside its loop")


async def _written(prompt: str, scenario: Scenario, number: int, cast: Cast, more: Mapping[str, str]) -> _Draft:
    """What the writer answered to a prompt, in words with their languages."""
    policy = cast.policy
    reply = await _asked(cast.writer, prompt, scenario, cast, more, policy.temperature, policy.seed + number)
    with _told_by(prompt):
        text = answers.sentence(reply)
        words = tuple(words_of(text))
        langs = tuple(cast.tag(words))
        if len(langs) != len(words):
            raise UsageError(f"expected a label for each of {len(words)} words, the tagger gave {len(langs)}.")
        _in_both(text, langs, cast.languages)
    return _Draft(text, words, langs)


def _in_both(text: str, langs: Sequence[str], languages: Sequence[str]) -> None:
    main, embedded = judges.counts(langs, languages)
    if main and embedded:
        return
    if answers.refuses(text):
        raise Unusable("refusal", text[:80])
    found = (
        "no word" if not main + embedded else f"every word is {languages[0]}" if main else f"no word is {languages[0]}"
    )
    raise Unusable("wrong language", f"expected {' and '.join(languages)}, {found}: {text[:60]!r}")


async def _judged(draft: _Draft, scenario: Scenario, cast: Cast) -> dict[str, Verdict]:
    """The four verdicts: three readers at once, amount and constraint by code."""
    told = await asyncio.gather(*(_read(who, draft, scenario, cast) for who in READERS), return_exceptions=True)
    failed = [error for error in told if isinstance(error, BaseException)]
    if failed:
        raise next((error for error in failed if not isinstance(error, Unusable)), failed[0])
    verdicts = {who: verdict for who, verdict in zip(READERS, told, strict=True) if isinstance(verdict, Verdict)}
    verdicts["fluency"] = judges.worse(verdicts["fluency"], judges.constraints(draft.words, draft.langs, cast.check))
    verdicts["ratio"] = judges.ratio(draft.langs, cast.languages, scenario.share)
    return verdicts


async def _read(who: str, draft: _Draft, scenario: Scenario, cast: Cast) -> Verdict:
    reply = await _asked(cast.reader, who, scenario, cast, {"text": draft.text}, 0.0, cast.policy.seed)
    with _told_by(who):
        return Verdict(*answers.judgement(reply))


async def _asked(
    lm: LM, prompt: str, scenario: Scenario, cast: Cast, more: Mapping[str, str], temperature: float, seed: int
) -> Reply:
    """One call; what goes wrong with it concerns this chain alone, unless no call can succeed."""
    blanks = {
        "matrix": name(cast.languages[0]),
        "embedded": " and ".join(name(tag) for tag in cast.languages[1:]),
        "share": f"{100 * scenario.share:g}",
        "scenario": scenario.lines(),
        **more,
    }
    messages = cast.prompts.messages(prompt, blanks)
    try:
        return await lm.reply(messages, max_tokens=cast.policy.max_tokens, temperature=temperature, seed=seed, stop=())
    except (UsageError, MissingExtra, MissingData):
        raise
    except Exception as error:
        raise Unusable("call failed", f"{prompt}: {type(error).__name__}: {error}") from error


def _blanks(draft: _Draft, verdicts: Mapping[str, Verdict], cast: Cast) -> dict[str, str]:
    """What the refiner is told of a draft."""
    reached = judges.share(draft.langs, cast.languages) or 0.0
    listed = "\n".join(f"- {problem}" for problem in _problems(verdicts)) or "- none named; make it more natural"
    return {"text": draft.text, "problems": listed, "reached": f"{100 * reached:.0f}"}


def _problems(verdicts: Mapping[str, Verdict]) -> list[str]:
    return [f"{who}: {problem}" for who, verdict in verdicts.items() for problem in verdict.problems]


def _mixed(
    draft: _Draft,
    group: str,
    scenario: Scenario,
    verdicts: Mapping[str, Verdict],
    score: float,
    refined: int,
    cast: Cast,
) -> Mixed:
    reached = judges.share(draft.langs, cast.languages) or 0.0
    meta = {
        "scenario": dict(scenario.settings),
        "score": score,
        "judges": {who: verdict.score for who, verdict in verdicts.items()},
        "refined": refined,
        "asked_share": scenario.share,
        "share": round(reached, 4),
        "model": getattr(cast.writer, "model", ""),
    }
    sides, places = (MODEL,) * len(draft.words), tuple(range(len(draft.words)))
    return Mixed(draft.words, draft.langs, sides, places, group, "linguamaster", draft.text, meta)


@contextmanager
def _told_by(who: str) -> Iterator[None]:
    """Says in the detail of an unusable answer which agent gave it."""
    try:
        yield
    except Unusable as bad:
        raise Unusable(bad.reason, f"{who}: {bad.detail}") from bad
