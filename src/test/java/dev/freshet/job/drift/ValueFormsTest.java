package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueFormsTest {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static boolean same(String stored, String read) throws Exception {
    JsonNode one = MAPPER.readTree(stored);
    return ValueForms.same(one, MAPPER.readTree(read));
  }

  /** Of the corpus: with a schema, and without one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                   | 1.0
          19782               | "2024-02-29"
          -2147472692         | "infinity"
          45296789012         | "12:34:56.789012"
          45296789            | "12:34:56.789"
          86400000000         | "24:00:00"
          1709210096789012    | "2024-02-29T12:34:56.789012"
          1709210096789       | "2024-02-29T12:34:56.789"
          -63517824000000000  | "-0043-03-15T00:00"
          9223372036825200000 | "infinity"
          37091106000000      | "PT10303H5M6S"
          "BM4="              | 12.30
          "12.30"             | 12.3
          [19782,null]        | ["2024-02-29",null]
          null                | null
          "a"                 | "a"
          """)
  void theFormsOfOneValueAreTheSame(String stored, String read) throws Exception {
    assertThat(same(stored, read)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                | 2
          19782            | "2024-03-01"
          19782            | "infinity"
          1709210096789012 | "infinity"
          1709210096789    | "-infinity"
          9223372036825200000 | "-infinity"
          45296789012      | "12:34:56.789013"
          1709210096789012 | "2024-02-29T12:34:56.789013"
          "BM4="           | 12.31
          "not a number"   | 1
          "a"              | "A"
          null             | 0
          0                | null
          ""               | null
          [1]              | [1,2]
          true             | "true"
          1234567890123456789.1 | 1234567890123456789.2
          1.1              | 1.1000000000000000888
          """)
  void otherValuesAreNot(String stored, String read) throws Exception {
    assertThat(same(stored, read)).isFalse();
  }
}
