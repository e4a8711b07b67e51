# Two commands: `make run` and `make test`. Both do all the set-up themselves (scripts/setup).
.DEFAULT_GOAL := help
SHELL := /bin/bash
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
export PATH := $(CURDIR)/target/tools/node/bin:$(PATH)
# What `lanner up` is told, e.g. make run ARGS="--http-port 8080"
ARGS ?=

.PHONY: help run test dev bench lint web web-deps codegen

help: ## this text
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: ## build all and show this host on http://localhost:7070 (root: the probe loads BPF programs)
	@scripts/setup run
	@[ -x $(TARGET)/local/lanner ] || echo "The first build takes about 6 minutes on 2 cores; the next ones seconds."
	@$(MAKE) --no-print-directory web
	cargo build --profile local --locked -p lanner-cli
	@scripts/as-root $(TARGET)/local/lanner up $(ARGS)

test: ## everything: lint, unit, live BPF, containers, end to end, browser
	@scripts/setup test
	@$(MAKE) --no-print-directory web-deps
	cargo run --locked -q -p xtask -- test

dev: ## server and agent rebuilt on change, page on http://localhost:5173 through Vite
	@scripts/setup run
	@$(MAKE) --no-print-directory web-deps
	@scripts/dev $(ARGS)

bench: ## what Lanner costs, beside the floor, into bench/results/latest.json
	@scripts/setup run
	cargo build --profile local --locked -p lanner-cli -p lanner-bench
	@scripts/as-root $(TARGET)/local/lanner-bench

lint: ## formatting, clippy, tidy, biome
	@scripts/setup run
	@$(MAKE) --no-print-directory web-deps
	cargo run --locked -q -p xtask -- test --only lint

codegen: ## everything that is generated from schema/
	cargo run --locked -q -p xtask -- codegen

web-deps: web/node_modules/.installed

# Not `npm ci`: it refuses a lock file without the binaries of other platforms, which a mirror may lack.
web/node_modules/.installed: web/package-lock.json
	@echo "installing the page's packages"
	@cd web && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.installed

web: web/dist/index.html

web/dist/index.html: web/node_modules/.installed web/package.json $(shell find web/src web/scripts web/index.html web/vite.config.ts web/tsconfig.json web/public -type f 2>/dev/null)
	@echo "building the page"
	@cd web && npm run --silent build && touch dist/index.html
