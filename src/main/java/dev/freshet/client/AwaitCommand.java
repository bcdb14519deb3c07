package dev.freshet.client;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code java -jar freshet.jar await …}: waits until a change is searchable, says how that ended in
 * one line, and tells it by the exit code.
 */
@Command(
    name = "await",
    description = "Waits until a change is searchable in a running Freshet.",
    synopsisHeading = "Usage: ",
    customSynopsis = {
      "java -jar freshet.jar await [OPTIONS] --lsn=LSN",
      "       java -jar freshet.jar await [OPTIONS] --table=SCHEMA.TABLE --key=KEY [--tx=ID]"
    },
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    separator = "=",
    sortOptions = false,
    exitCodeOnInvalidInput = AwaitCommand.USAGE,
    footer = {
      "",
      "Exit codes: 0 reached; 1 failed (the document's change was dead-lettered, rows of its table",
      "become no documents, or the service refuses); 2 timed out, also when the service could not",
      "be reached; 64 wrong arguments."
    })
public final class AwaitCommand implements Callable<Integer> {

  static final int REACHED = 0;
  static final int FAILED = 1;
  static final int TIMED_OUT = 2;

  /** EX_USAGE of sysexits.h, so that a mistyped command is never taken for an answer. */
  public static final int USAGE = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = "--lsn",
      paramLabel = "LSN",
      description =
          "What pg_current_wal_lsn() answered after the commit: waits for every commit before it.")
  private @Nullable String lsn;

  @Option(
      names = "--table",
      paramLabel = "SCHEMA.TABLE",
      description = "A document's table, as in public.products.")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Its key; several columns' values are joined with a comma.")
  private @Nullable String key;

  @Option(
      names = "--tx",
      paramLabel = "ID",
      description =
          "What pg_current_xact_id() answered inside the transaction: waits for its change of the"
              + " document. Without it: until the document is indexed or deleted, and no newer"
              + " change of it was received.")
  private @Nullable String txId;

  @Mixin private final ServiceOptions service;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long to wait, as 500ms, 30s or 5m; ${DEFAULT-VALUE} unless given.")
  private String timeout;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  /** The API key may come from the environment. */
  public AwaitCommand() {
    this(System.getenv("FRESHET_API_KEY"));
  }

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  AwaitCommand(@Nullable String environmentApiKey) {
    this.service = new ServiceOptions(environmentApiKey);
  }

  @Override
  public Integer call() {
    try {
      var wanted = AwaitArguments.of(lsn, table, key, txId, timeout);
      return await(wanted, FreshetClient.of(service.url().toString(), service.key()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), Sentences.oneLine(String.valueOf(e.getMessage())), e);
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
    var out = spec.commandLine().getOut();
    out.println(Sentences.oneLine(String.format(Locale.ROOT, "%s: %s", outcome, sentence)));
    out.flush();
  }
}
