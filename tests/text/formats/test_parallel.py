"""Parallel text: groups of rows, whatever the file; catalogues; TMX and its dangers."""

from __future__ import annotations

import json

import polib
import pytest

from macaronic.core.errors import InputError, UsageError
from macaronic.core.parallel import grouped
from macaronic.text import formats
from macaronic.text.formats.catalogue import Keep, catalogues
from macaronic.text.formats.catalogue import read as read_catalogue


def groups(reading):
    return [{tag: row.text(tag) for tag in row.tags} for row in grouped(reading)]


ROWS = [{"en": "hello there", "hi": "नमस्ते"}, {"en": "so chill", "es": "tranquilo"}]


def test_json_lines(put):
    reading = formats.read(put("a.jsonl", "".join(json.dumps(row) + "\n" for row in ROWS)))
    assert groups(reading) == ROWS
    first = next(iter(reading))
    assert (first.id, first.labels, first.meta) == ("a:1/en", {"lang": "en"}, {"group": "a:1"})


def test_fields_that_are_no_language_go_to_meta(put):
    row = {"split": "dev", "id": "r-17", "eng_Latn": "hello there", "hin-Deva": "नमस्ते", "hicm": "hello नमस्ते"}
    english, hindi = formats.read(put("a.jsonl", json.dumps(row)), format="parallel-jsonl")
    assert english.meta == {"group": "a:1", "code": "eng_Latn", "split": "dev", "id": "r-17", "hicm": "hello नमस्ते"}
    assert hindi.labels == {"lang": "hi"}


def test_indonesian_is_a_language_too(put):
    assert groups(formats.read(put("a.jsonl", '{"id": "halo dunia", "en": "hello world"}'))) == [
        {"id": "halo dunia", "en": "hello world"}
    ]


def test_nested_translations_and_tables_round_trip(put, tmp_path):
    nested = '{"n": 1, "translation": {"en": "hello", "hi": "नमस्ते"}}\n'
    reading = formats.read(put("a.jsonl", nested))
    formats.write(reading, tmp_path / "b.jsonl", format="parallel-jsonl")
    assert (tmp_path / "b.jsonl").read_text() == nested
    table = "en\thi\nhello\tनमस्ते\nso, chill\tमज़े\n"
    reading = formats.read(put("c.tsv", table))
    formats.write(reading, tmp_path / "d.tsv", format="parallel-tsv")
    assert (tmp_path / "d.tsv").read_text() == table


def test_one_language_of_parallel_text(put):
    path = put("a.jsonl", "".join(json.dumps(row) + "\n" for row in ROWS))
    assert [u.text for u in formats.read(path, language="hin")] == ["नमस्ते"]


def test_a_row_without_languages_is_a_problem_one_without_a_partner_is_not(put):
    reading = formats.read(put("a.jsonl", '{"x": 1}\n{"en": "alone"}\n'), format="parallel-jsonl")
    assert reading.count() == 0
    assert reading.problems.by_kind == {"no text": 1}


def test_line_aligned_files(put):
    english = put("a.en", "hello\n\nbye\nrest\nmore\n")
    hindi = put("a.hi", "नमस्ते\nx\nफिर मिलेंगे\n")
    reading = formats.read({"eng": english, "hi": hindi})
    assert groups(reading) == [{"en": "hello", "hi": "नमस्ते"}, {"en": "bye", "hi": "फिर मिलेंगे"}]
    assert groups(reading) == groups(reading)
    assert reading.problems.first == [f"{english}:4: 2 lines without a partner"]


def test_line_aligned_needs_two_languages_of_one_file(put, tmp_path):
    one = put("x/a.txt", "a\n")
    put("x/b.txt", "b\n")
    with pytest.raises(UsageError, match="two languages"):
        formats.read({"en": one})
    with pytest.raises(UsageError, match="one file a language"):
        formats.read({"en": one, "hi": tmp_path / "x"})


