package dev.freshet.store.lucene;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;

/**
 * Where Freshet keeps files.
 *
 * @param dataDir {@code freshet.data-dir}: a folder on local disk, for one process
 */
@ConfigurationProperties("freshet")
record DataFolder(@Bindable(defaultValue = "./data") Path dataDir) {

  Path index() {
    return dataDir.resolve("index");
  }

  /** Where the HTTP sink remembers what it has sent. */
  Path ledger() {
    return dataDir.resolve("ledger");
  }
}
