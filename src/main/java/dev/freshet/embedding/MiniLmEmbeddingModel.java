package dev.freshet.embedding;

import dev.freshet.UnavailableException;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * all-MiniLM-L6-v2: 384 dimensions, vectors of length 1, the mean of the token states.
 *
 * <p>A text of {@link #MAX_TOKENS} is read whole. A longer one is not refused and not cut: it is
 * read in windows, and its vector is the mean of theirs, weighted by their tokens. A text without
 * any token has a vector too, that of the empty text.
 *
 * <p>Safe for use by many threads. A call with little text runs on the caller's thread, so that a
 * query does not wait behind the batches of a long indexing call.
 */
public final class MiniLmEmbeddingModel implements EmbeddingModel, AutoCloseable {

  /** How many tokens of a text count at once, the two special ones included. */
  public static final int MAX_TOKENS = 256;

  // More rows than this makes a batch slower by the token: its states leave the cache.
  private static final int BATCH_TOKENS = 512;

  private final MiniLmTokenizer tokenizer;
  private final MiniLmEncoder encoder = new MiniLmEncoder();
  private final ExecutorService workers;
  private final int threads;

  /**
   * Loads the model, which takes about a second.
   *
   * @param threads how many batches run at once; the number of cores is best
   */
  public MiniLmEmbeddingModel(MiniLmTokenizer tokenizer, int threads) {
    this.tokenizer = tokenizer;
    this.threads = threads;
    AtomicInteger number = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "embedding-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public String modelName() {
    return "all-minilm-l6-v2";
  }

  @Override
  public int dimension() {
    return MiniLmEncoder.DIMENSION;
  }

  /** Embeds the segments; the tokens used are those of the texts, without the special ones. */
  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    List<Window> windows =
        IntStream.range(0, segments.size())
            .boxed()
            .flatMap(i -> Window.of(i, tokenizer.tokenize(segments.get(i).text())).stream())
            .toList();
    float[][] sums = new float[segments.size()][MiniLmEncoder.DIMENSION];
    run(windows, sums);
    List<Embedding> embeddings = new ArrayList<>();
    for (float[] sum : sums) {
      embeddings.add(Embedding.from(Vectors.normalize(sum)));
    }
    int tokens = windows.stream().mapToInt(Window::tokens).sum();
    return Response.from(embeddings, new TokenUsage(tokens));
  }

  private void run(List<Window> windows, float[][] sums) {
    int total = windows.stream().mapToInt(window -> window.sequence().length).sum();
    int budget = Math.min(BATCH_TOKENS, (total + threads - 1) / threads);
    List<List<Window>> batches = Window.batches(windows, budget);
    if (batches.size() == 1) {
      add(batches.get(0), encode(batches.get(0)), sums);
      return;
    }
    List<Future<float[][]>> results = batches.stream().map(this::submit).toList();
    try {
      for (int i = 0; i < batches.size(); i++) {
        add(batches.get(i), await(results.get(i)), sums);
      }
    } finally {
      results.forEach(result -> result.cancel(false));
    }
  }

  private Future<float[][]> submit(List<Window> batch) {
    try {
      return workers.submit(() -> encode(batch));
    } catch (RejectedExecutionException e) {
      throw new UnavailableException("the embedding model is closed", e);
    }
  }

  private float[][] encode(List<Window> batch) {
    return encoder.encode(batch.stream().map(Window::sequence).toList());
  }

  private static void add(List<Window> batch, float[][] vectors, float[][] sums) {
    for (int row = 0; row < vectors.length; row++) {
      Window window = batch.get(row);
      // An empty text's only window must not weigh nothing.
      Vectors.add(sums[window.text()], vectors[row], Math.max(1, window.tokens()));
    }
  }

  private static float[][] await(Future<float[][]> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while embedding", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnavailableException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("embedding failed", e.getCause());
    }
  }

  /** Waits for the batches under way; what comes later is an {@link UnavailableException}. */
  @Override
  public void close() {
    // First the encoder: batches that still wait in the pool then fail at once.
    encoder.close();
    workers.shutdown();
  }
}
