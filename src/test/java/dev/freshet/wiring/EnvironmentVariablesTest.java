package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micronaut.context.env.PropertySource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {

  private static final KnownKeys KEYS =
      KnownKeys.ofBeans(EnvironmentVariablesTest.class.getClassLoader());

  private final EnvironmentVariables variables =
      EnvironmentVariables.referredToIn(
          List.of(
              PropertySource.of(
                  "file",
                  Map.of(
                      "micronaut.server.port", "${FRESHET_HTTP_PORT:8080}",
                      "freshet.jdbc.password", "${FRESHET_SECRET}"))));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FRESHET_SINK",
        "FRESHET_SAMPLES",
        "FRESHET_SOURCE_EPOCH",
        "FRESHET_HTTP_BREAKER_FAILURES",
        "FRESHET_RABBITMQ_ROUTING_KEYS",
        "FRESHET_ACCESS_ADMIN_KEY_SHA256",
        "FRESHET_HTTP_PORT",
        "FRESHET_SECRET",
        "FRESHET_API_KEY",
        "FRESHET_TEST_JDBC_URL",
        "FRESHET_SERVICES_ROOT",
        "FRESHET_RABBITMQ_TOPOLOGY",
        "FRESHET_RABBITMQ_QUEUE_TYPE",
        "FRESHET_ACCESS_ALLOWED_HOSTS",
        "FRESHET_ACCESS_TRUSTED_PROXIES",
        "FRESHET_SERVICE_HOST",
        "FRESHET_SERVICE_PORT_HTTP",
        "FRESHET_PORT_8080_TCP_ADDR",
        "FRESHET_DB_PORT_5432_TCP",
        "OTHER_SINKK"
      })
  void whatCountsOrIsNotMeantForFreshetIsLeftAlone(String variable) {
    assertThatCode(() -> variables.requireKnown(variable, "x", KEYS)).doesNotThrowAnyException();
  }

  @Test
  void theAddressThatKubernetesSetsIsLeftAlone() {
    assertThatCode(() -> variables.requireKnown("FRESHET_PORT", "tcp://10.0.0.1:8080", KEYS))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "FRESHET_SINKK, FRESHET_SINK",
    "FRESHET_RABBITMQ_EXCHNGE, FRESHET_RABBITMQ_EXCHANGE",
    "FRESHET_RABBIT_MQ_QUEUE, FRESHET_RABBITMQ_QUEUE",
    "FRESHET_HTP_PORT, FRESHET_HTTP_PORT",
    "FRESHET_APIKEY, FRESHET_API_KEY",
    "FRESHET_JDBC_URL_, FRESHET_JDBC_URL",
  })
  void aMistypedVariableIsToldTheNearest(String variable, String nearest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> variables.requireKnown(variable, "8080", KEYS))
        .withMessage(variable + " is not a variable of Freshet: did you mean " + nearest + "?");
  }

  @Test
  void aVariableForATableIsRefusedBecauseItWouldNotCount() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> variables.requireKnown("FRESHET_TABLES_PUBLIC_PRODUCTS_KEY", "id", KEYS))
        .withMessageContaining("a variable cannot name a table");
  }
}
