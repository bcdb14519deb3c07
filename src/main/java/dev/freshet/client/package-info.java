/**
 * What asks a running Freshet over HTTP: a client for tests and scripts, and the command that waits
 * until the index is fresh. It needs the JDK and Jackson (the command picocli, too), and nothing
 * else of Freshet.
 */
@NullMarked
package dev.freshet.client;

import org.jspecify.annotations.NullMarked;
