package dev.freshet.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, postgres-linux-x86_64.txz",
    "Linux, aarch64, postgres-linux-arm_64.txz",
    "Mac OS X, x86_64, postgres-darwin-arm_64.txz",
    "Mac OS X, aarch64, postgres-darwin-arm_64.txz",
  })
  void eachPlatformHasItsArchive(String system, String processor, String archive) {
    assertThat(Platform.of(system, processor).archive()).isEqualTo(archive);
  }

  @Test
  void onWindowsItSaysWhatElseToDo() {
    assertThatThrownBy(() -> Platform.of("Windows 11", "amd64"))
        .hasMessageContaining("WSL")
        .hasMessageContaining("-Dmicronaut.environments=embedded");
  }

  @Test
  void elsewhereItOffersTheEventsByHand() {
    assertThatThrownBy(() -> Platform.of("Linux", "riscv64"))
        .hasMessageContaining("Linux on riscv64")
        .hasMessageContaining("-Dmicronaut.environments=embedded");
  }
}
