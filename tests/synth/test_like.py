"""Text that is chosen to be like real text is closer to it than text that is not, and always the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.synth.test_make import rows

from macaronic import bundled
from macaronic.core.errors import FormatError, InputError, MissingData, UsageError
from macaronic.core.parallel import Parallel
from macaronic.core.utterance import Utterance
from macaronic.synth.like import Matcher
from macaronic.synth.make import Settings, make
from macaronic.synth.mixed import Outcome
from macaronic.synth.profile import Profile, load, profile


def real() -> list[Utterance]:
    found = bundled.mixed("hi-Latn/en")
    return [Utterance.from_words(s.words, layers={"lang": s.labels}) for s in found]


def test_a_profile_survives_json(tmp_path: Path) -> None:
    found = profile(real())
    found.save(tmp_path / "p.json")
    assert load(tmp_path / "p.json") == found
    assert json.loads((tmp_path / "p.json").read_text())["pair"] == ["en", "hi"]
    assert sum(found.switched.values()) == pytest.approx(1, abs=1e-4)
    assert 0 < found.mixed <= 1


def test_no_profile(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"pair": ["en"]}')
    (tmp_path / "worse.json").write_text("{")
    with pytest.raises(FormatError, match="not a profile"):
        load(tmp_path / "bad.json")
    with pytest.raises(FormatError, match="not JSON"):
        load(tmp_path / "worse.json")
    with pytest.raises(InputError):
        load(tmp_path / "none.json")
    with pytest.raises(MissingData, match="no mixed sentence"):
        profile([Utterance.from_words(["so"], layers={"lang": ["en"]})], pair=("en", "hi"))


def test_what_is_chosen_is_closer_than_what_is_not() -> None:
    wanted = profile(real())
    matcher = Matcher(wanted, Settings("ec", ("hi", "en")))
    outcomes = list(matcher.choose(rows("hi", "en", 80)))
    assert len(outcomes) == 80
    before, after = ({r.name: r.value for r in told} for told in (matcher.before, matcher.after))
    for name in ("cmi", "switched_pos"):
        assert after[name] < before[name]


def test_the_same_choice_every_time_and_another_with_another_seed() -> None:
    wanted, given = profile(real()), rows("hi", "en", 30)
    one, two, other = (
        list(Matcher(wanted, Settings("ec", ("hi", "en"), seed=seed, romanise=True)).choose(given))
        for seed in (1, 1, 2)
    )
    assert one == two != other
    assert all("hi" not in s.langs for outcome in one for s in outcome.sentences)


def test_several_sentences_a_row_are_different_and_reasons_go_through() -> None:
    given = [*rows("hi", "en", 10), Outcome("x", reason="unequal line counts")]
    outcomes = list(Matcher(profile(real()), Settings("ec", ("hi", "en"), n=3)).choose(given))
    assert outcomes[-1].reason == "unequal line counts"
    for outcome in outcomes[:-1]:
        assert len({one.words for one in outcome.sentences}) == len(outcome.sentences) <= 3
    assert any(len(outcome.sentences) == 3 for outcome in outcomes)


def test_what_is_chosen_was_a_candidate() -> None:
    given = rows("hi", "en", 10)
    settings = Settings("substitute", ("hi", "en"), n=1)
    chosen = list(Matcher(profile(real()), settings, candidates=1).choose(given))
    assert chosen == list(make(given, settings))


def test_other_languages_are_refused() -> None:
    with pytest.raises(UsageError, match="en and hi, the text of es and en"):
        Matcher(profile(real()), Settings("ec", ("es", "en")))
    assert Matcher(profile(real()), Settings("ec", ("hi-Latn", "en"))).after == []
    with pytest.raises(FormatError):
        Profile.from_dict({})


@pytest.mark.parametrize("method", ["fhc", "mlf", "noun-token", "ratio-token", "wac", "pac", "target-cmi"])
def test_every_method_can_be_chosen_from(method: str) -> None:
    settings = Settings(method, ("hi", "en"), target_cmi=30 if method == "target-cmi" else None)
    matcher = Matcher(profile(real()), settings)
    outcomes = list(matcher.choose(rows("hi", "en", 15)))
    assert sum(bool(outcome.sentences) for outcome in outcomes) > 8
    assert {r.name for r in matcher.after} == {"cmi", "switching", "second", "words", "switched_pos"}


def test_languages_without_a_list_are_compared_by_function_and_content_words() -> None:
    given = [
        Parallel(
            str(i),
            {
                "yo": Utterance.from_words(["kwa", f"w{i}", "kwa", f"v{i}"]),
                "en": Utterance.from_words(["the", "house", "of", "stone"]),
            },
            {("yo", "en"): ((0, 0), (1, 1), (2, 2), (3, 3))},
        )
        for i in range(8)
    ]
    words = Utterance.from_words(["kwa", "house", "kwa", "w"], layers={"lang": ["yo", "en", "yo", "yo"]})
    matcher = Matcher(profile([words] * 4), Settings("ec", ("yo", "en")))
    assert len(list(matcher.choose(given))) == 8
    assert "pos:induced" in matcher.after[0].signature
    assert matcher.after[-1].value == pytest.approx(0.0, abs=0.2)


def test_what_is_not_defined_has_no_value() -> None:
    bare = replace(profile(real()), switched={"SYM": 1.0})
    matcher = Matcher(bare, Settings("ec", ("hi", "en")))
    list(matcher.choose(rows("hi", "en", 5)))
    assert {r.name: r.value for r in matcher.after}["switched_pos"] is None
