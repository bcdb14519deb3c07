package dev.freshet.document;

import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowEvent;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.DecodedMessage;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MappingResult.Refused;
import dev.freshet.feed.ChangeMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a message does to the index, within the configured sizes. Whoever has a message, new
 * or dead-lettered before, reads it here: one that is too large is parsed nowhere.
 */
public final class MessageReader {

  private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

  private final ChangeEventDecoder decoder;
  private final DocumentMapper mapper;
  private final SizeLimits limits;

  public MessageReader(ChangeEventDecoder decoder, DocumentMapper mapper, SizeLimits limits) {
    this.decoder = decoder;
    this.mapper = mapper;
    this.limits = limits;
  }

  /**
   * Reads what a message does to the index.
   *
   * @throws RejectedException when the message is too large, or cannot be decoded
   */
  public ReadMessage read(ChangeMessage message, Instant receivedAt) {
    DecodedMessage decoded = withoutDefects(message, () -> decode(message, receivedAt));
    return new ReadMessage(map(message, decoded.event()), decoded.progress());
  }

  private MappingResult map(ChangeMessage message, ChangeEvent event) {
    try {
      return withoutDefects(
          message,
          () -> {
            MappingResult result = mapper.map(event);
            if (result instanceof Mapped mapped) {
              limits.check(mapped.change());
            }
            return result;
          });
    } catch (RejectedException e) {
      return new Refused(e, documentIfAny(event), originIfAny(event));
    }
  }

  private static @Nullable Origin originIfAny(ChangeEvent event) {
    return event instanceof RowEvent row ? row.origin() : null;
  }

  private @Nullable DocumentId documentIfAny(ChangeEvent event) {
    try {
      return documentOf(event).orElse(null);
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // That its key cannot be read may be why it is refused.
      return null;
    }
  }

  private static <T> T withoutDefects(ChangeMessage message, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RejectedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      LOG.error("A message of routing key '{}' shows a defect", message.routingKey(), e);
      throw new RejectedException(
          RejectionReason.INTERNAL_ERROR,
          "decoding fails with " + e.getClass().getSimpleName() + "; the log has the trace",
          e);
    }
  }

  /**
   * Decodes what a message says, even if its document is too large.
   *
   * @throws RejectedException when the message is too large, or cannot be decoded
   */
  public DecodedMessage decode(ChangeMessage message, Instant receivedAt) {
    limits.check(message);
    return decoder.decodeWithProgress(message, receivedAt);
  }

  /** The document that an event is about. */
  public Optional<DocumentId> documentOf(ChangeEvent event) {
    return mapper.documentOf(event);
  }

  /** The mapped table of which an ignored one seems to be a partition. */
  public Optional<TableId> partitioned(TableId table, String routingKey) {
    return mapper.partitioned(table, routingKey);
  }

  /** The table of whose name the documents of a table are. */
  public TableId documentTable(TableId table) {
    return mapper.documentTable(table);
  }

  /** The count of the source's restarts under which a message is read. */
  public int sourceEpoch(ChangeMessage message) {
    return decoder.sourceEpoch(message);
  }
}
