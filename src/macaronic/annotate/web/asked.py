"""What pages send, checked: each request as a model, with nothing unknown in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=100)]
Secret = Annotated[str, Field(max_length=1000)]
Number = Annotated[int, Field(ge=1, lt=1 << 53)]


class Asked(BaseModel):
    """Nothing unknown, and no number for a word."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Login(Asked):
    """A name and its password."""

    name: Name
    password: Secret


class Token(Asked):
    """The token of a one-time link."""

    token: Secret


class Join(Asked):
    """An invitation taken up."""

    token: Secret
    password: Secret
    name: Name | None = None


class Password(Asked):
    """A new password."""

    password: Secret


class Next(Asked):
    """The next items: which ones the page holds, and how many it wants."""

    have: Annotated[list[Number], Field(max_length=100)] = []
    count: Annotated[int, Field(ge=1, le=20)] = 1


class Events(Asked):
    """What somebody did."""

    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=500)]


class Word(Asked):
    """A word that is looked for in all texts."""

    layer: Name
    word: Annotated[str, Field(min_length=1, max_length=1000)]
    item: Number | None = None


class Suggest(Asked):
    """A text that a language model shall propose."""

    item: Number
    layer: Name


class Invite(Asked):
    """A new invitation."""

    role: Literal["annotator", "adjudicator", "viewer", "admin"] = "annotator"
    name: Name | None = None


class Change(Asked):
    """Another role, or whether somebody may log in."""

    name: Name
    role: Literal["annotator", "adjudicator", "viewer", "admin"] | None = None
    active: bool | None = None


class Revoke(Asked):
    """An invitation taken back."""

    id: Name
