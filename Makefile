# btgw: what a developer runs. Everything works in a fresh clone; `make help` lists the targets.

GO        ?= go
FUZZTIME  ?= 10s
BENCHTIME ?= 1s
COUNT     ?= 5
IMAGE     ?= btgw
VERSION   ?=

.DEFAULT_GOAL := help
.PHONY: help generate reference build cross packages run demo test test-deps lint pages media screenshots site vuln power bench bench-packages bench-e2e lab lab-fleet lab-seeds day kills faults object-kills interop fuzz docker clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: ## a static binary in bin/btgw
	CGO_ENABLED=0 $(GO) build -trimpath -tags nomsgpack,grpcnotrace -ldflags='-s -w -X main.release=$(VERSION)' -o bin/btgw ./cmd/btgw

cross: ## the binaries of a release: Linux, macOS and Windows, amd64 and arm64, into bin/release
	./scripts/cross

packages: ## the .deb and .rpm of both architectures, into bin/release (VERSION=1.2.3)
	./scripts/packages

run: ## serve on http://127.0.0.1:8080
	$(GO) run ./cmd/btgw

demo: ## a swarm on loopback, one fetch through HTTP, checked
	$(GO) run ./cmd/btgw demo --once

test: test-deps ## install missing clients, then vet and all tests with the race detector; the attacks, which are timed, alone
	$(GO) vet ./...
	$(GO) test -race -count=1 -timeout 40m $$($(GO) list ./... | grep -v /internal/attacks$$)
	$(GO) test -count=1 -timeout 15m ./fetch
	$(GO) test -count=1 -timeout 10m ./internal/attacks
	cd deploy/check && $(GO) vet ./... && $(GO) test -count=1 ./...

test-deps: ## install the Debian clients that the tests talk to, where they are missing
	./scripts/install-test-clients

lint: ## gofmt, go.mod, vet, staticcheck, no skipped test, prose and spelling
	./scripts/lint

pages: ## build the scripts of the pages (needs node) into gateway/pages/dist
	./scripts/pages

generate: ## compile the templates of the pages (gateway/pages/*.templ) to Go
	$(GO) tool templ generate -path gateway/pages -log-level warn

reference: ## write docs/reference: commands, metrics, problems and paths, from the program
	$(GO) test -count=1 -run '^TestReference$$' ./cmd/btgw -reference.write

media: test-deps ## play every container with every picture and sound in a page, in Chromium and Firefox
	$(GO) test -count=1 -timeout 90m -run '^TestMedia$$' -v ./internal/browser -media.all

screenshots: test-deps ## every page and state, light and dark, wide and narrow, into bin/screenshots
	$(GO) test -count=1 -timeout 10m -run '^TestScreenshots$$' ./internal/browser -screenshots=$(CURDIR)/bin/screenshots

site: ## the documentation as a site, into bin/site, with every link checked (needs PyPI)
	./scripts/site

vuln: ## govulncheck (needs the vulnerability database on the internet)
	./scripts/vuln

bench: bench-packages bench-e2e ## every benchmark

bench-packages: ## the benchmarks of the packages
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) $$($(GO) list ./... | grep -v /internal/bench$$)

bench-e2e: test-deps ## the whole program against real peers, beside references of the same run: a table of medians (COUNT=5)
	$(GO) test -run '^$$' -bench . -benchtime 1x -count $(COUNT) -timeout 45m ./internal/bench | $(GO) run ./internal/bench/table

lab: ## swarms in virtual time: how long readers wait, by scenario, and how gateways share (LAB='-lab.scenario=… -lab.seed=…')
	$(GO) test -count=1 -timeout 30m -run '^(TestReport|TestTitForTat|TestSuperSeed)$$' -v ./internal/lab -lab.report $(LAB)

lab-seeds: ## 1,000 seeds of every scenario in its small form: does anybody starve?
	$(GO) test -count=1 -timeout 3h -run '^TestScenarios$$' -v ./internal/lab -lab.seeds=1000 $(LAB)

lab-fleet: ## a simulated day of 50 gateways and a million readers: bytes from outside, first bytes, tiers (LAB='-fleet.seed=…')
	$(GO) test -count=1 -timeout 1h -run '^TestReport$$' -v ./internal/lab/fleet -fleet.report $(LAB)

kills: test-deps ## 1,000 × kill -9 at random moments, with readers attached: no wrong byte, no start that fails
	$(GO) test -count=1 -timeout 2h -run '^TestKills$$' -v ./internal/e2e -kills=1000

faults: test-deps ## each call of the cache refused with each errno, with readers attached: writes docs/lab/faults.md
	$(GO) test -count=1 -timeout 1h -run '^TestFailingCalls$$' -v ./internal/e2e -faults=$(CURDIR)/docs/lab/faults.md

object-kills: test-deps ## 1,000 × kill -9 while objects are written: what is in the store is right, or too short to be read
	$(GO) test -count=1 -timeout 2h -run '^TestObjectStoreKills$$' -v ./internal/e2e -objects.kills=1000

day: ## 24 hours of a public gateway with 200 swarms in virtual time: what it counts, and what it leaves behind
	$(GO) test -count=1 -timeout 1h -run '^TestDay$$' -v ./internal/lab -lab.report $(LAB)

power: ## a million steps of the cache on a disk that loses its power at random moments (POWER='-power.seed=…')
	$(GO) test -count=1 -timeout 2h -run '^TestPowerCut$$' -v ./cache -power.steps=1000000 $(POWER)

PARTNERS ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/btgw-partners

interop: test-deps ## every client, both ways, each way of coming together: writes docs/lab/interop.md
	./scripts/install-partners $(PARTNERS)
	$(GO) test -count=1 -run '^TestDuckDB$$' ./gateway -args -partners=$(PARTNERS)
	BTGW_PARTNERS=$(PARTNERS) $(GO) test -count=1 -timeout 30m -run '^TestInterop$$|^TestPublishedIsTrackedForWebTorrent$$' ./internal/e2e -args -interop=$(CURDIR)/docs/lab/interop.md

fuzz: ## every fuzz target for FUZZTIME each
	FUZZTIME=$(FUZZTIME) ./scripts/fuzz

docker: ## the container image
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE) .

clean: ## remove what was built here
	rm -rf bin
