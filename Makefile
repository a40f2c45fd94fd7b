# Every verb sets up .venv by itself, from the locks in requirements/. `make` alone prints the verbs.

# The first of these that is Python 3.11 or newer makes .venv; PYTHON=/path/to/python chooses.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input
LOCK := .venv/bin/uv pip compile --system-certs --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --upgrade --quiet pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-thorough check bench bench-accuracy bench-ablation bench-beside bench-btyd bench-steering \
	bench-early-value \
	bench-experiment bench-flat bench-generated-shop bench-intake bench-migration bench-next-categories bench-next-order \
	bench-plan bench-retraining bench-simulate bench-sources bench-uplift docs lock clean

help:
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile | while IFS='	' read -r verb does; do \
		printf '  make %-22s%s\n' "$$verb" "$$does"; done

demo: .venv/run ## what each customer of a real shop will do next, and a report
	@.venv/bin/foretell demo

test: .venv/dev ## all tests, on two workers; says what it had to leave out
	@OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-thorough: .venv/dev ## all tests, with more examples, drawn anew each time; takes hours
	@HYPOTHESIS_PROFILE=thorough OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/dev ## lint, format, types, and the floors that imports keep to
	@.venv/bin/python -m ruff check --no-cache .
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports

bench: .venv/dev ## speed, as ratios against code that one would otherwise write
	@.venv/bin/python -m bench.speed

bench-accuracy: .venv/dev ## accuracy, against named baselines and the usual recipe
	@.venv/bin/python -m bench.accuracy

bench-ablation: .venv/dev ## what each part of the serving blend is worth
	@.venv/bin/python -m bench.ablation

bench-beside: .venv/dev ## what five million events cost beside a million orders
	@.venv/bin/python -m bench.beside

bench-btyd: .venv/dev ## buy-till-you-die fits, beside those of lifetimes
	@.venv/bin/python -m bench.btyd

bench-early-value: .venv/dev ## who becomes valuable, told soon after the first order
	@.venv/bin/python -m bench.early_value

bench-experiment: .venv/dev ## whether read-outs of experiments hold what they promise
	@.venv/bin/python -m bench.experiment

bench-flat: .venv/dev ## tables with a known label, beside named peers
	@.venv/bin/python -m bench.flat

bench-generated-shop: .venv/dev ## what the generated shop was fitted to
	@.venv/bin/python -m bench.generated_shop

bench-intake: .venv/dev ## what reading ten million lines costs, beside an earlier commit
	@.venv/bin/python -m bench.intake

bench-migration: .venv/dev ## forecasts of segments, beside five baselines
	@.venv/bin/python -m bench.migration

bench-next-categories: .venv/dev ## what is bought next, beside own history and popularity
	@.venv/bin/python -m bench.next_categories

bench-sources: .venv/dev ## what each table beside orders adds to the forecasts
	@.venv/bin/python -m bench.sources

bench-steering: .venv/dev ## what choosing by each customer's own effect earns, beside choosing by the average
	@.venv/bin/python -m bench.steering

bench-next-order: .venv/dev ## when the next order comes, beside three baselines
	@.venv/bin/python -m bench.next_order

bench-plan: .venv/dev ## who gets what, a million customers, beside greedy rules and one program of the whole
	@.venv/bin/python -m bench.plan

bench-simulate: .venv/dev ## the whole loop on generated shops, week by week, against what is planted; takes hours
	@.venv/bin/python -m bench.simulate

bench-retraining: .venv/dev ## how often a model is rolled back by mistake, and how soon where it is worse
	@.venv/bin/python -m bench.retraining

bench-uplift: .venv/dev ## what acting on an experiment earns, beside named peers; DATA=folder adds published ones
	@.venv/bin/python -m bench.uplift $(if $(DATA),--data $(DATA))

docs: .venv/dev ## the parts of README and docs that are printed by the program
	@.venv/bin/python docs/generate.py

lock: .venv/dev ## newest versions of all dependencies, with their hashes
	@$(LOCK) --group build --output-file requirements/run.txt
	@$(LOCK) --group dev --constraints requirements/run.txt --output-file requirements/dev.txt

clean: ## take away .venv, caches and results
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .foretell demo-results
	@find src tests bench docs -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

.venv/bin/python:
	@for python in $(PYTHON); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Setting up .venv with $$("$$python" --version), once."; \
		"$$python" -m venv .venv && exit 0; \
		rm -rf .venv; exit 1; \
	done; \
	echo "Foretell needs Python 3.11 or newer; found none of: $(PYTHON)" >&2; \
	echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	$(call install,$<)
	@touch $@

.venv/dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(call install,$<)
	@touch $@ .venv/run

define install
	@echo "Installing $$(grep -c '==' $(1)) packages of $(1) (a minute or two the first time)."
	@$(PIP) install --quiet --require-hashes -r $(1)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef
