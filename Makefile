# Two commands do all the set-up on a fresh machine: `make run` and `make test`.
PYTHON ?=
PORT ?= 8501
export PYTHON TORCH_INDEX

.PHONY: run test check bench clean
.DEFAULT_GOAL := run

run: ## install what is missing, fetch the weights, open the app
	@bin/prepare run
	@.venv/bin/python -m lab serve --port $(PORT)

test: ## install what the tests need, then run all of them
	@bin/prepare test
	@.venv/bin/python -m pytest $(ARGS)

check: ## style, types and architecture; quick
	@bin/prepare test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/python -m pytest -q tests/test_architecture.py

bench: ## speed against what a user would pick instead, as ratios
	@bin/prepare test
	@.venv/bin/python -m bench

clean: ## forget the virtual environment (the weights stay in the cache folder)
	rm -rf .venv
