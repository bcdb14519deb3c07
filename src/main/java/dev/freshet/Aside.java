package dev.freshet;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes what is told beside the work: metrics, history, traces, the log's context. Whatever that
 * throws ends nothing, and no message suffers for it.
 */
public final class Aside {

  private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

  private Aside() {}

  public static void run(Runnable told) {
    ask(
        () -> {
          told.run();
          return true;
        },
        false);
  }

  /** What is told; the other thing where that fails. */
  public static <T> T ask(Supplier<T> told, T otherwise) {
    try {
      return told.get();
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      complain(e);
      return otherwise;
    }
  }

  /** A fault may have a message that cannot be made either. */
  private static void complain(Throwable fault) {
    try {
      LOG.warn("A metric, a trace or the log's context fails; indexing goes on", fault);
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
    }
  }
}
