# make demo   builds a training set from bundled and packaged text and says where its report lies
# make test   runs every test; make lint checks style and types; make bench prints ratios against named peers

VENV ?= .venv
PYTHON ?= python3
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check --quiet --retries 10 --timeout 60 -c constraints.txt
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false HF_HUB_OFFLINE=1

.PHONY: demo test lint bench bench-full docs clean
.DEFAULT_GOAL := demo

$(VENV)/.demo: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e '.[demo]'
	touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(PIP) -e '.[dev]'
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(PIP) -e '.[bench]'
	touch $@

demo: $(VENV)/.demo
	$(VENV)/bin/macaronic demo

test: $(VENV)/.dev
	$(ONE_THREAD) $(PY) -m pytest -q

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: $(VENV)/.bench
	$(ONE_THREAD) $(PY) -m benchmarks

bench-full: $(VENV)/.bench
	$(ONE_THREAD) $(PY) -m benchmarks --full

docs: $(VENV)/.dev
	$(PY) tools/write_docs.py
	$(PY) tools/write_eval_docs.py

clean:
	rm -rf $(VENV) out build dist
