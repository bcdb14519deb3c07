package dev.freshet.store.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own codec without its limit of 1024 dimensions, which several embedding models exceed.
 * What it writes is Lucene's format under Lucene's name, so any Lucene reads it.
 */
final class VectorCodec extends Lucene912Codec {

  private static final int MOST_DIMENSIONS = 8192;

  private final KnnVectorsFormat format = new UnlimitedFormat(new Lucene99HnswVectorsFormat());

  @Override
  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
    return format;
  }

  private static final class UnlimitedFormat extends KnnVectorsFormat {

    private final KnnVectorsFormat lucene;

    UnlimitedFormat(KnnVectorsFormat lucene) {
      super(lucene.getName());
      this.lucene = lucene;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return lucene.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return lucene.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
      return MOST_DIMENSIONS;
    }
  }
}
