package dev.freshet.endtoend;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.LedgerView;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.freshet.support.ForwardingIndexStore;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Breaks the watermark on purpose, where {@value #PROPERTY} is set: a commit returns a moment
 * before the index has it, so that what is told as searchable is not yet. Whoever writes sees its
 * own commits, so nothing else is wrong.
 */
@Singleton
@Requires(property = LateCommits.PROPERTY)
final class LateCommits implements BeanCreatedEventListener<IndexStore> {

  static final String PROPERTY = "test.late-commits";

  @Override
  public IndexStore onCreated(BeanCreatedEvent<IndexStore> event) {
    return new LateStore(event.getBean());
  }

  private static final class LateStore extends ForwardingIndexStore {

    private static final long DELAY_MILLIS = 50;

    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private StoreUpdate pending;

    LateStore(IndexStore store) {
      super(store);
    }

    @Override
    public synchronized void commit(StoreUpdate update) {
      flush();
      pending = update;
      var unused = later.schedule(this::flush, DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized LedgerView read(Set<DocumentId> documents, Set<TableId> tables) {
      flush();
      return super.read(documents, tables);
    }

    private synchronized void flush() {
      if (pending != null) {
        try {
          super.commit(pending);
        } catch (ConcurrentUpdateException e) {
          throw new IllegalStateException("Nobody else writes here", e);
        } finally {
          pending = null;
        }
      }
    }

    @Override
    public void close() {
      later.shutdownNow();
      flush();
      super.close();
    }
  }
}
