"""CoNLL-U, CoNLL, LinCE, inline: what the words, labels and layers become, and what is said about bad rows."""

from __future__ import annotations

from collections import Counter

import pytest

from macaronic.core.errors import FormatError
from macaronic.text import formats
from macaronic.text.formats.labels import WordLabels, in_latin, label_of, read_back

SAGT = """\
# sent_id = s1
# text = için sözlü da.
1\tiçin\tiçin\tADP\t_\t_\t0\troot\t_\tCSID=TR|Lang=tr
2-3\tsözlü\t_\t_\t_\t_\t_\t_\t_\tCSID=TR|Lang=tr
2\tsöz\tsöz\tNOUN\t_\tCase=Nom\t1\tdep\t_\tCSID=TR|Lang=tr
3\tlü\tli\tADP\t_\t_\t2\tcase\t_\tCSID=MIXED|Lang=qtd
4\tda\tda\tADV\t_\t_\t1\tdep\t_\tCSID=LANG3|Lang=en|SpaceAfter=No
5\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\tCSID=OTHER

"""


def test_conllu_words_layers_and_meta(put):
    (u,) = formats.read(put("a.conllu", SAGT))
    assert u.id == "s1"
    assert u.words == ("için", "söz", "lü", "da", ".")
    assert u.text == "için sözlü da."
    assert u.langs == ("tr", "tr", "mixed", "unk", "other")
    assert u.layers["lang_raw"] == ("TR", "TR", "MIXED", "LANG3", "OTHER")
    assert u.layers["pos"] == ("ADP", "NOUN", "ADP", "ADV", "PUNCT")
    assert u.layers["xpos"] == (None,) * 5
    assert u.layers["head"] == ("0", "1", "2", "1", "1")
    assert u.meta["comments"] == ["sent_id", "text"]
    assert u.meta["rows"][0][0] == 1


def test_conllu_other_comments_are_meta(put):
    comments = "# sent_id = 1\n# trad_fr = merci\n# offensive_classification = 1\n# note\n"
    block = comments + "1\tsaha" + "\t_" * 7 + "\tLangO=ar_dz\n\n"
    (u,) = formats.read(put("a.conllu", block))
    assert (u.meta["trad_fr"], u.meta["offensive_classification"]) == ("merci", "1")
    assert u.langs == ("arq-Latn",)


@pytest.mark.parametrize(
    ("misc", "form", "lang"),
    [
        ("hi", "_", "hi"),
        ("hi", "yaar", "hi-Latn"),
        ("univ", "!", "other"),
        ("LangO=tm", "azul", "ber-Latn"),
        ("lango=fr|ner=O", "oui", "fr"),
        ("Lang=tr", "ve", "tr"),
        ("ner=O", "oui", None),
        ("_", "oui", None),
    ],
)
def test_conllu_language_keys(put, misc, form, lang):
    row = "\t".join(["1", form, *"_" * 7, misc])
    with_language = "\t".join(["1", "x", *"_" * 7, "Lang=en"])
    first = next(iter(formats.read(put("a.conllu", f"{row}\n\n{with_language}\n\n"))))
    assert first.langs == (lang,)


def test_conllu_without_languages_has_no_language_layer(put):
    (u,) = formats.read(put("a.conllu", "1\tso\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\n"))
    assert "lang" not in u.layers


def test_conllu_words_that_are_not_in_the_text(put):
    """A fused form with other letters is shared out between its words; a wrong text comment is kept aside."""
    du = "# text = la vie du roi\n1\tla\t_\t_\t_\t_\t_\t_\t_\t_\n2\tvie\t_\t_\t_\t_\t_\t_\t_\t_\n"
    du += "3-4\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n3\tde\t_\t_\t_\t_\t_\t_\t_\t_\n4\tle\t_\t_\t_\t_\t_\t_\t_\t_\n"
    du += "5\troi\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
    wrong = "# text = something else\n1\tso\t_\t_\t_\t_\t_\t_\t_\t_\n2\tchill\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
    first, second = formats.read(put("a.conllu", du + wrong))
    assert first.words == ("la", "vie", "d", "u", "roi")
    assert first.layers["form"] == (None, None, "de", "le", None)
    assert (second.text, second.meta["text"]) == ("so chill", "something else")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("2\tchill\t_", "expected 10 columns parted by tabs; got 3"),
        ("3\tchill" + "\t_" * 8, "expected word 2; got 3"),
        ("x\tchill" + "\t_" * 8, "expected a row number"),
        ("2\tchill\t" + "\t_" * 7, "an empty column"),
    ],
)
def test_a_bad_conllu_row_leaves_its_sentence_out(put, bad, message):
    good = "1\tok" + "\t_" * 8 + "\n\n"
    path = put("a.conllu", good + "1\tso" + "\t_" * 8 + f"\n{bad}\n\n" + good)
    reading = formats.read(path)
    assert [u.id for u in reading] == ["a:1", "a:6"]
    assert reading.problems.by_kind == {"columns": 1}
    assert reading.problems.first[0].startswith(f"{path}:4: ")
    assert message in reading.problems.first[0]
    with pytest.raises(FormatError, match=r"a\.conllu:4"):
        formats.read(path, strict=True).count()


