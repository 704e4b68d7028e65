"""Labelled records in another language: labels by a table, the rest by a model, checked by rules."""

from macaronic.extract.translate.labels import LabelTable, MissingLabel
from macaronic.extract.translate.rules import Fault, Rule
from macaronic.extract.translate.run import translate, translated
from macaronic.extract.translate.translation import Dropped, Kept, Translation

__all__ = ["Dropped", "Fault", "Kept", "LabelTable", "MissingLabel", "Rule", "Translation", "translate", "translated"]
