package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
    new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.freshet")
            .stream()
            .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
            .forEach(type -> keys.putAll(keysOf(type.reflect())));
    return keys;
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
