"""The `[mix]` table of a recipe: what makes a bucket, and by which rule or evidence its share is found."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from macaronic.build.table import Table
from macaronic.core.errors import nearest

BUCKET_KEYS = ("source", "language", "pair", "script", "mixedness")
_OWN: dict[str, tuple[str, ...]] = {
    "weights": ("given",),
    "file": ("file",),
    "proxies": ("choose",),
    "proxy": ("choose",),
    "fit": ("choose",),
    "checks": ("choose",),
    "target": ("choose", "minimise"),
    "proxy_text": ("choose", "minimise"),
}
"""Keys that only some methods have."""

Shares = dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]]


class Mix(Table):
    """How much of each bucket."""

    by: list[str] = Field(default_factory=lambda: ["source"])
    """What makes a bucket: source, language, pair, script, mixedness, or `label:KEY`."""
    method: Literal["proportional", "temperature", "unimax", "given", "file", "choose", "minimise"] = "proportional"
    """The rule, or the evidence, that gives the shares."""
    temperature: Annotated[float, Field(gt=0)] = 3.0
    """For method temperature: 1 is proportional, large is even."""
    weights: dict[str, float] | None = None
    """For method given: bucket -> weight."""
    file: str | None = None
    """For method file: what `mix choose`, `pick --json` or `minimise --json` wrote."""
    target: str = "even"
    """For choose: what proxies are judged on: `even` or `natural` weights of held-out text of every bucket, or a path.
    For minimise: a path."""
    proxies: Annotated[int, Field(ge=20, le=100_000)] = 100
    """For choose: how many small models are taught, on as many mixtures."""
    proxy: Literal["ngram", "tiny"] = "ngram"
    """For choose: n-gram models, or small transformers."""
    fit: Literal["law", "gbm", "gp", "law+gbm", "auto"] = "law"
    """For choose: how losses are foretold from mixtures."""
    checks: Annotated[int, Field(ge=2, le=1000)] = 12
    """For choose: seeds that the answer is checked with."""
    proxy_text: Annotated[int, Field(ge=10_000)] = 1_000_000
    """For choose and minimise: about how many bytes of all buckets together the models see at most."""
    caps: Shares = Field(default_factory=dict)
    """The largest share of some buckets."""
    floors: Shares = Field(default_factory=dict)
    """The smallest share of some buckets."""
    max_epochs: Annotated[float, Field(gt=0, le=1000)] | None = None
    """How often a bucket may be repeated, where that is less than its sources' cap_epochs."""
    budget: Annotated[int, Field(ge=1)] | None = None
    """Units to take; all there is, once, when left out."""
    unit: Literal["tokens", "words", "bytes", "documents"] | None = None
    """What budget and shares count: tokens with a tokenizer, else words, when left out."""
    min_share: Annotated[float, Field(ge=0, lt=1)] = 0.001
    """Discovered buckets that hold less than this share of the text are put together as `rest`."""

    @field_validator("by")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        for key in value:
            if key not in BUCKET_KEYS and not key.startswith("label:"):
                near = nearest(key, BUCKET_KEYS)
                hint = f"; did you mean {near!r}?" if near else ""
                raise ValueError(f"unknown bucket key {key!r}{hint} (known: {', '.join(BUCKET_KEYS)}, label:KEY)")
        if not value:
            raise ValueError("name at least one bucket key, such as source")
        return value

    @field_validator("weights")
    @classmethod
    def _sane(cls, value: dict[str, float] | None) -> dict[str, float] | None:
        for name, weight in (value or {}).items():
            if not math.isfinite(weight) or weight < 0:
                raise ValueError(f"the weight of {name!r} must be a number that is not negative; got {weight}")
        if value is not None and not sum(value.values()) > 0:
            raise ValueError("at least one weight must be above zero")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Mix:
        if (self.method == "given") != (self.weights is not None):
            raise ValueError('weights and method = "given" go together')
        for key, methods in _OWN.items():
            if key in self.model_fields_set and self.method not in methods:
                wanted = " or ".join(f'"{method}"' for method in methods)
                raise ValueError(f'{key} is for method = {wanted}; the method is "{self.method}"')
        if self.method == "file" and self.file is None:
            raise ValueError('method = "file" needs file = "mixture.json"')
        if self.method == "minimise" and self.target in ("even", "natural"):
            raise ValueError('method = "minimise" needs target = PATH, text of what the model shall be good at')
        if (total := sum(self.floors.values())) > 1 + 1e-9:
            raise ValueError(f"the floors sum to {total:.4g}, more than 1: no mixture meets them")
        for name, floor in self.floors.items():
            if floor > self.caps.get(name, 1.0):
                raise ValueError(f"the floor of {name!r} lies above its cap")
        return self

    @property
    def named(self) -> set[str]:
        """Buckets that the table names, which are never put into `rest`."""
        return {*(self.weights or {}), *self.caps, *self.floors}
