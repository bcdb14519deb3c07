package dev.freshet.store.lucene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** A folder on disk that lets a test interfere before every step of a commit. */
final class WatchedDirectory extends FilterDirectory {

  /** What happens before a step. */
  interface Watcher {
    void before(int step) throws IOException;
  }

  private Watcher watcher = step -> {};
  private int step;

  WatchedDirectory(Path path) throws IOException {
    super(new IndexDirectory(path));
  }

  synchronized void watch(Watcher newWatcher) {
    watcher = newWatcher;
    step = 0;
  }

  private synchronized void next() throws IOException {
    watcher.before(step++);
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    next();
    return super.createOutput(name, context);
  }

  @Override
  public void sync(Collection<String> names) throws IOException {
    next();
    super.sync(names);
  }

  @Override
  public void rename(String source, String target) throws IOException {
    next();
    super.rename(source, target);
  }

  @Override
  public void syncMetaData() throws IOException {
    next();
    super.syncMetaData();
  }
}
