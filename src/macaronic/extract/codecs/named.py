"""The codec of a name."""

from __future__ import annotations

from macaronic.core.errors import UnknownName
from macaronic.extract.codecs.codec import Codec
from macaronic.extract.codecs.gliner import Gliner
from macaronic.extract.codecs.gollie import Gollie
from macaronic.extract.codecs.json_codec import Json
from macaronic.extract.codecs.oiellm import Dialect, Oiellm
from macaronic.extract.codecs.sel import Sel

NAMES = ("oiellm", "sel", "json", "gollie", "gliner")
DIALECTS = ("escaped", "compat")


def codec(name: str, *, dialect: Dialect = "escaped") -> Codec:
    """The codec of a name.

    Args:
        name: one of `NAMES`.
        dialect: of `oiellm`: `escaped` comes back whatever it holds, `compat` is the line as the authors write it. The
            others have one form.

    Raises:
        UnknownName: no such codec or dialect.

    >>> codec("oiellm", dialect="compat")
    Oiellm(dialect='compat', name='oiellm')
    """
    if dialect not in DIALECTS:
        raise UnknownName("dialect", dialect, DIALECTS)
    match name:
        case "oiellm":
            return Oiellm(dialect)
        case "sel":
            return Sel()
        case "json":
            return Json()
        case "gollie":
            return Gollie()
        case "gliner":
            return Gliner()
        case _:
            raise UnknownName("codec", name, NAMES)
