package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.CapturedLog;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.RecordedLlamaService;
import dev.freshet.support.Services;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import io.micronaut.web.router.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret in an excluded column comes to light nowhere: not in the index, the log (at every
 * level), an answer of any call, the metrics, the reason of a dead letter, or a request to the
 * LlamaIndex service. Only a dead letter's body keeps it. In every place where indexed values
 * stand, the mark of an indexed column is found, so that a search in the wrong place would fail.
 */
class ExcludedColumnsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One token for a JSON parser, and of a length that base64 never has. */
  private final String secret = "thesecret" + UUID.randomUUID().toString().replace("-", "");

  private final String mark = "mark" + UUID.randomUUID().toString().replace("-", "");
  private final MarkedMessages messages = new MarkedMessages(secret, mark);
  private final Map<String, Object> properties = new HashMap<>();

  @TempDir private Path folder;

  @Test
  void onPgvector() throws Exception {
    try (var schema = new TestSchema()) {
      properties.put("freshet.sink", "pgvector");
      properties.put("freshet.jdbc.url", Services.jdbcUrl());
      properties.put("freshet.jdbc.schema", schema.name());

      assertThat(runAndLook(messages.refusedByPostgres(), 1)).contains(mark);

      assertThat(tables(schema)).contains(mark).doesNotContain(secret);
    }
  }

  @Test
  void onLucene() throws Exception {
    properties.put("freshet.sink", "lucene");

    assertThat(runAndLook(messages.refused(), 0)).contains(mark);

    assertThat(files()).contains(mark).doesNotContain(secret);
  }

  @Test
  void beforeTheLlamaIndexService() throws Exception {
    try (var service = RecordedLlamaService.start()) {
      properties.put("freshet.sink", "http");
      properties.put("freshet.http.url", service.url().toString());
      // Like FastAPI it repeats what it was sent.
      service.answer(
          call ->
              call.documentId().filter(id -> id.equals("" + MarkedMessages.REFUSED)).isPresent()
                  ? Optional.of(
                      new RecordedLlamaService.Answer(422, Duration.ZERO, Map.of(), call.body()))
                  : Optional.empty());

      runAndLook(messages.refused(), 1);

      assertThat(indexingCalls(service)).contains(mark).doesNotContain(secret);
      assertThat(files()).contains(mark).doesNotContain(secret);
    }
  }

  /** A search passes on the text that its caller looks for. */
  private static String indexingCalls(RecordedLlamaService service) {
    return service.calls().stream()
        .filter(call -> !call.path().equals("/query"))
        .map(call -> call + " " + call.body() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * Takes every message in, and looks wherever every sink may show something.
   *
   * @param refused one more message, which the sink may refuse
   * @param refusals how many documents the sink refuses
   * @return what every call answered
   */
  private String runAndLook(ChangeMessage refused, int refusals) throws Exception {
    String answers;
    try (var queue = TestQueue.open();
        var log = CapturedLog.open()) {
      properties.putAll(queue.properties());
      properties.put("freshet.data-dir", folder.toString());
      properties.put("freshet.tables.public.products.exclude", "note");
      try (var server = FreshetServer.start(properties)) {
        await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
        queue.publish(messages.changes());
        queue.publish(messages.faults());
        queue.publish(List.of(refused, messages.last()));
        awaitIndexed(server, MarkedMessages.LAST);
        int faults = messages.faults().size() + refusals;
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(queue.deadLetters()).isEqualTo(faults));

        answers = answers(server);
        assertThat(answers).doesNotContain(secret);
        assertThat(problems(server))
            .hasSizeGreaterThan(10)
            .allMatch(text -> !text.contains(secret));
      }
      assertThat(deadLetterHeaders(queue)).contains("undecodable").doesNotContain(secret);
      assertThat(log.toString())
          .contains("ERROR Dead-lettered a message")
          .contains("DEBUG A message of routing key")
          .doesNotContain(secret);
    }
    return answers;
  }

  private static void awaitIndexed(FreshetServer server, int id) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                server
                    .get("/documents/" + MarkedMessages.TABLE + "/" + id)
                    .body()
                    .contains("\"indexed\""));
  }

  /** What every call that only looks answers, those included that are added some day. */
  private String answers(FreshetServer server) {
    List<String> paths =
        server
            .bean(Router.class)
            .uriRoutes()
            .filter(route -> route.getHttpMethodName().equals("GET"))
            .map(route -> route.getUriMatchTemplate().toPathString())
            .filter(path -> !path.contains("{"))
            .collect(Collectors.toCollection(ArrayList::new));
    assertThat(paths).contains("/search", "/prometheus", "/health");
    for (int id = 1; id <= 8; id++) {
      paths.add("/documents/public.products/" + id);
    }
    paths.add("/documents/public.products/" + MarkedMessages.REFUSED);
    for (String mode : List.of("vector", "keyword", "hybrid")) {
      paths.add("/search?k=100&mode=" + mode + "&q=" + secret);
      paths.add("/search?k=100&mode=" + mode + "&q=tent");
    }
    return paths.stream().map(path -> server.get(path).body() + "\n").collect(Collectors.joining());
  }

  /** What those are told who post what cannot be decoded, alone or in an array. */
  private List<String> problems(FreshetServer server) {
    return messages.faults().stream()
        .map(ChangeMessage::body)
        .map(body -> new String(body, StandardCharsets.UTF_8))
        .flatMap(
            body ->
                Stream.of(body, "[" + body + "]", "[{\"status\":1}," + body)
                    .map(sent -> server.post("/events", sent))
                    .filter(answer -> answer.status() != 202)
                    .map(answer -> answer.body()))
        .toList();
  }

  private static String deadLetterHeaders(TestQueue queue) throws IOException {
    var headers = new StringBuilder();
    for (GetResponse dead = queue.deadLetter(); dead != null; dead = queue.deadLetter()) {
      var own = new HashMap<>(dead.getProps().getHeaders());
      // The key comes from the source, as the body does.
      own.remove("__debezium.oldkey");
      headers.append(own).append('\n');
    }
    return headers.toString();
  }

  /** Every table of the schema, those of later versions too. */
  private static String tables(TestSchema schema) throws SQLException {
    var content = new StringBuilder();
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      var names = new ArrayList<String>();
      try (var found =
          statement.executeQuery(
              "SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                  + schema.name()
                  + "'")) {
        while (found.next()) {
          names.add(schema.name() + ".\"" + found.getString(1) + "\"");
        }
      }
      for (String name : names) {
        try (var rows = statement.executeQuery("SELECT t::text FROM " + name + " t")) {
          while (rows.next()) {
            content.append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return content.toString();
  }

  /** What the Lucene indexes of the folder store, unpacked, and all files as they are. */
  private String files() throws IOException {
    var content = new StringBuilder();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.toList()) {
        if (Files.isRegularFile(path)) {
          content.append(Files.readString(path, StandardCharsets.ISO_8859_1)).append('\n');
        } else {
          content.append(stored(path));
        }
      }
    }
    return content.toString();
  }

  private static String stored(Path path) throws IOException {
    var content = new StringBuilder();
    try (var directory = FSDirectory.open(path)) {
      if (DirectoryReader.indexExists(directory)) {
        try (var reader = DirectoryReader.open(directory)) {
          for (int i = 0; i < reader.maxDoc(); i++) {
            for (var field : reader.storedFields().document(i)) {
              BytesRef bytes = field.binaryValue();
              content
                  .append(bytes == null ? field.stringValue() : bytes.utf8ToString())
                  .append('\n');
            }
          }
        }
      }
    }
    return content.toString();
  }
}
