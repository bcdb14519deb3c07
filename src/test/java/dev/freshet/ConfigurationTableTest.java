package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/configuration.md} true: every key of the code, with its default. */
class ConfigurationTableTest {

  private static final Pattern ROW =
      Pattern.compile("\\| `(freshet\\.[^`]+)` \\| (.*?) \\| .* \\|");

  /** Keys that choose beans, and so stand in no configuration record. */
  private static final Map<String, String> CHOICES =
      Map.of(
          "freshet.feed", "`rabbitmq`",
          "freshet.sink", "`local`",
          "freshet.store", "`pgvector`",
          "freshet.samples", "");

  @Test
  void everyKeyStandsInATableWithItsDefault() throws IOException {
    var documented = new TreeMap<String, String>();
    for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      var row = ROW.matcher(line);
      if (row.matches() && !row.group(1).startsWith("freshet.tables.")) {
        documented.put(row.group(1), row.group(2).strip());
      }
    }
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(keysOfTheCode());
  }

  private static Map<String, String> keysOfTheCode() {
    var keys = new TreeMap<>(CHOICES);
    for (Class<?> type : classes()) {
      if (type.isAnnotationPresent(ConfigurationProperties.class)) {
        keys.putAll(keysOf(type));
      }
    }
    return keys;
  }

  /** All of the code's classes but those that the framework has made of them. */
  private static List<Class<?>> classes() {
    try {
      Path root =
          Path.of(Application.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var classes = new ArrayList<Class<?>>();
      try (Stream<Path> files = Files.walk(root.resolve("dev"))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
          String name = root.relativize(file).toString().replace(File.separatorChar, '.');
          if (!name.contains(".$")) {
            String type = name.substring(0, name.length() - ".class".length());
            classes.add(Class.forName(type, false, Application.class.getClassLoader()));
          }
        }
      }
      return classes;
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> keysOf(Class<?> type) {
    assertThat(type.isRecord()).as("%s is a record", type).isTrue();
    String prefix = type.getAnnotation(ConfigurationProperties.class).value();
    var keys = new TreeMap<String, String>();
    for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
      Bindable bindable = parameter.getAnnotation(Bindable.class);
      String value = bindable == null ? "" : bindable.defaultValue();
      keys.put(
          prefix + "." + dashed(parameter.getName()), value.isEmpty() ? "" : "`" + value + "`");
    }
    return keys;
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void theChoicesHaveTheirDefaultsInTheShippedConfiguration() throws IOException {
    String shipped = Files.readString(Path.of("src/main/resources/application.yml"));
    assertThat(shipped).contains("  feed: rabbitmq\n").contains("  sink: local\n");
  }
}
