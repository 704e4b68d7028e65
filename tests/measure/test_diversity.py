import pytest

from macaronic.core.errors import UsageError
from macaronic.measure.diversity import language_entropy, m_index

EXAMPLE = ["en", "en", "hi", "hi", "other", "other", "hi", "hi", "en", "en", "en", "hi", "hi"]


def test_worked_example():
    assert round(m_index(EXAMPLE), 8) == 0.98360656
    assert round(language_entropy(EXAMPLE), 8) == 0.99403021


def test_edges():
    assert m_index([]) is language_entropy(["other", None]) is None
    assert m_index(["en"]) == m_index(["en"], k=5) == language_entropy(["en"]) == 0.0
    assert m_index(["en", "hi", "ta"]) == pytest.approx(1)
    assert language_entropy(["en", "en", "en", "hi", "hi", "hi", "ta", "ta", "ta"]) == pytest.approx(1.5849625)


def test_k_below_what_is_there():
    with pytest.raises(UsageError, match=r"at least the 3 languages present \(en, hi, ta\); got 2"):
        m_index(["en", "hi", "ta"], k=2)


def test_golden_of_hiencs(hiencs):
    whole = [label for row in hiencs[0] for label in row]
    assert {name: whole.count(name) for name in ("hi", "en", "ne")} == {"hi": 8363, "en": 8270, "ne": 698}
    assert round(m_index(whole), 6) == 0.999937
    assert round(language_entropy(whole), 6) == 0.999977
