/**
 * Turns text into vectors: splits a document's text into segments that the embedding model takes
 * whole, and runs all-MiniLM-L6-v2 inside the JVM. Any other LangChain4j embedding model can stand
 * in its place.
 */
@NullMarked
package dev.freshet.embedding;

import org.jspecify.annotations.NullMarked;
