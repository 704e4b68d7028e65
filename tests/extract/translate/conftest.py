"""The benchmarks' records, and their model that plants faults."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ...lm.conftest import server

__all__ = ["bench", "real", "server"]

SCRIPTS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    return loaded("extract_translate")


@pytest.fixture(scope="session")
def real() -> ModuleType:
    return loaded("extract_translate_real")


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
