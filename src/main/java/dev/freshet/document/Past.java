package dev.freshet.document;

import dev.freshet.changeevent.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a document beside its newest version, for events that arrive late.
 *
 * @param versions the earlier versions, oldest first
 * @param forgottenBefore what is older than this is not remembered; null when nothing is forgotten
 */
public record Past(List<Version> versions, @Nullable Position forgottenBefore) {

  /** The document is new. */
  public static final Past NONE = new Past(List.of(), null);

  public Past {
    versions = List.copyOf(versions);
  }

  /** Nothing is remembered of what was before the position. */
  public static Past forgottenBefore(Position position) {
    return new Past(List.of(), position);
  }
}
