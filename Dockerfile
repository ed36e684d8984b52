# docker build -t mlpbench .
# docker run --rm -v "$PWD/results:/results" mlpbench run --quick --output /results
FROM debian:12 AS build
COPY . /mlpbench
RUN /mlpbench/scripts/package

FROM debian:12-slim
COPY --from=build /mlpbench/build/package/packages/*.deb /tmp/
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y /tmp/*.deb \
  && rm -rf /tmp/*.deb /var/lib/apt/lists/*
ENTRYPOINT ["mlpbench"]
CMD ["--help"]
