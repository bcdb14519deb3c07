package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TruncationTest {

  private static Hit hit(int key, String text, @Nullable ObjectNode metadata) {
    return new Hit(
        DocumentId.of(new TableId("public", "products"), String.valueOf(key)),
        0,
        text,
        0.5,
        metadata,
        new Origin(new ArrivalPosition(1), null, null, null, Instant.EPOCH),
        Instant.EPOCH);
  }

  private static ObjectNode metadata(int characters) {
    return JsonNodeFactory.instance.objectNode().put("body", "x".repeat(characters));
  }

  @Test
  void anAnswerThatFitsIsWhole() {
    List<Hit> hits = List.of(hit(1, "a", metadata(1_000)), hit(2, "b", metadata(1_000)));

    Truncation.Bounded bounded = Truncation.bounded(hits, 100_000);

    assertThat(bounded.hits()).isEqualTo(hits);
    assertThat(bounded.truncation()).isNull();
  }

  @Test
  void metadataThatDoesNotFitIsLeftOutAndTold() {
    ObjectNode shared = metadata(30_000);
    List<Hit> hits = IntStream.range(0, 60).mapToObj(key -> hit(key, "text", shared)).toList();

    Truncation.Bounded bounded = Truncation.bounded(hits, 100_000);

    assertThat(bounded.hits()).hasSize(60);
    assertThat(bounded.hits().stream().map(Hit::metadata).filter(Objects::nonNull)).hasSize(2);
    Truncation truncation = Objects.requireNonNull(bounded.truncation());
    assertThat(truncation.hitsWithoutMetadata()).isEqualTo(58);
    assertThat(truncation.hitsLeftOut()).isZero();
    assertThat(truncation.detail())
        .isEqualTo(
            "The answer may have 100000 bytes (freshet.search.max-answer-size), so the metadata of"
                + " 58 hits is left out; choose columns with fields=title,price, or ask for fewer"
                + " hits");
  }

  @Test
  void hitsWhoseTextsDoNotFitAreLeftOutAndTold() {
    List<Hit> hits =
        IntStream.range(0, 1_000).mapToObj(key -> hit(key, "t".repeat(600), null)).toList();

    Truncation.Bounded bounded = Truncation.bounded(hits, 100_000);

    assertThat(bounded.hits()).hasSizeBetween(80, 100);
    Truncation truncation = Objects.requireNonNull(bounded.truncation());
    assertThat(truncation.hitsLeftOut()).isEqualTo(1_000 - bounded.hits().size());
  }
}
