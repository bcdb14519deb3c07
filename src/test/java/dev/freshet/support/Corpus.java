package dev.freshet.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.feed.ChangeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The messages that Debezium Server put on RabbitMQ, and what their README says of them. */
public final class Corpus {

  private static final Path FOLDER = Path.of("src/test/resources/corpus");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern HEADING = Pattern.compile("## (\\S+)");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+\\.json)` \\| (.*) \\|");

  private Corpus() {}

  /**
   * One message.
   *
   * @param name {@code folder/file}
   * @param says what the README says of it
   */
  public record Entry(String name, String says, ChangeMessage message) {

    public String folder() {
      return name.substring(0, name.indexOf('/'));
    }

    public String body() {
      return new String(message.body(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Every message, by folder, in order of arrival. */
  public static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    descriptions().forEach((name, says) -> entries.add(read(name, says)));
    return entries;
  }

  /** The messages of one folder, in order of arrival. */
  public static List<Entry> entries(String folder) {
    return entries().stream().filter(entry -> entry.folder().equals(folder)).toList();
  }

  public static Entry entry(String name) {
    return entries().stream().filter(entry -> entry.name().equals(name)).findAny().orElseThrow();
  }

  /** How many message files there are, described or not. */
  public static long files() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> descriptions() {
    var descriptions = new LinkedHashMap<String, String>();
    String folder = "";
    for (String line : lines()) {
      var heading = HEADING.matcher(line);
      var row = ROW.matcher(line);
      if (heading.matches()) {
        folder = heading.group(1);
      } else if (row.matches()) {
        descriptions.put(folder + "/" + row.group(1), row.group(2));
      }
    }
    return descriptions;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(FOLDER.resolve("README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry read(String name, String says) {
    try {
      JsonNode file = MAPPER.readTree(FOLDER.resolve(name).toFile());
      byte[] body =
          file.has("bodyBase64")
              ? Base64.getDecoder().decode(file.path("bodyBase64").textValue())
              : file.path("body").textValue().getBytes(StandardCharsets.UTF_8);
      var headers = new HashMap<String, String>();
      file.path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return new Entry(
          name, says, new ChangeMessage(file.path("routingKey").asText(), headers, body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
