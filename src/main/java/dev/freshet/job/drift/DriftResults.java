package dev.freshet.job.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.freshet.OneLine;
import dev.freshet.UnavailableException;
import dev.freshet.job.Progress;
import dev.freshet.ledger.NoteLedger;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers the result of each table's last drift check, whichever instance ran it. */
public final class DriftResults {

  private static final Logger LOG = LoggerFactory.getLogger(DriftResults.class);
  private static final String NOTE = "drift.";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer version may have written more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final NoteLedger notes;
  private final Clock clock;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private volatile List<DriftResult> known = List.of();

  public DriftResults(NoteLedger notes, Clock clock) {
    this.notes = notes;
    this.clock = clock;
  }

  DriftResult record(String table, Progress ended) {
    DriftResult result = DriftResult.of(table, ended, clock.instant());
    try {
      notes.write(NOTE + table, MAPPER.writeValueAsString(result));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    refresh();
    return result;
  }

  /** Looks what is remembered; keeps what is known while the ledger does not answer. */
  public void refresh() {
    try {
      known =
          notes.startingWith(NOTE).entrySet().stream()
              .flatMap(note -> readable(note.getKey(), note.getValue()).stream())
              .toList();
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say what drift checks have found: {}", e.getMessage());
    }
  }

  private Optional<DriftResult> readable(String name, String text) {
    try {
      return Optional.ofNullable(MAPPER.readValue(text, DriftResult.class));
    } catch (JsonProcessingException e) {
      if (unreadable.add(name)) {
        LOG.warn(
            "The note {} is no result that this version knows, and is left out: {}",
            name,
            OneLine.of(e.getOriginalMessage()));
      }
      return Optional.empty();
    }
  }

  /** In the order of the tables' names, as of the last look; answers at once. */
  public List<DriftResult> all() {
    return known;
  }
}
