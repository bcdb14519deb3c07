package dev.freshet.ledger;

/**
 * Whether the store answers now.
 *
 * @param description one sentence for people; names what is wrong where something is
 */
public record StoreStatus(boolean available, String description) {}
