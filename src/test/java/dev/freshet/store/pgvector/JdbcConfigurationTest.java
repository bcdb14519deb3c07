package dev.freshet.store.pgvector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcConfigurationTest {

  private static JdbcConfiguration withSchema(String schema) {
    return new JdbcConfiguration(
        "jdbc:postgresql://localhost/x", "user", "s3cret", schema, 8, Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\"; DROP SCHEMA public CASCADE; --",
        "a,pg_catalog",
        "a.b",
        "a b",
        "a'b",
        "a\n",
        "${model}",
        "1a"
      })
  void aSchemaNameThatCouldBeReadAsMoreThanANameIsRefused(String schema) {
    assertThatThrownBy(() -> withSchema(schema)).hasMessageContaining("freshet.jdbc.schema is '");
  }

  @Test
  void thePasswordIsNotShown() {
    assertThat(withSchema("index_2").toString()).contains("index_2").doesNotContain("s3cret");
  }
}
