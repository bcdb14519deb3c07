package dev.freshet.ledger;

import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is stored.
 *
 * @param revision counts the commits that changed it, from 1; guards against a concurrent writer
 * @param contentHash SHA-256 of the text, in hexadecimal; empty for a tombstone
 * @param metadataHash SHA-256 of the metadata, in hexadecimal; empty for a tombstone
 * @param renderedBy what has made it; {@link Rendering#UNKNOWN} for a tombstone, for a document
 *     that is not complete, and for what was stored before this was remembered
 * @param indexedAt when this version was written, as it was made last; the store committed it a
 *     moment later
 * @param embeddedAt when the embedding of this version's segments was finished, or, where each kept
 *     its vector, when that was decided; null for a tombstone, where no vectors are made, and for
 *     what was stored before this was remembered
 * @param embedded how many of its segments were embedded anew; null when that is not known
 */
public record StoredDocument(
    DocumentState state,
    long revision,
    String contentHash,
    String metadataHash,
    Rendering renderedBy,
    Instant indexedAt,
    @Nullable Instant embeddedAt,
    @Nullable Integer embedded) {}
