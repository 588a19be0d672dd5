# The binary of `make build` and nothing else: no shell, no root.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build && mkdir /data

# Has the certificates of the authorities and the time zones.
FROM gcr.io/distroless/static:nonroot
COPY --from=build /src/bin/bot /bot
# A new volume takes the owner of the folder it is mounted on.
COPY --from=build --chown=65532:65532 --chmod=700 /data /data
USER 65532:65532
ENV STORAGE_URL=bolt:/data/bot.db
VOLUME /data
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/bot", "health"]
ENTRYPOINT ["/bot"]
