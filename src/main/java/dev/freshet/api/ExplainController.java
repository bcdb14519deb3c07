package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentId;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.search.Explainer;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.search.Verdict;
import dev.freshet.store.DocumentLedger;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells why a search finds a document, or does not. */
@Controller("/documents")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Documents")
final class ExplainController {

  private static final List<String> NAMES =
      List.of("q", "k", "table", "mode", "filter", "minScore");

  private final Explainer explainer;
  private final FreshnessMonitor monitor;
  private final FreshAnswers answers;
  private final IgnoredRows ignored;
  private final KnownTables tables;

  /**
   * @param engine null where the sink has none
   */
  ExplainController(
      DocumentLedger ledger,
      @Nullable SearchEngine engine,
      FreshnessMonitor monitor,
      FreshAnswers answers,
      IgnoredRows ignored,
      KnownTables tables) {
    this.explainer = new Explainer(ledger, engine);
    this.monitor = monitor;
    this.answers = answers;
    this.ignored = ignored;
    this.tables = tables;
  }

  // Without a pattern of its own a variable ends at a plus sign, an ampersand, a bracket ...
  @Get("/{table:[^/]+}/{key:[^/]+}/explain")
  @Operation(
      operationId = "explainDocument",
      summary = "Tells why a search finds a document, or does not",
      description =
          "Takes `q`, `k`, `table`, `mode`, `filter` and `minScore` as `/search` does. What a search"
              + " answers at once may take time in proportion to the index here, as each vector may have to be compared.",
      parameters = {
        @Parameter(
            name = "table",
            in = ParameterIn.PATH,
            required = true,
            description = "`schema.table`",
            example = "public.products",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "key",
            in = ParameterIn.PATH,
            required = true,
            description = "As for `GET /documents/{table}/{key}`.",
            example = "42",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "q",
            in = ParameterIn.QUERY,
            required = true,
            description = "What was looked for.",
            schema = @Schema(type = "string", minLength = 1)),
        @Parameter(
            name = "k",
            in = ParameterIn.QUERY,
            schema =
                @Schema(type = "integer", minimum = "1", maximum = "1000", defaultValue = "10")),
        @Parameter(
            name = "table",
            in = ParameterIn.QUERY,
            description = "The only table that was looked in.",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "mode",
            in = ParameterIn.QUERY,
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"vector", "keyword", "hybrid"},
                    defaultValue = "vector")),
        @Parameter(
            name = "filter",
            in = ParameterIn.QUERY,
            description = "As for `GET /search`.",
            array = @ArraySchema(schema = @Schema(type = "string"))),
        @Parameter(
            name = "minScore",
            in = ParameterIn.QUERY,
            schema = @Schema(type = "number", format = "double", defaultValue = "0"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "The reason.",
      content = @Content(schema = @Schema(implementation = ExplainResponse.class)))
  @ApiResponse(
      responseCode = "400",
      description = "The table, the key or a parameter cannot be read, or is unknown.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "404",
      description = "The only table to look in is not mapped, and nothing of it is indexed.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "501",
      description = "Only the active sink's search could tell, and it does not.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The index does not answer now.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  ExplainResponse explain(HttpRequest<?> request) throws UnsupportedSearchException {
    SearchQuery query =
        SearchParameters.read(QueryParameters.of(request.getParameters(), NAMES), 0);
    String[] path = request.getUri().getRawPath().split("/", -1);
    DocumentId id =
        ignored.named(DocumentController.documentId(Arrays.copyOf(path, path.length - 1)));
    query.scope().table().filter(table -> !table.equals(id.table())).ifPresent(tables::require);
    FreshnessBlock freshness = answers.now();
    Optional<Origin> received = monitor.received(id);
    Explanation explanation = orIgnored(explainer.explain(id, query), id);
    return ExplainResponse.of(
        id,
        query.scope().limit(),
        received.isPresent() ? explanation.whileOneIsReceived() : explanation,
        freshness);
  }

  private Explanation orIgnored(Explanation explanation, DocumentId id) {
    return ignored
        .reason(id.table())
        .filter(why -> explanation.verdict() == Verdict.UNKNOWN)
        .map(why -> Explanation.of(Verdict.IGNORED, why))
        .orElse(explanation);
  }
}
