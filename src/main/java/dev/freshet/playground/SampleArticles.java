package dev.freshet.playground;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Long texts for those who use what the shop sells. */
final class SampleArticles {

  private static final int LEAST_SENTENCES = 3;
  private static final int LEAST_SECTIONS = 4;
  private static final Duration PERIOD = Duration.ofDays(400);

  private static final List<String> AUTHORS =
      List.of(
          "Maren Holt",
          "Idris Okafor",
          "Tomasz Wilk",
          "Leila Haddad",
          "Grace Lindqvist",
          "Paulo Mendes",
          "Aoife Brennan",
          "Kenji Arai",
          "Nadia Petrova",
          "Samuel Oduya");

  private SampleArticles() {}

  /** A row without its key. */
  record Article(String title, String body, String topic, String author, Instant updatedAt) {}

  /**
   * So many rows, oldest first.
   *
   * @param now the newest one's time
   */
  static List<Article> of(int count, Instant now) {
    List<Samples.Kind> topics = Samples.read("articles.txt");
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                article(
                    topics.get(number % topics.size()),
                    number / topics.size(),
                    number,
                    now.minus(PERIOD.multipliedBy(count - 1L - number).dividedBy(count))))
        .toList();
  }

  /** The first group of a topic has its titles, the second its beginnings. */
  private static Article article(Samples.Kind topic, int variant, int number, Instant at) {
    var random = new Random(number);
    Map<String, String> words = topic.words(variant);
    List<String> titles = topic.groups().get(0).sentences();
    String title = Samples.filled(titles.get(variant % titles.size()), words);
    var paragraphs = new ArrayList<String>();
    paragraphs.add(Samples.some(topic.groups().get(1).sentences(), 2, words, random));
    for (Samples.Group section : sections(topic, random)) {
      int sentences = LEAST_SENTENCES + random.nextInt(3);
      paragraphs.add(
          section.heading() + "\n\n" + Samples.some(section.sentences(), sentences, words, random));
    }
    return new Article(
        title,
        String.join("\n\n", paragraphs),
        topic.name(),
        AUTHORS.get(random.nextInt(AUTHORS.size())),
        at);
  }

  /** Most of them, in another order each time. */
  private static List<Samples.Group> sections(Samples.Kind topic, Random random) {
    var sections = new ArrayList<>(topic.groups().subList(2, topic.groups().size()));
    Collections.shuffle(sections, random);
    int most = sections.size();
    return sections.subList(0, Math.min(most, LEAST_SECTIONS + random.nextInt(2)));
  }
}
