# syntax=docker/dockerfile:1
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
# The wrapper and its Maven change rarely: they have a layer of their own. The dependencies live in a cache mount instead,
# because dependency:go-offline misses annotation processors.
COPY mvnw ./
COPY .mvn .mvn
RUN ./mvnw --batch-mode --version
COPY pom.xml ./
COPY openapi openapi
COPY src src
# The Git commit, which GET /info tells: docker build --build-arg COMMIT=$(git rev-parse HEAD) .
ARG COMMIT=
# The tests need servers: scripts/test runs them.
RUN --mount=type=cache,target=/root/.m2/repository \
    ./mvnw --batch-mode --no-transfer-progress -DskipTests -Dbuild.commit="$COMMIT" package

FROM eclipse-temurin:25-jre
RUN useradd --system --user-group --no-create-home --home-dir /data freshet \
    && install --directory --mode=0700 --owner=freshet --group=freshet /data
COPY --from=build /build/target/freshet.jar /app/freshet.jar

# The tokenizer unpacks its native library into a cache, which must be writable.
ENV FRESHET_HTTP_HOST=0.0.0.0 \
    FRESHET_DATA_DIR=/data \
    DJL_CACHE_DIR=/data/.djl
USER freshet
WORKDIR /data
VOLUME /data
EXPOSE 8080

# bash speaks TCP itself: the image needs no HTTP client.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${FRESHET_HTTP_PORT:-8080} && printf 'GET /health/readiness HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200* ]]"]

# Java 25 warns at each native library (the tokenizer, ONNX Runtime) that is loaded without this permission.
# Out of memory it ends, and the platform starts it anew: messages come again, and nothing lingers half alive.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/freshet.jar"]
