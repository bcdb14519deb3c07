/** The job that makes documents again which a former mapping or splitter has made. */
@NullMarked
package dev.freshet.job.reindex;

import org.jspecify.annotations.NullMarked;
