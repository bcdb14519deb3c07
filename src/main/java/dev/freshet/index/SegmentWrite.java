package dev.freshet.index;

import dev.langchain4j.data.embedding.Embedding;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it is to be stored.
 *
 * @param ordinal its place in the document, from 0
 * @param embedding null when a segment of this id, hence of this text, is stored already and keeps
 *     its vector
 */
public record SegmentWrite(UUID id, int ordinal, String text, @Nullable Embedding embedding) {}
