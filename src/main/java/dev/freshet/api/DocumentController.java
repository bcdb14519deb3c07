package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.store.DocumentFailure;
import dev.freshet.store.DocumentLedger;
import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.StoreView;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what the index knows of one document. */
@Controller("/documents")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Documents")
final class DocumentController {

  private final @Nullable DocumentLedger ledger;
  private final @Nullable EmbeddingSpace space;

  /**
   * @param ledger null where the sink remembers no documents
   * @param space null where no vectors are made here
   */
  DocumentController(@Nullable DocumentLedger ledger, @Nullable EmbeddingSpace space) {
    this.ledger = ledger;
    this.space = space;
  }

  // Without a pattern of its own a variable ends at a plus sign, an ampersand, a bracket ...
  @Get("/{table:[^/]+}/{key:[^/]+}")
  @Operation(
      operationId = "findDocument",
      summary = "Tells the state of one document",
      description =
          "A document that the index knows nothing of is an answer too: 200 with the state"
              + " `unknown`.",
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
            description =
                "The key columns' values in key order, joined with `,`; a literal `,` or `\\` is"
                    + " escaped with `\\`. Percent-encoded, a `/` too.",
            example = "42",
            schema = @Schema(type = "string"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "Its state.",
      content = @Content(schema = @Schema(implementation = DocumentStatus.class)))
  @ApiResponse(
      responseCode = "400",
      description = "The table or the key cannot be read, or there is a query parameter.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "501",
      description = "The active sink remembers no documents.",
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
  DocumentStatus find(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    DocumentId id = documentId(request.getUri().getRawPath().split("/", -1));
    if (ledger == null) {
      throw new ProblemException(
          Problem.of(HttpStatus.NOT_IMPLEMENTED, "the active sink remembers no documents"));
    }
    // The failure first: a commit between the two heals it, and the second look sees that.
    Optional<DocumentFailure> failure = ledger.failures().failureOf(id);
    StoreView view = ledger.read(Set.of(id), Set.of(id.table()));
    var status = DocumentStatus.of(id, view, space);
    return failure.filter(one -> one.isOpen(view)).map(status::failed).orElse(status);
  }

  /**
   * Reads the id of a document.
   *
   * @param path ends with the table and the key
   */
  static DocumentId documentId(String[] path) {
    String table = decoded("table", path[path.length - 2]);
    String key = decoded("key", path[path.length - 1]);
    TableId tableId = QueryParameters.read("table", () -> TableId.parse(table));
    return DocumentId.of(tableId, key);
  }

  /** The framework takes a {@code +} in a path for a space, as only a query has it. */
  private static String decoded(String name, String segment) {
    String text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    return QueryParameters.refuseNull(name, text);
  }
}
