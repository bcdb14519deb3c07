package dev.freshet.store.lucene;

import dev.freshet.document.DocumentId;
import dev.freshet.index.SegmentWrite;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * The Lucene document of a segment: what a search compares and filters. Whatever changes with every
 * version of the document stands in its state, so that a segment that keeps its place and metadata
 * is not written again.
 */
final class SegmentDocument {

  static final String WORDS = "words";
  static final String VECTOR = "vector";

  private static final String TEXT = "segmentText";

  /** Where version 0.1 kept the text, and its words, which Lucene lets no field change into. */
  private static final String FORMER_TEXT = "text";

  /** What filters compare; all columns share the field, so that a row of any width adds none. */
  static final String TERMS = "terms";

  private static final String ORDINAL = "ordinal";

  /** How often a word stands in the text is kept, and not where. */
  private static final FieldType WORDS_TYPE = new FieldType();

  static {
    WORDS_TYPE.setTokenized(true);
    WORDS_TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    WORDS_TYPE.freeze();
  }

  private SegmentDocument() {}

  /**
   * @param vector of length 1, so that the dot product is the cosine
   * @param terms of the document's metadata
   */
  static Document of(DocumentId id, SegmentWrite segment, float[] vector, List<StringField> terms) {
    var fields = new Document();
    fields.add(new StringField(Terms.SEGMENT, segment.id().toString(), Store.NO));
    fields.add(new StringField(Terms.DOCUMENT, Terms.bounded(id.toString()), Store.NO));
    fields.add(
        new StringField(Terms.SEGMENT_TABLE, Terms.bounded(id.table().toString()), Store.NO));
    StateDocument.addId(fields, id);
    fields.add(new StoredField(ORDINAL, segment.ordinal()));
    fields.add(new StoredField(TEXT, segment.text()));
    fields.add(new Field(WORDS, segment.text(), WORDS_TYPE));
    fields.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
    terms.forEach(fields::add);
    return fields;
  }

  /** What filters compare; all segments of a document have the same. */
  static List<StringField> terms(Set<String> terms) {
    return terms.stream().map(term -> new StringField(TERMS, term, Store.NO)).toList();
  }

  static int ordinal(Document fields) {
    return fields.getField(ORDINAL).numericValue().intValue();
  }

  static String text(Document fields) {
    String text = fields.get(TEXT);
    return text == null ? fields.get(FORMER_TEXT) : text;
  }
}
