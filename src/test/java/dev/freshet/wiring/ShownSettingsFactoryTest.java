package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.ShownSettings;
import io.micronaut.context.env.DefaultEnvironment;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShownSettingsFactoryTest {

  private static final String SECRET = "s3cret";

  private static Map<String, String> shown(Map<String, Object> settings) {
    Environment environment =
        new DefaultEnvironment(() -> List.of("unit"))
            .addPropertySource(PropertySource.of("test", settings));
    try (environment) {
      ShownSettings shown = new ShownSettingsFactory().shownSettings(environment.start());
      return new TreeMap<>(shown.byKey());
    }
  }

  @Test
  void whatHoldsNoSecretIsShown() {
    assertThat(
            shown(
                Map.of(
                    "freshet.store", "lucene",
                    "freshet.rabbitmq.prefetch", 200,
                    "freshet.rabbitmq.prefetch-bytes", "16MB",
                    "freshet.rabbitmq.topology", "check",
                    "freshet.rabbitmq.routing-keys", List.of("public.a", "public.b"),
                    "freshet.indexing.paused", true,
                    "freshet.freshness.timeout", "5s",
                    "log.level", "DEBUG")))
        .containsEntry("freshet.store", "lucene")
        .containsEntry("freshet.rabbitmq.prefetch", "200")
        .containsEntry("freshet.rabbitmq.prefetch-bytes", "16MB")
        .containsEntry("freshet.rabbitmq.topology", "check")
        .containsEntry("freshet.rabbitmq.routing-keys", "public.a,public.b")
        .containsEntry("freshet.indexing.paused", "true")
        .containsEntry("freshet.freshness.timeout", "5s")
        .containsEntry("log.level", "DEBUG")
        .doesNotContainKey("freshet.rabbitmq.timeout");
  }

  @Test
  void noPasswordAndNoKeyIsShownWhereverItStands() {
    Map<String, Object> hostile = new TreeMap<>();
    hostile.put("freshet.jdbc.url", "jdbc:postgresql://db/shop?user=u&password=" + SECRET);
    hostile.put("freshet.jdbc.user", SECRET);
    hostile.put("freshet.jdbc.password", SECRET);
    hostile.put("freshet.source.url", "jdbc:postgresql://u:" + SECRET + "@source/shop");
    hostile.put("freshet.source.password", SECRET);
    hostile.put("rabbitmq.uri", "amqp://u:" + SECRET + "@mq/");
    hostile.put("rabbitmq.password", SECRET);
    hostile.put("freshet.llama.url", "http://u:" + SECRET + "@llama:8000/" + SECRET + "?" + SECRET);
    hostile.put("freshet.http.url", "http://u:" + SECRET + "@llama:8000/");
    hostile.put("freshet.access.admin-key-sha256", SECRET);
    hostile.put("freshet.access.read-key-sha256", SECRET);
    hostile.put("freshet.rabbitmq.queue-arguments.x-key", SECRET);
    hostile.put("freshet.tables.public.products.content", SECRET);
    hostile.put("micronaut.server.ssl.key-store.password", SECRET);
    hostile.put("otel.exporter.otlp.headers", SECRET);
    hostile.put("freshet.password", SECRET);

    Map<String, String> shown = shown(hostile);

    assertThat(shown)
        .containsEntry("freshet.jdbc.url", "jdbc:postgresql://db/shop?…")
        .containsEntry("freshet.jdbc.password", "(set)")
        .containsEntry("freshet.source.url", "jdbc:postgresql://source/shop")
        .containsEntry("rabbitmq.uri", "amqp://mq/")
        .containsEntry("freshet.llama.url", "http://llama:8000/…?…")
        .containsEntry("freshet.access.admin-key-sha256", "(set)")
        .containsEntry("freshet.rabbitmq.queue-arguments", "(set)");
    assertThat(shown.toString()).doesNotContain(SECRET);
  }

  /** Whoever adds a text here has thought about what may stand in it. */
  @Test
  void ofEveryKeyThatTakesATextSomebodyHasDecided() {
    Map<String, Object> all = new TreeMap<>();
    KnownKeys.ofBeans(getClass().getClassLoader()).types().keySet().stream()
        .filter(key -> !RenamedSettings.KEYS.containsKey(key))
        .forEach(key -> all.put(key, SECRET));

    assertThat(shown(all).entrySet())
        .filteredOn(entry -> entry.getValue().equals("(set)"))
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "freshet.access.admin-key-sha256",
            "freshet.access.read-key-sha256",
            "freshet.jdbc.password",
            "freshet.jdbc.url",
            "freshet.jdbc.user",
            "freshet.llama.url",
            "freshet.rabbitmq.queue-arguments",
            "freshet.source.password",
            "freshet.source.url",
            "freshet.source.user");
  }
}
