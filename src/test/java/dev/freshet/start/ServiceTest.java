package dev.freshet.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTest {

  @Test
  void aVariableWithoutAValueIsLeftOut() {
    assertThat(Service.empty(Map.of("FRESHET_SINK", "", "FRESHET_STORE", "lucene", "X", "")))
        .containsExactlyInAnyOrder("FRESHET_SINK", "X");
  }
}
