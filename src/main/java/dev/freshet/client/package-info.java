/**
 * What asks a running Freshet over HTTP: a client for tests and scripts, the command that waits
 * until the index is fresh, and the one that collects what a service says of itself. It needs the
 * JDK and Jackson (the commands picocli, too), and nothing else of Freshet.
 */
@NullMarked
package dev.freshet.client;

import org.jspecify.annotations.NullMarked;
