package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Models;
import dev.langchain4j.data.segment.TextSegment;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that break tokenizers, against the real splitter, tokenizer and model. */
@Timeout(120)
class HostileTextsTest {

  private static final int EMBEDDED = 3;

  static List<String> texts() {
    return List.of(
        "half a pair \ud800 and the other \udc00\ud800",
        "\0".repeat(5_000),
        "a\0b \ufffe\uffff\ufffd",
        "a" + "\u0301".repeat(1_000_000),
        "\u202e" + "right to left ".repeat(500) + "\u202c",
        "x".repeat(100_000),
        "\u200b\u200d\ufeff".repeat(20_000),
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67".repeat(2_000),
        "\uac00".repeat(20_000),
        "\u0007\u001b[31m\u0085\u2028",
        ".".repeat(50_000),
        "((((((((((".repeat(2_000),
        "\n".repeat(50_000) + "end");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("texts")
  void aHostileTextIsSplitAndEmbedded(String text) {
    List<String> segments = Models.splitter().split(text);

    List<TextSegment> some = segments.stream().limit(EMBEDDED).map(TextSegment::from).toList();
    var embeddings = some.isEmpty() ? List.of() : Models.embeddingModel().embedAll(some).content();

    assertThat(embeddings).hasSameSizeAs(some);
    for (float value :
        some.isEmpty()
            ? new float[0]
            : Models.embeddingModel().embed(some.get(0)).content().vector()) {
      assertThat(value).isFinite();
    }
  }
}