def test_sentence_lists_leave_group_by_group(put):
    content = '{"lang": "eng-US", "sentences": ["one", "two"]}\n{"lang": "hin", "sentences": ["एक", "दो"]}\n'
    reading = formats.read(put("a.jsonl", content + '{"lang": "zzzz", "sentences": ["?"]}\n'))
    assert groups(reading) == [{"en": "one", "hi": "एक"}, {"en": "two", "hi": "दो"}]
    assert reading.problems.count == 1
    assert next(iter(reading)).meta == {"group": "a:sentences:1", "code": "eng-US"}


def test_ntrex(data):
    reading = formats.read(data / "parallel-ntrex" / "ntrex200.jsonl", strict=True)
    assert reading.count() == 200 * 127
    rows = groups(reading)
    assert len(rows) == 200
    assert {"hi", "mr", "ne-Deva", "sr", "sr-Latn", "zh-Hant"} <= set(rows[0])


TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en"/><body>
<tu tuid="7"><tuv
xml:lang="en-US"><seg>Press <bpt i="1">&lt;b&gt;</bpt>save<ept i="1">&lt;/b&gt;</ept> &amp; go</seg></tuv>
<tuv xml:lang="hi"><seg>सहेजें</seg></tuv></tu>
<tu><tuv lang="en"><seg>only</seg></tuv></tu>
</body></tmx>
"""


def test_tmx(put, tmp_path):
    reading = formats.read(put("a.tmx", TMX))
    assert groups(reading) == [{"en": "Press save & go", "hi": "सहेजें"}]
    assert next(iter(reading)).meta == {"group": "a:4", "code": "en-US", "tuid": "7"}
    formats.write(reading, tmp_path / "b.tmx")
    again = formats.read(tmp_path / "b.tmx")
    assert [(u.text, u.labels, u.meta["code"]) for u in again if "code" in u.meta] == [
        ("Press save & go", {"lang": "en"}, "en-US")
    ]
    assert groups(again) == groups(reading)


def test_tmx_entities_are_refused(put):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><tmx><body>'
    reading = formats.read(put("a.tmx", bomb + "<tu><tuv xml:lang='en'><seg>&b;</seg></tuv></tu></body></tmx>"))
    assert reading.count() == 0
    assert "entities are not expanded" in reading.problems.first[0]


def test_broken_tmx_keeps_what_came_before(put):
    path = put("a.tmx", TMX.replace("<tu><tuv lang", "<oops"))
    reading = formats.read(path)
    assert len(groups(reading)) == 1
    assert reading.problems.first[0].startswith(f"{path}:7: ")


@pytest.fixture
def locale(tmp_path):
    def save(language, entries, name="app", obsolete=()):
        file = polib.POFile()
        file.metadata = {"Content-Type": "text/plain; charset=utf-8", "Language": language}
        for source, text in entries.items():
            fuzzy = text.startswith("~")
            file.append(polib.POEntry(msgid=source, msgstr=text.lstrip("~"), flags=["fuzzy"] if fuzzy else []))
        for source in obsolete:
            file.append(polib.POEntry(msgid=source, msgstr="x", obsolete=True))
        folder = tmp_path / "locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        file.save(str(folder / f"{name}.po"))
        file.save_as_mofile(str(folder / f"{name}.mo"))
        return folder

    return save


SOURCE = "Please enter a valid name"


def test_gettext_folder(locale, tmp_path):
    locale("hi", {SOURCE: "कृपया मान्य नाम दर्ज करें", "Save": "सहेजें"})
    locale("pt_BR", {SOURCE: "Digite um nome válido"}, obsolete=["Gone with the wind now"])
    locale("sr@latin", {SOURCE: "~Unesite ispravno ime"})
    locale("de", {SOURCE: SOURCE, "You have %(n)s new messages": "Sie haben %(n)s neue Nachrichten"})
    locale("en", {SOURCE: ""})
    reading = formats.read(tmp_path / "locale")
    assert groups(reading) == [{"en": SOURCE, "hi": "कृपया मान्य नाम दर्ज करें", "pt": "Digite um nome válido"}]
    assert next(u for u in reading if u.labels["lang"] == "pt").meta["code"] == "pt_BR"
    notes = "\n".join(reading.notes)
    assert "1 untranslated copies" in notes
    assert "1 translations marked fuzzy" in notes
    assert "1 messages with placeholders" in notes
    assert reading.count() == 3
    assert "\n".join(reading.notes) == notes


def test_what_counts_as_a_sentence_can_be_said(locale, tmp_path):
    locale("hi", {"Save": "सहेजें", "You have {n} new messages": "{n} नए संदेश"})
    from macaronic.core.corpus import Corpus
    from macaronic.core.problems import Problems

    shard = formats.Shard(str(tmp_path / "locale"), "catalogue", name="x", shown="x")
    keep = Keep(min_words=1, markup=True)
    assert len(groups(Corpus(lambda: read_catalogue(shard, Problems(), keep=keep)))) == 2


def test_mo_files_alone(locale, tmp_path):
    folder = locale("hi", {SOURCE: "कृपया मान्य नाम दर्ज करें"})
    (folder / "app.po").unlink()
    assert groups(formats.read(tmp_path / "locale"))[0]["hi"] == "कृपया मान्य नाम दर्ज करें"


def test_one_po_file(locale):
    folder = locale("hi", {SOURCE: "कृपया मान्य नाम दर्ज करें"})
    assert groups(formats.read(folder / "app.po")) == [{"en": SOURCE, "hi": "कृपया मान्य नाम दर्ज करें"}]


def test_variants_of_a_language_fill_gaps(locale, tmp_path):
    other = "This name is already taken"
    locale("es", {SOURCE: "Introduzca un nombre válido"})
    locale("es_MX", {SOURCE: "Ingrese un nombre", other: "Ese nombre ya existe"})
    texts = [row["es"] for row in groups(formats.read(tmp_path / "locale"))]
    assert texts == ["Introduzca un nombre válido", "Ese nombre ya existe"]


def test_json_catalogues(put, tmp_path):
    put("locale/en/app.json", json.dumps({"a": {"b": SOURCE}, "@meta": {"x": "not a message at all"}}))
    put("locale/sw/app.json", json.dumps({"a": {"b": "Tafadhali weka jina sahihi"}}))
    put("locale/README.json", '{"this": "is no language"}')
    assert groups(formats.read(tmp_path / "locale", format="catalogue")) == [
        {"en": SOURCE, "sw": "Tafadhali weka jina sahihi"}
    ]


def test_flat_json_catalogues(put, tmp_path):
    put("i18n/en.json", json.dumps({"k": SOURCE}))
    put("i18n/fr.json", json.dumps({"k": "Veuillez saisir un nom valide"}))
    assert len(groups(formats.read(tmp_path / "i18n", format="catalogue"))) == 1


def test_a_broken_catalogue_is_counted_and_the_rest_is_read(locale, tmp_path):
    locale("hi", {SOURCE: "कृपया मान्य नाम दर्ज करें"})
    folder = locale("fr", {SOURCE: "x"})
    (folder / "app.po").write_text('msgid "a\nmsgstr\n')
    reading = formats.read(tmp_path / "locale")
    assert len(groups(reading)) == 1
    assert reading.problems.by_kind == {"catalogue": 1}


def test_a_folder_without_catalogues(put, tmp_path):
    put("x/a.txt", "hello\n")
    with pytest.raises(InputError, match="no translation catalogues"):
        catalogues(tmp_path / "x")


def test_the_catalogues_of_an_installed_package():
    pytest.importorskip("django", reason="needs the extra 'demo'")
    reading = formats.read("package:django", language="hi")
    texts = [u.text for u in reading]
    assert len(texts) > 30
    assert all(any("ऀ" <= c <= "ॿ" for c in text) for text in texts)
    assert not any("%" in text or "{" in text for text in texts)
