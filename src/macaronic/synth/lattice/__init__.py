"""Constraint lattices: the mixed sentences of a row that a theory of code-switching allows.

A row of parallel text with word links becomes a `tree` over units: of a constituency parse of one side, or of the
alignment and word classes alone. A constraint over it is a `lattice`: the Equivalence Constraint (`ec`), the
Functional Head Constraint (`fhc`) or the Matrix Language Frame (`mlf`), for any number of languages. `sample` draws
sentences from it, at random or near an amount of mixing, and `Automaton.count` counts them without listing.
"""

from macaronic.synth.lattice.automaton import Automaton
from macaronic.synth.lattice.derive import tree
from macaronic.synth.lattice.sample import CONSTRAINTS, Constraint, lattice, sample
from macaronic.synth.lattice.tree import Node, Tree, Unit

__all__ = ["CONSTRAINTS", "Automaton", "Constraint", "Node", "Tree", "Unit", "lattice", "sample", "tree"]
