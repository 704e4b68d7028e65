"""The recipe: what to read, what to keep, how much of each, where to. A person writes it, so every mistake is named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from macaronic.build.mix_table import Mix
from macaronic.build.table import Table
from macaronic.core import languages
from macaronic.core.errors import InputError, MacaronicError, UsageError, nearest
from macaronic.core.memory import shown, size
from macaronic.synth.make import Method, Settings

_PATH = re.compile(r"[./*:\\]")
"""What a path has and the name of a source need not have."""


class Run(Table):
    """Where to, with which seed, and on how many processes."""

    out: str
    """The folder of everything that is made; relative to the recipe's folder."""
    seed: int = 1
    """What every random choice depends on."""
    engine: Literal["serial", "processes", "ray"] = "serial"
    """`serial`, `processes`, or `ray` for a cluster; the outputs are the same bytes."""
    workers: Annotated[int, Field(ge=1, le=1024)] | None = None
    """How many processes; as many as processors when left out."""
    memory: str | None = None
    """What each worker may hold, such as `2G`; only for `processes` and `ray`."""
    tokenizer: str | None = None
    """A `tokenizer.json`; without one the unit is words."""

    @field_validator("memory")
    @classmethod
    def _size(cls, value: str | None) -> str | None:
        try:
            return value if value is None else shown(size(value))
        except UsageError as error:
            raise ValueError(str(error)) from error


class Source(Table):
    """Text of one kind, from one place."""

    name: str = Field(min_length=1)
    """A name that is unique in the recipe."""
    path: str | list[str]
    """Files, folders, globs, `package:NAME`, `hub:ID`, `s3://`, `gs://`; relative to the recipe's folder."""
    format: str | None = None
    """Guessed when left out."""
    text_key: str = "text"
    """The field or column that holds the text."""
    language: str | None = None
    """What all the text is in; left out, every word is identified."""
    languages: list[str] | None = None
    """The languages that may occur; narrows the identification."""
    licence: str = ""
    """What may be done with it, as an SPDX name where there is one."""
    cap_epochs: Annotated[int, Field(ge=1, le=1000)] = 4
    """How often a row may be repeated at most."""
    encoding: str | None = None
    """Detected when left out."""
    label_map: dict[str, str] | None = None
    """Word labels of the source -> language tags or special labels."""

    @field_validator("language")
    @classmethod
    def _tag(cls, value: str | None) -> str | None:
        return None if value is None else languages.parse(value)

    @field_validator("languages")
    @classmethod
    def _tags(cls, value: list[str] | None) -> list[str] | None:
        return None if value is None else [languages.parse(tag) for tag in value]

    @property
    def paths(self) -> list[str]:
        """The paths as a list."""
        return [self.path] if isinstance(self.path, str) else list(self.path)


