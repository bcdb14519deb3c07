package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Models;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures; run it with {@code -Dtest=ThroughputCampaign -Dtest.excluded.groups=}. */
@Tag("campaign")
class ThroughputCampaign {

  private static final int ROUNDS = 5;

  @Test
  void aBatchIsFasterThanLangChain4jsModelInALoop() {
    // Short enough for both to read whole.
    Random random = new Random(8);
    List<TextSegment> segments =
        IntStream.range(0, 200)
            .mapToObj(i -> TextSegment.from(Texts.words(random, 5 + random.nextInt(50))))
            .toList();
    AllMiniLmL6V2EmbeddingModel loop = new AllMiniLmL6V2EmbeddingModel();
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double looped = millis(() -> segments.forEach(loop::embed));
      double all = millis(() -> loop.embedAll(segments));
      double batched = millis(() -> Models.embeddingModel().embedAll(segments));
      best = Math.max(best, looped / batched);
      System.out.printf(
          "LangChain4j embed in a loop %.0f ms, embedAll %.0f ms; here %.0f ms: %.2f times%n",
          looped, all, batched, looped / batched);
    }
    assertThat(best).isGreaterThan(1);
  }

  @Test
  void fiveThousandSegmentsAreSplitInSeconds() {
    String text = Texts.prose(new Random(9), 25_000);
    for (int round = 0; round < ROUNDS; round++) {
      List<String> segments = Models.splitter().split(text);
      double millis = millis(() -> Models.splitter().split(text));
      System.out.printf(
          "%d characters, %d segments: %.0f ms%n", text.length(), segments.size(), millis);
      assertThat(millis).isLessThan(30_000);
    }
  }

  private static double millis(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
