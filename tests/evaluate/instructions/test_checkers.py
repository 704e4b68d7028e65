"""Every instruction: followed and broken, in seven scripts; nothing breaks a checker; nothing depends on luck."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaronic.core.errors import UnknownName, UsageError
from macaronic.evaluate.instructions.check import CHECKERS, check, follows, variants
from macaronic.evaluate.instructions.context import Context
from macaronic.evaluate.lid import lid_named

SENTENCES = {
    "en": "The weather is very nice today and we are going out.",
    "hi": "आज मौसम बहुत अच्छा है और हम बाहर जा रहे हैं।",
    "ar": "الطقس جميل جدا اليوم ونحن ذاهبون إلى الخارج.",
    "ru": "Сегодня очень хорошая погода и мы идём гулять.",
    "zh": "今天天气非常好我们要出去玩。",
    "ja": "今日は天気がとても良いので出かけます。",
    "el": "Σήμερα ο καιρός είναι πολύ καλός και βγαίνουμε έξω.",
}
SCRIPTS = tuple(SENTENCES)
WORDS = {"en": "weather", "hi": "मौसम", "ar": "الطقس", "ru": "погода", "zh": "天气", "ja": "天気", "el": "καιρός"}
LETTERS = {"en": "e", "hi": "म", "ar": "ا", "ru": "о", "zh": "天", "ja": "天", "el": "ο"}
COMMA = {"en": ",", "hi": ",", "ar": "،", "ru": ",", "zh": "，", "ja": "、", "el": ","}
MARKS = {"en": '""', "hi": "“”", "ar": "«»", "ru": "«»", "zh": "“”", "ja": "「」", "el": "«»"}


def cases(code: str) -> dict[str, tuple[dict[str, object], str, str]]:
    """Instruction -> (arguments, an answer that follows, one that does not) in a language."""
    s, w = SENTENCES[code], WORDS[code]
    return {
        "combination:repeat_prompt": ({"prompt_to_repeat": s}, f"{s} {w}", f"{w} {s}"),
        "combination:two_responses": ({}, f"{s}\n******\n{w}", f"{s}\n******\n{s}"),
        "detectable_content:number_placeholders": ({"num_placeholders": 2}, f"[{w}] {s} [{w}]", f"[{w}] {s}"),
        "detectable_content:postscript": ({"postscript_marker": "P.S."}, f"{s}\nP.S. {w}", s),
        "detectable_format:constrained_response": ({}, f"{w} {w}", s[:3]),
        "detectable_format:json_format": ({}, f'```json\n{{"{w}": ["{s}"]}}\n```', f'{{"{w}": }}'),
        "detectable_format:multiple_sections": (
            {"section_spliter": w, "num_sections": 2}, f"{w} 1\n{s}\n{w} 2\n{s}", f"{w} 1\n{s}\n{s}"),
        "detectable_format:number_bullet_lists": ({"num_bullets": 2}, f"* {w}\n- {s}", f"* {w}\n* {s}\n* {w}"),
        "detectable_format:number_highlighted_sections": ({"num_highlights": 2}, f"*{w}* {s} **{w}**", f"*{w}* {s}"),
        "detectable_format:title": ({}, f"<<{w}>>\n{s}", f"<{w}>\n{s}"),
        "keywords:existence": ({"keywords": [w]}, s, "1 2 3"),
        "keywords:forbidden_words": ({"forbidden_words": [w]}, "1 2 3", s),
        "keywords:frequency": ({"keyword": w, "frequency": 2, "relation": "at least"}, f"{w} {s}", s),
        "keywords:letter_frequency": (
            {"letter": LETTERS[code], "let_frequency": 3, "let_relation": "less than"},
            LETTERS[code] * 2, s + LETTERS[code] * 3),
        "language:response_language": ({"language": code}, s, SENTENCES["ru" if code != "ru" else "hi"]),
        "length_constraints:nth_paragraph_first_word": (
            {"first_word": w, "num_paragraphs": 2, "nth_paragraph": 2}, f"{s}\n\n{w} {s}", f"{w} {s}\n\n1 {s}"),
        "length_constraints:number_paragraphs": ({"num_paragraphs": 2}, f"{s}\n***\n{s}", s),
        "length_constraints:number_sentences": (
            {"num_sentences": 3, "relation": "less than"}, f"{s} {s}", f"{s} {s} {s}"),
        "length_constraints:number_words": ({"num_words": 5, "relation": "at least"}, s, w),
        "punctuation:no_comma": ({}, s, f"{s}{COMMA[code]} {w}"),
        "startend:end_checker": ({"end_phrase": s}, f"{w}. {s}", f"{s} {w}"),
        "startend:quotation": ({}, f"{MARKS[code][0]}{s}{MARKS[code][1]}", f"{MARKS[code][0]}{s}"),
    }  # fmt: skip


CASED = {
    "change_case:english_capital": ({}, str.upper, str.title),
    "change_case:english_lowercase": ({}, str.lower, str.title),
    "change_case:capital_word_frequency": (
        {"capital_frequency": 3, "capital_relation": "at least"}, str.upper, str.lower),
}  # fmt: skip


def context(code: str) -> Context:
    return Context(f"“{WORDS[code]} {WORDS[code]}” “{SENTENCES[code]}!”", lambda text: lid_named().labels([text])[0][0])


@pytest.mark.parametrize("code", SCRIPTS)
@pytest.mark.parametrize("name", cases("en"))
def test_followed_and_broken(name: str, code: str) -> None:
    arguments, good, bad = cases(code)[name]
    assert follows(name, good, arguments, context(code)) is True
    assert follows(name, bad, arguments, context(code)) is False


@pytest.mark.parametrize("name", CASED)
def test_capitals_where_there_are_some(name: str) -> None:
    arguments, good, bad = CASED[name]
    for code in SCRIPTS:
        answer = SENTENCES[code]
        wanted = (True, False) if code in ("en", "ru", "el") else (None, None)
        found = tuple(follows(name, change(answer), arguments, context(code)) for change in (good, bad))
        assert found == wanted, code


def test_the_authors_apply_capitals_everywhere_and_ask_for_english() -> None:
    authors = Context("", lambda text: lid_named().labels([text])[0][0], authors=True)
    assert follows("change_case:english_lowercase", SENTENCES["hi"], {}, authors) is False
    assert follows("change_case:english_capital", SENTENCES["ru"].upper(), {}, authors) is False
    assert follows("change_case:english_lowercase", SENTENCES["en"].lower(), {}, authors) is True
    assert follows("punctuation:no_comma", "一，二", {}, authors) is True
    assert follows("startend:quotation", "«a»", {}, authors) is False


def test_every_instruction_has_cases() -> None:
    assert {*cases("en"), *CASED} == set(CHECKERS)


def test_five_runs_give_the_same() -> None:
    for code in SCRIPTS:
        for name, (arguments, good, _) in cases(code).items():
            assert len({follows(name, good, arguments, context(code)) for _ in range(5)}) == 1


@given(st.sampled_from(sorted(CHECKERS)), st.text(max_size=200), st.sampled_from(SCRIPTS))
def test_no_answer_breaks_a_checker(name: str, answer: str, code: str) -> None:
    arguments = cases(code).get(name, CASED.get(name))[0]  # type: ignore[index]
    assert follows(name, answer, arguments, Context("", lambda text: "en")) in (True, False, None)


@given(
    st.sampled_from(sorted(CHECKERS)),
    st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=5), max_size=3),
)
def test_bad_arguments_are_told(name: str, arguments: dict[str, object]) -> None:
    verdict = check("some text", [name], [arguments], Context("", lambda text: "en"))[0]
    assert verdict.strict is not None or verdict.why or name.startswith("change_case")


def test_loose_takes_lines_and_asterisks_off() -> None:
    answer = "Sure, here it is:\n**hello**"
    verdict = check(answer, ["punctuation:no_comma", "change_case:english_lowercase"], [{}, {}], Context())
    assert [(v.strict, v.loose) for v in verdict] == [(False, True), (False, True)]
    assert "hello" in list(variants(answer))


def test_empty_answers_follow_nothing() -> None:
    assert follows("punctuation:no_comma", " \n", {}, Context()) is False
    with pytest.raises(UnknownName, match="no_comma"):
        follows("punctuation:no_coma", "a", {}, Context())
    with pytest.raises(UsageError, match="num_words"):
        follows("length_constraints:number_words", "a", {"num_words": "many"}, Context())
