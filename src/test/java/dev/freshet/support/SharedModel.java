package dev.freshet.support;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;

/** The real model, loaded once for all servers, and left open when one of them ends. */
public class SharedModel implements EmbeddingModel {

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    return Models.embeddingModel().embedAll(segments);
  }

  @Override
  public int dimension() {
    return Models.embeddingModel().dimension();
  }

  @Override
  public String modelName() {
    return Models.embeddingModel().modelName();
  }
}
