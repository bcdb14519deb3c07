package dev.freshet.api;

import dev.freshet.Spelling;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.TableCoverage;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The tables that are mapped, or of which anything is indexed. */
@Singleton
final class KnownTables {

  private final TableMappings mappings;
  private final IndexContents contents;

  KnownTables(TableMappings mappings, IndexContents contents) {
    this.mappings = mappings;
    this.contents = contents;
  }

  /**
   * Requires that a table is known. While the index does not answer, or is empty and any table
   * would be mapped, nobody can tell.
   *
   * @throws ProblemException of status 404 that names the table that is meant most likely
   */
  void require(TableId table) {
    if (mappings.tables().contains(table)) {
      return;
    }
    Optional<IndexContents.Contents> indexed = contents.now().map(LatestAnswer.Known::value);
    if (indexed.isEmpty()) {
      return;
    }
    NavigableSet<TableId> known = new TreeSet<>(mappings.tables());
    indexed.get().tables().stream().map(TableCoverage::table).forEach(known::add);
    if (!known.isEmpty() && !known.contains(table)) {
      throw new ProblemException(
          Problem.of(
                  HttpStatus.NOT_FOUND,
                  "The table '%s' is not mapped, and nothing of it is indexed; did you mean '%s'?"
                      .formatted(table, nearest(table, known)))
              .withParameter("table"));
    }
  }

  private static TableId nearest(TableId table, NavigableSet<TableId> known) {
    Comparator<TableId> byDistance =
        Comparator.comparingInt(one -> Spelling.distance(table.toString(), one.toString()));
    return known.stream().min(byDistance).orElseThrow();
  }
}
