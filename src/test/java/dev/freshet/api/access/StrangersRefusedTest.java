package dev.freshet.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a server without a key may answer. */
class StrangersRefusedTest {

  private static final String HASH = KeyedServer.sha256("key");

  private static void start(Map<String, Object> settings) {
    KeyedServer.start(settings).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "", "192.0.2.1", "no-such-host.invalid"})
  void onAnAddressThatOthersReachAStartWithoutAKeyIsRefused(String host) {
    assertThatThrownBy(() -> start(Map.of("micronaut.server.host", host)))
        .hasStackTraceContaining("there is no API key")
        .hasStackTraceContaining("sha256sum")
        .hasStackTraceContaining("FRESHET_ACCESS_ADMIN_KEY_SHA256")
        .hasStackTraceContaining("FRESHET_HTTP_HOST=127.0.0.1")
        .hasStackTraceContaining("FRESHET_ACCESS_ENABLED=false");
  }

  @Test
  void aFurtherListenerIsNotOverlooked() {
    Map<String, Object> listener =
        Map.of(
            "micronaut.server.netty.listeners.all.host",
            "0.0.0.0",
            "micronaut.server.netty.listeners.all.port",
            -1);

    assertThatThrownBy(() -> start(listener)).hasStackTraceContaining("there is no API key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "[::1]"})
  void onLoopbackNoKeyIsNeeded(String host) {
    assertThatCode(() -> start(Map.of("micronaut.server.host", host))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "freshet.access.enabled, false",
    "freshet.access.admin-key-sha256, HASH",
    "freshet.access.read-key-sha256, HASH"
  })
  void aKeyOrAWordOnPurposeLetsItAnswerEverywhere(String setting, String value) {
    var settings = new HashMap<String, Object>();
    settings.put("micronaut.server.host", "0.0.0.0");
    settings.put(setting, value.replace("HASH", HASH));

    assertThatCode(() -> start(settings)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "freshet.access.admin-key-sha256, freshet_0123, holds something that is not a SHA-256",
    "freshet.access.read-key-sha256, 'abc', holds something that is not a SHA-256",
    "freshet.access.enabled, true, but there is no key",
    "freshet.access.enabled, treu, freshet.access.enabled is 'treu'; write true or false"
  })
  void aSettingThatCannotBeMeantEndsTheStart(String key, String value, String message) {
    assertThatThrownBy(() -> start(Map.of(key, value))).hasStackTraceContaining(message);
  }

  @Test
  void anEmptyHashAsAVariableWithoutAValueLeavesItIsNoKey() {
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "micronaut.server.host", "0.0.0.0", "freshet.access.admin-key-sha256", "")))
        .hasStackTraceContaining("there is no API key");
  }

  @Test
  void aKeyInThePlaceOfItsHashIsNotQuoted() {
    assertThatThrownBy(() -> start(Map.of("freshet.access.admin-key-sha256", "freshet_s3cret")))
        .satisfies(
            failure -> {
              for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                assertThat(cause.getMessage()).doesNotContain("s3cret");
              }
            });
  }
}
