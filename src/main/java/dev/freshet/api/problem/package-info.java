/**
 * Errors as the HTTP API tells them: RFC 9457 problem documents, whichever part of the service
 * fails.
 */
@NullMarked
package dev.freshet.api.problem;

import org.jspecify.annotations.NullMarked;
