# A static binary in an image that holds nothing else: no shell, no package manager.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
ENV CGO_ENABLED=0
RUN go build -mod=readonly -trimpath -tags nomsgpack,grpcnotrace -ldflags="-s -w -X main.release=$VERSION" -o /out/btgw ./cmd/btgw
# What the empty image lacks: certificate authorities, the cache folder with its owner, a folder for temporary files.
RUN mkdir -p /out/cache /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/cache /cache
COPY --from=build --chown=65532:65532 /out/tmp /tmp
COPY --from=build /out/btgw /btgw

# A number, so that orchestrators can see that it is not root.
USER 65532:65532
# Content is opened to other machines only by --mode open, which the one who runs the container says.
ENV BTGW_LISTEN=0.0.0.0:8080 \
    BTGW_CACHE_DIR=/cache \
    BTGW_NO_PORTMAP=true
VOLUME ["/cache"]
EXPOSE 8080/tcp 22069/tcp 22069/udp
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/btgw", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/btgw"]
CMD ["serve"]
