/**
 * The words of texts: one analysis for every store and for texts and queries alike, so that all
 * find the same. It is made of Lucene's analyzers, which is why this part of the core may know
 * Lucene.
 */
@NullMarked
package dev.freshet.words;

import org.jspecify.annotations.NullMarked;
