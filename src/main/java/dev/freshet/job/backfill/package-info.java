/** The job that reads the rows of a table which are older than the pipeline. */
@NullMarked
package dev.freshet.job.backfill;

import org.jspecify.annotations.NullMarked;
