# Commands for people. Each of them works on a fresh clone; README.md tells what they do.

PORT ?= 8000
# One more than there are cores: some tests wait for servers that start, end or are killed.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
PYTHON ?= python3
BIN := .venv/bin
export PYTHON PORT
unexport VIRTUAL_ENV
# Where Python may not keep what it compiles beside the sources, it does so here: a suite starts a hundred processes.
ifdef PYTHONDONTWRITEBYTECODE
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/build/bytecode
endif
# What a production machine sets; the values themselves are of no importance to the checks.
PRODUCTION := NSS_DEMO=0 NSS_PRODUCTION=1 NSS_BASE_URL=https://portaal.example NSS_ALLOWED_HOSTS=portaal.example \
	SECRET_KEY=only-for-the-checks-$$(head -c 40 /dev/urandom | base64 | tr -dc a-z0-9A-Z)

# All of them are run, also after one that fails.
CHECKS := check-style check-types check-floors check-migrations check-translations check-deployment check-papers

.PHONY: help run test check $(CHECKS) bench proof shots environment environment-test

help:
	@echo "make run     the whole portal on http://127.0.0.1:$(PORT)/ (PORT= another port); Ctrl-C ends it"
	@echo "make test    the whole test suite"
	@echo "make check   style, types, floors, migrations, translations, deployment settings"
	@echo "make bench   benchmarks, into build/bench.json"
	@echo "make proof   load, kill and restart, into build/proof.json"
	@echo "make shots   screenshots of the main pages, into build/shots/"

environment:
	@.ci/environment run

environment-test:
	@.ci/environment test

run: environment
	@exec $(BIN)/python -m nss_portal.supervisor --end-with-parent

test: environment-test
	@exec $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal --reruns 1

check: environment-test
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types:
	SECRET_KEY=check $(BIN)/mypy .

check-floors:
	$(BIN)/lint-imports

check-migrations:
	SECRET_KEY=check $(BIN)/python -W ignore manage.py makemigrations --check --dry-run

check-translations:
	SECRET_KEY=check $(BIN)/python manage.py translations --check

check-deployment:
	NSS_SEAL_KEY=$$(NSS_DEMO=1 $(BIN)/python manage.py seal_key build/seal) $(PRODUCTION) \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

check-papers:
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: environment-test
	@exec $(BIN)/python -m pytest tests/bench -o python_files='bench_*.py' -p no:randomly --figures build/bench.json

proof: environment-test
	@exec $(BIN)/python -m pytest tests/proof -o python_files='proof_*.py' -p no:randomly --figures build/proof.json

shots: environment-test
	@exec $(BIN)/python -m pytest tests/browser/shots.py -p no:randomly --override-ini python_files=shots.py
