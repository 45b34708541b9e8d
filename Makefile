# The two commands for a fresh machine with Python 3.11 or newer: make demo, make test.

BIN := .venv/bin
MODULES = $(shell find kit -name '*.py' -not -path 'kit/samples/build/*' | sort)
export PYTHON

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check lab bench lock format clean

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: .venv/.ready  ## Make maps and tables from the embedded sample, into out/
	$(BIN)/kit demo

test: check  ## Run every check and test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --benchmark-disable --cov

check: .venv/.ready  ## Run the checks that only read the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/numpydoc lint $(MODULES)

lab: .venv/.ready  ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: .venv/.ready  ## Time the kit, and its peers beside it
	$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' --benchmark-only

format: .venv/.ready  ## Put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## Choose versions again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --all-extras --no-annotate --quiet --custom-compile-command "make lock" --output-file requirements.lock

clean:  ## Remove the environment and every cache; results stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.lock pyproject.toml .ci/set-up
	@.ci/set-up
