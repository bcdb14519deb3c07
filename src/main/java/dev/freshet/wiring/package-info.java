/**
 * Puts the service together: the parts that know nothing of Micronaut become beans here, made from
 * the configuration. What belongs to one adapter is configured beside it.
 */
@NullMarked
package dev.freshet.wiring;

import org.jspecify.annotations.NullMarked;
