package dev.freshet.support;

import dev.freshet.embedding.MiniLmEmbeddingModel;
import dev.freshet.embedding.MiniLmTokenizer;
import dev.freshet.embedding.SegmentSplitter;
import dev.freshet.embedding.SplittingConfiguration;
import dev.freshet.embedding.TokenCounter;

/** The real embedding model and what belongs to it, loaded once for all tests of a JVM. */
public final class Models {

  private static final MiniLmTokenizer TOKENIZER = new MiniLmTokenizer();
  private static final TokenCounter TOKEN_COUNTER = new TokenCounter(TOKENIZER);

  private Models() {}

  /** The model; not to be closed. */
  public static MiniLmEmbeddingModel embeddingModel() {
    return Model.SHARED;
  }

  public static MiniLmTokenizer tokenizer() {
    return TOKENIZER;
  }

  public static TokenCounter tokenCounter() {
    return TOKEN_COUNTER;
  }

  /** A splitter with the default configuration. */
  public static SegmentSplitter splitter() {
    return splitter(256, 32);
  }

  public static SegmentSplitter splitter(int maxTokens, int overlapTokens) {
    return new SegmentSplitter(new SplittingConfiguration(maxTokens, overlapTokens), TOKEN_COUNTER);
  }

  /** Apart, so that a test of the tokenizer alone does not load the model. */
  private static final class Model {
    static final MiniLmEmbeddingModel SHARED =
        new MiniLmEmbeddingModel(TOKENIZER, Runtime.getRuntime().availableProcessors());
  }
}
