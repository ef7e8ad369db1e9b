# weft. `make help` lists what there is.

GO ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0

# What a Debian or Ubuntu machine needs to draw: a Vulkan loader and, where
# there is no GPU, Mesa's CPU driver.
RUN_PACKAGES  := libvulkan1 mesa-vulkan-drivers
# What the tests and `make shaders` need besides: the validation layer that
# judges barriers, Vulkan's registry, shader compilers, clang to check MSL with,
# and a C compiler for the race detector and for checking struct layouts.
TEST_PACKAGES := $(RUN_PACKAGES) vulkan-validationlayers libvulkan-dev glslang-tools spirv-tools spirv-cross clang gcc libc6-dev

# $(call install,packages) installs what is missing, and only then asks for root.
define install
	@missing=$$(for p in $(1); do dpkg -s $$p 2>/dev/null | grep -q '^Status:.* installed$$' || echo $$p; done); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "no apt-get here: install what your system calls" $$missing >&2; exit 0; fi; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "installing" $$missing; \
	log=$$(mktemp); \
	{ $$sudo apt-get update && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing; } >$$log 2>&1 </dev/null \
		|| { tail -n 20 $$log >&2; exit 1; }
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: setup-run ## install what tests need (apt-get, as root or by sudo)
	$(call install,$(TEST_PACKAGES))

.PHONY: setup-run
setup-run: setup-go
	$(call install,$(RUN_PACKAGES))

.PHONY: setup-go
setup-go:
	@command -v $(GO) >/dev/null || { echo "weft is written in Go: install Go 1.26 or later (https://go.dev/doc/install)" >&2; exit 1; }
	@$(GO) version | awk '{split(substr($$3, 3), v, "."); exit !(v[1] > 1 || v[2] >= 21)}' || \
		{ echo "$$($(GO) version) is too old: install Go 1.26, or 1.21 and later, which fetch it (https://go.dev/doc/install)" >&2; exit 1; }

.PHONY: demo
demo: setup-run ## draw the demo's frame and write its pictures to out/upscale
	$(GO) run ./demos/upscale

.PHONY: test
test: setup lint build ## run every test
	$(GO) test -timeout 20m ./...

.PHONY: build
build: ## build everywhere: without cgo, for macOS and for Windows
	CGO_ENABLED=0 $(GO) build ./...
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build ./...
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build ./...

.PHONY: install
install: setup-go ## install the weft command into go's bin folder
	$(GO) install ./cmd/weft

.PHONY: lint
lint: ## check formatting, and vet for every system
	@unformatted=$$($(GO) run $(GOFUMPT) -l .); [ -z "$$unformatted" ] || { echo "run 'make format': $$unformatted" >&2; exit 1; }
	$(GO) vet ./...
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) vet ./...
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) run -exec 'env CGO_ENABLED=0 GOOS=darwin GOARCH=arm64' $(STATICCHECK) ./...

.PHONY: format
format: ## format the code
	$(GO) run $(GOFUMPT) -w .

# What uses several goroutines, or is called from them.
RACE := ./passes ./coreml ./metal ./metal/apple ./metal/apple/objc ./metal/apple/standin ./metal/metaltest ./metal/record ./metal/system ./metal/vulkan ./metal/vulkan/vk \
	./demos/upscale/picture ./demos/upscale/scene ./models/train/frames ./shaders/gen

.PHONY: race
race: setup ## run the tests of what uses several goroutines under the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $(RACE)
	CGO_ENABLED=1 $(GO) test -race -run 'Test(SharedMemoryChangesNoResult|Run|HistoryRotates|FrameAllocatesNothing|HandlesOfAnotherGraph|MisuseOfDeclarations|TargetsRefused|Resolve|ReadOnlyDepth|TargetsReadBesides)$$' ./graph
	CGO_ENABLED=1 $(GO) test -race -short ./metal/vulkan/network
	CGO_ENABLED=1 $(GO) test -race -run 'Mistakes|Photos' ./demos/upscale

