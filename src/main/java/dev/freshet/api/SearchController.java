package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.search.Search;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchObservation;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.store.Hit;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches the index. */
@Controller("/search")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Search")
final class SearchController {

  static final List<String> PARAMETERS =
      Stream.of(SearchParameters.NAMES, WaitParameters.NAMES).flatMap(List::stream).toList();

  private final @Nullable Search search;
  private final FreshAnswers answers;
  private final WaitParameters waits;
  private final KnownTables tables;
  private final long maxBytes;

  /**
   * @param engine null where the sink has none
   */
  SearchController(
      @Nullable SearchEngine engine,
      FreshAnswers answers,
      WaitParameters waits,
      KnownTables tables,
      SearchConfiguration configuration,
      List<SearchObservation> observations) {
    this.search = engine == null ? null : watched(engine::search, observations);
    this.answers = answers;
    this.waits = waits;
    this.tables = tables;
    this.maxBytes = configuration.maxAnswerSize();
  }

  private static Search watched(Search search, List<SearchObservation> observations) {
    Search watched = search;
    for (SearchObservation observation : observations) {
      watched = observation.around(watched);
    }
    return watched;
  }

  @Get
  @Operation(
      operationId = "search",
      summary = "Finds segments of documents, best first",
      parameters = {
        @Parameter(
            name = "q",
            in = ParameterIn.QUERY,
            required = true,
            description = "What to look for, as ordinary text.",
            schema = @Schema(type = "string", minLength = 1)),
        @Parameter(
            name = "k",
            in = ParameterIn.QUERY,
            description = "The most hits.",
            schema =
                @Schema(type = "integer", minimum = "1", maximum = "1000", defaultValue = "10")),
        @Parameter(
            name = "table",
            in = ParameterIn.QUERY,
            description = "The only table to look in.",
            example = "public.products",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "mode",
            in = ParameterIn.QUERY,
            description = "By meaning, by words, or by both.",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"vector", "keyword", "hybrid"},
                    defaultValue = "vector")),
        @Parameter(
            name = "filter",
            in = ParameterIn.QUERY,
            description =
                "A condition on the metadata, as in `category in (books, toys) and price >= 10`:"
                    + " `column operator value` with the operators `=`, `!=`,"
                    + " `>`, `>=`, `<` and `<=`, `column in (value, value)`, `column contains"
                    + " value` for an array's element, `column is null` or `column is not null`;"
                    + " several are joined by `and`. Numbers are compared exactly, and texts that"
                    + " both are times (`2024-05-01`, `2024-05-01T12:00:00+02:00`) as instants,"
                    + " whatever their form; without an offset they are in UTC. `true` and `false` are booleans, what JSON reads as a number is a"
                    + " number, all else is text; a value in single quotes is text always (`''`"
                    + " stands for a quote), a column may stand in double quotes. A document"
                    + " without the column satisfies `!=` and `is null` only. Several filters are joined by"
                    + " `and`.",
            array = @ArraySchema(schema = @Schema(type = "string"))),
        @Parameter(
            name = "minScore",
            in = ParameterIn.QUERY,
            description = "Hits with a lower score are left out.",
            schema = @Schema(type = "number", format = "double", defaultValue = "0")),
        @Parameter(
            name = "exact",
            in = ParameterIn.QUERY,
            description = "Compare with every vector rather than ask the approximate index.",
            schema = @Schema(type = "boolean", defaultValue = "false")),
        @Parameter(
            name = "fields",
            in = ParameterIn.QUERY,
            description = "The metadata columns to answer, separated by commas; all by default.",
            example = "title,price",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "minLsn",
            in = ParameterIn.QUERY,
            description = WaitParameters.MIN_LSN,
            example = "0/16B3748",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "timeout",
            in = ParameterIn.QUERY,
            description = WaitParameters.TIMEOUT,
            schema = @Schema(type = "string")),
        @Parameter(
            name = "stale",
            in = ParameterIn.QUERY,
            description = WaitParameters.STALE,
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"refuse", "allow"},
                    defaultValue = "refuse"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "The hits; none is an answer too.",
      content = @Content(schema = @Schema(implementation = SearchResponse.class)))
  @ApiResponse(
      responseCode = "400",
      description = "A parameter is missing, unknown or cannot be read.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "404",
      description = "The table is not mapped, and nothing of it is indexed.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "501",
      description = "The active sink cannot search, or not in this mode.",
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
  @ApiResponse(
      responseCode = "429",
      description = "Too many calls wait already.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "504",
      description =
          "What `minLsn` asks for was not searchable in time; the member `freshness` says how far the index is.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  CompletableFuture<SearchResponse> search(HttpRequest<?> request)
      throws UnsupportedSearchException {
    var parameters = QueryParameters.of(request.getParameters(), PARAMETERS);
    SearchQuery query = SearchParameters.read(parameters, maxBytes);
    WaitRequest wait = waits.read(parameters);
    Search searching = search;
    if (searching == null) {
      throw new UnsupportedSearchException("the active sink cannot search");
    }
    return answers.answer(
        wait, null, freshness -> SearchResponse.of(hits(searching, query), maxBytes, freshness));
  }

  private List<Hit> hits(Search searching, SearchQuery query) throws UnsupportedSearchException {
    List<Hit> hits = searching.search(query);
    if (hits.isEmpty()) {
      query.scope().table().ifPresent(tables::require);
    }
    return hits;
  }
}
