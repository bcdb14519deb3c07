package dev.freshet.playground;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows of a shop. */
final class SampleProducts {

  private static final int LEAST_SENTENCES = 3;
  private static final Duration PERIOD = Duration.ofDays(90);
  private static final int MOST_IN_STOCK = 240;

  /** What a line of the resource says behind the kind's name. */
  private static final int CATEGORY = 0;

  private static final int PRICES = 1;

  private SampleProducts() {}

  /** A row without its key. */
  record Product(
      String title,
      String description,
      String category,
      String brand,
      String price,
      int inStock,
      Instant updatedAt) {}

  /**
   * So many rows, oldest first.
   *
   * @param now the newest one's time
   */
  static List<Product> of(int count, Instant now) {
    List<Samples.Kind> kinds = Samples.read("products.txt");
    List<Samples.Kind> makers = Samples.read("makers.txt");
    List<String> brands = makers.get(0).groups().get(0).sentences();
    List<String> models = makers.get(1).groups().get(0).sentences();
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              Instant at = now.minus(PERIOD.multipliedBy(count - 1L - number).dividedBy(count));
              return product(
                  kinds.get(number % kinds.size()),
                  number / kinds.size(),
                  number,
                  brands,
                  models,
                  at);
            })
        .toList();
  }

  private static Product product(
      Samples.Kind kind,
      int variant,
      int number,
      List<String> brands,
      List<String> models,
      Instant at) {
    var random = new Random(number);
    Map<String, String> words = kind.words(variant);
    String brand = chosen(brands, variant + (kind.name().hashCode() & 0xff));
    String model = chosen(models, variant + (kind.name().hashCode() >> 8 & 0xff));
    String first = words.get(kind.slots().keySet().iterator().next());
    List<String> sentences = kind.groups().get(0).sentences();
    return new Product(
        "%s %s %s, %s".formatted(brand, model, kind.name(), first),
        Samples.some(sentences, LEAST_SENTENCES + random.nextInt(3), words, random),
        kind.facts().get(CATEGORY),
        brand,
        price(kind.facts().get(PRICES), random),
        random.nextInt(MOST_IN_STOCK),
        at);
  }

  /** The next pair of brand and model for each variant of a kind: 120 of them differ. */
  private static String chosen(List<String> names, int number) {
    return names.get(number % names.size());
  }

  /** Such as 39.90, between the least and the most. */
  private static String price(String range, Random random) {
    int[] ends = Stream.of(range.split("-")).mapToInt(Integer::parseInt).toArray();
    int whole = ends[0] + random.nextInt(ends[1] - ends[0] + 1);
    return String.format(
        Locale.ROOT, "%s", BigDecimal.valueOf(whole * 100L - (random.nextBoolean() ? 10 : 1), 2));
  }
}
