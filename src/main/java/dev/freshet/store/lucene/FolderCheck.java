package dev.freshet.store.lucene;

import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;

/** Looks, before the model is loaded, whether the data folder can be used and nobody else does. */
@Context
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
// Tests open folders of their own, and servers that need none.
@Requires(notEnv = Environment.TEST)
@Requires(property = "freshet.store", value = "lucene")
final class FolderCheck {

  /**
   * Looks.
   *
   * @throws MisconfiguredException when the folder cannot be made or written
   * @throws UnavailableException while another process holds it
   */
  FolderCheck(
      DataFolder folder, @Property(name = "freshet.sink", defaultValue = "local") String sink) {
    PrivateFolder.require(folder.dataDir());
    PrivateFolder.warnIfShared(folder.dataDir());
    requireFree(PrivateFolder.require(sink.equals("http") ? folder.ledger() : folder.index()));
  }

  private static void requireFree(Path index) {
    try (var directory = FSDirectory.open(index);
        var lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
    } catch (LockObtainFailedException e) {
      throw IndexFolder.unavailable(index, e);
    } catch (IOException e) {
      throw new MisconfiguredException(
          "The folder "
              + index
              + " cannot be used: "
              + e.getMessage()
              + "; set freshet.data-dir (FRESHET_DATA_DIR) to a folder on a local disk",
          e);
    }
  }
}
