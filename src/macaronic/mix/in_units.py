"""Proxies for shares that count words or tokens, where the models read characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from macaronic.mix.proxy import NgramProxy, TinyProxy


@dataclass(frozen=True, slots=True)
class InUnits:
    """A proxy that is given shares of words (or another unit), and learns as many symbols as those words have.

    Args:
        proxy: what learns; its own budget is not used.
        budget: units that it learns from.
        symbols: (source, symbols that one of its units has).
    """

    proxy: NgramProxy | TinyProxy
    budget: float
    symbols: tuple[tuple[str, float], ...]

    def settings(self) -> dict[str, str | int | float]:
        """Its identity."""
        own = {f"symbols of {name}": each for name, each in self.symbols}
        return {**self.proxy.settings(), "budget": self.budget, **own}

    def __call__(self, weights: Mapping[str, float], *, seed: int) -> dict[str, float]:
        """Target -> nats a symbol."""
        shares, budget = self.drawn(weights)
        return replace(self.proxy, budget=budget)(shares, seed=seed)

    def drawn(self, weights: Mapping[str, float]) -> tuple[dict[str, float], int]:
        """The weights in symbols, and how many symbols in all.

        >>> proxy = InUnits(NgramProxy("texts.bin", "", 0), 100, (("zh", 2.0), ("en", 6.0)))
        >>> proxy.drawn({"zh": 0.5, "en": 0.5})
        ({'zh': 1.0, 'en': 3.0}, 400)
        """
        shares = {name: weights.get(name, 0.0) * each for name, each in self.symbols}
        return shares, max(1, round(self.budget * sum(shares.values()) / sum(weights.values())))
