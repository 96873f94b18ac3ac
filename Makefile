# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a developer types. Every target sets up what it needs in $(VENV) by itself; nothing needs root.
#   make test | test-all | matrix | lint | demo | demo-profile | demo-access | bench | chaos | hostile | simulator | inventory
#   make docs | pictures | build | importer | pins | programs | release-check | publish | clean | distclean
#   PYTHON=python3.13   the interpreter to use (3.11 or newer); another one makes the environment anew
#   VENV=.venv-3.13     keeps one environment per interpreter instead
#   JOBS=3              how many tests run side by side; without it one more than there are cores, as tests also wait
#   DEMO=--tasks        the demo task by task instead of in bulk; DEMO=--out-of-process with ordinary modules

PYTHON ?= python3
VENV ?= .venv
JOBS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)))

BIN := $(VENV)/bin
BUILD := build
CACHE := .cache
COLLECTIONS := $(CACHE)/collections
COLLECTION := $(COLLECTIONS)/ansible_collections/printops/prisma

# pyenv's shims break Ansible's discovery of interpreters, so the recipes do not see them; $(PYTHON) itself is looked up
# with them. A space in a folder of PATH or in this one is no problem, as nothing here splits on spaces.
GIVEN_PATH := $(PATH)
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
PLAIN_PATH := $(shell printf '%s' "$$PATH" | tr ':' '\n' | grep -v '/shims/*$$' | paste -s -d ':' -)
export PATH := $(CURDIR)/$(BIN):$(PLAIN_PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(COLLECTIONS)
export PYTHONDONTWRITEBYTECODE := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

# by another name, so that make --dry-run makes no environment
THIS_MAKE := $(MAKE)
READY := $(VENV)/.ready-$(PYTHON_VERSION)
DEMO_VENV := $(CACHE)/environments/demo
DEMO_READY := $(DEMO_VENV)/.ready-$(PYTHON_VERSION)
# What takes longest comes first, and files are begun in this order, so that no worker ends long before the others.
TESTS := tests/package tests/foreign tests/playbook tests/program tests/simulator_checks tests/unit
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

.DELETE_ON_ERROR:
.PHONY: help venv test test-all matrix sanity inventory lint lint-ruff \
  lint-types lint-types-plugins lint-types-tests lint-ansible lint-docs lint-changelog lint-shell lint-licences demo demo-profile demo-access bench \
  chaos hostile simulator docs pictures build importer pins programs publisher release-check publish clean distclean

help:
	@sed -n 's/^#   //p' Makefile

venv: $(READY)

# Two targets that are started at once need the same environment: the second waits (tools/lock.py), and then this
# Makefile itself, called again with UNDER_LOCK=1, sees that nothing is left to do.
ENVIRONMENT := $(if $(UNDER_LOCK),make_environment,lock_environment)

$(READY): requirements/dev.txt requirements/runtime.txt requirements/bootstrap.txt
	$(call $(ENVIRONMENT),$(VENV),requirements/dev.txt)

# The demos have an environment of their own, so that they need no browser library, no linter and no type checker.
$(DEMO_READY): requirements/demo.txt requirements/runtime.txt requirements/bootstrap.txt
	$(call $(ENVIRONMENT),$(DEMO_VENV),requirements/demo.txt)

define lock_environment
	@case "$(PYTHON_VERSION)" in 3.1[1-9]) ;; \
	  *) echo "PYTHON=$(PYTHON) is Python '$(PYTHON_VERSION)'; 3.11 or newer is needed: install python3 (Debian," \
	    "Fedora) or python@3.13 (Homebrew on macOS), and name it with PYTHON=" >&2; exit 2;; esac
	@PATH="$(GIVEN_PATH)" $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) makes no environments:" \
	  "install python3-venv (Debian), python3 (Fedora) or python@3.13 (Homebrew on macOS)" >&2; exit 2; }
	@PATH="$(GIVEN_PATH)" MAKEFLAGS= $(PYTHON) tools/lock.py "$(1).lock" "the environment $(1)" \
	  "$(THIS_MAKE)" --no-print-directory "PYTHON=$(PYTHON)" "VENV=$(VENV)" UNDER_LOCK=1 "$@"
