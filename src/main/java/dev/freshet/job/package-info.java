/**
 * Work beside the live changes that takes long, survives a restart, and can be paused: one shape
 * for backfills, drift checks and reindexes. See {@code docs/completeness.md}.
 */
@NullMarked
package dev.freshet.job;

import org.jspecify.annotations.NullMarked;
