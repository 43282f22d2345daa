# The tasks of this project; `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
# KB=FOLDER: a knowledge base of your own, with a database of its own.
ifdef KB
export KB_FIXTURES := $(abspath $(KB))
endif
export DATA_DIR ?= $(CURDIR)/var$(if $(KB),/kb/$(notdir $(abspath $(KB))))
PY = $(VENV)/bin/python
PIP = $(PY) -m pip --disable-pip-version-check
DEVELOPMENT = DEBUG=1 SITE_URL=http://localhost:$(PORT)
KEY = $(DATA_DIR)/secret_key
# Each runs to its end, whatever another one misses; targets.py starts search.py itself.
BENCHES = tests/bench/targets.py
ifeq ($(FULL),1)
BENCHES += tests/bench/run.py tests/bench/store.py tests/bench/matrix.py tests/bench/filters.py \
  tests/bench/pros_cons.py tests/bench/admin.py
endif
# A lock names every package that is needed, so that nothing has to be resolved.
INSTALL = $(PIP) install --quiet --require-hashes --no-deps --requirement
COMPILE = $(PY) -m uv pip compile pyproject.toml --universal --upgrade --generate-hashes --no-emit-index-url \
  --no-header --quiet

.DEFAULT_GOAL := help
.PHONY: help run serve start seed editor test prove samples measure bench lighthouse lint format lock audit clean FORCE

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## development server on SQLite, seeded; PORT=8000; KB=FOLDER: with files of your own
	@$(DEVELOPMENT) $(PY) manage.py migrate --verbosity 0
	@$(DEVELOPMENT) $(PY) manage.py seed --if-empty
	@echo
	@echo "Crosscheck is at     http://localhost:$(PORT)/"
	@echo "An editor's account  make editor, then http://localhost:$(PORT)/admin/"
	@echo "Stop with            Ctrl-C"
	@echo
	@$(DEVELOPMENT) exec $(PY) manage.py runserver $(PORT)

# As deployed. Settings that are not given are those of a trial that only this machine can reach.
serve: export DEBUG = 0
serve: export HTTPS ?= 0
serve: export ALLOWED_HOSTS ?= localhost,127.0.0.1
serve: export SITE_URL ?= http://localhost:$(PORT)
serve: export PORT := $(PORT)
serve: $(VENV)/.run ## the same database, served as deployed: granian, hashed and compressed files; PORT=8000
	@test -n "$$SECRET_KEY" -o -s $(KEY) || { mkdir -p $(DATA_DIR); umask 077; \
	  $(PY) -c 'import secrets; print(secrets.token_urlsafe(50))' > $(KEY); echo "Made a secret key: $(KEY)"; }
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat $(KEY))}" && \
	  $(PY) manage.py migrate --verbosity 0 && \
	  $(PY) manage.py collectstatic --noinput && \
	  $(PY) manage.py seed --if-empty && \
	  echo "Crosscheck, as deployed, is at $(SITE_URL)/" && \
	  exec $(PY) -m kb.serve

start: $(VENV)/.run ## begin a knowledge base of your own in KB=FOLDER; asks what it compares; TABLES=1: as CSV
	@test -n "$(KB)" || { echo "Name a folder: make start KB=FOLDER" >&2; exit 2; }
	@$(DEVELOPMENT) $(PY) manage.py start_kb $(KB) $(if $(TABLES),--tables)

seed: $(VENV)/.run ## load the files again, after they were edited; KB=FOLDER
	@$(DEVELOPMENT) $(PY) manage.py migrate --verbosity 0
	@$(DEVELOPMENT) $(PY) manage.py seed

editor: $(VENV)/.run ## create an account that may edit everything, for run and serve
	@$(DEVELOPMENT) $(PY) manage.py migrate --verbosity 0
	@$(DEVELOPMENT) $(PY) manage.py createsuperuser

test: ## all tests and checks; FULL=1: on every pair of Django and database; NEWEST=1: with the newest of everything
	@$(PYTHON) tests/run.py

prove: $(VENV)/.dev ## run the programs that prove claims, but for what ran today; in the database of run and serve
	@$(DEVELOPMENT) $(PY) manage.py prove --jobs 2

bench: $(VENV)/.dev ## whether the targets of speed are kept, on small knowledge bases; FULL=1: on large ones, and more
	@missed=0; for program in $(BENCHES); do $(PY) $$program || missed=1; done; exit $$missed

samples: $(VENV)/.dev ## start every sample and ask it what its contract says; PYTHON=python3.13, JOBS=2
	@$(DEVELOPMENT) $(PY) manage.py samples --python $(PYTHON) $(if $(JOBS),--jobs $(JOBS))

measure: $(VENV)/.dev ## put the samples under load and keep every round; takes half an hour; PYTHON=python3.13, ROUNDS=10
	@$(DEVELOPMENT) $(PY) manage.py migrate --verbosity 0
	@$(DEVELOPMENT) $(PY) manage.py seed --if-empty
	@$(DEVELOPMENT) $(PY) manage.py measure --python $(PYTHON) $(if $(ROUNDS),--rounds $(ROUNDS))

lint: $(VENV)/.dev ## ruff, mypy, djade
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	git ls-files 'templates/*.html' | xargs $(VENV)/bin/djade --check --target-version 5.2
	$(PY) -m mypy

format: $(VENV)/.dev ## format code and templates
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	git ls-files 'templates/*.html' | xargs $(VENV)/bin/djade --target-version 5.2

lock: $(VENV)/.dev ## renew requirements/: the newest versions that pyproject.toml allows, with hashes
	$(COMPILE) --extra serve --extra cards --extra xlsx --extra secure --output-file requirements/run.lock
	$(COMPILE) --extra serve --extra cards --extra xlsx --extra secure --extra dev --constraint requirements/run.lock --output-file requirements/dev.lock

audit: $(VENV)/.dev ## compare the locked packages with published advisories; says so if no source can be asked
	@$(PY) tests/audit.py

clean: ## remove what was installed and built; the database in var/ stays
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis var/static var/tools build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with PYTHON=python3.13"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); this happens once."
	@$(PYTHON) -m venv $(VENV)

# Installed again only when the lock is newer than the stamp.
$(VENV)/.run: requirements/run.lock | $(VENV)/bin/python
	$(INSTALL) requirements/run.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock | $(VENV)/bin/python
	$(INSTALL) requirements/dev.lock
	@touch $@ $(VENV)/.run

# For `make test NEWEST=1`: what the locks may become, installed anew each time.
$(VENV)/.newest: FORCE | $(VENV)/bin/python
	$(PIP) install --quiet --upgrade uv
	$(PY) -m uv pip install --quiet --python $(PY) --upgrade --requirement pyproject.toml --extra serve --extra cards --extra xlsx --extra secure --extra dev
	@touch $@

lighthouse: $(VENV)/.dev ## Lighthouse scores of seven pages on phone and desktop; needs npm and Chromium
	@test -x var/tools/node_modules/.bin/lighthouse || \
	  npm install --prefix var/tools --no-audit --no-fund --loglevel=error lighthouse@12
	@$(PY) tests/browser/lighthouse.py
