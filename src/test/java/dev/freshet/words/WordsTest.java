package dev.freshet.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {

  @Test
  void aWholeStandsWhereItsFirstPartDoes() {
    assertThat(Words.of("See <user@example.org>, now."))
        .containsExactly(
            new Word("see", 1),
            new Word("user@example.org", 2),
            new Word("user", 2),
            new Word("example", 3),
            new Word("org", 4),
            new Word("now", 5));
  }

  @Test
  void wordsAreFoundInScriptsWithoutBlanks() {
    assertThat(Words.toFind("新しい東京の工場で生産されたテント")).contains("新しい", "東京", "工場", "生産", "テント");
    assertThat(Words.toFind("ผ้าใบกันน้ำสำหรับตั้งแคมป์")).containsAll(Words.toFind("กันน้ำ"));
  }

  @Test
  void aLongWordIsCutWithinNoCharacter() {
    assertThat(Words.toFind("w".repeat(300))).containsExactly("w".repeat(255));
    assertThat(Words.toFind("𝒳".repeat(300))).allMatch(word -> word.length() <= 255);
    assertThat(Words.toFind("𐐨".repeat(300))).containsExactly("𐐨".repeat(127));
  }

  @Test
  void aQueryHasNoMoreWordsThanAStoreTakes() {
    var text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("word").append(i).append(' ');
    }
    assertThat(Words.toFind(text.toString())).hasSize(256).contains("word0");
  }

  static Set<String> hostileTexts() {
    return Set.of(
        "a".repeat(1_000_000),
        ".".repeat(1_000_000),
        "a-".repeat(200_000),
        "e\u0301".repeat(200_000),
        "a" + "\u0301\u0323".repeat(100_000),
        "テ".repeat(200_000),
        "ก".repeat(200_000),
        "\ud800".repeat(200_000),
        "\u200b\u00ad".repeat(200_000),
        "👨‍👩‍👧".repeat(50_000));
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void aHostileTextIsTakenApartWithinSeconds(String text) {
    assertTimeout(
        Duration.ofSeconds(60), () -> assertThat(Words.of(text)).hasSizeLessThanOrEqualTo(16_000));
  }
}
