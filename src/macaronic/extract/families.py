"""The seven families of the MMM data, made from ordinary labelled text in any language.

SCNM and TCONER take sentences with a class and entities; the four SCPOS families take sentences with a sentiment and
find the words themselves, by a lexicon or by word classes; TCREE takes texts with relations or events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from macaronic.core.errors import UnknownName, UsageError
from macaronic.core.problems import Problems
from macaronic.core.protocols import Tagger
from macaronic.core.utterance import Utterance
from macaronic.extract.iob import entities, is_iob
from macaronic.extract.record import Record, Span
from macaronic.extract.single_words import Words, by_class, by_lexicon, offsets
from macaronic.extract.utterances import of_utterance

Sentence = Record | Utterance
Labeller = Callable[[str, Words, str], list[Span]]
"""From a text, the offsets of its words and its language to labelled words."""


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of sub-dataset.

    Args:
        name: as the paper writes it.
        task: what a model is asked for.
        classes: which word classes are to be found, in the SCPOS families that go by them.
    """

    name: str
    task: str
    classes: tuple[str, ...] = ()


SCNM = Family("SCNM", "NER")
RW = Family("SCPOS:RW", "Sentiment Relation Word")
ADJ_N = Family("SCPOS:Adj&N", "Sentiment Adj and N", ("ADJ", "NOUN"))
ADJ = Family("SCPOS:Adj", "Sentiment Adj", ("ADJ",))
N = Family("SCPOS:N", "Sentiment N", ("NOUN",))
TCREE = Family("TCREE", "Relation Extraction")
TCONER = Family("TCONER", "Open NER")
FAMILIES = (SCNM, RW, ADJ_N, ADJ, N, TCREE, TCONER)


def named(name: str) -> Family:
    """The family of a name, whatever its case.

    Raises:
        UnknownName: there is none.

    >>> named("scpos:adj").classes
    ('ADJ',)
    """
    found = {family.name.lower(): family for family in FAMILIES}
    if name.lower() not in found:
        raise UnknownName("family", name, [family.name for family in FAMILIES])
    return found[name.lower()]


def build(
    family: Family,
    sentences: Iterable[Sentence],
    *,
    label: str = "label",
    language: str = "",
    layer: str = "ner",
    lexicon: Mapping[str, str] | None = None,
    tagger: Tagger | None = None,
    problems: Problems | None = None,
) -> Iterator[Record]:
    """Records of a family out of labelled sentences.

    Args:
        family: one of `FAMILIES`.
        sentences: records, or utterances as `text.formats.reading.read` gives them; the class of the whole is the
            label or field `label`, or a comment `# label = ...` in CoNLL.
        label: the name of that label.
        language: of sentences that do not say theirs.
        layer: the token layer of IOB tags; spans of that layer or of `entity` are taken where there is none.
        lexicon: word in lower case -> sentiment, for SCPOS:RW.
        tagger: gives UPOS classes for the other SCPOS families; when left out the rules of `synth.classes`, for
            Japanese and Chinese their dictionaries.
        problems: counts what is left out: sentences without a class, and without relations or events in TCREE.

    Raises:
        UsageError: SCPOS:RW without a lexicon; word classes without a language or a tagger.
        MissingExtra: a dictionary is not installed.

    Source: S001, table of sub-datasets. The labels of single words (`ADJ`, `NOUN`, a sentiment) are ours.

    >>> sentence = Utterance("The old house is beautiful", labels={"label": "positive"})
    >>> [span.text for record in build(ADJ, [sentence], language="en") for span in record.spans]
    ['old', 'beautiful']
    """
    problems = problems if problems is not None else Problems()
    labeller = _labeller(family, lexicon, tagger)
    for number, sentence in enumerate(sentences, 1):
        record = _read(sentence, label, language, layer)
        if not record.text_label:
            problems.add(record.id or f"sentence {number}", 0, f"no label {label!r}", kind="no label")
            continue
        record = replace(record, id=record.id or str(number), task=family.task)
        if labeller is not None:
            tokens = sentence.tokens if isinstance(sentence, Utterance) else ()
            words = tokens or offsets(record.text, record.language)
            record = replace(record, spans=tuple(labeller(record.text, words, record.language)))
        made = _split(record) if family is TCREE else [record]
        if not made:
            problems.add(record.id, 0, "neither relations nor events", kind="nothing to find")
        for one in made:
            yield replace(one, meta={**one.meta, "family": family.name})


def _read(sentence: Sentence, label: str, language: str, layer: str) -> Record:
    if isinstance(sentence, Record):
        return replace(sentence, language=sentence.language or language)
    record = of_utterance(sentence, layer=layer, label=label, language=language)
    tags = next((name for name in (layer, "lang_raw") if _tagged(sentence, name)), "")
    spans = entities(sentence, tags) if tags else record.spans
    return replace(record, spans=spans, text_label=record.text_label or _said(sentence, label), meta={})


def _tagged(sentence: Utterance, layer: str) -> bool:
    """Whether a layer holds IOB tags; a table of two columns has them where languages are looked for."""
    return layer in sentence.layers and is_iob(sentence.layers[layer])


def _said(sentence: Utterance, label: str) -> str:
    """The class in a field that came with the sentence, or in a comment above it."""
    value = sentence.meta.get(label)
    if isinstance(value, str):
        return value.strip()
    for line in sentence.meta.get("comments") or ():
        key, found, value = str(line).lstrip("# ").partition("=")
        if found and key.strip() == label:
            return value.strip()
    return ""


def _labeller(family: Family, lexicon: Mapping[str, str] | None, tagger: Tagger | None) -> Labeller | None:
    if family.classes:
        return lambda text, words, language: by_class(text, words, family.classes, language=language, tagger=tagger)
    if family is not RW:
        return None
    if not lexicon:
        raise UsageError(f"{family.name} needs a lexicon of sentiment words; got none.\nGive word -> sentiment.")
    return lambda text, words, language: by_lexicon(text, words, lexicon)


def _split(record: Record) -> list[Record]:
    """A record for the relations and one for the events, where it has them."""
    relations, events = record.relations, record.events
    both = bool(relations and events)
    found = []
    if relations:
        found.append(replace(record, events=(), id=f"{record.id}:relations" if both else record.id))
    if events:
        name = f"{record.id}:events" if both else record.id
        found.append(replace(record, relations=(), id=name, task="Event Extraction"))
    return found
