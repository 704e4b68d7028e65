import pytest

from macaronic.measure.cmi import cc, cc_code, cmi, cu

# The example of the test suite of agoel00/cs_metrics; the values were computed with the definitions.
EXAMPLE = ["en", "en", "hi", "hi", "other", "other", "hi", "hi", "en", "en", "en", "hi", "hi"]


def test_worked_example():
    assert round(cmi(EXAMPLE), 6) == 45.454545
    assert round(cu(EXAMPLE), 6) == 36.363636


@pytest.mark.parametrize("labels", [[], ["other"], ["ne", "mixed", "ambiguous", "unk", None]])
def test_zero_without_a_language(labels):
    assert cmi(labels) == cu(labels) == 0.0


def test_one_word_one_span_three_languages():
    assert cmi(["en"]) == cu(["en"]) == 0
    assert cmi(["en", "en", "other"]) == 0
    assert cmi(["en", "hi", "ta"]) == pytest.approx(100 * 2 / 3)
    assert cu(["en", "hi", "ta"]) == pytest.approx(100 * (3 - 1 + 2) / 6)


def test_cc_formula_and_code_differ_on_a_shift_to_an_unmixed_utterance():
    utterances = [["en", "en", "hi"], ["hi", "hi", "hi"]]
    assert round(cc(utterances), 2) == 83.33
    assert round(cc_code(utterances), 2) == 58.33


def test_a_tie_or_an_empty_utterance_keeps_the_main_language():
    assert cc([["en"], ["en", "hi"], [], ["other"], ["en"]]) == cc([["en"], ["en", "hi"], [], [], ["en"]])
    plain = 100 / 3 * (0.5 * (0 + (1 - (1 - 1) / 2) + 0) + 5 / 6)
    assert cc([["en"], ["en", "hi"], ["en"]]) == pytest.approx(plain)
    assert cc([["en"], ["en", "hi"], ["hi"]]) == pytest.approx(plain + 100 / 3 * 0.5)


def test_a_tie_at_the_start_is_no_main_language():
    assert cc([["en", "hi"], ["hi"]]) == pytest.approx(100 / 2 * (0.5 * 1 + 5 / 6))


def test_no_utterances():
    assert cc([]) is None
    assert cc_code([]) is None
    assert cc([[], ["other"]]) == 0


def test_golden_of_hiencs(hiencs):
    labels, _ = hiencs
    assert len(labels) == 1448
    assert round(sum(map(cmi, labels)) / 1448, 4) == 34.6811
    assert round(sum(map(cu, labels)) / 1448, 4) == 28.5959
    assert round(cc(labels), 4) == 135.4789
    assert all(cmi(row) > 0 for row in labels)
