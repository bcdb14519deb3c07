package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Models;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {

  private final TokenCounter counter = Models.tokenCounter();

  @Test
  void theSpecialTokensCount() {
    assertThat(counter.estimateTokenCountInText("")).isEqualTo(2);
    assertThat(counter.estimateTokenCountInText("lamp")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hello, world!  It's 12.50 €…",
        "tabs\tand\r\nlines\n\nand\u00a0other\u2003blanks\u2028here",
        "漢字 and かな mixed",
        "😀👩‍👩‍👧 x",
        "zero\u200bwidth \u200b soft\u00adhyphen",
        "[CLS] [SEP] [MASK]",
        "nul\u0000 in a word",
        "e\u0301 İstanbul ﷺ"
      })
  void theSumOfTheWordsIsTheModelsCount(String text) {
    assertThat(counter.estimateTokenCountInText(text)).isEqualTo(modelsCount(text));
  }

  @Test
  void theSumOfManyWordsIsTheModelsCount() {
    String text = Texts.prose(new Random(6), 300);

    assertThat(counter.estimateTokenCountInText(text)).isEqualTo(modelsCount(text));
  }

  @Test
  void aLongWordCountsByItsPieces() {
    assertThat(counter.estimateTokenCountInText("x".repeat(20_000))).isGreaterThan(5_000);
    assertThat(counter.estimateTokenCountInText("한국어".repeat(100))).isGreaterThan(300);
    assertThat(counter.estimateTokenCountInText("lamp " + "😀".repeat(320))).isEqualTo(23);
  }

  private static int modelsCount(String text) {
    return Window.of(0, Models.tokenizer().tokenize(text)).stream().mapToInt(Window::tokens).sum()
        + MiniLmTokenizer.SPECIAL_TOKENS;
  }
}
