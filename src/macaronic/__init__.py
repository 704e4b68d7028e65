"""macaronic: find, measure, make, mix, train on and evaluate text that mixes languages."""

__version__ = "0.1.0"
