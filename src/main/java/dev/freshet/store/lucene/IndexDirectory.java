package dev.freshet.store.lucene;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.NIOFSDirectory;

/**
 * The files of an index: mapped into memory, but for those that are read once. A commit reads some
 * thirty of these, and on JDK 17 Lucene yields the processor whenever it ends a mapping: while the
 * embedding model kept every core busy, the commit of one document took 250 ms rather than 30.
 */
final class IndexDirectory extends FilterDirectory {

  private final FSDirectory readOnce;

  IndexDirectory(Path path) throws IOException {
    super(FSDirectory.open(path));
    this.readOnce = new NIOFSDirectory(path);
  }

  @Override
  public IndexInput openInput(String name, IOContext context) throws IOException {
    return context.readOnce ? readOnce.openInput(name, context) : super.openInput(name, context);
  }
}
