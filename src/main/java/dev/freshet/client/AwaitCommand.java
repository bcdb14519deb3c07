package dev.freshet.client;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code java -jar freshet.jar await …}: waits until a change is searchable, says how that ended in
 * one line, and tells it by the exit code.
 */
public final class AwaitCommand {

  static final int REACHED = 0;
  static final int FAILED = 1;
  static final int TIMED_OUT = 2;

  /** EX_USAGE of sysexits.h, so that a mistyped command is never taken for an answer. */
  static final int USAGE = 64;

  private static final String HELP =
      """
      Waits until a change is searchable in a running Freshet.

        java -jar freshet.jar await [options] --lsn LSN
        java -jar freshet.jar await [options] --table SCHEMA.TABLE --key KEY [--tx ID]

        --lsn      what pg_current_wal_lsn() answered after the commit: waits for every commit
                   before it
        --table    a document's table, as in public.products
        --key      its key; several columns' values are joined with a comma
        --tx       what pg_current_xact_id() answered inside the transaction: waits for its change
                   of the document. Without it: until the document is indexed or deleted, and no
                   newer change of it was received
        --url      the service, http://localhost:8080 unless given
        --timeout  how long to wait, as 500ms, 30s or 5m; 30s unless given
        --api-key  a key of the role read; better in the environment, as FRESHET_API_KEY

      Exit codes: 0 reached; 1 failed (the document's change was dead-lettered, or the service
      refuses); 2 timed out, also when the service could not be reached; 64 wrong arguments.
      """;

  private final PrintStream out;
  private final PrintStream errors;

  AwaitCommand(PrintStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  /**
   * Waits.
   *
   * @param arguments without the command's name
   * @return the exit code
   */
  public static int run(List<String> arguments) {
    return new AwaitCommand(System.out, System.err)
        .run(arguments, System.getenv("FRESHET_API_KEY"));
  }

  int run(List<String> arguments, @Nullable String apiKey) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(HELP);
      return REACHED;
    }
    try {
      var wanted = AwaitArguments.parse(arguments, apiKey);
      return await(wanted, FreshetClient.of(wanted.url(), wanted.apiKey()));
    } catch (IllegalArgumentException e) {
      errors.println(Sentences.oneLine("freshet await: " + e.getMessage()));
      errors.println("Try 'java -jar freshet.jar await --help'.");
      return USAGE;
    }
  }

  private int await(AwaitArguments wanted, FreshetClient client) {
    try {
      tell("reached", reached(wanted, client));
      return REACHED;
    } catch (NotReachedException e) {
      boolean late = e.reason() == NotReachedException.Reason.TIMED_OUT;
      tell(
          late ? "timed out after " + wanted.timeout().toMillis() + " ms" : "failed",
          String.valueOf(e.getMessage()));
      return late ? TIMED_OUT : FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tell("failed", "interrupted");
      return FAILED;
    }
  }

  private static String reached(AwaitArguments wanted, FreshetClient client)
      throws InterruptedException {
    if (wanted.lsn() != null) {
      IndexFreshness freshness = client.awaitLsn(wanted.lsn(), wanted.timeout());
      return "every commit before %s is searchable (%s)"
          .formatted(wanted.lsn(), Sentences.watermark(freshness));
    }
    String table = String.valueOf(wanted.table());
    String key = String.valueOf(wanted.key());
    IndexedDocument document =
        wanted.txId() == null
            ? client.awaitDocument(table, key, wanted.timeout())
            : client.awaitDocument(table, key, wanted.txId(), wanted.timeout());
    return "%s (%s)"
        .formatted(Sentences.document(document), Sentences.watermark(document.freshness()));
  }

  private void tell(String outcome, String sentence) {
    out.println(Sentences.oneLine(String.format(Locale.ROOT, "%s: %s", outcome, sentence)));
  }
}
