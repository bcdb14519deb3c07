package dev.freshet.feed;

/**
 * What waits on a feed.
 *
 * @param waiting messages that nobody has taken yet; those in some consumer's hands do not count
 * @param deadLetters messages that were given up and are kept
 */
public record Backlog(long waiting, long deadLetters) {}
