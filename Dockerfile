# Three stages: compile, collect the few shared libraries, and an image of nothing else.
ARG BUILD_IMAGE=swift:6.3.1-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
# An image without `swift` gets Debian's own package of it (Debian 13 and later), and what that needs to compile and link.
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get update -q \
    && apt-get install -qy --no-install-recommends binutils libssl-dev libsqlite3-dev pkg-config \
        $(command -v swift >/dev/null || echo swiftlang g++ libc6-dev git ca-certificates) \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
# The package names its test targets, so the compiler's plan wants their folders; nothing of them is compiled.
COPY Tests Tests
RUN swift build -c release --explicit-target-dependency-import-check error --static-swift-stdlib --product mock-zitadel \
    && strip -o /mock-zitadel "$(swift build -c release --static-swift-stdlib --show-bin-path)/mock-zitadel"

# The libraries come from the runtime image, which gets its security updates on every build.
FROM ${RUNTIME_IMAGE} AS collect
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get update -q \
    && apt-get install -qy --no-install-recommends libssl3 libsqlite3-0 libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /mock-zitadel /root-of-image/usr/local/bin/mock-zitadel
COPY seed /root-of-image/seed
# A library that is missing, or too old for the program, fails the build and not the first start.
RUN cd /root-of-image \
    && ldd usr/local/bin/mock-zitadel >/tmp/libraries \
    && ! grep 'not found' /tmp/libraries \
    && cp -L --parents $(grep -o '/[^ ]*' /tmp/libraries) . \
    && mkdir -m 1777 tmp \
    && mkdir /empty \
    && chmod -R a+rX seed \
    && usr/local/bin/mock-zitadel --version

FROM scratch
COPY --from=collect /root-of-image /
COPY --from=collect --chown=65532:65532 /empty /data
ENV PATH=/usr/local/bin \
    MOCK_ZITADEL_HOST=* \
    MOCK_ZITADEL_DATABASE=/data/mock-zitadel.sqlite \
    MOCK_ZITADEL_SEED=/seed
# A number, so that Kubernetes' runAsNonRoot can tell that it is not root.
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=1s --timeout=2s --start-period=10s --retries=3 CMD ["mock-zitadel", "ready"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["mock-zitadel"]
