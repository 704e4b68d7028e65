import pytest

from macaronic.extract.translate.pieces import Piece
from macaronic.extract.translate.rules import Fault, check_text, foreign_words


@pytest.mark.parametrize(
    ("source", "translation", "to", "rule"),
    [
        ("東京で会った。", "We met in 東京.", "en", "script left over"),
        ("ラーメンを食べた。", "我吃了ラーメン。", "zh", "script left over"),
        ("ラーメンを食べた。", "I ate ラーメン.", "en", "script left over"),
        ("I ate noodles.", "मैंने noodles खाए।", "hi", "script left over"),
        ("I ate noodles.", "Maine noodles khaye.", "hi", "script left over"),
        ("I ate noodles.", "Я ел лапшу.", "es", "wrong script"),
        ("我吃了面。", "我吃了面。", "ja", "unchanged text"),
        ("I ate.", " i ATE. ", "es", "unchanged text"),
        ("I ate.", " \n", "es", "empty text"),
        ("나는 漢字를 썼다.", "我写了한자。", "zh", "script left over"),
        ("他来了。", "그가 來了.", "ko", "script left over"),
    ],
)
def test_each_rule_bites(source: str, translation: str, to: str, rule: str) -> None:
    with pytest.raises(Fault) as caught:
        check_text(source, translation, (), to)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("source", "translation", "to"),
    [
        ("The DNA of GPT-4 and iPhone.", "GPT-4とiPhoneのDNA。", "ja"),
        ("It is 5 km to www.example.org.", "www.example.orgまで5 kmです。", "ja"),
        ("I met Mary in Rome.", "RomeでMaryに会った。", "ja"),
        ("an angle α and vitamin C", "角αとビタミンC", "ja"),
        ("Mail a@b.org #fun", "a@b.org に #fun", "ja"),
        ("東京に行った。", "他去了东京。", "zh"),
        ("Ha!", "¡Ja!", "es"),
        ("5 > 3", "5 > 3", "ja"),
    ],
)
def test_what_may_stay_as_it_is(source: str, translation: str, to: str) -> None:
    check_text(source, translation, (), to)


def test_a_text_that_is_only_a_name_may_stay() -> None:
    check_text("Madrid", "Madrid", (Piece(("LOC",), "Madrid", 0, 6),), "es")
    with pytest.raises(Fault):
        check_text("Madrid", "Madrid", (), "es")


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert foreign_words("Dogs bark.", "Dogsが吠える。", (), "ja") == ["Dogs"]
    assert foreign_words("He said: Dogs bark.", "Dogsが吠える。", (), "ja") == ["Dogs"]
    assert foreign_words("I like Dogs best.", "Dogsが一番好き。", (), "ja") == []
