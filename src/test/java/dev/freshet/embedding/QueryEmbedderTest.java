package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.UnavailableException;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class QueryEmbedderTest {

  private final List<String> embedded = new ArrayList<>();
  private final List<Integer> counted = new ArrayList<>();
  private final EmbeddingModel model =
      segments -> {
        segments.forEach(segment -> embedded.add(segment.text()));
        return Response.from(List.of(Embedding.from(new float[] {1})));
      };

  private int count(String text) {
    counted.add(text.length());
    return text.length();
  }

  @Test
  void aQueryThatFitsIsEmbeddedAsItIs() {
    new QueryEmbedder(model, this::count, 1).embed("a mouse");

    assertThat(embedded).containsExactly("a mouse");
  }

  @Test
  void aLongQueryIsCutToWhatTheModelReadsAtOnce() {
    new QueryEmbedder(model, this::count, 1).embed(".".repeat(15_000));

    assertThat(embedded).containsExactly(".".repeat(MiniLmEmbeddingModel.MAX_TOKENS));
  }

  @Test
  void theTokenizerNeverSeesAWholePage() {
    new QueryEmbedder(model, this::count, 1).embed("page ".repeat(200_000));

    assertThat(counted).allMatch(length -> length <= 2_048);
  }

  @Test
  void noCharacterIsCutInTwo() {
    new QueryEmbedder(model, this::count, 1).embed("x" + "𐐨".repeat(1_000));

    assertThat(embedded).singleElement().asString().endsWith("𐐨").hasSize(255);
  }

  @Test
  void aQueryThatWaitsTooLongBehindOthersIsToldToComeLater() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CompletableFuture<Void>();
    EmbeddingModel slow =
        segments -> {
          begun.countDown();
          end.join();
          return Response.from(List.of(Embedding.from(new float[] {1})));
        };
    var embedder = new QueryEmbedder(slow, String::length, 1, Duration.ofMillis(20));
    var first = CompletableFuture.supplyAsync(() -> embedder.embed("first"));
    begun.await();

    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> embedder.embed("second"))
        .satisfies(refused -> assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1)));

    end.complete(null);
    assertThat(first.get()).isNotNull();
    assertThat(embedder.embed("third")).isNotNull();
  }

  @Test
  void aFailedQueryGivesItsPlaceFree() {
    EmbeddingModel broken =
        segments -> {
          throw new IllegalStateException("broken");
        };
    var embedder = new QueryEmbedder(broken, String::length, 1, Duration.ofMillis(20));

    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> embedder.embed("query"));
    }
  }
}
