package dev.freshet.feed;

/**
 * Whether several processes may share what keeps the index, or its ledger. Where they may not, a
 * feed must see to it that one process alone takes from it.
 *
 * @param store as {@code freshet.store} names it
 */
public record IndexSharing(String store, boolean shared) {}