class Synth(Table):
    """Mixed text that is made out of parallel text; a source of its own, with its own bucket."""

    name: str = Field(min_length=1)
    """A name that no source has."""
    from_: str | list[str] = Field(alias="from")
    """Sources of the recipe that hold parallel text, or paths of such text, relative to the recipe's folder."""
    pair: Annotated[list[str], Field(min_length=2, max_length=2)]
    """The main and the embedded language."""
    method: Method = "ec"
    """How to mix; see `macaronic synth`."""
    target_cmi: Annotated[float, Field(ge=0, le=100)] | None = None
    """Wished Code-Mixing Index of a sentence, in percent."""
    switch_fraction: Annotated[float, Field(ge=0, le=1)] | None = None
    """Wished share of neighbouring words between which the language changes."""
    embedded_share: Annotated[float, Field(ge=0, le=1)] | None = None
    """Wished share of words of the embedded language."""
    ratio: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of the words in question that are replaced."""
    tolerance: Annotated[float, Field(ge=0, le=100)] = 10.0
    """CMI points beside the target that still count as reached; 100 takes the nearest."""
    like: str | None = None
    """Real mixed text, or a profile of such, whose mixing is to be matched; instead of targets."""
    per_row: Annotated[int, Field(ge=1, le=1000)] = 1
    """Sentences made of a row, as far as there are so many different ones."""
    romanise: bool = False
    """Write words of other scripts in Latin letters."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of words that get a typing error."""
    links: str | None = None
    """A file of Pharaoh links, line by line with one file of columns; aligned here when left out."""
    consume: bool = False
    """Whether the sources are used up by this: they do not count as ordinary text then."""
    licence: str = ""
    """What may be done with it; that of the sources when left out."""
    cap_epochs: Annotated[int, Field(ge=1, le=1000)] = 4
    """How often a row may be repeated at most."""

    @field_validator("pair")
    @classmethod
    def _tags(cls, value: list[str]) -> list[str]:
        return [languages.parse(tag) for tag in value]

    @model_validator(mode="after")
    def _fits(self) -> Synth:
        try:
            Settings(
                self.method,
                (self.pair[0], self.pair[1]),
                target_cmi=self.target_cmi,
                switch_fraction=self.switch_fraction,
                embedded_share=self.embedded_share,
                ratio=self.ratio,
            )
        except MacaronicError as error:
            raise ValueError(str(error).removesuffix(".")) from error
        targets = (self.target_cmi, self.switch_fraction, self.embedded_share)
        if self.like is not None and self.method != "target-cmi" and any(target is not None for target in targets):
            raise ValueError("like takes its targets from real text; leave the others out")
        return self

    @property
    def sources(self) -> list[str]:
        """Where its parallel text comes from, as a list of names and paths."""
        return [self.from_] if isinstance(self.from_, str) else list(self.from_)


class Filter(Table):
    """Which rows stay; all of it is optional."""

    min_words: Annotated[int, Field(ge=0)] = 1
    """Rows with fewer tokens go."""
    max_words: Annotated[int, Field(ge=1)] | None = None
    """Rows with more tokens go."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Rows whose mean word confidence is lower go (only rows that were identified here)."""
    dedup: Literal["exact", "none"] = "exact"
    """`exact` keeps the first of rows with the same text."""
    keep: str | None = None
    """`file.py:function`, called with each row's dict, keeps those for which it is true; needs --allow-code."""


class Output(Table):
    """What the shards look like."""

    format: Literal["parquet", "jsonl", "arrow", "text"] = "parquet"
    """parquet, arrow and jsonl keep words, languages and labels; text keeps the text."""
    shard_mb: Annotated[int, Field(ge=1, le=4096)] = 128
    """About how large a shard is before compression."""


