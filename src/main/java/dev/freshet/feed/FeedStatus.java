package dev.freshet.feed;

/**
 * Whether the feed can deliver now.
 *
 * @param connected whether messages can arrive
 * @param description one sentence for people; names what is wrong where something is
 */
public record FeedStatus(boolean connected, String description) {}