.PHONY: prove
prove: ## run the long proofs: barriers against the exact optimum, and many random frames
	$(GO) test ./barriers -run 'Optimum|EveryFeature' -prove -v -timeout 60m

FUZZTIME ?= 10m

# go test fuzzes one target at a time.
.PHONY: fuzz
fuzz: ## fuzz each target for FUZZTIME (10m)
	@set -e; for p in ./barriers ./graph ./coreml ./cmd/weft; do \
		for target in $$($(GO) test $$p -list '^Fuzz' | grep '^Fuzz'); do \
			echo "$$p $$target"; \
			$(GO) test $$p -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x; \
		done; \
	done

.PHONY: bench
bench: setup ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

# ONNX Runtime comes with its library in the npm package; no script of it runs.
ONNXRUNTIME := out/onnxruntime/node_modules/onnxruntime-node

.PHONY: bench-networks
bench-networks: setup-run ## measure networks beside ONNX Runtime (300 MB of npm): BENCH=flags
	@command -v npm >/dev/null || { set -e; $(call install,nodejs npm); }
	@[ -d $(ONNXRUNTIME) ] || npm install --silent --ignore-scripts --no-audit --no-fund --prefix out/onnxruntime onnxruntime-node@1.30.0
	$(GO) run ./bench/networks $(BENCH) $(ONNXRUNTIME)

# Calls as an Apple GPU's CPU makes them: C code for arm64, in an emulator.
.PHONY: arm64
arm64: setup-go ## run the tests of Objective-C calls as arm64 code
	$(call install,qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
	CC=aarch64-linux-gnu-gcc CGO_ENABLED=0 GOARCH=arm64 $(GO) test -count=1 -exec 'qemu-aarch64 -L /usr/aarch64-linux-gnu' ./metal/apple/objc

.PHONY: models
models: ## on a Mac: make the .mtlpackage of each .mlpackage under models/
	@[ "$$(uname -s)" = Darwin ] || { echo "models: metal-package-builder runs on macOS only, and this is $$(uname -s)" >&2; exit 1; }
	@xcrun --find metal-package-builder >/dev/null 2>&1 || { echo "models: xcrun finds no metal-package-builder: install Xcode 26 and select it by xcode-select" >&2; exit 1; }
	@find models -name '*.mlpackage' -prune | while read -r p; do 		out="$${p%.mlpackage}.mtlpackage"; rm -rf "$$out" "$$out.sha256"; echo "$$out"; 		xcrun metal-package-builder -ml "$$p" -o "$$out" && 		(cd "$$p" && find . -type f -exec shasum -a 256 {} + | LC_ALL=C sort -k 2) > "$$out.sha256" || exit 1; 	done

.PHONY: mac-check
mac-check: ## on a Mac: run the driver's tests and the demo on Metal, and write out/mac-check/report.txt
	@GO="$(GO)" MAKE="$(MAKE)" metal/apple/mac-check.sh

.PHONY: shaders
shaders: setup ## compile the shaders to SPIR-V and MSL
	$(GO) run ./shaders/gen
	$(GO) run ./shaders/gen -from metal/metaltest/shaders

# Where make fixtures installs coremltools and PyTorch, 6 GB.
FIXTURES_VENV ?= out/fixtures

.PHONY: fixtures
fixtures: ## write the packages of coreml/fixtures anew (Python 3.11 and 6 GB of PyPI)
	@[ -x $(FIXTURES_VENV)/bin/python ] || python3 -m venv $(FIXTURES_VENV)
	$(FIXTURES_VENV)/bin/python -m pip install -q -r coreml/fixtures/make/requirements.txt
	TQDM_DISABLE=1 $(FIXTURES_VENV)/bin/python coreml/fixtures/make/main.py

.PHONY: golden
golden: setup ## write the golden files anew: look at what changed before you commit it
	$(GO) test ./graph ./barriers ./metal/record ./metal/apple/standin ./demos/upscale ./demos/upscale/scene -update
