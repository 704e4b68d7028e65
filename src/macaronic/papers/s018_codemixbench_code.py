"""S018: CodeMixBench for code generation, the mixing of prompts by degree (CMD).

What works here: a translated prompt gets so many of its English content words back as the degree says, those first that
speakers use most in English, on token boundaries; code, keys and examples stay byte for byte. Checked on hand-made
prompts and on the authors' Spanish ones with a small dictionary of ours. Running code for pass@1 needs models.
"""

from __future__ import annotations

import numpy as np

from macaronic.papers.paper import Check, Claim, Paper, Scale, measured, unanswered

PAPER = Paper(
    id="S018",
    slug="codemixbench-code",
    title="CodeMixBench: Evaluating Large Language Models on Code Generation with Code-Mixed Prompts",
    kind="benchmark",
    url="https://arxiv.org/abs/2505.05063",
    uses=("synth.cmd.mix", "synth.cmd.switched", "synth.cmd.by_degree", "synth.protected.protected"),
    claims=(
        Claim(
            "exact", "share of prompts in which exactly floor(CMD m) of m words are English", "mechanism", at_least=1.0
        ),
        Claim("nested", "share of prompts in which degree 0.9 changes all that 0.6 changes", "mechanism", at_least=1.0),
        Claim("code", "share of prompts whose code, keys and examples keep their bytes", "mechanism", at_least=1.0),
        Claim(
            "boundaries",
            "share of prompts in which the same words, replaced as substrings, would change code, keys or a part of "
            "another word",
            "direction",
            at_least=0.1,
        ),
        Claim(
            "heavier",
            "share of English words at degree 0.9 less that at 0.6; on the authors' prompts by our word tagger",
            "direction",
            at_least=0.01,
        ),
        Claim(
            "pass-at-1",
            "mixed prompts lower pass@1, more at a higher degree for small models",
            "needs",
            where="abstract",
            needs="code models on a GPU, a sandbox, the hub data ColdSlim/CodeMixBench; prompts for it: "
            "macaronic.synth.cmd.mix; running the code is not part of macaronic yet",
        ),
    ),
    data=("codemix-codegen-prompts",),
    cost={
        "smoke": "seconds",
        "small": "10 seconds, codemix-codegen-prompts (120 prompts)",
        "full": "the same as small",
    },
    tasks=("code-generation", "robustness"),
    languages=("hi", "es", "zh", "en"),
)
WORDS = (
    "list:lista lists:listas number:número numbers:números function:función value:valor values:valores file:archivo "
    "files:archivos string:cadena word:palabra words:palabras key:clave column:columna columns:columnas row:fila "
    "data:datos code:código dictionary:diccionario average:promedio each:cada random:aleatorio length:longitud "
    "directory:directorio path:ruta error:error name:nombre result:resultado text:texto table:tabla"
)
PROMPTS = (
    "Calcula el promedio de una lista de números.\n- numbers (list): una lista de números.\n```\nlista = [1]\n```",
    "Lee el archivo y devuelve cada palabra con su longitud. La función usa `clave` y valor.\n>>> ruta('a')\ntexto",
    "Crea una tabla con columna y fila de datos. Args:\nnombre (str): el nombre de la columna_datos",
)


def reproduce(scale: Scale, rng: np.random.Generator) -> list[Check]:
    """Mix prompts at both degrees and compare them with what they were.

    Args:
        scale: `smoke` takes three hand-made prompts, the others the authors' 120 Spanish ones and their word counts.
        rng: bootstrap intervals.
    """
    import json

    from macaronic.core.bootstrap import interval
    from macaronic.core.errors import MissingData
    from macaronic.curate.datasets import data_sha256, locate
    from macaronic.synth.cmd import HEAVY, LIGHT, mix, read_frequencies
    from macaronic.synth.protected import protected
    from macaronic.text.words import words

    sha, frequency, published = "", {"promedio": 3, "list": 5, "lista": 4, "file": 2, "archivo": 9}, []
    if scale == "smoke":
        prompts = list(PROMPTS)
    else:
        try:
            place, sha = locate("codemix-codegen-prompts"), data_sha256("codemix-codegen-prompts")
        except MissingData as error:
            return unanswered(PAPER, error)
        lines = (place / "spa-eng.first60.jsonl").read_text("utf-8").splitlines()
        published = sorted((json.loads(line) for line in lines), key=lambda row: (row["task_id"], row["cmd"]))
        prompts = [row["instruct_prompt"] for row in published]
        frequency = read_frequencies(place / "spa-eng.word_frequency.top20k.tsv")

    told = {english: [spanish] for english, spanish in (pair.split(":") for pair in WORDS.split())}
    exact, nested, same, broken, heavier = [], [], [], [], []
    for text in prompts:
        light, heavy = (mix(text, told, cmd=degree, frequency=frequency) for degree in (LIGHT, HEAVY))
        for made, degree in ((light, LIGHT), (heavy, HEAVY)):
            written = {made.text[start:end].lower() for start, end in made.spans}
            exact.append(len(written) == int(degree * made.switchable + 1e-9))
        nested.append(set(light.switched) <= set(heavy.switched))
        spans = protected(text)
        same.append([text[a:b] for a, b in spans] == [heavy.text[a:b] for a, b in protected(heavy.text)])
        roughly = text
        for english in heavy.switched:
            roughly = roughly.replace(told[english][0], english)
        broken.append(roughly.lower() != heavy.text.lower() and bool(heavy.switched))
        heavier.append((len(heavy.spans) - len(light.spans)) / max(1, len(words(text))))
    if published:
        heavier = by_tagger(prompts)
    inside = interval(np.array(heavier), rng=rng)
    note = "the authors' Spanish prompts" if published else "hand-made prompts"
    return [
        measured("exact", np.mean(exact), n=len(exact), data_sha256=sha, note=note),
        measured("nested", np.mean(nested), n=len(nested), data_sha256=sha, note=note),
        measured("code", np.mean(same), n=len(same), data_sha256=sha, note=note),
        measured("boundaries", np.mean(broken), n=len(broken), data_sha256=sha, note=note),
        measured("heavier", np.mean(heavier), inside, n=len(heavier), data_sha256=sha, note=note),
    ]


def by_tagger(prompts: list[str]) -> list[float]:
    """The share of English words in the second of each two prompts less that in the first, code left out."""
    from macaronic.identify import tagger
    from macaronic.text.words import words

    prose = [words(text.partition("```")[0]) for text in prompts]
    shares = []
    for answer in tagger.load().tag(prose, ("es", "en")):
        english, spanish = answer.labels.count("en"), answer.labels.count("es")
        shares.append(english / max(1, english + spanish))
    return [after - before for before, after in zip(shares[::2], shares[1::2], strict=True)]