endef

# uv needs seconds where pip needs a minute, but it does not read pip's configuration, which may name the only index, and
# it wants a home for its cache. Without bytecode every run of Ansible would compile it anew: half a second of each.
define make_environment
	PATH="$(GIVEN_PATH)" $(PYTHON) -m venv --clear $(1)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/bootstrap.txt
	[ -d "$$HOME" ] && [ -w "$$HOME" ] || export UV_NO_CACHE=1; \
	  $(1)/bin/uv pip install --quiet --python $(1)/bin/python -r $(2) \
	  || $(1)/bin/python -m pip install --quiet --disable-pip-version-check -r $(2)
	-$(1)/bin/python -m compileall -q -j 2 $(1)/lib >/dev/null
	@touch $@
endef

# A symlink in the shape of a collection path: enough for everything but ansible-test.
$(COLLECTION):
	@mkdir -p $(dir $@)
	@ln -sfn ../../../.. $@

# ansible-test sanity is one of these tests (tests/package/test_sanity.py), beside the others
test: $(READY) $(COLLECTION)
	$(PYTEST) -m "not slow" $(TESTS)

test-all: $(READY) $(COLLECTION)
	$(PYTEST) $(TESTS)

# Every supported ansible-core, each in an environment of its own: CORE=2.16 runs one, CORE=2.21-python3.14 one on one
# Python, TEST=units one test. What has passed on this commit is not run again: MATRIX=--again does.
matrix: $(READY) $(COLLECTION)
	$(BIN)/python tools/matrix.py --jobs $(JOBS) $(if $(CORE),--core $(CORE)) $(if $(TEST),--test $(TEST)) $(MATRIX)

sanity: $(READY)
	$(BIN)/python tools/sanity.py

# "make -k lint" shows what every tool finds, "make lint-types" asks one
lint: lint-ruff lint-types lint-ansible lint-docs lint-changelog lint-shell lint-licences
	@echo "lint: all passed"

lint-ruff: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

lint-types: lint-types-plugins lint-types-tests

lint-types-plugins: $(READY) $(COLLECTION)
	$(BIN)/mypy -p ansible_collections.printops.prisma.plugins

lint-types-tests: $(READY) $(COLLECTION)
	$(BIN)/mypy tools tests

lint-ansible: $(READY) $(COLLECTION)
	$(BIN)/ansible-lint --offline --profile production

lint-docs: $(READY)
	$(BIN)/antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all --skip-rstcheck .

lint-changelog: $(READY)
	$(BIN)/antsibull-changelog lint

