package dev.freshet.console;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.support.SharedModel;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import java.util.List;

/** The real model, which refuses texts with one word until it is mended. */
final class MendableModel extends SharedModel {

  static final String REFUSED_WORD = "unspeakable";

  private volatile boolean mended;

  void mended(boolean now) {
    mended = now;
  }

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    if (!mended && segments.stream().anyMatch(segment -> segment.text().contains(REFUSED_WORD))) {
      throw new RejectedException(
          RejectionReason.REFUSED_BY_SINK, "the model does not take this text; mend it and replay");
    }
    return super.embedAll(segments);
  }
}
