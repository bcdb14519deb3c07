/**
 * Where messages come from: the port {@link dev.freshet.feed.ChangeFeed} and its adapters. A feed
 * delivers, acknowledges and dead-letters messages, and does not look into them.
 */
@NullMarked
package dev.freshet.feed;

import org.jspecify.annotations.NullMarked;