class Recipe(Table):
    """Everything that decides what comes out: the same recipe, seed and data give the same bytes.

    >>> recipe = Recipe(run=Run(out="out"), source=[Source(name="a", path="a.txt")])
    >>> recipe.mix.method, recipe.unit
    ('proportional', 'words')
    """

    run: Run
    source: list[Source] = Field(min_length=1)
    synth: list[Synth] = Field(default_factory=list)
    filter: Filter = Filter()
    mix: Mix = Mix()
    output: Output = Output()

    @field_validator("synth", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        """One `[synth]` table is as good as a list of one `[[synth]]`."""
        return [value] if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _whole(self) -> Recipe:
        names = [held.name for held in self.origins]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two sources are named {name!r}; give each its own name")
        self._check_synth([source.name for source in self.source])
        if self.mix.by == ["source"]:
            for key, own in (("weights", self.mix.weights or {}), ("caps", self.mix.caps), ("floors", self.mix.floors)):
                self._check_names(key, own, names)
        if self.mix.unit == "tokens" and self.run.tokenizer is None:
            raise ValueError('unit = "tokens" needs [run] tokenizer = "tokenizer.json"; or count words')
        return self

    def _check_names(self, key: str, own: Iterable[str], names: list[str]) -> None:
        for name in own:
            if name not in names:
                near = nearest(name, names)
                hint = f"; did you mean {near!r}?" if near else ""
                raise ValueError(f"mix.{key} names the unknown source {name!r}{hint} (known: {', '.join(names)})")

    def _check_synth(self, sources: list[str]) -> None:
        for synth in self.synth:
            for name in synth.sources:
                if name in sources:
                    continue
                if not _PATH.search(name):
                    near = nearest(name, sources)
                    hint = f"; did you mean {near!r}?" if near else ""
                    raise ValueError(f"synth {synth.name!r} is made from the unknown source {name!r}{hint}")
                if synth.consume:
                    raise ValueError(f"synth {synth.name!r}: consume is for sources of the recipe; {name!r} is a path")

    @property
    def origins(self) -> list[Source | Synth]:
        """Sources, then what is made of them."""
        return [*self.source, *self.synth]

    @property
    def consumed(self) -> set[str]:
        """Sources that count only as what is made of them."""
        return {name for synth in self.synth if synth.consume for name in synth.sources}

    def licence_of(self, origin: Source | Synth) -> str:
        """What may be done with a source; of made text that of all it is made of, where nothing else is said."""
        if isinstance(origin, Source) or origin.licence:
            return origin.licence
        licences = {source.name: source.licence for source in self.source}
        held = [licences.get(name, "") for name in origin.sources]
        return " AND ".join(dict.fromkeys(held)) if all(held) else ""

    @property
    def unit(self) -> str:
        """What budget and shares count."""
        return self.mix.unit or ("tokens" if self.run.tokenizer else "words")


def load(path: str | Path) -> Recipe:
    """Read and check a recipe.

    Args:
        path: a TOML file.

    Raises:
        InputError: it cannot be read.
        UsageError: it is not TOML, or a key or value is wrong; says where, and the nearest name.
    """
    place = Path(path)
    try:
        text = place.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the recipe {place}: {error}.") from error
    return parse(text, str(place))


def parse(text: str, where: str = "recipe") -> Recipe:
    """Check a recipe's TOML text.

    >>> parse('[run]\\nout = "out"\\nsede = 3\\n[[source]]\\nname = "a"\\npath = "a.txt"\\n', "my.toml")
    Traceback (most recent call last):
        ...
    macaronic.core.errors.UsageError: my.toml:3: run.sede: unknown key. Did you mean 'seed'?
    """
    try:
        return Recipe.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: this is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise UsageError("\n".join(_explain(text, where, e) for e in error.errors()[:3])) from error
    except MacaronicError as error:
        raise UsageError(f"{where}: {error}") from error


def _explain(text: str, where: str, error: Any) -> str:
    loc = [part for part in error["loc"] if not (isinstance(part, str) and ("[" in part or part in ("str", "int")))]
    name = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in loc).lstrip(".")
    line = _line(text, loc)
    place = f"{where}:{line}" if line else where
    if error["type"] == "extra_forbidden":
        known = _known_keys(loc)
        near = nearest(str(loc[-1]), known)
        hint = f"Did you mean {near!r}?" if near else f"Known: {', '.join(known)}."
        return f"{place}: {name}: unknown key. {hint}"
    if error["type"] == "missing":
        return f"{place}: {name} is missing."
    message = str(error["msg"]).removeprefix("Value error, ")
    value = error.get("input")
    got = f"; got {value!r}" if isinstance(value, (str, int, float)) and repr(value) not in message else ""
    return f"{place}: {f'{name}: ' if name else ''}{message}{got}."


def _known_keys(loc: list[Any]) -> list[str]:
    tables: dict[str, type[Table]] = {
        "run": Run, "source": Source, "synth": Synth, "filter": Filter, "mix": Mix, "output": Output,
    }  # fmt: skip
    table = tables.get(str(loc[0])) if len(loc) > 1 else Recipe
    return [field.alias or name for name, field in (table or Recipe).model_fields.items()]


def _line(text: str, loc: list[Any]) -> int:
    """The line on which the key at `loc` stands, or its table begins; 0 when it cannot be found."""
    if not loc:
        return 0
    nth = next((part for part in loc if isinstance(part, int)), 0)
    header = re.compile(rf"^\s*\[\[?\s*{re.escape(str(loc[0]))}\s*(\]|\.)")
    key = re.compile(rf"^\s*[\"']?{re.escape(str(loc[-1]))}[\"']?\s*=")
    begun, seen = 0, -1
    for number, line in enumerate(text.splitlines(), 1):
        if header.match(line):
            seen += 1
            begun = number if seen == nth else begun
        elif begun and line.lstrip().startswith("[") and seen >= nth and begun != number and seen > nth:
            break
        if begun and seen == nth and key.match(line):
            return number
    return begun
