"""S018: CodeMixBench for code generation: the mixing of prompts by degree (CMD), and running what models answer.

What works here: a translated prompt gets so many of its English content words back as the degree says, those first that
speakers use most in English, on token boundaries; code, keys and examples stay byte for byte. Checked on hand-made
prompts and on the authors' Spanish ones with a small dictionary of ours. Answers run shut in and are judged by their
tests; checked on hand-made tasks, whose solutions pass, and on programs that must be stopped. pass@1 needs models.
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
    uses=("synth.cmd.mix", "synth.cmd.by_degree", "synth.protected.protected", "evaluate.sandbox.run.run_all"),
    claims=(
        Claim("exact", "share of prompts with exactly floor(CMD m) of m words in English", "mechanism", at_least=1.0),
        Claim("nested", "share of prompts in which degree 0.9 changes all that 0.6 changes", "mechanism", at_least=1.0),
        Claim("code", "share of prompts whose code, keys and examples keep their bytes", "mechanism", at_least=1.0),
        Claim("boundaries", "share of prompts that substring replacement would break", "direction", at_least=0.1),
        Claim("heavier", "share of English words (by our tagger) at 0.9 less that at 0.6", "direction", at_least=0.01),
        Claim("endings", "share of right, wrong and harmful programs that end as told", "mechanism", at_least=1.0),
        Claim(
            "pass-at-1",
            "mixed prompts lower pass@1, more at a higher degree for small models",
            "needs",
            where="abstract",
            needs="code models on a GPU and the hub data ColdSlim/CodeMixBench; then: "
            "macaronic eval score codemixbench-code OUTPUTS --examples CodeMixBench.jsonl",
        ),
    ),
    data=("codemix-codegen-prompts",),
    cost={"smoke": "seconds", "small": "15 seconds, codemix-codegen-prompts (120 prompts)", "full": "as small"},
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
PROGRAMS = {
    "f = lambda x: x[::-1]\nassert f('हिंदी') == 'ीदंिह'": "passed", "f = lambda x: x * 2\nassert f(2) == 4": "passed",
    "def f(x): pass\nassert f('हिंदी') == 'ीदंिह'": "failed", "def f(x): pass\nassert f(2) == 4": "failed",
    "import os\nwhile True: os.fork()": "processes", "while True: pass": "timeout", "x = bytearray(10 << 30)": "memory",
    "open('/etc/shadow')": "refused", "import socket; socket.create_connection(('192.0.2.1', 9))": "refused",
    "while True: print('x' * 9999)": "output", "import os; os._exit(0)": "crashed",
}  # fmt: skip


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
        shut_in(),
    ]


def shut_in() -> Check:
    """How the programs end in the sandbox; without a value where there is none."""
    from macaronic.evaluate.sandbox.limits import Limits
    from macaronic.evaluate.sandbox.mechanism import NoSandbox
    from macaronic.evaluate.sandbox.run import run_all

    try:
        found = list(run_all([(code, "") for code in PROGRAMS], limits=Limits(seconds=5)))
    except NoSandbox as error:
        return Check("endings", None, note="; ".join(str(error).splitlines()))
    right = [one.kind == kind for one, kind in zip(found, PROGRAMS.values(), strict=True)]
    return measured("endings", np.mean(right), n=len(right), note=found[0].mechanism)


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
