package dev.freshet.index;

/**
 * What the vectors of an index have in common. An index records it and refuses a writer with
 * another one, because distances between the vectors of two models mean nothing.
 *
 * @param model the embedding model's name, such as {@code all-minilm-l6-v2}
 * @param dimension the length of its vectors
 */
public record EmbeddingSpace(String model, int dimension) {}
