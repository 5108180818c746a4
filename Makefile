# The two commands: make demo, make test. The others are for developers.
PY ?= python3.11
VENV ?= .venv
B := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1

.PHONY: demo test check e2e bench peers messages format lock clean

demo: $(VENV)/.run
	@$(B)/loftet demo

test: $(VENV)/.dev
	@$(B)/python -m pytest -q

check: $(VENV)/.dev
	$(B)/ruff check -q .
	$(B)/ruff format -q --check .
	$(B)/djade --target-version 5.2 --check $$(find loftet -name '*.html')
	$(B)/djlint --quiet --lint loftet
	$(B)/lint-imports --no-logo >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	$(B)/loftet check --fail-level WARNING
	$(B)/loftet makemigrations --check --dry-run
	$(B)/python tools/messages.py --check
	$(B)/mypy

e2e: $(VENV)/.dev
	@$(B)/python -m pytest -q -m e2e tests/journeys

# Beside its peers after `make peers`; beside R where Rscript has the package survey.
bench: $(VENV)/.dev
	@$(B)/python -m benchmarks

peers: $(VENV)/.dev
	$(B)/uv pip install -q --python $(B)/python --group peers

messages: $(VENV)/.dev
	$(B)/python tools/messages.py

format: $(VENV)/.dev
	$(B)/ruff check -q --fix . ; $(B)/ruff format -q . ; $(B)/djade --target-version 5.2 $$(find loftet -name '*.html')

lock: | $(B)/uv
	$(B)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(B)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) var

# What was fetched once is kept in the cache, so that a fresh clone also comes up without a network.
# Without pip inside it a virtual environment takes a fifth of a second; where the machine has no pip
# of its own, the slower ordinary way is taken.
WHEELS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/loftet/wheels
PIP := -m pip -q --disable-pip-version-check
$(B)/uv: requirements-uv.txt
	@test -x $(B)/python || $(PY) -m venv --without-pip $(VENV)
	@$(PY) $(PIP) --version >/dev/null 2>&1 || $(PY) -m venv --clear $(VENV) || \
	  { echo "Python has no pip here. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@pip="$(PY) $(PIP) --python $(B)/python"; $$pip --version >/dev/null 2>&1 || pip="$(B)/python $(PIP)"; \
	  $$pip install --no-index --find-links $(WHEELS) --require-hashes -r $< 2>/dev/null || \
	  { $$pip download --only-binary :all: --no-deps --require-hashes -d $(WHEELS) -r $< 2>/dev/null && \
	    $$pip install --no-index --find-links $(WHEELS) --require-hashes -r $<; }
	@touch $@

# The lock names every file by its hash: what is in the cache is as good as what the index would send.
install = $(B)/uv pip install -q --python $(B)/python
$(VENV)/.run: requirements.lock pyproject.toml | $(B)/uv
	@$(install) --offline --require-hashes -r requirements.lock 2>/dev/null || $(install) --require-hashes -r requirements.lock
	@$(install) --offline --no-deps -e . 2>/dev/null || $(install) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(install) --offline --require-hashes -r requirements-dev.lock 2>/dev/null || $(install) --require-hashes -r requirements-dev.lock
	@touch $@
