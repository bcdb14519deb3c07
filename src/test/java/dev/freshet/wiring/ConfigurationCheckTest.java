package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {

  @TempDir private Path folder;

  private void start(Map<String, Object> settings) {
    var properties = new HashMap<>(settings);
    properties.putIfAbsent("freshet.feed", "memory");
    properties.putIfAbsent("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    ApplicationContext.builder().properties(properties).start().close();
  }

  @Test
  void goodSettingsStart() {
    start(
        Map.of(
            "freshet.indexing.batch-bytes", "1MB",
            "freshet.indexing.shutdown-timeout", "5s",
            "freshet.tables.public.products.exclude", "note",
            "freshet.http.breaker.trials", "3",
            "freshet.sourceEpoch", "1",
            "freshet.rabbitmq.routing-keys[0]", "public.a"));
  }

  @Test
  void everyKeyOfTheBrokersTopologyAndOfAccessIsKnown() {
    start(
        Map.of(
            "freshet.rabbitmq.topology", "check",
            "freshet.rabbitmq.queue-type", "quorum",
            "freshet.rabbitmq.queue-arguments.x-max-length", "1000000",
            "freshet.rabbitmq.queue-arguments.x-single-active-consumer", "true",
            "freshet.access.allowed-hosts", "shop.example",
            "freshet.access.trusted-proxies", "10.0.0.0/8",
            "freshet.tables.public.products.partitions", "public.products_*",
            "freshet.freshness.silence", "2m"));
  }

  @Test
  void aListAndAnAliasOfTheFrameworkAreKnown() {
    start(Map.of("freshet.rabbitmq.routingKeys", "public.a,public.b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freshet.tabels.public.products.exclude | note | freshet.tabels.public.products.exclude is not a setting of Freshet: did you mean freshet.tables",
        "freshet.sink | elastic | freshet.sink is 'elastic'; use local or http",
        "freshet.store | elastic | freshet.store is 'elastic'; use pgvector or lucene",
        "freshet.feed | kafka | freshet.feed is 'kafka'; use postgresql, rabbitmq or memory",
        "freshet.indexing.batch-size | zero | freshet.indexing.batch-size is 'zero': write a whole number",
        "freshet.indexing.batch-bytes | lots | freshet.indexing.batch-bytes is 'lots': write a size, as in 32MB",
        "freshet.indexing.shutdown-timeout | 20 | freshet.indexing.shutdown-timeout is '20': write a time with its unit, as in 20s",
        "freshet.source.url | postgresql://shop | freshet.source.url (FRESHET_SOURCE_URL) is not a JDBC URL",
        "freshet.jdbc.timeout | -5s | freshet.jdbc.timeout (FRESHET_JDBC_TIMEOUT) is -5 s; use 250ms to 24h",
        "freshet.canary.interval | 1m | and the canary writes to the source: set freshet.source.url",
        "freshet.canary.table | canary | write it as public.freshet_canary",
        "freshet.rabbitmq.exchnge | shop | freshet.rabbitmq.exchnge is not a setting of Freshet: did you mean freshet.rabbitmq.exchange?",
        "freshet.sinkk | http | did you mean freshet.sink?",
        "freshet.api-key | secret | did you mean freshet.access.admin-key-sha256?",
        "freshet.http.breaker.trial | 2 | did you mean freshet.llama.breaker.trials?",
        "freshet.rabbitmq | localhost | freshet.rabbitmq takes no value of its own",
        "freshet.rabbitmq.queue.name | q | freshet.rabbitmq.queue.name is not a setting",
        "freshet.source.nudge | maybe | freshet.source.nudge is 'maybe'; write true or false",
        "freshet.source.nudge | TRUE | freshet.source.nudge is 'TRUE'; write true or false",
        "freshet.indexing.paused | yes | freshet.indexing.paused is 'yes'; write true or false",
        "freshet.rabbitmq.verify-certificate | off | freshet.rabbitmq.verify-certificate is 'off'",
        "freshet.rabbitmq.topology | passive | freshet.rabbitmq.topology is 'passive': use declare, check or none",
        "freshet.rabbitmq.queue-type | stream | freshet.rabbitmq.queue-type is 'stream': use classic or quorum",
        "freshet.rabbitmq.queue-arguments.x-queue-type | quorum | use freshet.rabbitmq.queue-type",
        "freshet.rabbitmq.queue-argument.x-max-length | 5 | did you mean freshet.rabbitmq.queue-arguments?",
        "freshet.access.allowed-host | shop.example | did you mean freshet.access.allowed-hosts?",
        "freshet.source-epoch | first | freshet.source-epoch is 'first': write a whole number",
      })
  void aSettingThatWouldNotCountEndsTheStart(String key, String value, String message) {
    assertThatThrownBy(() -> start(Map.of(key, value))).hasStackTraceContaining(message);
  }
}
