/**
 * From rows to documents: which tables are mapped and how, and what is remembered of a document so
 * that the newest version wins whatever arrives, in whatever order. Pure: no I/O.
 */
@NullMarked
package dev.freshet.document;

import org.jspecify.annotations.NullMarked;
