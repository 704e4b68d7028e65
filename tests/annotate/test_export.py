"""Files in and out: nothing changes that nobody changed, and what people said elsewhere comes in and goes out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from macaronic import bundled
from macaronic.annotate import label_studio
from macaronic.annotate.actions import paint
from macaronic.annotate.events import Event
from macaronic.annotate.export import Choice, export
from macaronic.annotate.final import final
from macaronic.annotate.imported import Imported, work_of
from macaronic.annotate.items import Item
from macaronic.annotate.layers import layers_of
from macaronic.annotate.project import Asked, new
from macaronic.annotate.sheet import Sheet
from macaronic.annotate.store import Store
from macaronic.annotate.taken import take
from macaronic.annotate.work import Work
from macaronic.annotate.work import work_of as all_work
from macaronic.core.errors import FormatError, UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.core.utterance import Span, Utterance
from macaronic.text import formats

CONLLU = """# sent_id = s1
# text = Selam, wie geht's?
# speaker = A
1\tSelam\tselam\tINTJ\t_\t_\t0\troot\t_\tCSID=TR|SpaceAfter=No
2\t,\t,\tPUNCT\t_\t_\t1\tpunct\t_\tCSID=OTHER
3\twie\twie\tADV\t_\t_\t4\tadvmod\t_\tCSID=DE
4\tgeht's\tgehen\tVERB\t_\t_\t1\tparataxis\t_\tCSID=DE|SpaceAfter=No
5\t?\t?\tPUNCT\t_\t_\t4\tpunct\t_\tCSID=OTHER

