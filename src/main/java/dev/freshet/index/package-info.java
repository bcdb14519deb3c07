/**
 * The segments that searches find: the port {@link dev.freshet.index.SegmentIndex}, conditions on
 * the metadata, and the terms by which every index decides them alike.
 */
@NullMarked
package dev.freshet.index;

import org.jspecify.annotations.NullMarked;
