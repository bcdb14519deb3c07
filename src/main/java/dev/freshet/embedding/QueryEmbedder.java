package dev.freshet.embedding;

import dev.freshet.UnavailableException;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Embeds what somebody looks for. A query is cut to what the model reads at once, and of many
 * queries some wait, so that searches leave processors to the embedding of changes.
 */
public final class QueryEmbedder {

  /** Longer than any ordinary text of {@link MiniLmEmbeddingModel#MAX_TOKENS}. */
  private static final int MOST_CHARACTERS = 2_048;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final EmbeddingModel model;
  private final ToIntFunction<String> counter;
  private final Semaphore places;
  private final Duration patience;

  /**
   * @param counter counts a text's tokens
   * @param atOnce how many queries are embedded at the same time
   */
  public QueryEmbedder(EmbeddingModel model, ToIntFunction<String> counter, int atOnce) {
    this(model, counter, atOnce, PATIENCE);
  }

  /**
   * @param patience how long others wait, first come, first served
   */
  QueryEmbedder(
      EmbeddingModel model, ToIntFunction<String> counter, int atOnce, Duration patience) {
    this.model = model;
    this.counter = counter;
    this.places = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /**
   * The vector of the query, or of its beginning where it is too long.
   *
   * @throws UnavailableException when too many other queries are in front
   */
  public Embedding embed(String query) {
    enter();
    try {
      return model.embed(cut(query)).content();
    } finally {
      places.release();
    }
  }

  private void enter() {
    try {
      if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new UnavailableException(
            "too many searches by meaning come at once; %d others wait"
                .formatted(places.getQueueLength()),
            RETRY_AFTER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while the query waited to be embedded", e);
    }
  }

  private String cut(String query) {
    String text = beginning(query.strip(), MOST_CHARACTERS);
    if (fits(text)) {
      return text;
    }
    int fitting = 0;
    int tooLong = text.length();
    while (tooLong - fitting > 1) {
      int middle = (fitting + tooLong) >>> 1;
      if (fits(beginning(text, middle))) {
        fitting = middle;
      } else {
        tooLong = middle;
      }
    }
    return beginning(text, fitting);
  }

  private boolean fits(String text) {
    return counter.applyAsInt(text) <= MiniLmEmbeddingModel.MAX_TOKENS;
  }

  private static String beginning(String text, int length) {
    if (length >= text.length()) {
      return text;
    }
    boolean insideCharacter = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, insideCharacter ? length - 1 : length);
  }
}
