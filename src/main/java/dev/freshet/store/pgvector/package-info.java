/**
 * The store on PostgreSQL with pgvector. Segments stand in a table that LangChain4j's {@code
 * PgVectorEmbeddingStore} reads, so that its applications can search the index that Freshet keeps.
 */
@NullMarked
package dev.freshet.store.pgvector;

import org.jspecify.annotations.NullMarked;
