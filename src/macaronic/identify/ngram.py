"""How likely a word is in each language: listed words by their frequency, others by their character n-grams.

For every script there is one `ScriptModel`: a lexicon and, where several languages share the script, a softmax over
hashed character n-grams that is trained on the word types of all of them. A word w of n letters scores
``log((1 - u) f(w|l) + u q(n) K p(l|w))``: f is the listed frequency, p the softmax, K the number of languages in the
script, q(n) the chance of one particular unlisted word of n letters, u the share of running words that are unlisted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaronic.core.errors import FormatError, InputError, UsageError
from macaronic.core.files import atomic_write
from macaronic.core.languages import script as usual_script
from macaronic.identify import lexicon as lexicons
from macaronic.identify.hashing import doubled, ngrams, normal, squeezed
from macaronic.identify.lexicon import Lexicon
from macaronic.text.scripts import COMMON, script_names, script_numbers, script_of

Floats = NDArray[np.float32]
NEVER = -60.0
"""Log-likelihood of a word in a language that is not written in the word's script."""
_FORMAT = 1
_LEVELS = 40
_FOLDED = {"Hira": "Kana", "Kana": "Kana", "Hrkt": "Kana", "Bopo": "Hani"}
_WRITTEN = {"Jpan": ("Kana", "Hani"), "Kore": ("Hang",), "Hans": ("Hani",), "Hant": ("Hani",)}


@dataclass(frozen=True)
class ScriptModel:
    """What is known about the languages of one script.

    Args:
        tags: L languages.
        lexicon: their listed words.
        table: softmax weights of the n-gram buckets, int8, shape (buckets, L); (0, L) when L is 1.
        scale: what one step of each column of `table` is worth, shape (L,).
        bias: shape (L,).
    """

    tags: tuple[str, ...]
    lexicon: Lexicon
    table: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def posterior(self, words: Sequence[str]) -> Floats:
        """log p(language | n-grams) of words in normal form, shape (n, L)."""
        if len(self.tags) == 1:
            return np.zeros((len(words), 1), dtype=np.float32)
        rows, offsets = ngrams(words, len(self.table))
        logits = _pooled(self.table, rows, offsets) * self.scale + self.bias
        peak = logits.max(axis=1, keepdims=True)
        return np.asarray(logits - peak - np.log(np.exp(logits - peak).sum(axis=1, keepdims=True)), dtype=np.float32)


