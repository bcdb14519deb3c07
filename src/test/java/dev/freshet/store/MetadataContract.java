package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.MetadataSelection;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Metadata is answered as JSON has it, and no more of it than is asked for. */
interface MetadataContract extends StoreUnderTest {

  private List<DocumentId> found(List<DocumentId> documents, MetadataSelection selection) {
    return index().metadata(documents, selection).stream().map(DocumentMetadata::id).toList();
  }

  @Test
  default void everyKindOfValueStaysWhatItIs() {
    commit(
        writing(product(1), 1)
            .metadata("id", 9_007_199_254_740_993L)
            .metadata("price", new BigDecimal("12.3"))
            .metadata("in_stock", true)
            .metadata("owner", NullNode.getInstance())
            .metadata("tags", List.of("a", "b"))
            .segment("text", 1, 0, 0));

    var metadata = metadata(product(1));

    assertThat(metadata.get("id").toString()).isEqualTo("9007199254740993");
    assertThat(metadata.get("price").toString()).isEqualTo("12.3");
    assertThat(metadata.get("in_stock").isBoolean()).isTrue();
    assertThat(metadata.get("owner").isNull()).isTrue();
    assertThat(metadata.get("tags").isArray()).isTrue();
    assertThat(metadata).hasSize(5);
  }

  @Test
  default void metadataThatDoesNotFitIsLeftOut() {
    for (int key = 1; key <= 4; key++) {
      String text = "x".repeat(key == 2 ? 100_000 : 1_000);
      commit(writing(product(key), key).metadata("text", text).segment("text", 1, 0, 0));
    }
    List<DocumentId> all = List.of(product(4), product(2), product(9), product(1), product(3));

    assertThat(found(all, new MetadataSelection(null, 2_500)))
        .containsExactly(product(4), product(1));
    assertThat(found(all, new MetadataSelection(null, 101_500)))
        .containsExactly(product(4), product(2));
    assertThat(found(all, new MetadataSelection(null, 0))).isEmpty();
    assertThat(found(List.of(), new MetadataSelection(null, 1_000))).isEmpty();
  }

  @Test
  default void chosenColumnsFitWhereTheRowDoesNot() {
    for (int key = 1; key <= 3; key++) {
      commit(
          writing(product(key), key)
              .metadata("body", "x".repeat(100_000))
              .metadata("price", key)
              .metadata("title", "lamp")
              .segment("text", 1, 0, 0));
    }
    var selection = MetadataSelection.of(List.of("title", "price", "unknown"), 1_000);

    List<DocumentMetadata> read =
        index().metadata(List.of(product(3), product(1), product(2)), selection);

    assertThat(read)
        .extracting(DocumentMetadata::id)
        .containsExactly(product(3), product(1), product(2));
    assertThat(read.get(0).values().path("price").asInt()).isEqualTo(3);
    assertThat(read.get(0).values().path("title").asText()).isEqualTo("lamp");
    assertThat(read.get(0).values()).hasSize(2);
    assertThat(read.get(0).indexedAt()).isEqualTo(StoreFixtures.NOW.plusMillis(20));
  }

  @Test
  default void aDeletedDocumentHasNone() {
    commit(writing(product(1), 1).metadata("price", 1).segment("text", 1, 0, 0));
    commit(writing(product(1), 2).over(1).deleted());

    assertThat(found(List.of(product(1)), new MetadataSelection(null, 1_000))).isEmpty();
  }
}
