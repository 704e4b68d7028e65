import pytest

from macaronic.measure.matrix import matrix_language


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], None),
        (["other", None, "ne"], None),
        (["en", "hi", "hi"], "hi"),
        (["ta", "hi", "hi", "ta", "en"], "ta"),
        (["en", "other", "other"], "en"),
    ],
)
def test_matrix_language(labels, expected):
    assert matrix_language(labels) == expected
