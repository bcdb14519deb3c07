/**
 * The adapter to OpenTelemetry: spans of messages and searches. Nothing else knows it, and without
 * its configuration nothing of it runs.
 */
@NullMarked
package dev.freshet.tracing;

import org.jspecify.annotations.NullMarked;
