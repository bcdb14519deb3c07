package dev.freshet.ledger;

import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One document's next version, as the ledger remembers it.
 *
 * @param expectedRevision the revision that the decision was based on; 0 when none was stored
 * @param renderedBy what has made it; {@link Rendering#UNKNOWN} where searches do not find it
 * @param indexedAt when this version is written; the store commits it a moment later
 * @param embeddedAt when the embedding of this version's segments was finished, or, where each kept
 *     its vector, when that was decided; null for a tombstone and where no vectors are made
 * @param embedded how many of its segments were embedded anew; null when that is not known
 */
public record DocumentWrite(
    DocumentState state,
    long expectedRevision,
    String contentHash,
    String metadataHash,
    Rendering renderedBy,
    Instant indexedAt,
    @Nullable Instant embeddedAt,
    @Nullable Integer embedded)
    implements StateWrite {}
