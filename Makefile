# `make demo`, `make study` and `make test` need Python 3.11 or newer and nothing else; everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
export PATH := $(abspath $(VENV))/bin:$(PATH)

.PHONY: demo study test cluster lint docs lock clean

# A very small study, from corpus to reports/demo/README.md.
demo: $(VENV)/.complete
	snakemake --cores all --use-conda --config study=demo

# The default study, reported where git does not look and compared with the report in git, which REPORTS=reports replaces.
REPORTS ?= build/reports
study: $(VENV)/.complete
	snakemake --cores all --use-conda --config reports=$(REPORTS)
	test $(REPORTS) = reports || infoviews compare reports/quick $(REPORTS)/quick

test: $(VENV)/.complete lint
	pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# A study through a Slurm of its own, and its results through an S3 server; on Debian: apt-get install slurm-wlm munge.
cluster: $(VENV)/.complete
	$(VENV)/bin/python -m pip install --quiet --no-build-isolation --constraint requirements.lock --editable '.[cluster]' \
	  'aiobotocore[boto3]' 'moto[server]==5.2.5'  # with its extra, pip need not try every boto3 that moto allows
	pytest -m cluster -s tests/cluster

lint: $(VENV)/.complete
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile workflow/rules
	mypy

# The site of docs/ in build/site, by tools of an environment of their own; and whether CITATION.cff is well formed.
DOCS := .venv-docs
docs: $(DOCS)/.complete
	$(DOCS)/bin/cffconvert --validate
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --quiet

$(DOCS)/.complete: docs/_site/requirements.txt
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --requirement $<
	touch $@

$(VENV)/.complete: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --requirement requirements.lock
	$(VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet '.[study,dev]' torch==2.13.0
	.venv-lock/bin/python workflow/envs/lock.py
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) $(DOCS) .snakemake logs
