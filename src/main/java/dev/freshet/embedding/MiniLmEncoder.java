package dev.freshet.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.freshet.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs the ONNX file of all-MiniLM-L6-v2 on batches of token sequences. The session uses one thread
 * for each call and is meant to be called by as many threads as there are cores.
 */
final class MiniLmEncoder implements AutoCloseable {

  static final int DIMENSION = 384;

  private static final String RESOURCE = "/all-minilm-l6-v2.onnx";

  private final OrtEnvironment environment =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
  private final OrtSession session;
  // A session that is closed during a call takes the process down: closing waits for the calls.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  MiniLmEncoder() {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      environment.setTelemetry(false);
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      this.session = environment.createSession(modelFile(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("cannot load the embedding model " + RESOURCE, e);
    }
  }

  /** Outside the heap, which need not have room for the file. */
  private static ByteBuffer modelFile() {
    URL resource = MiniLmEncoder.class.getResource(RESOURCE);
    if (resource == null) {
      throw new IllegalStateException("the class path lacks " + RESOURCE);
    }
    try {
      URLConnection connection = resource.openConnection();
      ByteBuffer file = ByteBuffer.allocateDirect(connection.getContentLength());
      try (InputStream stream = connection.getInputStream();
          ReadableByteChannel channel = Channels.newChannel(stream)) {
        while (file.hasRemaining() && channel.read(file) >= 0) {}
      }
      return file.flip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  /**
   * The sequences' vectors, of length 1, in the order of the sequences.
   *
   * @param sequences token ids with the special ones, none empty
   */
  float[][] encode(List<long[]> sequences) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new UnavailableException("the embedding model is closed");
      }
      return run(sequences);
    } catch (OrtException e) {
      throw new UnavailableException("the embedding model failed: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private float[][] run(List<long[]> sequences) throws OrtException {
    int rows = sequences.size();
    int width = sequences.stream().mapToInt(sequence -> sequence.length).max().orElseThrow();
    LongBuffer ids = LongBuffer.allocate(rows * width);
    LongBuffer mask = LongBuffer.allocate(rows * width);
    for (int row = 0; row < rows; row++) {
      long[] sequence = sequences.get(row);
      ids.put(row * width, sequence);
      for (int column = 0; column < sequence.length; column++) {
        mask.put(row * width + column, 1);
      }
    }
    FloatBuffer states = tokenStates(ids, mask, new long[] {rows, width});
    float[][] vectors = new float[rows][];
    for (int row = 0; row < rows; row++) {
      vectors[row] = mean(states, row * width, sequences.get(row).length);
    }
    return vectors;
  }

  private FloatBuffer tokenStates(LongBuffer ids, LongBuffer mask, long[] shape)
      throws OrtException {
    LongBuffer types = LongBuffer.allocate(ids.capacity());
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types, shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer();
    }
  }

  /** The mean of a sequence's token states, padding left out. */
  private static float[] mean(FloatBuffer states, int first, int tokens) {
    float[] sum = new float[DIMENSION];
    float[] state = new float[DIMENSION];
    for (int token = first; token < first + tokens; token++) {
      states.get(token * DIMENSION, state);
      Vectors.add(sum, state, 1);
    }
    return Vectors.normalize(sum);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close the embedding model", e);
    } finally {
      lock.writeLock().unlock();
    }
  }
}
