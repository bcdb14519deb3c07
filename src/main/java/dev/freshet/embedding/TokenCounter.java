package dev.freshet.embedding;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.ConcurrentHashMap;

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
  private static final int REMEMBERED_WORDS = 100_000;
  private static final int REMEMBERED_LENGTH = 64;

  private final MiniLmTokenizer tokenizer;
  private final Map<String, Integer> words = new ConcurrentHashMap<>();

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

  private int count(String word) {
    Integer known = words.get(word);
    if (known != null) {
      return known;
    }
    int count = tokenizer.tokenize(word).length;
    if (word.length() <= REMEMBERED_LENGTH) {
      if (words.size() >= REMEMBERED_WORDS) {
        words.clear();
      }
      words.put(word, count);
    }
    return count;
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
