# The two commands are `make run` and `make test`; `make help` lists the rest. Both can be repeated.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes

# A file stays with one worker; ARGS="-n 0" takes one test after the other.
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Rasa needs Python 3.10 and an environment of its own, of some 3 GB.
RASA_PYTHON ?= python3.10
RASA_VENV   := .venv-rasa
RASA        := $(RASA_VENV)/bin
RASA_SAYS   := RASA_TELEMETRY_ENABLED=false HOTLINE_RASA_ACTIONS=http://127.0.0.1:5055/webhook

# Without a server of its own a stand-in executes what Elasticsearch would be asked.
BESIDE_ELASTICSEARCH := $(if $(HOTLINE_ELASTICSEARCH_URL),,$(BIN)/python -m tests.knowledge.elastic_server)
SHARED ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help run run-rasa test-rasa sandbox sandbox-sms sandbox-officers test check lint format types unit bench bench-full simulate evaluation train doctor migrate migration migrate-check calendar lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## install what is needed and serve the demo on http://127.0.0.1:12345
	@$(BIN)/python -m hotline --demo

run-rasa: $(VENV)/run.stamp $(RASA_VENV)/model.stamp ## the same with Rasa as the bot's reader; RASA_PYTHON=… if python3.10 is elsewhere
	@RASA=$(abspath $(RASA)) BIN=$(abspath $(BIN)) sh bot/rasa/run.sh

sandbox: $(VENV)/run.stamp ## a stand-in of WeChat beside `make run`: play a citizen on http://127.0.0.1:12346
	@$(BIN)/python -m hotline --demo sandbox wechat

sandbox-officers: $(VENV)/run.stamp ## stand-ins of WeCom and a mail server beside `make run`: what officers are told on http://127.0.0.1:12348
	@$(BIN)/python -m hotline --demo sandbox officers

sandbox-sms: $(VENV)/run.stamp ## a stand-in of Twilio beside `make run`: everybody's phones on http://127.0.0.1:12347
	@$(BIN)/python -m hotline --demo sandbox sms

test: $(VENV)/test.stamp check lint types unit ## install what tests need and run everything

test-rasa: $(VENV)/test.stamp $(RASA_VENV)/model.stamp ## train Rasa, then its reader and twenty conversations
	HOTLINE_RASA=$(abspath $(RASA))/rasa $(BIN)/python -m pytest -q -rs -n 0 tests/bot/with_rasa

check: ## say what of the system is missing for the tests
	@sh .ci/machine

lint: $(VENV)/test.stamp ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/test.stamp ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/test.stamp ## types
	$(BIN)/mypy

unit: $(VENV)/test.stamp ## the tests alone; make unit ARGS="tests/kernel -k mailbox"
	$(BIN)/python -m pytest -q -rs $(SIDE_BY_SIDE) $(ARGS)

bench: $(VENV)/test.stamp ## intake, a million tickets, search, beside their floors, turns beside Rasa's; needs PostgreSQL
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.sizes
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.turns

bench-full: $(VENV)/test.stamp ## every screen at a million tickets and at ten million; needs 65 GB of disk and hours
	$(BIN)/python -m benchmarks.sizes --whole-each 40 1000000 10000000

simulate: $(VENV)/run.stamp ## a month of a city at a fiftieth of its size, everything checked; make simulate ARGS="--scale 0.1"
	$(BIN)/python -m hotline simulate --month --scale 0.02 $(ARGS)

evaluation: $(VENV)/test.stamp ## everything that is measured, written into docs/evaluation.md; SHARED=FOLDER, ONLY="search intents"
	$(BESIDE_ELASTICSEARCH) $(BIN)/python -m hotline evaluate page --shared $(SHARED) $(if $(ONLY),--only $(ONLY))

train: $(VENV)/run.stamp ## train the bot's reader
	$(BIN)/python -m hotline train

doctor: $(VENV)/run.stamp ## look whether this machine has everything
	$(BIN)/python -m hotline doctor

migrate: $(VENV)/run.stamp ## bring the database's tables to the newest form
	$(BIN)/python -m hotline migrate

migration: $(VENV)/run.stamp ## write the next step of the tables: make migration MESSAGE="add a column"
	$(BIN)/python -m hotline migration "$(MESSAGE)"

migrate-check: $(VENV)/test.stamp ## whether the steps lead to the tables the code wants
	$(BIN)/python -m pytest -q tests/hotline/test_migrations.py

calendar: $(VENV)/test.stamp ## write the announced holidays into the cities' calendar.csv
	$(BIN)/python -m tests.cities.announced

lock: ## pin the newest versions with their hashes
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--upgrade --output-file requirements.txt requirements.in
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--upgrade --output-file requirements-dev.txt requirements-dev.in
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--upgrade --output-file requirements-dense.txt requirements-dense.in

$(RASA_VENV)/stamp: bot/rasa/requirements.txt
	@command -v $(RASA_PYTHON) >/dev/null || { echo "需要 Python 3.10：make … RASA_PYTHON=/path/to/python3.10"; exit 1; }
	@echo "建立 $(RASA_VENV)（约 3 GB，仅首次或依赖变更时）……"
	@test -x $(RASA)/python || $(RASA_PYTHON) -m venv $(RASA_VENV)
	@$(RASA)/python -m pip install --disable-pip-version-check --require-hashes -r bot/rasa/requirements.txt
	@touch $@

$(RASA_VENV)/model.stamp: $(RASA_VENV)/stamp bot/rasa/config.yml bot/rasa/domain.yml $(wildcard bot/rasa/data/*.yml)
	@echo "训练 Rasa ……"
	@cd bot/rasa && $(RASA_SAYS) $(abspath $(RASA))/rasa train
	@touch $@

clean: ## remove what can be made again; the database in var/ stays
	rm -rf $(VENV) $(RASA_VENV) .venv-lock .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "需要 Python 3.11 或更高版本：sudo apt install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "缺少 venv：sudo apt install python3-venv"; exit 1; }
	@echo "建立 $(VENV) ……"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "安装依赖（仅首次或依赖变更时）……"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "安装测试依赖（仅首次或依赖变更时）……"
	@$(PIP) -r requirements-dev.txt
	@touch $@
