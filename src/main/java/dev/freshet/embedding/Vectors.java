package dev.freshet.embedding;

/** Arithmetic on vectors, in place. */
final class Vectors {

  private Vectors() {}

  static void add(float[] sum, float[] vector, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }

  /** Brings a vector to length 1, and returns it. */
  static float[] normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }
}
