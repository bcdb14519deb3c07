package dev.freshet.embedding;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the tokens that the embedding model reads for a text, its two special tokens among them:
 * what counts {@link MiniLmEmbeddingModel#MAX_TOKENS} at most, the model takes in one piece.
 *
 * <p>The count is exact, and the sum of the words' counts, because no token spans a blank. Words
 * are counted once and remembered: a splitter asks for a growing text again with each word or
 * sentence it adds. Safe for use by many threads.
 */
public final class TokenCounter implements TokenCountEstimator {

  private static final String BLANKS = " \t\n\r";

  /** Some 15 MB. */
  private static final long REMEMBERED_CHARACTERS = 3_000_000;

  /** No splitter asks for a longer word than this without cutting it. */
  private static final int REMEMBERED_LENGTH = 250;

  private static final int LEARNED_AT_ONCE = 500;

  private final MiniLmTokenizer tokenizer;
  private final Map<String, Integer> words = new ConcurrentHashMap<>();
  private final AtomicLong characters = new AtomicLong();

  public TokenCounter(MiniLmTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public int estimateTokenCountInText(String text) {
    int tokens = MiniLmTokenizer.SPECIAL_TOKENS;
    StringTokenizer parts = new StringTokenizer(text, BLANKS);
    while (parts.hasMoreTokens()) {
      tokens += count(parts.nextToken());
    }
    return tokens;
  }

  /** Counts a text's words together, which the tokenizer does many times faster than one by one. */
  void learn(String text) {
    var unknown = new LinkedHashSet<String>();
    StringTokenizer parts = new StringTokenizer(text, BLANKS);
    while (parts.hasMoreTokens()) {
      String word = parts.nextToken();
      if (word.length() <= REMEMBERED_LENGTH && !words.containsKey(word)) {
        unknown.add(word);
      }
      if (unknown.size() == LEARNED_AT_ONCE || (!parts.hasMoreTokens() && !unknown.isEmpty())) {
        List<String> learned = List.copyOf(unknown);
        int[] counts = tokenizer.count(learned);
        for (int i = 0; i < counts.length; i++) {
          remember(learned.get(i), counts[i]);
        }
        unknown.clear();
      }
    }
  }

  private int count(String word) {
    Integer known = words.get(word);
    if (known != null) {
      return known;
    }
    int count = tokenizer.tokenize(word).length;
    if (word.length() <= REMEMBERED_LENGTH) {
      remember(word, count);
    }
    return count;
  }

  private void remember(String word, int count) {
    if (characters.addAndGet(word.length()) > REMEMBERED_CHARACTERS) {
      words.clear();
      characters.set(word.length());
    }
    words.put(word, count);
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    throw new UnsupportedOperationException("an embedding model reads no chat messages");
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    throw new UnsupportedOperationException("an embedding model reads no chat messages");
  }
}
