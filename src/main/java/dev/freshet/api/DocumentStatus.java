package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.api.KnownDocument.Ignored;
import dev.freshet.api.KnownDocument.Indexed;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a document, what is on its way, and how fresh that is.
 *
 * @param failure null where its newest change was not given up
 * @param received null where nothing newer is on its way
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "documentId",
  "table",
  "key",
  "state",
  "position",
  "lsn",
  "txId",
  "committedAt",
  "capturedAt",
  "receivedAt",
  "embeddedAt",
  "embedded",
  "indexedAt",
  "segments",
  "contentHash",
  "model",
  "failure",
  "waitsFor",
  "reason",
  "received",
  "freshness"
})
record DocumentStatus(
    @JsonIgnore KnownDocument document,
    @Nullable DocumentFailureStatus failure,
    @Nullable ReceivedChange received,
    FreshnessBlock freshness) {

  @JsonProperty
  String documentId() {
    return document.id().toString();
  }

  @JsonProperty
  String table() {
    return document.id().table().toString();
  }

  @JsonProperty
  String key() {
    return document.id().joinedKey();
  }

  @JsonProperty
  KnownDocument.State state() {
    return failure == null ? document.state() : KnownDocument.State.FAILED;
  }

  @JsonProperty
  @Nullable String position() {
    return document.position().map(Position::sortKey).orElse(null);
  }

  @JsonProperty
  @Nullable String lsn() {
    return document.position().map(DocumentStatus::lsn).orElse(null);
  }

  @JsonProperty
  @Nullable Long txId() {
    return ofOrigin(Origin::txId);
  }

  @JsonProperty
  @Nullable Instant committedAt() {
    return ofOrigin(Origin::committedAt);
  }

  @JsonProperty
  @Nullable Instant capturedAt() {
    return ofOrigin(Origin::capturedAt);
  }

  @JsonProperty
  @Nullable Instant receivedAt() {
    return ofOrigin(Origin::receivedAt);
  }

  @JsonProperty
  @Nullable Instant embeddedAt() {
    return ofApplied(StoredDocument::embeddedAt);
  }

  @JsonProperty
  @Nullable Integer embedded() {
    return ofApplied(StoredDocument::embedded);
  }

  @JsonProperty
  @Nullable Instant indexedAt() {
    return ofApplied(StoredDocument::indexedAt);
  }

  @JsonProperty
  int segments() {
    return document instanceof Indexed indexed ? indexed.segments() : 0;
  }

  @JsonProperty
  @Nullable String contentHash() {
    return document instanceof Indexed indexed ? indexed.stored().contentHash() : null;
  }

  @JsonProperty
  @Nullable String model() {
    return document instanceof Indexed indexed ? indexed.model() : null;
  }

  @JsonProperty
  Set<String> waitsFor() {
    return document.applied().map(stored -> stored.state().missing()).orElse(Set.of());
  }

  @JsonProperty
  @Nullable String reason() {
    return document instanceof Ignored ignored ? ignored.reason() : null;
  }

  private <T> @Nullable T ofApplied(Function<StoredDocument, @Nullable T> part) {
    return document.applied().map(part).orElse(null);
  }

  private <T> @Nullable T ofOrigin(Function<Origin, @Nullable T> part) {
    return ofApplied(stored -> part.apply(stored.state().origin()));
  }

  static @Nullable String lsn(Position position) {
    return Lsn.of(position).map(Lsn::toString).orElse(null);
  }

  /** A change on its way. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ReceivedChange(
      String position,
      @Nullable String lsn,
      @Nullable Long txId,
      @Nullable Instant committedAt,
      Instant receivedAt) {

    static ReceivedChange of(Origin origin) {
      return new ReceivedChange(
          origin.position().sortKey(),
          DocumentStatus.lsn(origin.position()),
          origin.txId(),
          origin.committedAt(),
          origin.receivedAt());
    }
  }
}
