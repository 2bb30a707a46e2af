# The first stage compiles. The last one has only what the program needs to run.

FROM docker.io/library/swift:6.3.1-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libcurl4-openssl-dev libmosquitto-dev libssl-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY Benchmarks Benchmarks
ARG REVISION=""
RUN sed -i "s/static let revision = \"\"/static let revision = \"${REVISION}\"/" Sources/Exporter/Build.swift \
    && swift build -c release --static-swift-stdlib --disable-local-rpath --explicit-target-dependency-import-check error \
        --product bambu_exporter \
    && strip --strip-unneeded .build/release/bambu_exporter

# The simulated printers of examples/compose.demo.yaml: --target=simulator.
FROM build AS build-simulator
RUN swift build -c release --static-swift-stdlib --disable-local-rpath --explicit-target-dependency-import-check error --product bambu_simulator

FROM docker.io/library/debian:12.12-slim AS simulator
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmosquitto1 libssl3 mosquitto zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 65532 -g 65532 -m 0700 /demo
COPY --from=build-simulator /source/.build/release/bambu_simulator /usr/local/bin/bambu_simulator
USER 65532:65532
VOLUME /demo
HEALTHCHECK --interval=2s --timeout=2s --retries=30 CMD ["test", "-f", "/demo/config.json5"]
ENTRYPOINT ["/usr/local/bin/bambu_simulator", "--directory=/demo/printers", "--config-out=/demo/config.json5"]

FROM docker.io/library/debian:12.12-slim AS exporter
ARG REVISION=""
ARG VERSION="0.1.0"
ARG CREATED=""
LABEL org.opencontainers.image.title="bambu_exporter" \
      org.opencontainers.image.description="Prometheus exporter for Bambu Lab 3D printers" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcurl4 libmosquitto1 libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/* /var/lib/dpkg/*-old /var/log/apt /var/log/*.log \
    && install -d -o 65532 -g 65532 -m 0700 /var/lib/bambu_exporter
COPY --from=build /source/.build/release/bambu_exporter /usr/local/bin/bambu_exporter
# A number and not a name, so that Kubernetes can see that the user is not root.
USER 65532:65532
ENV BAMBU_STATE_DIR=/var/lib/bambu_exporter
VOLUME /var/lib/bambu_exporter
EXPOSE 10883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/usr/local/bin/bambu_exporter", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/bambu_exporter"]
