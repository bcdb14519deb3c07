/**
 * Who may call what: API keys, the two roles, and the refusal to answer strangers without a key.
 */
@NullMarked
package dev.freshet.api.access;

import org.jspecify.annotations.NullMarked;
