# Wirelab. `make` builds the page and the relay, starts them and opens the page; `make help` lists
# the rest. Each step first looks at what is there and does nothing twice.

LISTEN ?= 127.0.0.1:8080
SHELL  := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
IN_ENV := . .ci/env &&
# What the page is made of. A change in any of these makes it anew.
PAGE   := $(shell find web lessons relay/wire static -type f 2>/dev/null | tr ' ' '?') \
          Cargo.toml Cargo.lock Trunk.toml .ci/pack.mjs .ci/split.mjs

.PHONY: start build relay test lint size bench pictures fonts tools clean help

start: build
	@$(IN_ENV) .ci/start $(TARGET)/release/relay $(LISTEN)

build: dist/index.html relay

dist/index.html: $(PAGE)
	@.ci/tools build
	@$(IN_ENV) .ci/timed "page: building dist/ (about 3 minutes at first)" trunk build

relay:
	@.ci/tools build
	@$(IN_ENV) .ci/timed "relay: building $(TARGET)/release/relay (about 1 minute at first)" \
	    cargo build --quiet --locked --release -p relay

test:
	@.ci/test

lint:
	@.ci/tools build
	@.ci/lint

size: build
	@.ci/tools test
	@$(IN_ENV) cargo run --quiet --locked -p tests --features browser --bin size

bench:
	@.ci/tools test
	@.ci/bench

pictures: build
	@.ci/tools test
	@$(IN_ENV) cargo run --quiet --locked -p tests --features browser --bin pictures

fonts:
	@.ci/fonts

tools:
	@.ci/tools test

clean:
	rm -rf dist tests/pictures
	cargo clean --quiet

help:
	@echo 'make           build everything, start the relay with the page, open it'
	@echo 'make build     build the page into dist/ and the relay'
	@echo 'make test      run every test; takes about 15 minutes at first, then less'
	@echo 'make lint      rustfmt and clippy with warnings denied'
	@echo 'make size      measure what a first visit loads, and how soon it can be used'
	@echo 'make bench     measure a long run natively and in headless Chromium'
	@echo 'make pictures  photograph every page into tests/pictures/'
	@echo 'make fonts     make static/fonts anew from its sources'
	@echo 'make tools     fetch what the build and the tests need, and nothing else'
	@echo 'make clean     remove what was built; the fetched tools stay in your cache'
	@echo 'LISTEN=127.0.0.1:9000 make   use another address'
