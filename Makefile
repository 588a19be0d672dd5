# What a person who works on the bot needs. `make` alone lists it.

BIN      := $(CURDIR)/bin
OUT      ?= bin/bot
LINT     := $(BIN)/golangci-lint
LINT_VERSION := v2.15.0
VULN     := $(BIN)/govulncheck
VULN_VERSION := v1.9.0
# Of releases:
RELEASER := $(BIN)/goreleaser
RELEASER_VERSION := v2.15.1
SBOM     := $(BIN)/cyclonedx-gomod
SBOM_VERSION := v1.10.0
WORKFLOWS := $(BIN)/actionlint
WORKFLOWS_VERSION := v1.7.12
FUZZTIME ?= 20s
MEMBER := storage/etcd/member
WITNESS := telegram/emulator/witness
PEERS := cmd/bot/peers
RULES := deploy/prometheus
# Rooms that start nothing beside themselves: the race detector would find nothing there,
# and slows their tests down ninefold.
PURE := ./audit ./chat ./conversation/... ./job ./purchase ./team ./trial ./watch ./zomro/profile
BENCH ?= .
ROUNDS ?= 3
FAILOVERS ?= 20
FLAGS ?=
WEEKS ?= 40

.DEFAULT_GOAL := help
.PHONY: help build demo test plain raced partly crash cluster soak vendors peers rules witness lint failover fmt tools vuln packages release bench fuzz cover axe pictures clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/bot, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o $(OUT) ./cmd/bot

demo: ## try the bot in a browser, without Telegram and without money
	go run ./cmd/bot demo

# Rooms of which only some tests have things happen at the same time, and the tests of theirs
# that have not: the detector makes sealing forty times as slow.
PARTLY := ./engine ./engine/handlers ./storage ./zomro ./zomro/sandbox
UNRACED := ^Test(Damage|Flipped|Lost|Compact|CopyRecords|PutCopy|MakeCopy|NoPlaintext|Fill|WrongKey|MemoryOf|ListWithTooMany|AnswerTooLong|DialoguesRemembered|DialoguesOfAStore|OlderPage|CredentialsStaySecret|DigestKnowsEveryPart|MoneyAddsUp)

# plain keeps all cores busy; of the others some wait for processes and leases while others compute.
test: ## run every test, then the peers, the alert rules and the witnesses
	$(MAKE) plain
	$(MAKE) -j 2 raced partly peers rules witness

# Memory is cheaper there than the time to collect it.
plain raced partly: export GOGC := 400

plain:
	go test -short=false -timeout 20m $(PURE) ./chart ./cmd/bot

raced:
	go test -race -short=false -timeout 20m $$(go list ./... | grep -vxF "$$(go list $(PURE) $(PARTLY) ./chart)")

# chart draws one picture after the other, by a library that the detector slows down.
partly:
	go test -run '$(UNRACED)' $(PARTLY)
	go test -race -timeout 20m -skip '$(UNRACED)' $(PARTLY)
	go test -race -run AtOnce ./chart

# The demo and the page have nothing of their own to show there: the bot is the same.
crash: ## kill the bot at every point of an order, of two in one cart, a job, a trial, a team's order
	WHOLE_TABLES=1 go test -count 1 -timeout 1h -run '^TestCrash' ./cmd/bot

cluster: ## run the tests of the program with their stores on an etcd cluster, not in files
	ON_CLUSTER=1 WHOLE_TABLES=1 go test -short=false -count 1 -timeout 60m -skip '^Test(Demo|Page)' ./cmd/bot

soak: ## live WEEKS (40) twice, a year apart, and see that nothing grows unnamed
	go test -count 1 -timeout 2h -run '^TestSoak$$' -v ./cmd/bot -weeks $(WEEKS)

vendors: ## order from each vendor that is another than expected, whatever fails meanwhile
	go test -count 1 -timeout 2h ./cmd/bot -run '^Test(ForeignVendors|PurchasesOfOtherVendors|ExceptedPurchases)$$' -vendors

