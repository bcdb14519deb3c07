package dev.freshet.indexing;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.DecodedMessage;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MappingResult;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.feed.ChangeMessage;
import java.time.Instant;
import java.util.Optional;
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
   * @throws RejectedException when it can never be indexed, be it by a defect of Freshet's
   */
  public ReadMessage read(ChangeMessage message, Instant receivedAt) {
    try {
      limits.check(message);
      DecodedMessage decoded = decoder.decodeWithProgress(message, receivedAt);
      MappingResult result = mapper.map(decoded.event());
      if (result instanceof Mapped mapped) {
        limits.check(mapped.change());
      }
      return new ReadMessage(result, decoded.progress());
    } catch (RejectedException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("A message of routing key '{}' shows a defect", message.routingKey(), e);
      throw new RejectedException(
          RejectionReason.INTERNAL_ERROR,
          "decoding fails with " + e.getClass().getSimpleName() + "; the log has the trace",
          e);
    }
  }

  /**
   * Reads what happened, be its document too large.
   *
   * @throws RejectedException when the message is too large, or cannot be decoded
   */
  public ChangeEvent event(ChangeMessage message, Instant receivedAt) {
    limits.check(message);
    return decoder.decode(message, receivedAt);
  }

  /** The document that an event is about. */
  public Optional<DocumentId> documentOf(ChangeEvent event) {
    return mapper.documentOf(event);
  }

  /** The count of the source's restarts under which a message is read. */
  public int sourceEpoch(ChangeMessage message) {
    return decoder.sourceEpoch(message);
  }
}