def test_a_conll_row_with_too_few_columns_is_counted_and_left_out(put):
    path = put("a.conll", "yaar\tHI\nbad\nchill\tEN\n\nok\tEN\n")
    reading = formats.read(path)
    assert [(u.text, u.langs) for u in reading] == [("yaar chill", ("hi-Latn", "en")), ("ok", ("en",))]
    assert reading.problems.first == [f"{path}:2: expected 2 columns; got 1 in 'bad'"]


def test_unknown_labels_are_unk_counted_and_kept(put):
    reading = formats.read(put("a.conll", "yaar\tFoo\nkal\tFoo\nchill\tEN\n"))
    (u,) = reading
    assert u.langs == ("unk", "unk", "en")
    assert u.layers["lang_raw"] == ("Foo", "Foo", "EN")
    assert reading.problems.by_kind == {"unknown label": 2}
    assert len(reading.problems.first) == 1


def test_a_label_map(put):
    path = put("a.conll", "muraho\tK\nbonjour\tF\n!\tZ\n")
    (u,) = formats.read(path, label_map={"K": "rw", "F": "fra", "Z": "other"})
    assert u.langs == ("rw", "fr", "other")
    (u,) = formats.read(put("b.conll", "yaar\tlang2\nok\tlang1\n"), label_map="lince-hineng")
    assert u.langs == ("hi-Latn", "en")


def test_lince_takes_its_scheme_from_the_path(put):
    block = "# sent_enum = 1\n@x\tother\nyaar\tlang2\nok\tlang1\n#tag\tother\n\n# sent_enum = 2\nhaan\tlang2\n\n"
    reading = formats.read(put("lid_hineng/dev.conll", block))
    first, second = reading
    assert reading.shards[0].format == "lince"
    assert first.langs == ("other", "hi-Latn", "en", "other")
    assert first.meta["comments"] == ["# sent_enum = 1"]
    assert second.id == "dev:7"


def test_lince_without_a_known_pair_says_what_to_give(put):
    reading = formats.read(put("x.conll", "# sent_enum = 1\nyaar\tlang2\n\n"))
    assert reading.count() == 1
    assert "label_map='lince-spaeng'" in reading.problems.first[0]


def test_lince_with_entities(put):
    block = "# sent_enum = 1\nyo\tlang2\tO\nParis\tne\tB-LOC\nfue\tlang2\tO\n\n"
    (u,) = formats.read(put("ner_spaeng/train.conll", block))
    assert u.langs == ("es", "ne", "es")
    assert u.layers["ner"] == ("O", "B-LOC", "O")


def test_inline(put):
    path = put("a.txt", "yaar/hi kal/hi http://a.b/other meeting/en\nno tag/en here\n")
    reading = formats.read(path, format="inline")
    (u,) = reading
    assert u.words == ("yaar", "kal", "http://a.b", "meeting")
    assert u.langs == ("hi-Latn", "hi-Latn", "other", "en")
    assert reading.problems.first[0].startswith(f"{path}:2: expected word/tag")


def test_every_batch_of_a_mixed_folder_has_the_same_columns(put, tmp_path):
    put("d/a.conllu", SAGT)
    put("d/b.txt", "plain\n")
    put("d/c.conll", "yaar\tHI\n")
    put("d/e.jsonl", '{"words": ["so"], "langs": ["en"], "norm": ["so"]}\n')
    schemas = [batch.schema for batch in formats.read(tmp_path / "d").batches()]
    assert len(schemas) == 4
    assert all(schema.equals(schemas[0]) for schema in schemas)
    formats.write(formats.read(tmp_path / "d"), tmp_path / "all.parquet")
    assert formats.read(tmp_path / "all.parquet").count() == 4


def test_romanised_labels():
    assert label_of("HI", "yaar") == label_of("hi", "yaar", {"hi": "hi"}) == "hi-Latn"
    assert label_of("HI", "यार") == "hi"
    assert label_of("HI", "123") == "hi"
    assert label_of("ru", "privet") == "ru-Latn"
    assert (in_latin("naïve"), in_latin("да"), in_latin("2day"), in_latin("!")) == (True, False, True, False)


def test_read_back_keeps_the_raw_label_while_it_means_the_label():
    assert read_back("hi-Latn", "HI", "yaar") == "HI"
    assert read_back("en", "HI", "yaar") == "en"
    assert read_back("unk", "Foo", "x") == "Foo"
    assert read_back(None, None, "x") is None


def test_word_labels_in_strict_mode():
    from macaronic.core.problems import Problems

    with pytest.raises(FormatError, match=r"x:3: unknown word label 'Foo'"):
        WordLabels(None, Problems(strict=True), "x")("Foo", "w", 3)


def test_treebank_counts(data):
    """Token and label counts of the sets' own descriptions (integer rows)."""
    train = formats.read(data / "codemix-hi-en-tags" / "qhe_hiencs-ud-train.conllu", strict=True)
    counts = Counter(label for u in train for label in u.langs)
    assert (counts["hi"], counts["en"], counts["ne"], counts["other"]) == (8363, 8270, 698, 2730 + 142)
    dev = formats.read(data / "codemix-tr-de-sagt" / "qtd_sagt-ud-dev.conllu", strict=True)
    sizes = [len(u.tokens) for u in dev]
    assert (len(sizes), sum(sizes)) == (801, 13057)
    assert all("text" not in u.meta for u in dev)
    arabizi = formats.read(data / "codemix-arabizi", strict=True)
    assert arabizi.count() == 1003 + 139
