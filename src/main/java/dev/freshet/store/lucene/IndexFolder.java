package dev.freshet.store.lucene;

import dev.freshet.UnavailableException;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.words.WordAnalyzer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The index on disk: one writer, and readers of whole commits. Readers are opened from the folder,
 * never from the writer, so they cannot see what is not committed. Translates Lucene's exceptions.
 */
final class IndexFolder implements Closeable {

  /** A question to one commit. */
  interface Question<T> {
    T ask(IndexSearcher committed) throws IOException;
  }

  /** Decides on changes by what is committed, and changes nothing yet. */
  interface Planner {
    Plan plan(IndexSearcher committed) throws IOException, ConcurrentUpdateException;
  }

  /** The changes of one commit. */
  interface Plan {
    void carryOut(IndexWriter writer) throws IOException;
  }

  private final Path path;
  private final Directory directory;
  private final SearcherManager searchers;
  private final ReentrantLock writing = new ReentrantLock();
  // Both are used under the lock only. No writer: the last update failed.
  private @Nullable IndexWriter writer;
  private boolean closed;

  private IndexFolder(Path path, Directory directory, IndexWriter writer) throws IOException {
    this.path = path;
    this.directory = directory;
    this.writer = writer;
    this.searchers = new SearcherManager(directory, null);
  }

  /**
   * @param directory the files at {@code path}; closed with the folder, and when this fails
   */
  static IndexFolder open(Path path, Directory directory, EmbeddingSpace space) {
    IndexWriter writer = null;
    try {
      writer = openWriter(directory);
      RecordedSpace.agree(writer, space, path);
      SegmentRenewal.run(writer, path);
      return new IndexFolder(path, directory, writer);
    } catch (IOException e) {
      abandon(writer, directory, e);
      throw unavailable(path, e);
    } catch (RuntimeException e) {
      abandon(writer, directory, e);
      throw e;
    }
  }

  private static void abandon(@Nullable IndexWriter writer, Directory directory, Exception reason) {
    try {
      IOUtils.close(writer, directory);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static IndexWriter openWriter(Directory directory) throws IOException {
    return new IndexWriter(
        directory,
        new IndexWriterConfig(new WordAnalyzer())
            .setCodec(new VectorCodec())
            .setCommitOnClose(false));
  }

  <T> T ask(Question<T> question) {
    try {
      IndexSearcher committed = searchers.acquire();
      try {
        return question.ask(committed);
      } finally {
        searchers.release(committed);
      }
    } catch (IOException | AlreadyClosedException e) {
      throw unavailable(path, e);
    }
  }

  /** Carries out the plan, makes it durable and only then visible; or changes nothing. */
  void commit(Planner planner) throws ConcurrentUpdateException {
    writing.lock();
    try {
      IndexWriter open = writer();
      IndexSearcher committed = searchers.acquire();
      try {
        commit(planner.plan(committed), open);
      } finally {
        searchers.release(committed);
      }
    } catch (IOException | AlreadyClosedException e) {
      throw unavailable(path, e);
    } finally {
      writing.unlock();
    }
  }

  private void commit(Plan plan, IndexWriter open) throws IOException {
    try {
      plan.carryOut(open);
      open.commit();
      searchers.maybeRefreshBlocking();
    } catch (IOException | RuntimeException | Error e) {
      rollBack(open, e);
      throw e;
    }
  }

  /** Closes the writer, as Lucene's rollback does; the next update opens another one. */
  private void rollBack(IndexWriter failed, Throwable reason) {
    writer = null;
    try {
      failed.rollback();
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  private IndexWriter writer() throws IOException {
    if (closed) {
      throw new AlreadyClosedException("it is closed");
    }
    if (writer == null) {
      IndexWriter opened = openWriter(directory);
      try {
        // A failed update may have reached the disk after all.
        searchers.maybeRefreshBlocking();
        writer = opened;
      } finally {
        if (writer == null) {
          opened.close();
        }
      }
    }
    return writer;
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        IOUtils.close(searchers, writer, directory);
      }
    } catch (IOException e) {
      throw unavailable(path, e);
    } finally {
      writing.unlock();
    }
  }

  static UnavailableException unavailable(Path path, Exception e) {
    if (e instanceof LockObtainFailedException) {
      return new UnavailableException(
          "the index in "
              + path
              + " is in use by another Freshet, which holds its write.lock; stop that one, or give"
              + " this one another freshet.data-dir",
          e);
    }
    return new UnavailableException(
        "the index in " + path + " does not answer: " + e.getMessage(), e);
  }
}