def _pooled(table: NDArray[Any], rows: NDArray[np.int32], offsets: NDArray[np.int64]) -> Floats:
    """Sum of each word's table rows over the square root of their number."""
    sizes = np.diff(offsets)
    out = np.zeros((len(sizes), table.shape[1]), dtype=np.float32)
    step = max(1, (1 << 22) // table.shape[1])
    word = 0
    while word < len(sizes):
        end = max(word + 1, int(np.searchsorted(offsets, offsets[word] + step, side="right")) - 1)
        part = table[rows[offsets[word] : offsets[end]]]
        full = np.flatnonzero(sizes[word:end])
        starts = (offsets[word:end] - offsets[word])[full]
        out[word + full] = np.add.reduceat(part, starts, axis=0, dtype=np.int32 if table.dtype == np.int8 else None)
        word = end
    return np.asarray(out / np.sqrt(np.maximum(sizes, 1))[:, None].astype(np.float32), dtype=np.float32)


@dataclass(frozen=True)
class NgramModel:
    """Word likelihoods in many languages; made by `fit`, read by `load`.

    Args:
        tags: all languages, sorted.
        scripts: one `ScriptModel` a script (ISO 15924; kana together are `Kana`).
        prior: log-weight of each language when the languages of a text are to be found, shape (len(tags),).
        settings: `unlisted` (the least u; a short list misses more), `base` and `slope` of
            ``q(n) = exp(-base - slope n)``.
        notes: sources and licences of the words, as text.
    """

    tags: tuple[str, ...]
    scripts: Mapping[str, ScriptModel]
    prior: Floats
    settings: Mapping[str, float]
    notes: str = ""

    def score(self, words: Sequence[str]) -> Floats:
        """log p(word | language) of n words, shape (n, len(tags)); `NEVER` for languages of other scripts.

        >>> model = fit({"en": {"the": 2.0, "chill": 1.0}, "es": {"el": 2.0, "vida": 1.0}}, rounds=2)
        >>> [model.tags[i] for i in model.score(["Chill", "vida"]).argmax(axis=1)]
        ['en', 'es']
        """
        return self.score_and_commonness(words)[0]

    def commonness(self, words: Sequence[str]) -> Floats:
        """Highest relative frequency that any language lists for each word, 0 for a word in no list, shape (n,).

        A word in a script of one language counts as common: no list is kept there.

        >>> (fit({"en": {"the": 1.0}, "es": {"el": 1.0}}, rounds=1).commonness(["The", "zzz"]) > 0).tolist()
        [True, False]
        """
        return self.score_and_commonness(words)[1]

    def score_and_commonness(self, words: Sequence[str]) -> tuple[Floats, Floats]:
        """`score` and `commonness` for the price of one."""
        out = np.full((len(words), len(self.tags)), NEVER, dtype=np.float32)
        common = np.ones(len(words), dtype=np.float32)
        column = {tag: i for i, tag in enumerate(self.tags)}
        for model, at in self._by_script(words):
            score, listed = self._score(model, [words[i] for i in at])
            out[np.ix_(at, [column[tag] for tag in model.tags])] = score
            if len(model.tags) > 1:
                common[at] = listed.max(axis=1)
        return out, common

    def _by_script(self, words: Sequence[str]) -> Iterator[tuple[ScriptModel, list[int]]]:
        places: dict[str, list[int]] = {}
        for place, script in enumerate(word_scripts(words)):
            places.setdefault(script, []).append(place)
        for script, at in places.items():
            if script in self.scripts:
                yield self.scripts[script], at

    def frequencies(self, words: Sequence[str]) -> Floats:
        """Listed frequency of each word in each language, shape (n, len(tags)); for words of one script (Latin)."""
        out = np.zeros((len(words), len(self.tags)), dtype=np.float32)
        model = self.scripts.get("Latn")
        if model is not None and words:
            out[:, [self.tags.index(tag) for tag in model.tags]] = model.lexicon.frequencies([normal(w) for w in words])
        return out

    def _score(self, model: ScriptModel, words: Sequence[str]) -> tuple[Floats, Floats]:
        plain = [normal(word) for word in words]
        listed = model.lexicon.frequencies(plain)
        _try_squeezed(model.lexicon, plain, listed)
        length = np.minimum(np.fromiter(map(len, plain), dtype=np.float32, count=len(plain)), 24)
        chance = -self.settings["base"] - self.settings["slope"] * length[:, None]
        share = self._unlisted(model)
        other = np.exp(model.posterior(plain) + chance) * (share * len(model.tags))
        return np.log(np.maximum((1 - share) * listed + other, 1e-25)).astype(np.float32), listed

    def _unlisted(self, model: ScriptModel) -> Floats:
        """Share of each language's running words that its list is expected to miss, shape (L,)."""
        if len(model.tags) == 1:
            return np.full(1, 0.5, dtype=np.float32)
        size = np.bincount(model.lexicon.language, minlength=len(model.tags)).astype(np.float32)
        return np.asarray(self.settings["unlisted"] + 0.5 / np.sqrt(1 + size / 1000), dtype=np.float32)

    def save(self, path: str | Path) -> None:
        """Write the model as a compressed .npz without pickles."""
        arrays: dict[str, NDArray[Any]] = {"prior": self.prior}
        for script, model in self.scripts.items():
            parts: dict[str, NDArray[Any]] = {**lexicons.pack(model.lexicon), "table": model.table.T.copy()}
            parts |= {"scale": model.scale, "bias": model.bias}
            arrays |= {f"{script}.{name}": array for name, array in parts.items()}
        head = {"format": _FORMAT, "tags": self.tags, "settings": dict(self.settings), "notes": self.notes}
        head["scripts"] = {script: model.tags for script, model in self.scripts.items()}
        arrays["head"] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
        with atomic_write(path) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def _try_squeezed(lexicon: Lexicon, plain: list[str], listed: Floats) -> None:
    """Look a stretched word that is not listed up again with single letters ("soo" as "so")."""
    lost = [i for i in np.flatnonzero(~listed.any(axis=1)).tolist() if doubled(plain[i])]
    if not lost:
        return
    again = [squeezed(plain[i]) for i in lost]
    found = lexicon.frequencies(again)
    for row, i, word in zip(found, lost, again, strict=True):
        if row.any():
            listed[i], plain[i] = row * 0.1, word


def word_script(word: str) -> str:
    """The script whose model a word goes to: ISO 15924, hiragana and katakana as `Kana`.

    >>> word_script("चाय"), word_script("ラーメン")
    ('Deva', 'Kana')
    """
    script = script_of(word)
    return _FOLDED.get(script, script)


def word_scripts(words: Sequence[str]) -> list[str]:
    """`word_script` of many words, the pure ones together.

    >>> word_scripts(["chai", "चाय", "ラーメン", "3.5"])
    ['Latn', 'Deva', 'Kana', 'Latn']
    """
    out = ["Latn"] * len(words)
    foreign = [place for place, word in enumerate(words) if not word.isascii()]
    low, high = script_bounds([words[place] for place in foreign])
    names = script_names()
    for place, top, bottom in zip(foreign, high.tolist(), low.tolist(), strict=True):
        script = names[top] if top == bottom else ""
        out[place] = _FOLDED.get(script, script) if script else word_script(words[place])
    return out


def script_bounds(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Lowest and highest script number among each word's letters (255 and a common script's without any), shape (n,).

    >>> low, high = script_bounds(["чай", "TVல்"])
    >>> (low == high).tolist()
    [True, False]
    """
    if not words:
        return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    number = script_numbers("".join(words))
    size = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    low = np.minimum.reduceat(np.where(number < len(COMMON), np.uint8(255), number), start)
    return low, np.maximum.reduceat(number, start)


def load(path: str | Path) -> NgramModel:
    """Read a model that `NgramModel.save` wrote.

    Raises:
        InputError: there is no such file.
        FormatError: it is not such a model.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = json.loads(arrays["head"].tobytes())
        if head["format"] != _FORMAT:
            raise ValueError
    except OSError as error:
        raise InputError(f"cannot read the model {path}: {error.strerror or error}.") from error
    except (ValueError, KeyError) as error:
        raise FormatError("not a word model of this version; train it again", str(path)) from error
    scripts = {}
    for script, tags in head["scripts"].items():
        part = {name: arrays[f"{script}.{name}"] for name in ("gaps", "sizes", "language", "level", "table")}
        lexicon = lexicons.unpack(part, len(tags))
        table = np.ascontiguousarray(part["table"].T)
        scripts[script] = ScriptModel(tuple(tags), lexicon, table, arrays[f"{script}.scale"], arrays[f"{script}.bias"])
    return NgramModel(tuple(head["tags"]), scripts, arrays["prior"], head["settings"], head["notes"])


def fit(
    counts: Mapping[str, Mapping[str, float]],
    *,
    limit: int | Mapping[str, int] = 50_000,
    buckets: int | Mapping[str, int] = 1 << 16,
    rounds: int = 6,
    prior: Mapping[str, float] | None = None,
    notes: str = "",
    seed: int = 1,
) -> NgramModel:
    """Train a model from word counts alone; no tagged text is needed.

    Args:
        counts: language tag -> word -> count or frequency (any scale).
        limit: most words to list for a language (one number, or by tag).
        buckets: n-gram buckets of a script (one number, or by script).
        rounds: passes over the word types.
        prior: log-weight by tag, 0 where left out.
        notes: sources and licences, kept in the file.
        seed: order of the training examples.

    Raises:
        UsageError: a language has no words.
    """
    shares = {tag: by_script(tag, counted) for tag, counted in sorted(counts.items())}
    for tag, found in shares.items():
        if not found:
            raise UsageError(f"no words for {tag!r}: expected at least one word with a positive count.")
    scripts = {}
    for script in sorted({script for found in shares.values() for script in found}):
        tags = tuple(tag for tag, found in shares.items() if script in found)
        most = [limit if isinstance(limit, int) else limit.get(tag, 20_000) for tag in tags]
        size = buckets if isinstance(buckets, int) else buckets.get(script, 1 << 13)
        scripts[script] = _fit_script(tags, [shares[tag][script] for tag in tags], most, size, rounds, seed)
    weights = np.array([(prior or {}).get(tag, 0.0) for tag in shares], dtype=np.float32)
    return NgramModel(tuple(shares), scripts, weights, {"unlisted": 0.02, "base": 9.0, "slope": 1.2}, notes)


def by_script(tag: str, counted: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """A language's words in normal form by script, as relative frequencies in the language; stray scripts left out."""
    total: dict[str, dict[str, float]] = {}
    for word, count in counted.items():
        script = word_script(word)
        if count > 0 and script not in ("Zyyy", "Zinh", "Zzzz"):
            words = total.setdefault(script, {})
            plain = normal(word)
            words[plain] = words.get(plain, 0.0) + float(count)
    mass = sum(sum(words.values()) for words in total.values())
    written = _WRITTEN.get(usual_script(tag), (usual_script(tag),))
    kept = {s: w for s, w in total.items() if s in written} or {
        s: w for s, w in total.items() if sum(w.values()) >= 0.1 * mass
    }
    mass = sum(sum(words.values()) for words in kept.values())
    return {script: {word: n / mass for word, n in words.items()} for script, words in kept.items()}


def _fit_script(
    tags: tuple[str, ...], words: list[dict[str, float]], limits: list[int], buckets: int, rounds: int, seed: int
) -> ScriptModel:
    if len(tags) == 1:
        listed = lexicons.fit([{}], limit=0)
        return ScriptModel(tags, listed, np.zeros((0, 1), np.int8), np.ones(1, np.float32), np.zeros(1, np.float32))
    from macaronic.identify.softmax import train

    listed = lexicons.fit(words, limit=limits)
    table, bias = train(words, buckets=buckets, rounds=rounds, rng=np.random.default_rng(seed))
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / _LEVELS
    return ScriptModel(tags, listed, np.round(table / scale).astype(np.int8), scale.astype(np.float32), bias)
