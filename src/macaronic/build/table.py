"""What all tables of a recipe have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table that refuses keys it does not know, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
