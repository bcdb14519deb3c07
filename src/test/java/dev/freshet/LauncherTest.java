package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {

  private static final int JAVA_8 = 52;

  @ParameterizedTest
  @CsvSource({"1.8, 8", "9, 9", "11, 11", "16, 16"})
  void anOlderJavaIsRefused(String version, String major) {
    assertThat(Launcher.refusal(version))
        .isEqualTo("This is Java " + major + "; Freshet needs Java 17 or newer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "21", "25", "", "next"})
  void aNewerJavaIsNot(String version) {
    assertThat(Launcher.refusal(version)).isNull();
  }

  @Test
  void anOlderJavaCanReadTheClassThatRefusesIt() throws IOException {
    try (var file = new DataInputStream(Launcher.class.getResourceAsStream("Launcher.class"))) {
      assertThat(file.readInt()).isEqualTo(0xCAFEBABE);
      file.readUnsignedShort();
      assertThat(file.readUnsignedShort()).isEqualTo(JAVA_8);
    }
  }
}
