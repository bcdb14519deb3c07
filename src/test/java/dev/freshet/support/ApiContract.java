package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Freshet's own contract, {@code openapi/freshet.yaml}, against which answers are held. */
public final class ApiContract {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = read();
  private static final SchemaValidatorsConfig ASSERTING =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  private static final Map<JsonNode, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private ApiContract() {}

  /** Of clients nobody is told to refuse a member that is new; here each has to be described. */
  private static JsonNode read() {
    try {
      JsonNode document = new YAMLMapper().readTree(Path.of("openapi/freshet.yaml").toFile());
      document.at("/components/schemas").forEach(ApiContract::close);
      return document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode node
        && node.has("properties")
        && !node.has("additionalProperties")) {
      node.put("additionalProperties", false);
    }
    schema.forEach(ApiContract::close);
  }

  /**
   * Asserts that the contract describes an answer: its status, its media type, its body, and the
   * parameters that led to it. What the contract has no path or method for is none of its business.
   */
  public static void assertKept(HttpResponse<String> response) {
    String method = response.request().method();
    URI uri = response.request().uri();
    Optional<JsonNode> operation =
        path(uri).map(item -> item.path(method.toLowerCase(java.util.Locale.ROOT)));
    if (operation.isEmpty() || operation.get().isMissingNode()) {
      return;
    }
    String call = method + " " + uri.getRawPath();
    JsonNode responses = operation.get().path("responses");
    JsonNode described = resolved(responses.path(String.valueOf(response.statusCode())));
    assertThat(described.isMissingNode())
        .as("openapi/freshet.yaml describes %s of %s", response.statusCode(), call)
        .isFalse();
    if (response.statusCode() < 300) {
      assertThat(names(operation.get())).as("the parameters of %s", call).containsAll(names(uri));
    }
    assertBody(call, described.path("content"), response);
  }

  private static void assertBody(String call, JsonNode content, HttpResponse<String> response) {
    if (content.isMissingNode()) {
      assertThat(response.body()).as("the body of %s", call).isEmpty();
      return;
    }
    String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    assertThat(content.has(type)).as("%s is %s", call, type).isTrue();
    if (type.endsWith("json")) {
      assertThat(schema(content.path(type).path("schema")).validate(parsed(response.body())))
          .as("%s: %s", call, response.body())
          .isEmpty();
    }
  }

  private static JsonSchema schema(JsonNode described) {
    return SCHEMAS.computeIfAbsent(
        described,
        node -> {
          ObjectNode root = node.deepCopy();
          root.set("components", DOCUMENT.path("components"));
          return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root, ASSERTING);
        });
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + body, e);
    }
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** The query parameters that an operation describes. */
  private static List<String> names(JsonNode operation) {
    var names = new ArrayList<String>();
    for (JsonNode parameter : operation.path("parameters")) {
      if (resolved(parameter).path("in").asText().equals("query")) {
        names.add(resolved(parameter).path("name").asText());
      }
    }
    return names;
  }

  private static List<String> names(URI uri) {
    return uri.getRawQuery() == null
        ? List.of()
        : Stream.of(uri.getRawQuery().split("&"))
            .map(part -> part.replaceFirst("=.*", ""))
            .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
            .toList();
  }

  /** The path that is meant: one without variables before one with them. */
  private static Optional<JsonNode> path(URI uri) {
    String asked = uri.getRawPath();
    JsonNode paths = DOCUMENT.path("paths");
    if (paths.has(asked)) {
      return Optional.of(paths.path(asked));
    }
    return paths.properties().stream()
        .filter(path -> asked.matches(path.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
