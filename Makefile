# make run  – opens the app on http://127.0.0.1:8501      make test – runs all tests
# Both set up .venv first where it is missing or behind, and are safe to repeat. PYTHON=… picks another Python, PORT=… another port.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HF_HUB_OFFLINE := 1

.PHONY: help run test audit setup clean
.DELETE_ON_ERROR:

help:
	@echo "make run   åpner FoU-søk på http://127.0.0.1:$(PORT)"
	@echo "make test  kjører alle tester"
	@echo "make audit sjekker pakkene mot kjente svakheter (krever nett; svarer med 3 der ingen kunne spørres)"
	@echo "make clean tar bort .venv (dokumenter og store røres ikke)"

# Documents that can't be read are told and don't stop it; that nothing can be read, or the store not written, does.
run: $(VENV)/.installed
	$(BIN)/python -m ingest run
	$(BIN)/python -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

test: $(VENV)/.tests
	$(BIN)/python -m pytest $(ARGS)

# Its answer, 1 for weak packages and 3 where nobody could be asked, is what make names in its error; make's own is 2 for both.
audit: $(VENV)/.audit
	@$(BIN)/python .ci/audit.py $(VENV)/audit/bin/pip-audit "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

setup: $(VENV)/.installed

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "FoU-søk trenger Python 3.11 eller nyere; $(PYTHON) er $$($(PYTHON) --version 2>&1). Prøv for eksempel: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "Kunne ikke lage $(VENV). På Debian og Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

# The stamps are made last, so that an interrupted install is taken up again.
$(VENV)/.installed: requirements.txt $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.audit: Makefile $(VENV)/.installed
	$(BIN)/python -m venv --clear $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet pip-audit==2.10.1
	@touch $@

$(VENV)/.tests: tests/requirements.txt requirements-signin.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	@touch $@
