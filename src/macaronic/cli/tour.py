"""`macaronic` alone: what it does, in two seconds, on bundled text."""

from __future__ import annotations

SENTENCE = "yaar kal ki meeting cancel ho gayi, so chill"


def tour() -> None:
    """Identify one sentence, measure the bundled mixed text, and name three commands to go on with."""
    import sys

    from macaronic import bundled
    from macaronic.cli.show import print_coloured
    from macaronic.core.corpus import Corpus, from_batch, to_batch
    from macaronic.core.utterance import Utterance
    from macaronic.identify.annotate import annotate
    from macaronic.identify.named import tagger_named
    from macaronic.measure.corpus import measure
    from macaronic.report.table import write_table
    from macaronic.text.words import annotate as cut

    print("macaronic: text that mixes languages. One sentence, each word with its language:\n")
    batch, _ = annotate(cut(to_batch([Utterance(SENTENCE)])), tagger_named())
    for u in from_batch(batch):
        print_coloured(u)
    rows = [Utterance.from_words(words, layers={"lang": langs}, text=text) for text, words, langs, _ in bundled.mixed()]
    print(f"\n{len(rows)} bundled sentences (written for this project), measured:\n")
    names = ("cmi", "i_index", "m_index", "burstiness")
    results = measure(Corpus.from_utterances(rows), names=names, level=["corpus"], samples=200)
    header = ("measure", "value", "low", "high", "n")
    write_table(header, [(r.name, r.value, r.low, r.high, r.n) for r in results], file=sys.stdout)
    print("\nGo on with your own text:\n")
    print("  macaronic identify FILE      a language for every word")
    print("  macaronic measure FILE       how mixed it is, with intervals")
    print("  macaronic build RECIPE.toml  a measured, balanced training set (try: macaronic demo)")
