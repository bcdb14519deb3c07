package dev.freshet.feed;

import java.time.Instant;

/**
 * Messages that left a feed unsettled, and of which nothing tells what they were.
 *
 * @param messages how many at least
 * @param noticedAt when that showed
 * @param how one sentence: where they were, how they may have gone, and what brings them back
 */
public record Loss(long messages, Instant noticedAt, String how) {}
