package dev.freshet.store.lucene;

import dev.langchain4j.data.embedding.Embedding;
import org.apache.lucene.util.VectorUtil;

/** Makes vectors of length 1, so that the cheap dot product of two is their cosine. */
record UnitVectors(int dimension) {

  /**
   * @throws IllegalArgumentException when the vector is of another dimension or holds no numbers
   */
  float[] of(Embedding embedding) {
    float[] vector = embedding.vector().clone();
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "the vector has " + vector.length + " dimensions, those of the index have " + dimension);
    }
    return VectorUtil.l2normalize(VectorUtil.checkFinite(vector), false);
  }
}
