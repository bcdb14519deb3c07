/** What {@code /health} and its companions tell the platform. */
@NullMarked
package dev.freshet.api.health;

import org.jspecify.annotations.NullMarked;
