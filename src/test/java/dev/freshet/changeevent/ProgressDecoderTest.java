package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.Corpus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressDecoderTest {

  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  private final ChangeEventDecoder decoder =
      new ChangeEventDecoder(3, "__debezium_unavailable_value", ColumnTypes.NONE);

  private DecodedMessage decoded(String name) {
    return decoded(Corpus.entry(name));
  }

  private DecodedMessage decoded(Corpus.Entry entry) {
    return decoder.decodeWithProgress(entry.message(), NOW);
  }

  private Optional<Long> proof(String name) {
    Optional<CommitPosition> proof = Optional.ofNullable(decoded(name).progress().proof());
    proof.ifPresent(place -> assertThat(place.epoch()).isEqualTo(3));
    return proof.map(place -> place.lsn().value());
  }

  @Test
  void aStreamedEventProvesTheLargerOfItsTwoPositions() {
    assertThat(proof("order-basic/015-E3-interleaved-u-public.products.json"))
        .contains(125_359_608L);
    assertThat(proof("order-basic/016-E3-interleaved-u-public.products.json"))
        .contains(125_359_768L);
  }

  @Test
  void theFirstTransactionAfterASnapshotProvesItsOwnPosition() {
    assertThat(proof("order-basic/006-E1-two-updates-one-tx-u-public.products.json"))
        .contains(125_358_424L);
  }

  @Test
  void ofASnapshotTheLastReadAloneProvesSomething() {
    assertThat(proof("order-basic/004-snapshot-r-public.products.json")).isEmpty();
    assertThat(proof("order-basic/005-snapshot-r-public.products.json")).contains(125_358_320L);
  }

  @Test
  void aReadBetweenTransactionsProvesTheCommitBefore() {
    assertThat(proof("incremental-snapshot/009-signal-r-public.products.json"))
        .contains(139_009_680L);
    assertThat(proof("blocking-snapshot/006-signal-blocking-r-public.products.json"))
        .contains(171_916_296L);
  }

  @Test
  void aLogicalMessageProvesItsPosition() {
    assertThat(proof("plain/044-message-tx-m-db.message.json")).contains(48_042_856L);
    assertThat(proof("plain/045-message-nontx-m-db.message.json")).contains(48_042_984L);
  }

  /** The END of a transaction carries the end of its commit, which the next event has as s0. */
  @Test
  void theEndOfATransactionProvesTheTransaction() {
    assertThat(proof("tx-metadata/026-multi-row-tx-BEGIN-db.transaction.json")).isEmpty();
    assertThat(proof("tx-metadata/031-multi-row-tx-END-db.transaction.json")).contains(89_161_544L);
    assertThat(proof("tx-metadata/033-message-tx-m-db.message.json")).contains(89_161_600L);
  }

  /** A flattened row without its operation may be a snapshot's. */
  @Test
  void whatMayBeAReadProvesTheCommitBeforeAtMost() {
    assertThat(flattened("[null,\"500\"]")).isEmpty();
    assertThat(flattened("[\"400\",\"500\"]")).contains(new CommitPosition(3, new Lsn(400)));
  }

  private Optional<CommitPosition> flattened(String sequence) {
    String body =
        "{\"id\":1,\"__lsn\":500,\"__sequence\":\"%s\"}".formatted(sequence.replace("\"", "\\\""));
    var message =
        new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    return Optional.ofNullable(decoder.decodeWithProgress(message, NOW).progress().proof());
  }

  @Test
  void heartbeatsAndTombstonesProveNothing() {
    assertThat(proof("heartbeat/002-snapshot-heartbeat-__debezium-heartbeat.db.json")).isEmpty();
    assertThat(proof("heartbeat/021-delete-tombstone-public.products.json")).isEmpty();
  }

  @Test
  void aMessageNamesItsCaptureAndTheTimeOfItsCommit() {
    SourceProgress progress =
        decoded("order-basic/015-E3-interleaved-u-public.products.json").progress();
    assertThat(progress.source().connector()).isEqualTo("db");
    assertThat(progress.source().isComplete()).isTrue();
    assertThat(progress.commitTime()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {253402128000000L, 0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1796083501000L})
  void aTimeThatNoClockShowsIsNoTimeOfACommitNorOfACapture(long millis) {
    String body =
        """
        {"op":"u","after":{"id":1,"title":"t"},"ts_ms":%1$d,
         "source":{"schema":"public","table":"p","lsn":7,"ts_ms":%1$d}}"""
            .formatted(millis);
    var message = new ChangeMessage("public.p", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    DecodedMessage decoded = decoder.decodeWithProgress(message, NOW);
    assertThat(decoded.progress().commitTime()).isNull();
    var upserted = (ChangeEvent.RowUpserted) decoded.event();
    assertThat(upserted.origin().committedAt()).isNull();
    assertThat(upserted.origin().capturedAt()).isNull();
  }

  @Test
  void everyFormNamesItsCapture() {
    assertThat(source("db.public.products", FLATTENED)).isEqualTo(new SourceName("db", "shop"));
    assertThat(source("db.public.products", CLOUD_EVENT)).isEqualTo(new SourceName("db", "shop"));
  }

  @Test
  void aMarkersTopicNamesItsCapture() {
    assertThat(source("db.transaction", END)).isEqualTo(new SourceName("db", ""));
    assertThat(source("__debezium-heartbeat.db", "{\"ts_ms\":1}"))
        .isEqualTo(new SourceName("db", ""));
    assertThat(source("ends", END)).isEqualTo(SourceName.NONE);
  }

  private static final String END =
      """
      {"status":"END","id":"7:9","event_count":1,"data_collections":[],"ts_ms":1}
      """;
  private static final String FLATTENED =
      """
      {"id":1,"__op":"c","__source_name":"db","__source_db":"shop","__lsn":500}
      """;
  private static final String CLOUD_EVENT =
      """
      {"id":"1","source":"/debezium/postgresql/db","specversion":"1.0","type":"x",
       "iodebeziumop":"c","iodebeziumname":"db","iodebeziumdb":"shop",
       "iodebeziumschema":"public","iodebeziumtable":"products","iodebeziumlsn":"500",
       "data":{"before":null,"after":{"id":1}}}
      """;

  private SourceName source(String routingKey, String body) {
    var message = new ChangeMessage(routingKey, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    return decoder.decodeWithProgress(message, Instant.EPOCH).progress().source();
  }

  static Stream<String> folders() {
    return Corpus.entries().stream().map(Corpus.Entry::folder).distinct();
  }

  /** A streamed event: which transaction, and the end of the commit before it. */
  private record Streamed(Corpus.Entry entry, long txId, Lsn lsn, Optional<Lsn> lastCommit) {}

  /**
   * What a message proves must hold: no event that follows is of a transaction that was committed
   * before. Where a transaction ends is seen in the next one's s0.
   */
  @ParameterizedTest
  @MethodSource("folders")
  void nothingFollowsThatWasCommittedBeforeWhatIsProven(String folder) {
    List<Corpus.Entry> entries = Corpus.entries(folder);
    List<Streamed> streamed = streamed(entries);
    int proofs = 0;
    for (int i = 0; i + 1 < streamed.size(); i++) {
      Lsn end = endOfTransaction(streamed, i).orElse(null);
      if (end != null) {
        for (Corpus.Entry before : entries.subList(0, entries.indexOf(streamed.get(i).entry()))) {
          Optional<CommitPosition> proof = Optional.ofNullable(decoded(before).progress().proof());
          proofs += proof.isPresent() ? 1 : 0;
          assertThat(proof)
              .as("%s, before %s", before, streamed.get(i).entry())
              .matches(found -> found.stream().allMatch(place -> place.lsn().compareTo(end) < 0));
        }
      }
    }
    assertThat(streamed.size() < 3 || proofs > 0).isTrue();
  }

  private static Optional<Lsn> endOfTransaction(List<Streamed> streamed, int index) {
    return streamed.subList(index + 1, streamed.size()).stream()
        .filter(next -> next.txId() != streamed.get(index).txId())
        .findFirst()
        .flatMap(Streamed::lastCommit);
  }

  /** Each event's first appearance; after a kill Debezium sends some again. */
  private List<Streamed> streamed(List<Corpus.Entry> entries) {
    var seen = new HashSet<List<Object>>();
    var streamed = new ArrayList<Streamed>();
    for (Corpus.Entry entry : entries) {
      Origin origin = origin(decoded(entry).event());
      if (origin != null
          && origin.position() instanceof WalPosition position
          && !position.snapshot()
          && origin.txId() != null
          && seen.add(List.of(origin.txId(), position.lsn()))) {
        streamed.add(
            new Streamed(
                entry,
                Objects.requireNonNull(origin.txId()),
                position.lsn(),
                Optional.ofNullable(position.lastCommit())));
      }
    }
    return streamed;
  }

  private static Origin origin(ChangeEvent event) {
    if (event instanceof RowUpserted upserted) {
      return upserted.origin();
    }
    if (event instanceof RowDeleted deleted) {
      return deleted.origin();
    }
    return event instanceof TableTruncated truncated ? truncated.origin() : null;
  }
}
