"""The profile of a real mixed corpus: how mixed its sentences are, how they switch, and which words do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from macaronic.core.corpus import Corpus
from macaronic.core.errors import FormatError, InputError, MissingData
from macaronic.core.files import write_text
from macaronic.core.utterance import Utterance
from macaronic.synth.compare import two
from macaronic.synth.observed import Observed, Pos, observe, sentences

KEPT = 2000
"""Sentences whose figures a profile keeps; more are thinned out evenly."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What made text shall look like.

    Args:
        pair: the two languages, without script.
        rows: sentences that were looked at.
        mixed: share of them with words of both languages.
        points: (CMI in percent, share of switching neighbours, share of words of the second language, words) of mixed
            sentences.
        switched: word class -> share of the words that are not in their sentence's main language.
        pos: where the classes come from (see `synth.observed.Observed`).
    """

    pair: tuple[str, str]
    rows: int
    mixed: float
    points: tuple[tuple[float, float, float, int], ...]
    switched: Mapping[str, float]
    pos: Pos

    def asdict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Profile:
        """What `asdict` gave, also after JSON.

        Raises:
            FormatError: a field is missing or of another kind.
        """
        try:
            points = tuple((float(c), float(s), float(e), int(w)) for c, s, e, w in told["points"])
            first, second = told["pair"]
            shares = {str(name): float(share) for name, share in told["switched"].items()}
            rows, mixed, pos = int(told["rows"]), float(told["mixed"]), cast(Pos, str(told["pos"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FormatError(f"this is not a profile: {error!r}. Make one with `macaronic synth profile`.") from error
        return cls((str(first), str(second)), rows, mixed, points, shares, pos)

    def save(self, path: str | Path) -> None:
        """Write it as JSON, whole or not at all."""
        write_text(path, json.dumps(self.asdict(), ensure_ascii=False) + "\n")

    def column(self, number: int) -> NDArray[np.float64]:
        """One figure of all points: 0 CMI, 1 switching, 2 second language, 3 words."""
        return np.array([point[number] for point in self.points], np.float64)


def profile(corpus: Corpus | Iterable[Utterance] | Observed, *, pair: tuple[str, str] | None = None) -> Profile:
    """Measure a real corpus.

    Args:
        corpus: its rows; words without a language are identified, words without a class are classed.
        pair: the two languages; those with most words when left out.

    Raises:
        MissingData: it has no mixed sentence of the two.

    >>> row = Utterance.from_words("the casa is big".split(), layers={"lang": ["en", "es", "en", "en"]})
    >>> found = profile([row] * 3)
    >>> found.points[0], dict(found.switched), Profile.from_dict(found.asdict()) == found
    ((25.0, 0.6667, 0.25, 4), {'NOUN': 1.0}, True)
    """
    seen = corpus if isinstance(corpus, Observed) else observe(corpus)
    names = two(pair) if pair else seen.pair
    if missing := seen.without(names):
        have = f"no word is in {missing}; the languages found are: {', '.join(seen.languages) or 'none'}."
        raise MissingData(f"there is no mixed sentence of {' and '.join(names)} to be like.\n{have}")
    found = sentences(seen, names)
    mixed = np.flatnonzero(found.mixed)
    if not len(mixed):
        raise MissingData(f"there is no mixed sentence of {' and '.join(names)} to be like.")
    kept = mixed[np.linspace(0, len(mixed) - 1, min(KEPT, len(mixed))).round().astype(int)]
    columns = (found.cmi.round(2), found.switching.round(4), found.second.round(4), found.words)
    points = tuple(zip(*(column[kept].tolist() for column in columns)))
    counts = found.switched[mixed].sum(axis=0)
    total = int(counts.sum())
    shares = {tag: round(n / total, 6) for tag, n in zip(seen.tags, counts.tolist()) if n}
    return Profile(names, seen.rows, float(found.mixed.mean()), points, dict(sorted(shares.items())), seen.pos)


def known(place: str, pair: tuple[str, str]) -> Profile:
    """The profile that a person names: a saved one (`.json`), or that of real text in any format.

    Raises:
        MissingData: the text has no mixed sentence of the two languages.
        FormatError: the file is no profile.
    """
    from macaronic.text import formats

    return load(place) if place.endswith(".json") else profile(formats.read(place), pair=pair)


def load(path: str | Path) -> Profile:
    """A profile that was saved.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no profile.
    """
    try:
        told = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise FormatError(f"{path} is not JSON: {error}.") from error
    return Profile.from_dict(told if isinstance(told, dict) else {})