# ansible-test's shellcheck looks at *.sh only
lint-shell:
	@if command -v shellcheck >/dev/null; then echo shellcheck .ci/*; shellcheck .ci/*; \
	elif [ "$$CI" = true ]; then echo "shellcheck is not installed" >&2; exit 1; \
	else echo "shellcheck is not installed (Debian package shellcheck): .ci is not checked"; fi

lint-licences: $(READY)
	$(BIN)/reuse lint --lines

# DEMO="--picture docs/images/demo.svg" draws the summary, with a library that only the developers' environment has
DRAWS := $(findstring --picture,$(DEMO))
demo: $(if $(DRAWS),$(READY),$(DEMO_READY)) $(COLLECTION)
	$(if $(DRAWS),$(VENV),$(DEMO_VENV))/bin/python tests/demo/run.py $(DEMO)

demo-profile: $(READY) $(COLLECTION)
	$(BIN)/python tests/demo/profile.py $(DEMO)

# QUICK=1: 50 printers, in a few minutes. BENCH="--ways cf --printers 200": whatever tests/benchmark/run.py takes.
bench: $(READY) $(COLLECTION)
	$(BIN)/python tests/benchmark/run.py $(if $(QUICK),--quick) $(BENCH)

demo-access: $(DEMO_READY) $(COLLECTION)
	$(DEMO_VENV)/bin/python tests/demo/access.py $(DEMO)

FLEET ?= tests/simulator/fleets/small.yml
STATE ?= $(BUILD)/simulator
simulator: $(READY)
	@mkdir -p "$(STATE)"
	PYTHONPATH=tests $(BIN)/python -m simulator serve --fleet "$(FLEET)" --state "$(STATE)" \
	  --ready "$(STATE)/ready.json"

# Every request of a run, met by each fault: prints and writes docs/chaos.md, and fails if anything does not hold
chaos: $(READY) $(COLLECTION)
	UPDATE_CHAOS=1 $(BIN)/python -m pytest -v -s tests/playbook/test_chaos_access.py tests/playbook/test_chaos.py

# Memory and time of each hostile answer and page: writes docs/hostile.md, and fails if a limit is exceeded
hostile: $(READY) $(COLLECTION)
	PYTHONPATH=tests $(BIN)/python -m hostile

# For a simulator that runs: ansible-playbook printops.prisma.onboard_fleet -i build/simulator/inventory.yml
inventory: $(READY) $(COLLECTION)
	PYTHONPATH=tests $(BIN)/python -m support.inventory "$(STATE)/ready.json" "$(STATE)/inventory.yml"

# The pages that tools write, and the site: the guides of docs/, and the reference of modules, plugins and roles
docs: $(READY) $(COLLECTION)
	$(BIN)/python tools/profile_reference.py
	$(BIN)/python tools/outcome_reference.py
	$(BIN)/python tools/playbook_reference.py
	$(BIN)/python tools/role_readmes.py
	$(BIN)/python tools/readme_tables.py
	$(BIN)/python tools/docsite.py $(BUILD)/docs
	@echo "docs: $(BUILD)/docs/html/index.html"

# What people see, for docs/report.md and docs/sheets.md; needs Chromium and pdftoppm
pictures: $(READY) $(COLLECTION)
	$(BIN)/python tools/screenshots.py

build: $(READY)
	rm -rf $(BUILD)/dist
	@mkdir -p $(BUILD)/dist
	$(BIN)/ansible-galaxy collection build --output-path $(BUILD)/dist
	@# by a name without a version, for execution-environment.yml
	@ln -s "$$(cd $(BUILD)/dist && echo *.tar.gz)" $(BUILD)/dist/printops-prisma.tar.gz

# What Galaxy and Automation Hub check when a collection is uploaded
importer: build
	$(BIN)/python tools/importer.py $(BUILD)/dist/printops-prisma.tar.gz

# The Debian packages that some tests need; needs root or sudo
programs:
	PATH="$(GIVEN_PATH)" PYTHON="$(PYTHON)" .ci/programs

# That a release with this tag is complete: docs/RELEASING.md
release-check: $(READY)
	$(BIN)/python tools/release.py $(if $(TAG),"$(TAG)")

# What publishes: the demo's environment, as it has the fewest packages of others, which could read the token too
publisher: $(DEMO_READY)

# What make build has left, with the token in GALAXY_TOKEN. "make publisher" comes before it, in a step without the token.
publish:
	@ANSIBLE_GALAXY_SERVER_LIST=galaxy ANSIBLE_GALAXY_SERVER_GALAXY_URL=https://galaxy.ansible.com/ \
	  ANSIBLE_GALAXY_SERVER_GALAXY_TOKEN="$${GALAXY_TOKEN:?is not set}" \
	  $(DEMO_VENV)/bin/ansible-galaxy collection publish $(BUILD)/dist/printops-prisma-[0-9]*.tar.gz

pins: $(READY)
	set -e; for name in dev demo importer navigator products; do \
	  { sed -n '1,3p' requirements/$$name.txt; \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
	      requirements/$$name.in; } > requirements/$$name.txt.new; \
	  mv requirements/$$name.txt.new requirements/$$name.txt; \
	done
	$(BIN)/python tools/matrix.py --pins

clean:
	rm -rf $(BUILD) $(COLLECTIONS) .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output

distclean: clean
	rm -rf $(CACHE) $(VENV) $(VENV).lock