"""


def accepted(path: Path, *who: str) -> Work:
    """The work of people who have found everything right."""
    with Store(path, write=True) as store:
        for name in who:
            store.add_person(name)
            for item in list(store.items()):
                store.append([store.opening(name, item.number), Event(name, item.number, "accept", f"a{item.number}")])
        return all_work(store)


def made(tmp_path: Path, name: str, text: str, labels: str = "languages") -> Path:
    (tmp_path / name).write_text(text, "utf-8")
    new(tmp_path / "p.annotate", Asked([str(tmp_path / name)], labels=labels, overlap=9))
    return tmp_path / "p.annotate"


def test_a_tagged_conllu_file_comes_out_as_it_was(tmp_path: Path) -> None:
    work = accepted(made(tmp_path, "in.conllu", CONLLU, "languages,pos"), "asha", "ravi")
    export(work, tmp_path / "out.conllu", Choice())
    assert (tmp_path / "out.conllu").read_text("utf-8") == CONLLU


def test_a_changed_label_is_all_that_changes(tmp_path: Path) -> None:
    path = made(tmp_path, "in.conllu", CONLLU)
    work = accepted(path, "asha")
    with Store(path, write=True) as store:
        store.append(paint(work.sheets["asha", 1], "asha", "k", "lang", 0, 0, "de"))
        work = all_work(store)
    export(work, tmp_path / "out.conllu", Choice())
    assert (tmp_path / "out.conllu").read_text("utf-8") == CONLLU.replace("CSID=TR", "CSID=de")


def test_what_has_no_column_goes_to_misc_and_comments(tmp_path: Path) -> None:
    path = made(tmp_path, "in.conllu", CONLLU, "languages,ner,norm,translation")
    accepted(path, "asha")
    given = [
        Event("asha", 1, "span", "n", "ner", 0, 6, None, "PER"),
        Event("asha", 1, "label", "w", "norm", 7, 10, None, "wie | denn"),
        Event("asha", 1, "sentence", "t", "translation", new="hello,\nhow goes it?"),
        Event("asha", 1, "sentence", "m", "matrix", new="de"),
    ]
    with Store(path, write=True) as store:
        store.append(given)
        work = all_work(store)
    export(work, tmp_path / "out.conllu", Choice())
    text = (tmp_path / "out.conllu").read_text("utf-8")
    assert "CSID=TR|SpaceAfter=No|Ner=B-PER\n" in text
    assert "CSID=OTHER|Ner=I-PER\n" in text
    assert "CSID=DE|Norm=wie%20%7C%20denn\n" in text
    assert "# speaker = A\n# translation = hello, how goes it?\n# lang = de\n1\tSelam" in text
    (tmp_path / "plain.txt").write_text("so chill", "utf-8")
    new(tmp_path / "q.annotate", Asked([str(tmp_path / "plain.txt")], labels="ner,translation", prefill=False))
    accepted(tmp_path / "q.annotate", "asha")
    with Store(tmp_path / "q.annotate", write=True) as store:
        store.append([given[0]._replace(end=2), given[2]])
        export(all_work(store), tmp_path / "plain.conllu", Choice())
    text = (tmp_path / "plain.conllu").read_text("utf-8")
    assert "so\t_\t_\t_\t_\t_\t_\t_\tNer=B-PER" in text
    assert "# translation = hello, how goes it?" in text


def test_a_comment_of_the_corpus_is_not_the_persons(tmp_path: Path) -> None:
    text = CONLLU.replace("# speaker = A", "# comment = not sure")
    path = made(tmp_path, "in.conllu", text)
    take(path, str(tmp_path / "in.conllu"), "asha", problems=Problems())
    (tmp_path / "in.conllu").write_text(text.replace("not sure", "sure now"), "utf-8")
    take(path, str(tmp_path / "in.conllu"), "ravi", problems=Problems())
    with Store(path) as store:
        said = [(event.who, event.new) for event in store.events() if event.action == "sentence"]
    assert said == [("ravi", "sure now")]


def test_a_split_word_loses_the_tree_and_keeps_the_rest(tmp_path: Path) -> None:
    path = made(tmp_path, "in.conllu", CONLLU)
    work = accepted(path, "asha")
    with Store(path, write=True) as store:
        store.append([Event("asha", 1, "split", "k", start=11, end=17, new="15")])
        work = all_work(store)
    export(work, tmp_path / "out.conllu", Choice())
    rows = [
        line.split("\t")
        for line in (tmp_path / "out.conllu").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]
    assert [row[1] for row in rows] == ["Selam", ",", "wie", "geht", "'s", "?"]
    assert [row[3] for row in rows] == ["INTJ", "PUNCT", "ADV", "_", "_", "PUNCT"]
    assert {row[6] for row in rows} == {"_"}
    assert rows[3][9].startswith("Lang=de")


@pytest.mark.parametrize("kind", ["jsonl", "json", "conllu", "conll", "lince", "parquet", "arrow"])
def test_every_format_holds_the_labels(tmp_path: Path, kind: str) -> None:
    rows = [
        f"{w}\t{t}" for _, words, tags, _ in bundled.mixed("hi-Latn/en")[:8] for w, t in [*zip(words, tags), ("", "")]
    ]
    text = "\n".join("" if row == "\t" else row for row in rows) + "\n"
    work = accepted(made(tmp_path, "in.conll", text), "asha")
    name = f"out.{ {'lince': 'conll'}.get(kind, kind) }"
    export(work, tmp_path / name, Choice(format=kind))
    back = formats.read(tmp_path / name, format="conll" if kind == "lince" else kind)
    wanted = formats.read(tmp_path / "in.conll")
    assert [(u.words, u.langs) for u in back] == [(u.words, u.langs) for u in wanted]
    if kind == "conll":
        assert (tmp_path / name).read_text("utf-8") == text
    if kind == "lince":
        assert (tmp_path / name).read_text("utf-8").startswith("# sent_enum = 1\n")


def test_formats_without_words_are_refused(project: Path, tmp_path: Path) -> None:
    work = accepted(project, "asha")
    for name, error in (("x.csv", UnknownName), ("x.txt", UnknownName), ("x.bin", UsageError)):
        with pytest.raises(error):
            export(work, tmp_path / name, Choice())
        assert not (tmp_path / name).exists()
    with pytest.raises(UnknownName, match="Did you mean 'asha'"):
        export(work, tmp_path / "x.jsonl", Choice(who="ashaa"))


def test_nothing_accepted_is_nothing_to_export(project: Path, tmp_path: Path) -> None:
    with Store(project) as store:
        work = all_work(store)
    with pytest.raises(UsageError, match="nothing is accepted"):
        export(work, tmp_path / "x.jsonl", Choice())
    assert export(work, tmp_path / "x.jsonl", Choice(unfinished=True)).ways == {"unfinished": 4}


def test_pseudonyms_hide_names_and_stay_the_same(project: Path, tmp_path: Path) -> None:
    work = accepted(project, "asha", "ravi")
    for name in ("a.jsonl", "b.jsonl", "c.conll"):
        export(work, tmp_path / name, Choice(each=True, pseudonymous=True))
    export(work, tmp_path / "d.json", Choice(format="label-studio", pseudonymous=True))
    first = (tmp_path / "a.jsonl").read_text("utf-8")
    assert first == (tmp_path / "b.jsonl").read_text("utf-8")
    assert len({json.loads(line)["annotator"] for line in first.splitlines()}) == 2
    everything = first + (tmp_path / "c.conll").read_text("utf-8") + (tmp_path / "d.json").read_text("utf-8")
    assert "asha" not in everything
    assert "ravi" not in everything
    assert (tmp_path / "c.conll").read_text("utf-8").startswith("# sent_id = t1\n# annotator = p-")


def votes(project: Path, labels: dict[str, str]) -> Work:
    """Each person gives the first word of item 3 a label of their own."""
    with Store(project, write=True) as store:
        for who, given in labels.items():
            if who not in store.people():
                store.add_person(who)
            store.append(
                [
                    store.opening(who, 3),
                    Event(who, 3, "label", "l", "lang", 0, 3, "en", given),
                    Event(who, 3, "accept", "a"),
                ]
            )
        return all_work(store)


@pytest.mark.parametrize(
    ("labels", "answer", "way", "undecided"),
    [
        ({"asha": "hi-Latn"}, "hi-Latn", "single", 0),
        ({"asha": "hi-Latn", "ravi": "hi-Latn"}, "hi-Latn", "agreed", 0),
        ({"asha": "hi-Latn", "ravi": "ne"}, None, "majority", 1),
        ({"asha": "hi-Latn", "ravi": "ne", "mina": "ne"}, "ne", "majority", 0),
        ({"asha": "hi-Latn", "ravi": "hi-Latn", "judge": "other"}, "other", "adjudicated", 0),
    ],
)
def test_one_answer_out_of_several(
    project: Path, labels: dict[str, str], answer: str | None, way: str, undecided: int
) -> None:
    found = final(votes(project, labels), 3)
    assert found is not None
    assert (found.utterance.langs[0], found.way, found.undecided) == (answer, way, undecided)
    assert found.utterance.langs[1:] == ("en", "en")


def test_different_cuts_are_voted_on(project: Path) -> None:
    with Store(project, write=True) as store:
        for who, cut in (("asha", True), ("ravi", True), ("judge", False)):
            store.add_person(who)
            first = [store.opening(who, 1)]
            if cut:
                first += [
                    Event(who, 1, "split", "s", start=9, end=18, new="15"),
                    Event(who, 1, "label", "l", "lang", 15, 18, "en", "hi-Latn"),
                ]
            store.append([*first, Event(who, 1, "accept", "a")])
        found = final(all_work(store), 1)
    assert found is not None
    assert found.utterance.words == ("yaar", "kal", "office", "-on", "late")
    assert found.utterance.langs == ("en", "en", "en", "hi-Latn", "en")


TASK = {
    "id": 7,
    "data": {"text": "👍🏽 Asha said chill-karo", "source": "x"},
    "annotations": [
        {
            "completed_by": {"id": 1, "email": "asha@example.org"},
            "lead_time": 3.5,
            "result": [
                {
                    "from_name": "language",
                    "type": "labels",
                    "value": {"start": 3, "end": 12, "text": "Asha said", "labels": ["en"]},
                },
                {
                    "from_name": "language",
                    "type": "labels",
                    "value": {"start": 13, "end": 18, "text": "chill", "labels": ["EN"]},
                },
                {
                    "from_name": "language",
                    "type": "labels",
                    "value": {"start": 18, "end": 23, "text": "-karo", "labels": ["hi"]},
                },
                {
                    "from_name": "ner",
                    "type": "labels",
                    "value": {"start": 5, "end": 9, "text": "Asha", "labels": ["PER"]},
                },
                {"from_name": "mood", "type": "choices", "value": {"choices": ["good"]}},
                {"from_name": "ner", "type": "labels", "value": {"start": 90, "end": 99, "labels": ["PER"]}},
            ],
        },
        {"completed_by": 4, "was_cancelled": True, "result": []},
        {"completed_by": 4, "result": []},
    ],
}


def test_label_studio_comes_in_with_its_people(tmp_path: Path) -> None:
    (tmp_path / "ls.json").write_text(json.dumps([TASK, {"id": 8, "data": {}}]), "utf-8")
    found = new(tmp_path / "p.annotate", Asked([str(tmp_path / "ls.json")]))
    assert found.people == ("asha@example.org", "person-4")
    assert found.problems.by_kind == {"region": 1, "no text": 1}
    assert found.settings.by_name["mood"].labels == ("good",)
    with Store(tmp_path / "p.annotate") as store:
        sheet = all_work(store).sheets["asha@example.org", 1]
        utterance = sheet.item.utterance
    words = [utterance.text[a:b] for a, b in sheet.tokens]
    assert dict(zip(words, sheet.token_labels("lang")))["chill"] == "en"
    assert dict(zip(words, sheet.token_labels("lang")))["karo"] == "hi-Latn"
    assert sheet.spans == {("ner", 3, 7): "PER"}, "code points, though the region counted UTF-16 units"
    assert sheet.sentence["mood"] == "good"
    assert utterance.meta == {"source": "x"}
    assert utterance.id == "7"


def test_label_studio_goes_out_and_comes_in_again(tmp_path: Path, project: Path) -> None:
    with Store(project, write=True) as store:
        for who in ("asha", "ravi"):
            store.append([store.opening(who, n) for n in (1, 2, 3, 4)])
        store.append(
            [
                Event("asha", 1, "split", "s", start=9, end=18, new="15"),
                Event("asha", 1, "label", "l", "lang", 15, 18, "en", "hi-Latn"),
                Event("asha", 1, "span", "n", "ner", 0, 4, None, "PER"),
                Event("asha", 1, "sentence", "m", "matrix", new="hi-Latn"),
                Event("asha", 1, "accept", "a"),
                Event("asha", 4, "accept", "a4"),
                Event("ravi", 1, "accept", "a"),
            ]
        )
        work = all_work(store)
    export(work, tmp_path / "out.json", Choice(format="label-studio"))
    new(tmp_path / "again.annotate", Asked([str(tmp_path / "out.json")], labels="languages,pos,ner,norm"))
    with Store(tmp_path / "again.annotate") as store:
        again = all_work(store)
    for (who, number), sheet in again.sheets.items():
        old = next(
            s for (w, _), s in work.sheets.items() if w == who and s.item.utterance.id == sheet.item.utterance.id
        )
        assert (sheet.tokens, sheet.token_labels("lang"), sheet.spans) == (
            old.tokens,
            old.token_labels("lang"),
            old.spans,
        )
        assert sheet.sentence == old.sentence
        assert number in (1, 2)
    export(again, tmp_path / "twice.json", Choice(format="label-studio"))
    first, second = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("out.json", "twice.json"))
    assert [t["data"] for t in first] == [t["data"] for t in second]
    assert [[a["result"] for a in t["annotations"]] for t in first] == [
        [a["result"] for a in t["annotations"]] for t in second
    ]


@pytest.mark.parametrize("content", ["", "{", "[]", '[{"text": "so"}]', "[" * 100_000])
def test_what_is_no_label_studio_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content, "utf-8")
    with pytest.raises(FormatError):
        label_studio.load(str(tmp_path / "x.json"))


def tagged(*pairs: str) -> str:
    """A cell as COMMENTATOR writes it."""
    return str([dict(zip(("key", "value"), pair.split("/"))) for pair in pairs])


COMMENTATOR = f"""username,grammar,date,tag,link,hashtag,time,CMI Score
asha,,2024-01-01,"{tagged("yaar/h", "so/e", "!/u")}",[],[],3.1,50.0
ravi,,2024-01-01,"{tagged("yaar/e", "so/e", "!/u")}",[],[],2.0,0.0
ravi,,2024-01-01,"{tagged("chill/q")}",[],[],2.0,0.0
ravi,,2024-01-01,"__import__('os').system('true')",[],[],2.0,0.0
asha,,2024-01-01,"{tagged("yaar/h", "so/e", "!/u")}",[],[],3.1,50.0
"""


def test_commentator_comes_in_with_its_people(tmp_path: Path) -> None:
    (tmp_path / "all_lid.csv").write_text(COMMENTATOR, "utf-8")
    found = new(tmp_path / "p.annotate", Asked([str(tmp_path / "all_lid.csv")]))
    assert found.people == ("asha", "ravi")
    assert found.problems.by_kind == {"unknown label": 1, "tag": 1}
    with Store(tmp_path / "p.annotate") as store:
        work = all_work(store)
    assert [item.utterance.text for item in work.items.values()] == ["yaar so !", "chill", "yaar so !"]
    assert work.sheets["asha", 1].token_labels("lang") == ("hi-Latn", "en", "other")
    assert work.sheets["ravi", 1].token_labels("lang") == ("en", "en", "other")
    assert ("ravi", 3) not in work.sheets


def test_a_file_put_right_elsewhere_is_taken_in_once(project: Path, tmp_path: Path) -> None:
    with Store(project) as store:
        export(all_work(store), tmp_path / "mine.conll", Choice(proposed=True))
    text = (
        (tmp_path / "mine.conll")
        .read_text("utf-8")
        .replace("yaar\ten", "yaar\thi-Latn")
        .replace("kya\ten", "kya\tklingon")
    )
    (tmp_path / "mine.conll").write_text(text + "nobody\ten\n\n", "utf-8")
    problems = Problems()
    done = take(project, str(tmp_path / "mine.conll"), "asha", problems=problems)
    assert (done.items, done.same) == (4, 0)
    assert problems.by_kind == {"no item": 1, "unknown label": 1}
    again = take(project, str(tmp_path / "mine.conll"), "asha", problems=Problems())
    assert (again.items, again.events, again.same) == (0, 0, 4)
    (tmp_path / "mine.conll").write_text(text.replace("late\ten", "late\tne"), "utf-8")
    assert take(project, str(tmp_path / "mine.conll"), "asha", problems=Problems()).items == 1
    with Store(project) as store:
        sheets = all_work(store).sheets
    assert sheets["asha", 1].token_labels("lang") == ("hi-Latn", "en", "en", "ne")
    assert sheets["asha", 3].token_labels("lang") == ("unk", "en", "en")
    assert {sheet.misfits for sheet in sheets.values()} == {0}


def test_a_text_without_labels_is_nobodys_work(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text("so chill yaar\nkya scene hai\n", "utf-8")
    new(tmp_path / "p.annotate", Asked([str(tmp_path / "chat.txt")], languages=("hi", "en")))
    (tmp_path / "half.conll").write_text("so\t_\nchill\t_\nyaar\t_\n\nkya\t_\nscene\ten\nhai\t_\n\n", "utf-8")
    problems = Problems()
    assert take(tmp_path / "p.annotate", str(tmp_path / "chat.txt"), "asha", problems=problems).items == 0
    assert take(tmp_path / "p.annotate", str(tmp_path / "half.conll"), "asha", problems=problems).items == 1
    assert problems.by_kind == {"no labels": 3}
    with Store(tmp_path / "p.annotate") as store:
        assert all_work(store).sheets["asha", 2].token_labels("lang") == (None, "en", None)


def test_numbers_of_lines_are_not_taken_for_ids(tmp_path: Path) -> None:
    texts = ["so chill yaar", "kya scene hai", "ok", "so chill yaar"]
    (tmp_path / "chat.txt").write_text("\n".join(texts), "utf-8")
    new(tmp_path / "p.annotate", Asked([str(tmp_path / "chat.txt")], languages=("hi", "en")))
    with Store(tmp_path / "p.annotate") as store:
        assert [item.utterance.id for item in store.items()] == ["chat:1", "chat:2", "chat:3", "chat:4"]
    rows = ["ok\ten", "", "kya\thi-Latn", "scene\ten", "hai\thi-Latn", "", "so\ten", "chill\ten", "yaar\tne", ""]
    (tmp_path / "chat.conll").write_text("\n".join(rows), "utf-8")
    problems = Problems()
    assert take(tmp_path / "p.annotate", str(tmp_path / "chat.conll"), "asha", problems=problems).items == 3
    assert problems.count == 0
    with Store(tmp_path / "p.annotate") as store:
        sheets = all_work(store).sheets
    assert sorted(number for _, number in sheets) == [1, 2, 3]
    assert sheets["asha", 1].token_labels("lang")[-1] == "ne"


def test_labels_that_a_project_does_not_have_are_left_out() -> None:
    item = Item(1, Utterance.from_words(["so", "chill"], id="a"))
    said = Utterance.from_words(["so", "chill"], layers={"lang": ["en", "tlh"]})
    said = Utterance(said.text, "a", said.tokens, said.layers, (Span("ner", "XXX", 0, 2),), labels={"matrix": "tlh"})
    events = work_of(item, Event("asha", 1, "open", "o", new="{}"), said, layers_of("languages,ner", ["en"]))
    assert [(event.action, event.new) for event in events] == [("open", "{}"), ("label", "en"), ("accept", None)]
    sheet = Sheet(item)
    for event in events:
        sheet.apply(event)
    assert sheet.token_labels("lang") == ("en", None)
    assert Imported(item.utterance).kind == "work"
