SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN     := valse
LISTEN  ?= 127.0.0.1:8080
DATA    ?= data
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo devel)
GOFILES := $(shell find . -name '*.go' -not -path './frontend/node_modules/*') go.mod go.sum
WEB     := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/*.html frontend/*.ts frontend/*.json)

# What comes over the network is asked for a second time.
twice = { $(1); } || { echo 'that failed: once more in 10 s'; sleep 10; $(1); }

##@ Use
run: build ## build what is missing and serve the demo shop on LISTEN (default 127.0.0.1:8080)
	./$(BIN) serve --demo --listen $(LISTEN) --store sqlite:$(DATA) --warehouse $(DATA)/warehouse --work-dir $(DATA)/work

build: $(BIN) ## build the web app and the binary

##@ Work
dev: frontend/node_modules/.package-lock.json ## serve with hot reload of the web app (port 5173) in front of the API
	go build -o $(BIN) . && ./$(BIN) serve --demo --listen $(LISTEN) --store sqlite:$(DATA) --warehouse $(DATA)/warehouse --work-dir $(DATA)/work & \
	trap 'kill %1' EXIT; cd frontend && npm run dev

generate: frontend/node_modules/.package-lock.json ## regenerate everything that is generated and committed
	go generate ./...
	cd frontend && npm run codegen

lint: frontend/node_modules/.package-lock.json ## vet, formatting, types and style
	go vet ./...
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "gofmt these: $$unformatted"; exit 1; }
	cd frontend && npm run --silent check

bench: ## Go benchmarks of the engine, ready for benchstat
	go test -run '^$$' -bench . -benchmem ./engine/...

##@ Test
# More flags for go test; with some, like -shuffle=on, it keeps no results for the next run.
TESTFLAGS ?=
test: setup build ## run everything; the last line counts
	go run ./internal/tally \
	  'lint'          plain  '$(MAKE) lint' \
	  'go'            gotest 'go test -json $(TESTFLAGS) -timeout 20m ./...' \
	  'go, no assembly' gotest 'go test -json -tags purego ./engine/...' \
	  'go, AVX2'      gotest 'VALSE_CPU=avx2 go test -count=1 -json ./engine/als ./engine/eval ./engine/topk' \
	  'go, arm64'     gotest 'GOARCH=arm64 go test -json -exec qemu-aarch64 ./engine/internal/kernel' \
	  'go, race'      gotest 'go test -json -race -short $(TESTFLAGS) -timeout 20m ./engine/... ./bench ./internal/... ./graph/... ./store/... ./warehouse/...' \
	  'trials'        gotest 'cd trials && go vet ./... && go test -json $(TESTFLAGS) ./...' \
	  'front end'     vitest 'cd frontend && npm run --silent test' \
	  'browser'       node   'cd frontend && npm run --silent browser'

test-long: setup build ## the trials that are too long for each change (docs/testing.md)
	VALSE_LONG=1 go test -count=1 -timeout 3h -v $$(git grep -l '"valse/internal/trial"' -- '*_test.go' ':!trials' | xargs -n1 dirname | sort -u | sed 's|^|./|')
	cd trials && VALSE_LONG=1 go test -count=1 -v ./...

FUZZTIME ?= 30s
# Up to Go 1.26 a fuzzer may end in "context deadline exceeded" when its time is
# over (go.dev/issue/75804): without an input that fails, nothing was found.
fuzz: ## every decoder of outside bytes, FUZZTIME each (default 30s), two at a time; failures stay as cases below testdata/fuzz
	@git grep '^func Fuzz' -- '*_test.go' | sed -E 's|([^:]*)/[^/]*_test\.go:func (Fuzz[A-Za-z0-9]*).*|\1 \2|' | xargs -P 2 -L 1 bash -c ' \
	  output=$$(go test -run "^$$" -fuzz "^$$1$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x -parallel 1 ./$$0 2>&1) \
	    || { grep -q "^ *context deadline exceeded$$" <<<"$$output" && ! grep -qE "Failing input|seed corpus|panic" <<<"$$output"; } \
	    || { echo "FAIL $$0 $$1"; echo "$$output"; exit 1; }; \
	  echo "ok   $$0 $$1: $$(grep -oE "execs: [0-9]+" <<<"$$output" | tail -1)"'

setup: frontend/node_modules/.package-lock.json ## install what the tests need (modules, redis-server, chromium, qemu-user)
	@$(call twice,go mod download && go -C trials mod download)
	@missing=""; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v qemu-aarch64 >/dev/null || missing="$$missing qemu-user"; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing$$missing"; \
	    $(call twice,apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null); \
	  else echo "install$$missing first, then run this again"; exit 1; fi; fi

##@ Other
clean: ## remove what was built (not your data)
	rm -rf $(BIN) frontend/dist/app frontend/node_modules

help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN): $(GOFILES) frontend/dist/app/index.html $(shell find graph/schema store warehouse -name '*.graphqls' -o -name '*.sql' -o -name '*.lua' 2>/dev/null)
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN) .

frontend/dist/app/index.html: frontend/node_modules/.package-lock.json $(WEB)
	cd frontend && npm run --silent build
	@touch $@

# Not npm ci: it refuses a lock without the binaries of platforms that a
# registry does not carry, though no such binary would be installed.
frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && $(call twice,npm install --no-save --no-audit --no-fund --loglevel=error)
	@touch $@

.PHONY: run build dev generate lint bench test test-long fuzz setup clean help
