"""Answers held to the form of a record: known labels, words copied from the text, always an end."""

from macaronic.extract.grammar.rule import Grammar, Rule, grammar

__all__ = ["Grammar", "Rule", "grammar"]
