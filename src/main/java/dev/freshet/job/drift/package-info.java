/**
 * Compares a table of the source with the index: which documents are missing, orphaned or
 * different, and repairs them. See {@code docs/completeness.md}.
 */
@NullMarked
package dev.freshet.job.drift;

import org.jspecify.annotations.NullMarked;
