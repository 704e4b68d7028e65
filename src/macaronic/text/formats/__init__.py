"""Readers and writers: what people keep their text in, to a corpus and back."""

from macaronic.text.formats.kinds import FORMATS, guess
from macaronic.text.formats.plan import Shard
from macaronic.text.formats.reading import Reading, read, read_shard, shards
from macaronic.text.formats.writing import write

__all__ = ["FORMATS", "Reading", "Shard", "guess", "read", "read_shard", "shards", "write"]
