package dev.freshet.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SampleRowsTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
  private static final int COUNT = 2000;

  @Test
  void productsAreTheSameAtEachStart() {
    assertThat(SampleProducts.of(COUNT, NOW)).isEqualTo(SampleProducts.of(COUNT, NOW));
  }

  @Test
  void productsDifferAndHaveNoOpenSlot() {
    assertThat(SampleProducts.of(COUNT, NOW))
        .hasSize(COUNT)
        .doesNotHaveDuplicates()
        .allSatisfy(
            product -> {
              assertThat(product.title() + product.description()).doesNotContain("{", "}");
              assertThat(product.description()).hasSizeBetween(60, 500);
              assertThat(new BigDecimal(product.price())).isPositive();
            })
        .extracting(product -> product.title() + product.description())
        .doesNotHaveDuplicates();
  }

  @Test
  void articlesAreLongAndDiffer() {
    assertThat(SampleArticles.of(200, NOW))
        .hasSize(200)
        .allSatisfy(
            article -> {
              assertThat(article.title() + article.body()).doesNotContain("{", "}");
              assertThat(article.body()).hasSizeGreaterThan(700);
            })
        .extracting(SampleArticles.Article::body)
        .doesNotHaveDuplicates();
  }

  @Test
  void timesAreOfNow() {
    var products = SampleProducts.of(COUNT, NOW);

    assertThat(products.get(COUNT - 1).updatedAt()).isEqualTo(NOW);
    assertThat(products.get(0).updatedAt()).isAfter(NOW.minus(Duration.ofDays(91)));
    assertThat(products).isSortedAccordingTo((a, b) -> a.updatedAt().compareTo(b.updatedAt()));
  }
}
