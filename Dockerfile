# The binary of `make build` and nothing else: no shell, no root.
#
# BINARY=released takes the one that goreleaser has built for the platform.
ARG BINARY=build

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make build

FROM scratch AS released
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/zomrobot /src/bin/bot
COPY LICENSE THIRD_PARTY_NOTICES.txt /src/

FROM $BINARY AS made

FROM scratch AS empty
WORKDIR /data

# Has the certificates of the authorities and the time zones.
FROM gcr.io/distroless/static-debian13:nonroot@sha256:f7f8f729987ad0fdf6b05eeeae94b26e6a0f613bdf46feea7fc40f7bd72953e6
LABEL org.opencontainers.image.title="zomrobot" \
      org.opencontainers.image.description="Telegram bot that orders and keeps Zomro Cloud VPS" \
      org.opencontainers.image.licenses="MIT"
COPY --from=made /src/bin/bot /bot
COPY --from=made /src/LICENSE /src/THIRD_PARTY_NOTICES.txt /licenses/
# A new volume takes the owner of the folder it is mounted on.
COPY --from=empty --chown=65532:65532 --chmod=700 /data /data
USER 65532:65532
ENV STORAGE_URL=bolt:/data/bot.db
VOLUME /data
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/bot", "health"]
ENTRYPOINT ["/bot"]
