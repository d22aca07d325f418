# The four words to learn: setup, lint, test, bench.
PYTHON ?= python3

.PHONY: setup lint test bench

setup:
	$(PYTHON) -m pip install -c constraints.txt -e '.[dev]'

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

test:
	$(PYTHON) -m pytest -n 2

bench:
	$(PYTHON) benchmarks/speed.py
