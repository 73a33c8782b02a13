# A value from the command line is text: nothing in it is expanded.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
# Python, uv and git do here what is written here, whatever this shell has set for other work; but
# uv may be told where packages come from. (What pip may be told is in tools/packager/wheels.py.)
unexport $(filter-out UV_INDEX% UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_INSECURE_HOST \
  UV_NATIVE_TLS UV_SYSTEM_CERTS UV_KEYRING_PROVIDER UV_HTTP_TIMEOUT, \
  $(filter PYTHON% UV_% GIT_%,$(.VARIABLES)))

PYTHON ?= python3.13
BIN := .venv/bin
RUN := .venv/.run
READY := .venv/.ready
SCAN := .venv-scan/.ready
DEPLOYED := .venv-deployed/.ready
NEIGHBOURS := .venv-neighbours/.ready
ARCH := $(shell uname -m | sed 's/aarch64/arm64/')
PACKAGE := .build/package/$(ARCH)
PROVIDER ?= login.example.com
SECONDS ?= 300
# Handed on as variables alone: in a recipe's text a value could be a command.
export PYTHON EVENT POOL PROVIDER PORT AUTHORIZER STACK JWT_FILE
# The guides have a POOL exported: the real Cognito is asked only where the command line names one.
ifeq ($(origin POOL),environment)
unexport POOL
endif
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run serve test test-deployed smoke lint format bench fuzz lock release \
  clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Install everything that is pinned into .venv

PIP := $(BIN)/python -m tools.packager.wheels --retries 2

# What running takes. Everything else is installed beside it, when a target needs it.
$(RUN): tools/requirements/run.txt
	@command -v "$$PYTHON" >/dev/null && "$$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' || { \
	  echo "Python 3.13 is needed, and is not the command $$PYTHON. Name another with: make PYTHON=..."; exit 1; }
	@echo "Setting up .venv (90 MB, a minute at most) ..."
	@mkdir -p .build
	@"$$PYTHON" -m venv --clear .venv
	@$(PIP) -r $< 2>.build/pip.log || { grep -qE 'NewConnection|NameResolution|ProxyError|timed out' .build/pip.log && \
	  echo "The package index can't be reached: the first run needs it. Try again with a network." || cat .build/pip.log; exit 1; }
	@touch $@

# Meanwhile there is no $(RUN): what a set-up that is cut off leaves behind is no environment, and
# whoever needs one starts from scratch.
$(READY): $(RUN) tools/requirements/bootstrap.txt tools/requirements/dev.txt
	@echo "Setting up .venv for development (760 MB, some minutes) ..."
	@mv $(RUN) $(RUN).meanwhile
	@$(PIP) -r tools/requirements/bootstrap.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes tools/requirements/dev.txt
	@mv $(RUN).meanwhile $(RUN) && touch $@

.venv-%/.ready: tools/requirements/%.txt $(READY)
	@echo "Setting up $(@D) (70 to 180 MB, half a minute) ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(@D)
	@$(BIN)/uv pip sync --quiet --python $(@D)/bin/python --require-hashes $<
	@touch $@

$(PACKAGE): $(RUN) src/requirements.txt $(shell find src tools/packager -name '*.py')
	@echo "Building the package: Lambda's wheels, and their bytecode (20 seconds) ..."
	@rm -rf $@
	@$(BIN)/python -m tools.packager --architecture $(ARCH) --output $@
	@touch $@

run: $(PACKAGE) ## Issue a token through each door here (EVENT=file for one event, POOL=id for the real Cognito)
	@$(BIN)/python -m tools.local.commands.run $(PACKAGE)

serve: $(PACKAGE) ## Keep it running behind http://127.0.0.1:3000 (PORT=..., AUTHORIZER=file of a Lambda authorizer)
	@$(BIN)/python -m tools.local.commands.serve $(PACKAGE)

# A worker more than there are cores: much of the suite waits. Tracing it all would take half a minute.
PYTEST := $(BIN)/python -m pytest --numprocesses $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile

test: $(READY) $(PACKAGE) $(SCAN) $(DEPLOYED) $(NEIGHBOURS) ## Run all tests
	@$(PYTEST) tests/unit --cov
	@$(PYTEST) --ignore tests/unit

lint: $(READY) ## Check style, format and types
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy

format: $(READY) ## Put the code into the format that lint checks
	@$(BIN)/ruff format --quiet; $(BIN)/ruff check --quiet --fix; fixed=$$?; $(BIN)/ruff format --quiet && exit $$fixed

bench: $(READY) ## Measure cold start, warm cost and size beside the peers
	@$(BIN)/python -m tools.benchmarks

fuzz: export FUZZ_SECONDS = $(value SECONDS)
fuzz: $(READY) $(PACKAGE) ## Fuzz the HTTP doors by the API's description (SECONDS=... in all)
	@echo "Sending requests for $$FUZZ_SECONDS s in all, once the stack has started ..."
	@$(BIN)/python -m pytest tests/fuzz --quiet --capture=no --tb=line

test-deployed: $(READY) $(DEPLOYED) ## Deploy into an emulated AWS, and check what is there
	@$(BIN)/python -m tests.deployed

smoke: $(RUN) ## Check a stack in your AWS account (STACK=name, JWT_FILE=file of a user's JWT)
	@$(BIN)/python -m tools.smoke

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
  --no-annotate
LIKE_DEV := --constraint tools/requirements/dev.txt
# One package of the lock for development, with its hashes and without what it needs.
ALONE := awk '/^[^ ]/ {found = index($$0, package "==") == 1} found'

lock: $(READY) ## Pin the newest versions that pyproject.toml allows
	@echo "Asking the package index (a minute) ..."
	@$(COMPILE) pyproject.toml --group dev --output-file tools/requirements/dev.txt
	@$(COMPILE) pyproject.toml --output-file src/requirements.txt
	@$(COMPILE) pyproject.toml $(LIKE_DEV) --group run --output-file tools/requirements/run.txt
	@$(COMPILE) --group scan --output-file tools/requirements/scan.txt
	@$(COMPILE) --group deployed --output-file tools/requirements/deployed.txt
	@$(COMPILE) --group neighbours --output-file tools/requirements/neighbours.txt
	@$(ALONE) package=uv tools/requirements/dev.txt > tools/requirements/bootstrap.txt

release: $(READY) ## Write the zips that deploy without a build, and SHA256SUMS, into .build/release
	@$(BIN)/python -m tools.packager.release --output .build/release

clean: ## Remove what was built and installed
	rm -rf .aws-sam .build .venv .venv-scan .venv-deployed .venv-neighbours
