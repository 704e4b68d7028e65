"""The tagger that a person names: the shipped one, a trained one's folder, a model file, or another program."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from macaronic.core.errors import UnknownName
from macaronic.core.protocols import Tagger
from macaronic.identify import backends, tagger


@lru_cache(maxsize=4)
def tagger_named(name: str | None = None) -> Tagger:
    """The word tagger behind a name.

    Args:
        name: nothing for the shipped one; the folder that `train tagger` wrote; a word model (`.npz`); a fastText model
            (`.bin`, `.ftz`); `eldc`, `lingua`; or `hub:ID` for a token classifier.

    Raises:
        UnknownName: none of these.
        MissingExtra: another program that is not installed.
        InputError: the model cannot be read.

    >>> len(tagger_named().languages) > 40
    True
    """
    if not name:
        return tagger.load()
    if os.path.isdir(name):
        from macaronic.identify import training

        return training.load(name)
    ending = Path(name).suffix.lower()
    if ending == ".npz":
        return tagger.load(name)
    if ending in (".bin", ".ftz"):
        return backends.load("fasttext", name)
    if name.startswith("hub:"):
        return backends.load("hub", name.removeprefix("hub:"))
    if name in ("eldc", "lingua"):
        return backends.load(name)
    raise UnknownName("model (no such folder or backend)", name, ["eldc", "lingua", "FILE.ftz", "hub:ID", "a folder"])
