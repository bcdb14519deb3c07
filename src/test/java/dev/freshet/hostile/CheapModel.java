package dev.freshet.hostile;

import dev.freshet.index.EmbeddingSpace;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.ArrayList;
import java.util.List;

/** Makes vectors and segments at once: what is tried here is what is stored. */
final class CheapModel implements EmbeddingModel {

  static final EmbeddingSpace SPACE = new EmbeddingSpace("cheap", 3);

  private static final int SEGMENT = 2_000;

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    return Response.from(segments.stream().map(segment -> vector(segment.text())).toList());
  }

  private static Embedding vector(String text) {
    return Embedding.from(new float[] {1, text.length() % 7, text.hashCode() % 11});
  }

  static List<String> split(String text) {
    var segments = new ArrayList<String>();
    for (int start = 0; start < text.length(); start += SEGMENT) {
      segments.add(text.substring(start, Math.min(text.length(), start + SEGMENT)));
    }
    return segments;
  }
}
