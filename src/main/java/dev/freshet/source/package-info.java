/**
 * The captured database: which source an index belongs to, whether its positions are of one
 * sequence, and whether its events carry what the mappings need.
 */
@NullMarked
package dev.freshet.source;

import org.jspecify.annotations.NullMarked;
