package dev.freshet.indexing;

import java.time.Instant;

/**
 * Why one batch is tried again and again.
 *
 * @param side what does not answer, such as "The sink"
 * @param reason one sentence for people
 * @param since when the first of the attempts failed
 */
public record Stall(String side, String reason, Instant since) {}
