# The inference server for those who build with Docker or BuildKit. `npm run up` makes the same image without either.
#
#   docker build -t slipway/runtime \
#     --build-arg NODE_IMAGE=docker.io/library/node@sha256:… \
#     --build-arg BASE_IMAGE=gcr.io/distroless/cc-debian12@sha256:… .
#
# Both images are given by digest and have no default, because a digest is only worth as much as the place you got it
# from. These print today's:
#
#   docker buildx imagetools inspect node:20-bookworm
#   docker buildx imagetools inspect gcr.io/distroless/cc-debian12:nonroot
#
# NODE_IMAGE must carry Node 20 on Debian 12; BASE_IMAGE glibc and libstdc++ at least as new (Debian 12 or later). For GPUs,
# add `--build-arg VARIANT=cuda` (linux/amd64 only); BASE_IMAGE then also carries CUDA 12 and cuDNN 9, as the
# `cudnn-runtime` images of docker.io/nvidia/cuda do.
ARG NODE_IMAGE
ARG BASE_IMAGE

FROM ${NODE_IMAGE} AS build
# The server is one file in which no scanner finds its packages: a list of software (SBOM) covers this stage, too.
ARG BUILDKIT_SBOM_SCAN_STAGE=true
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
# npm does not carry onnxruntime's CUDA libraries; the package's own script fetches them.
ARG VARIANT=cpu
RUN case "$VARIANT" in \
    cpu) ;; \
    cuda) ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js ;; \
    *) echo "VARIANT must be cpu or cuda, not \"$VARIANT\"" >&2; exit 1 ;; \
    esac
COPY tsconfig.json ./
COPY runtime runtime
COPY toolchain toolchain
RUN npm run bundle

FROM ${BASE_IMAGE}
# The paths and the user are those of the locally built image (runtime/contract.ts).
COPY --from=build /usr/local/bin/node /usr/bin/node
COPY --from=build /src/dist/image /opt/slipway
ENV NODE_ENV=production
WORKDIR /opt/slipway
USER 65532:65532
EXPOSE 8000 8001 8002
# Nothing is written but what is under /tmp: run it with --read-only --tmpfs /tmp.
ENTRYPOINT ["/usr/bin/node", "--max-semi-space-size=4", "/opt/slipway/server.js"]
CMD ["serve"]
