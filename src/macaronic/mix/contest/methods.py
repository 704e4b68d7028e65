"""The methods by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from macaronic.core.errors import UnknownName, UsageError
from macaronic.mix.contest import proxies, rules, steering
from macaronic.mix.contest.trial import Spent, Trial
from macaronic.mix.fit import FITTERS

RULES = ("stratified", "proportional", "temperature", "unimax")
SAMPLES = ("chameleon",)
FITS = (*FITTERS, "auto")
PROXIES = (*FITS, "choose", "mixmin")
STEERING = ("odm", "ado", "rb", "skillit", "aioli", "doremi", "doge", "tikmix")
METHODS = (*RULES, *SAMPLES, *PROXIES, *STEERING)
BASELINE = "stratified"
SAME = {"uniform": BASELINE}


def asked(names: Sequence[str], known: Sequence[str] = METHODS) -> tuple[str, ...]:
    """The methods that were asked for, each once, the baseline always first.

    Args:
        names: as a person writes them; `uniform` is the same as `stratified`; `all` is every method.
        known: what there is in this world.

    Raises:
        UnknownName: no such method.
        UsageError: none.

    >>> asked(["law", "uniform", "law"])
    ('stratified', 'law')
    """
    found = [BASELINE]
    for name in names:
        own = SAME.get(name, name)
        if own == "all":
            found += known
        elif own in known:
            found.append(own)
        elif own in METHODS:
            raise UsageError(
                f"{own!r} has to train models itself, which tables of finished runs cannot do.\n"
                f"Leave it out, or use --world synthetic."
            )
        else:
            raise UnknownName("method", name, (*known, *SAME, "all"))
    if not names:
        raise UsageError(f"expected methods, such as {', '.join(known[:4])}")
    return tuple(dict.fromkeys(found))


def entrant(name: str) -> Callable[[Trial], Spent]:
    """What a method does with a trial.

    Raises:
        UnknownName: no such method.

    >>> from macaronic.mix.contest.trial import trial
    >>> float(entrant("unimax")(trial(0, budget=1e6)).shares.sum().round(9))
    1.0
    """
    match name:
        case "stratified":
            return rules.stratified
        case "proportional":
            return rules.proportional
        case "temperature":
            return rules.temperature
        case "unimax":
            return rules.unimax
        case "chameleon":
            return rules.alike
        case "choose":
            return proxies.two_rounds
        case "mixmin":
            return proxies.mixmin
        case "odm":
            return steering.odm
        case "ado":
            return steering.ado
        case "rb":
            return steering.rb
        case "skillit":
            return steering.skillit
        case "aioli":
            return steering.aioli
        case "doremi":
            return steering.doremi
        case "doge":
            return steering.doge
        case "tikmix":
            return steering.tikmix
    if name in FITS:
        return partial(proxies.fitted, method=name)
    raise UnknownName("method", name, METHODS)
