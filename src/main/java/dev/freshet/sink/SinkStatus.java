package dev.freshet.sink;

/**
 * Whether the index answers now.
 *
 * @param description one sentence for people; names what is wrong where something is
 */
public record SinkStatus(boolean available, String description) {}
