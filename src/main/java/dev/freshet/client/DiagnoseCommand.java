package dev.freshet.client;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
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
 * {@code java -jar freshet.jar diagnose …}: collects what a running Freshet says of itself in one
 * file, for those who help.
 */
@Command(
    name = "diagnose",
    description =
        "Collects health, freshness, settings, jobs, counts of dead letters and metrics of a"
            + " running Freshet in one zip file, without secrets.",
    synopsisHeading = "Usage: ",
    customSynopsis = "java -jar freshet.jar diagnose [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    separator = "=",
    sortOptions = false,
    exitCodeOnInvalidInput = AwaitCommand.USAGE,
    footer = {
      "",
      "Exit codes: 0 everything is in the file; 1 something is missing, and summary.json says what",
      "and why, or the file cannot be written; 64 wrong arguments."
    })
public final class DiagnoseCommand implements Callable<Integer> {

  private static final int COMPLETE = 0;
  private static final int INCOMPLETE = 1;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec;

  @Mixin private final ServiceOptions options;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The file to write, which must not be there; freshet-diagnosis-TIME.zip unless given.")
  private @Nullable Path output;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  /** The API key may come from the environment. */
  public DiagnoseCommand() {
    this(System.getenv("FRESHET_API_KEY"));
  }

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  DiagnoseCommand(@Nullable String environmentApiKey) {
    this.options = new ServiceOptions(environmentApiKey);
  }

  @Override
  public Integer call() {
    try {
      return collect(new Service(options.url(), options.key()), Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), Sentences.oneLine(String.valueOf(e.getMessage())), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tell("interrupted: nothing is written");
      return INCOMPLETE;
    }
  }

  private int collect(Service service, Clock clock) throws InterruptedException {
    Instant begin = clock.instant();
    var findings = new ArrayList<Finding>();
    for (Question question : Question.values()) {
      Finding finding = question.ask(service, clock);
      findings.add(finding);
      tell(finding.sentence());
    }
    return write(new SupportBundle(service.url(), begin, List.copyOf(findings)));
  }

  private int write(SupportBundle bundle) {
    Path file =
        output == null
            ? Path.of("freshet-diagnosis-" + STAMP.format(bundle.collectedAt()) + ".zip")
            : output;
    try {
      bundle.write(file);
    } catch (FileAlreadyExistsException e) {
      tell("failed: " + file + " is there already: name another file in --output");
      return INCOMPLETE;
    } catch (IOException e) {
      tell("failed: " + file + " cannot be written (" + e.getClass().getSimpleName() + ")");
      return INCOMPLETE;
    }
    long missing = bundle.missing();
    tell(
        missing == 0
            ? "written: " + file
            : "written: " + file + ", in which " + missing + " of the answers are missing");
    return missing == 0 ? COMPLETE : INCOMPLETE;
  }

  private void tell(String line) {
    var out = spec.commandLine().getOut();
    out.println(Sentences.oneLine(line));
    out.flush();
  }
}