peers: ## test the bots that the benchmarks compare ours with
	cd $(PEERS) && go test -race -count 1 ./...

rules: ## hold the alert rules and the dashboard to the metrics that there are
	cd $(RULES) && go test ./...

# stdjson: telego with the JSON of Go, which is compiled already.
witness: $(WITNESS)/node_modules/.package-lock.json ## hold the chat emulator against libraries of others (needs node)
	cd $(WITNESS) && go test -tags stdjson -count 1 ./...

$(WITNESS)/node_modules/.package-lock.json: $(WITNESS)/package-lock.json
	@command -v npm >/dev/null || { echo "the witnesses need Node.js 20 or later with npm; make test runs them last" >&2; exit 1; }
	cd $(WITNESS) && npm ci --no-audit --no-fund --prefer-offline
	touch $@

lint: $(LINT) ## check formatting, vet and lint
	$(LINT) run ./...
	cd $(PEERS) && $(LINT) run ./...
	cd $(RULES) && $(LINT) run ./...
	cd $(WITNESS) && $(LINT) run --build-tags stdjson ./...
	cd $(MEMBER) && $(LINT) run ./...

failover: ## have bots on a cluster take over under load; FAILOVERS=20 is how often
	go test ./cmd/bot -run 'TestFailover$$' -failovers $(FAILOVERS) -timeout 2h -v

fmt: $(LINT) ## format the code
	$(LINT) fmt ./...

tools: $(LINT) ## install the linter into bin/

$(LINT):
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

vuln: $(VULN) ## look for known vulnerabilities in what the bot calls (asks vuln.go.dev)
	$(VULN) ./...

$(VULN):
	GOBIN=$(BIN) go install golang.org/x/vuln/cmd/govulncheck@$(VULN_VERSION)

# Needs some GB of disk and ten minutes the first time, and no docker: the image is left out.
packages: $(RELEASER) $(SBOM) $(WORKFLOWS) ## try a release: archives, deb and rpm in dist/
	$(WORKFLOWS)
	$(RELEASER) check
	$(RELEASER) release --snapshot --clean --skip=docker

release: $(RELEASER) $(SBOM) ## release the tag that is checked out, as its workflow does
	$(RELEASER) release --clean

$(RELEASER):
	GOBIN=$(BIN) go install github.com/goreleaser/goreleaser/v2@$(RELEASER_VERSION)

$(SBOM):
	GOBIN=$(BIN) go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(SBOM_VERSION)

$(WORKFLOWS):
	GOBIN=$(BIN) go install github.com/rhysd/actionlint/cmd/actionlint@$(WORKFLOWS_VERSION)

# FLAGS='-drafts 1000000' is one more: cmd/bot/bench_test.go has them.
bench: ## measure the bot beside its peers; BENCH='Taps/people=1$$' is one of them
	go test -run '^$$' -bench '$(BENCH)' -benchtime $(ROUNDS)x -timeout 2h ./cmd/bot $(FLAGS)

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@set -e; for file in $$(grep -rl '^func Fuzz' --include='*_test.go' .); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$file); do \
			echo "== $$(dirname $$file) $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$(dirname $$file); \
		done; \
	done

cover: ## measure how much the tests cover
	go test -run . -coverprofile=coverage.out -coverpkg=./... ./...
	go tool cover -html=coverage.out -o coverage.html
	go tool cover -func=coverage.out | tail -n 1

axe: ## install what the tests check the demo's page for accessibility with (needs npm)
	npm ci --prefix tools/axe --ignore-scripts --no-audit --no-fund

pictures: ## draw the pictures of the READMEs anew (needs chromium and fonts-noto-color-emoji)
	go test -tags pictures -run '^TestPictures$$' -count 1 ./cmd/bot

clean: ## remove what was built
	rm -rf bin dist coverage.out coverage.html $(WITNESS)/node_modules tools/axe/node_modules
