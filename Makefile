# What one does with this repository. `make` alone lists it.
SHELL := /bin/sh
export PATH := $(PATH):$(HOME)/.cargo/bin
.DEFAULT_GOAL := help
.PHONY: help run dev test torture check bench bench-full gen e2e

help: ## List the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name words; do \
		printf '  make %-10s %s\n' "$$name" "$$words"; done

run: ## Install what is missing, build, and start the vault at http://localhost:8080 (files in ./data)
	@scripts/setup run
	@scripts/build-web
	@scripts/cargo build --release
	@exec target/release/mediavault serve --data-dir "$${MEDIAVAULT_DATA_DIR:-./data}" $(ARGS)

dev: ## Start server and page with reload on change (files in ./data/dev)
	@scripts/setup run
	@scripts/dev

test: ## Everything that is checked, on both databases, with the page in a browser
	@scripts/setup test
	@scripts/test

torture: ## The long forms: kills, outages, fuzzing (hours; ARGS="kills" for some parts)
	@scripts/setup test
	@scripts/torture $(ARGS)

check: ## The quick part: format, lints, house rules, types of the page
	@scripts/setup run
	@scripts/test quick

bench: ## Measure against the peers (about ten minutes; ARGS="F3 F6" for some rows)
	@scripts/setup run
	@scripts/bench $(ARGS)

bench-full: ## The same with more rounds and more data (about an hour)
	@scripts/setup run
	@scripts/bench --full $(ARGS)

gen: ## Make again everything that is generated: API document, client types
	@scripts/cargo xtask gen

e2e: ## Only the tests that drive the page in a browser
	@scripts/setup test
	@scripts/build-web
	@scripts/cargo build --workspace
	@scripts/cargo build --workspace --example seed
	@scripts/e2e
