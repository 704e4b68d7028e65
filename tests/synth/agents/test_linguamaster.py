"""The agent graph with a scripted model: who is asked, in what order, and what is kept, refined or rejected.

`8.475` is the example in the LinguaMaster README: judges 9, 8.5, 7, 9.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.protocols import Reply
from macaronic.synth.agents.chain import Policy
from macaronic.synth.agents.linguamaster import generate, run
from macaronic.synth.agents.scenario import Scenario
from macaronic.synth.mixed import Outcome, tally

SPANISH = ["el", "perro", "come", "pan", "en", "la", "casa", "blanca"]
ENGLISH = ["and", "then", "the", "dog", "was", "sleeping", "all", "day"]
LANGS = ("es", "en")
SCENE = Scenario(7, {"share": 50, "topic": "pets"})
GOOD = " ".join([*SPANISH[:7], *ENGLISH[:3], *ENGLISH[:3], *ENGLISH[:7]])  # 7 Spanish, 13 English words: ratio 7


def tag(words: Sequence[str]) -> list[str]:
    return ["es" if w in SPANISH else "en" if w in ENGLISH else "other" for w in words]


def role(messages: Sequence[Mapping[str, str]]) -> str:
    told = messages[-1]["content"]
    for part, name in {
        "Rewrite it": "refine",
        "Judge its grammar": "fluency",
        "bilingual speaker would": "naturalness",
        "fits the person": "culture",
    }.items():
        if part in told:
            return name
    return "generate"


class Actors:
    """A model that plays each role from a list of answers; the last one stays."""

    model = "actors"

    def __init__(self, **lines: Any) -> None:
        usual: dict[str, Any] = {"generate": GOOD, "fluency": 9, "naturalness": 8.5, "culture": 9, "refine": GOOD}
        self.lines = {who: line if isinstance(line, list) else [line] for who, line in (usual | lines).items()}
        self.asked: list[tuple[str, str]] = []
        self.seeds: list[int | None] = []
        self.open_now = self.most_open = 0

    async def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        max_tokens: int,
        temperature: float,
        seed: int | None,
        stop: Sequence[str],
    ) -> Reply:
        who = role(messages)
        self.asked.append((who, messages[-1]["content"]))
        self.seeds.append(seed)
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        await asyncio.sleep(0.001)
        self.open_now -= 1
        line = self.lines[who].pop(0) if len(self.lines[who]) > 1 else self.lines[who][0]
        if isinstance(line, Exception):
            raise line
        if isinstance(line, Reply):
            return line
        if isinstance(line, int | float):
            return Reply(json.dumps({"score": line, "problems": [f"{who} fault"]}))
        return Reply(line if line.startswith("RAW") or not line else json.dumps({"text": line}))

    def roles(self) -> list[str]:
        return [who for who, _ in self.asked]


def outcomes(lm: Any, scenarios: Sequence[Scenario] = (SCENE,), **settings: Any) -> list[Outcome]:
    return list(run(generate(scenarios, lm, languages=LANGS, tag=tag, **settings)))


def test_the_example_of_the_readme_is_accepted() -> None:
    lm = Actors()
    (outcome,) = outcomes(lm)
    (mixed,) = outcome.sentences
    assert mixed.meta["judges"] == {"fluency": 9.0, "naturalness": 8.5, "ratio": 7.0, "culture": 9.0}
    assert mixed.meta["score"] == 8.475
    assert (mixed.meta["refined"], mixed.meta["asked_share"], mixed.meta["share"]) == (0, 0.5, 0.65)
    assert lm.roles() == ["generate", "fluency", "naturalness", "culture"]
    assert lm.most_open == 3
    assert mixed.text == GOOD
    assert list(mixed.langs) == tag(mixed.words)
    assert mixed.utterance().layers["source"][:2] == ("model:0", "model:1")
    json.dumps(mixed.utterance().meta)


def test_a_low_score_is_refined_once_and_what_the_refiner_wrote_is_judged() -> None:
    better = "el perro come and then the"
    lm = Actors(fluency=[8, 9], naturalness=[8, 9], culture=[8.4, 9], refine=better)
    (outcome,) = outcomes(lm)
    assert outcome.sentences[0].text == better
    assert outcome.sentences[0].meta["refined"] == 1
    assert outcome.sentences[0].meta["score"] == pytest.approx(9.2)
    judges = ["fluency", "naturalness", "culture"]
    assert lm.roles() == ["generate", *judges, "refine", *judges]
    told = lm.asked[4][1]
    assert GOOD in told
    assert all(f"- {who}: {who} fault" in told for who in judges)
    assert "65 per cent" in " ".join(told.split())
    assert all(better in said for _, said in lm.asked[5:])


@pytest.mark.parametrize(
    ("scores", "refinements", "calls", "kept"),
    [
        ((7.9,), 1, 8, False),  # 7.9, refined, 7.9 again: rejected
        ((7.9, 8.0), 1, 8, True),
        ((7.9,), 0, 4, False),
        ((7.9, 7.9, 8.0), 2, 12, True),
        ((8.0,), 1, 4, True),
    ],
)
def test_below_eight_is_refined_then_decided(
    scores: tuple[float, ...], refinements: int, calls: int, kept: bool
) -> None:
    even = "el perro come pan and then the dog"  # exactly half: the ratio judge gives 10
    weights = {"fluency": 1.0, "naturalness": 0.0, "ratio": 0.0, "culture": 0.0}
    lm = Actors(generate=even, refine=even, fluency=list(scores))
    (outcome,) = outcomes(lm, policy=Policy(weights=weights, refinements=refinements))
    assert len(lm.asked) == calls
    assert bool(outcome.sentences) == kept
    if not kept:
        assert outcome.reason == "rejected by the judges"
        assert "score 7.9 of 8" in outcome.detail
        assert "fluency fault" in outcome.detail


def test_the_authors_rule_keeps_the_last_rewriting() -> None:
    (outcome,) = outcomes(Actors(fluency=1), policy=Policy(keep_last=True))
    assert outcome.sentences[0].meta["refined"] == 1
    assert outcome.sentences[0].meta["score"] < 8


def test_faults_found_by_code_lower_the_fluency_and_reach_the_refiner() -> None:
    lm = Actors(fluency=10)
    check: Callable[..., list[str]] = lambda words, langs: ["bound piece"] if len(words) > 10 else []  # noqa: E731
    (outcome,) = outcomes(Actors(fluency=10, refine="el perro come and then the"), check=check)
    assert outcome.sentences[0].meta["judges"]["fluency"] == 8.0
    lm = Actors(fluency=10, naturalness=5, refine="el perro come and then the")
    outcomes(lm, check=check)
    assert "fluency: bound piece" in next(said for who, said in lm.asked if who == "refine")


@pytest.mark.parametrize(
    ("lines", "reason", "detail"),
    [
        ({"generate": ""}, "empty answer", "generate: "),
        ({"generate": "   "}, "empty answer", "generate: "),
        ({"generate": Reply("I'm sorry, but I can't help with that.")}, "refusal", "I'm sorry"),
        ({"generate": "I'm sorry, but I can't help with that."}, "refusal", "I'm sorry"),
        ({"generate": Reply("", "content_filter")}, "refusal", "content_filter"),
        ({"generate": Reply('{"text": "el perro and')}, "malformed answer", "no JSON object"),
        ({"generate": Reply('{"text": "el perro and', "length")}, "malformed answer", "cut off"),
        ({"generate": Reply('{"text": 3}')}, "malformed answer", "got text = '3'"),
        ({"generate": "el perro come pan"}, "wrong language", "every word is es"),
        ({"generate": "the dog was sleeping"}, "wrong language", "no word is es"),
        ({"generate": "der Hund schläft"}, "wrong language", "no word"),
        ({"generate": RuntimeError("down")}, "call failed", "generate: RuntimeError: down"),
        ({"culture": Reply('{"score": "high"}')}, "malformed answer", "culture: expected a score from 0 to 10"),
        ({"fluency": 11}, "malformed answer", "fluency: "),
        ({"naturalness": Reply("")}, "empty answer", "naturalness: "),
        ({"fluency": 1, "refine": TimeoutError()}, "call failed", "refine: TimeoutError"),
        ({"fluency": 1, "refine": "la casa blanca"}, "wrong language", "refine: "),
    ],
)
def test_a_broken_row_has_a_reason(lines: dict[str, Any], reason: str, detail: str) -> None:
    (outcome,) = outcomes(Actors(**lines))
    assert (outcome.sentences, outcome.reason) == ((), reason)
    assert detail in outcome.detail


def test_one_bad_row_disturbs_no_other_and_all_are_counted() -> None:
    lines = [GOOD, "", RuntimeError("down"), GOOD, Reply("{"), "el perro come pan", *[GOOD] * 6]
    lm = Actors(generate=lines)
    scenes = [Scenario(i, {"share": 50, "n": i}) for i in range(12)]
    got = outcomes(lm, scenes, concurrency=1)
    assert [o.group for o in got] == [f"{i}.0" for i in range(12)]
    reasons = {"made": 8, "empty answer": 1, "call failed": 1, "malformed answer": 1, "wrong language": 1}
    assert tally(got) == reasons


def test_order_and_limit_of_many_at_once() -> None:
    lm = Actors()
    scenes = [Scenario(i, {"share": 50, "n": i}) for i in range(20)]
    got = outcomes(lm, scenes, concurrency=4, repeat=2)
    assert [o.group for o in got] == [f"{i}.{k}" for i in range(20) for k in (0, 1)]
    assert 3 < lm.most_open <= 12
    seeds = [seed for (who, _), seed in zip(lm.asked, lm.seeds, strict=True) if who == "generate"]
    assert sorted(set(seeds), key=str) == [1, 2]


def test_a_model_that_takes_no_call_ends_the_run() -> None:
    with pytest.raises(UsageError, match="wrong key"):
        outcomes(Actors(generate=UsageError("wrong key")), [SCENE] * 50)
    with pytest.raises(UsageError, match="wrong key"):
        outcomes(Actors(culture=UsageError("wrong key"), fluency=""))


def test_the_other_model_judges() -> None:
    writer, reader = Actors(), Actors(fluency=10)
    (outcome,) = outcomes(writer, judge=reader)
    assert outcome.sentences[0].meta["judges"]["fluency"] == 10
    assert (writer.roles(), len(reader.asked)) == (["generate"], 3)


def test_leaving_early_leaves_no_task_behind() -> None:
    lm = Actors()

    async def some() -> int:
        rows = generate([SCENE] * 50, lm, languages=LANGS, tag=tag, concurrency=3)
        async for _ in rows:
            break
        await rows.aclose()  # type: ignore[attr-defined]
        return len(asyncio.all_tasks())

    assert asyncio.run(some()) == 1
    assert len(lm.asked) < 50


def test_run_closes_the_model_and_refuses_a_running_loop() -> None:
    class Closing(Actors):
        closed = False

        async def close(self) -> None:
            self.closed = True

    lm = Closing()
    assert len(list(run(generate([SCENE], lm, languages=LANGS, tag=tag), lm=lm))) == 1
    assert lm.closed

    async def inside() -> None:
        next(run(generate([SCENE], lm, languages=LANGS, tag=tag)))

    with pytest.raises(UsageError, match="async for"):
        asyncio.run(inside())


@pytest.mark.parametrize("settings", [{"languages": ("es",)}, {"repeat": 0}, {"concurrency": 0}])
def test_settings_that_cannot_be_meant(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="expected two or more languages"):
        list(run(generate([SCENE], Actors(), **{"languages": LANGS, "tag": tag, **settings})))


def test_a_wrong_policy_language_or_tagger_is_told() -> None:
    with pytest.raises(UsageError, match="weight"):
        Policy(weights={"fluency": 1.0})
    with pytest.raises(UsageError, match="refinements"):
        Policy(refinements=-1)
    with pytest.raises(UnknownName):
        list(run(generate([SCENE], Actors(), languages=("es", "englsh!"), tag=tag)))
    with pytest.raises(UsageError, match="a label for each"):
        list(run(generate([SCENE], Actors(), languages=LANGS, tag=lambda words: ["es"])))


def test_a_run_that_was_interrupted_goes_on_from_what_was_kept(tmp_path: Any) -> None:
    from macaronic.lm.kept import Kept

    scenes = [Scenario(i, {"share": 50, "n": i}) for i in range(6)]
    first = Actors()
    rows = run(generate(scenes, Kept(first, tmp_path / "kept.jsonl"), languages=LANGS, tag=tag, concurrency=1))
    for _ in range(3):
        next(rows)
    rows.close()  # type: ignore[attr-defined]
    second, whole = Actors(), Actors()
    got = outcomes(Kept(second, tmp_path / "kept.jsonl"), scenes, concurrency=2)
    assert got == outcomes(Kept(whole, tmp_path / "other.jsonl"), scenes, concurrency=1)
    assert len(got) == 6
    assert len(first.asked) >= 9
    assert 0 <= len(first.asked) + len(second.asked) - len(whole.asked) <= 3  # calls that were open at the end
