package dev.freshet.store.lucene;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/**
 * Lucene's words by Unicode's rules, with one exception: those take {@code size:large} for a single
 * word, as Swedish has it, but nobody who searches for "large" means that.
 */
final class WordAnalyzer extends AnalyzerWrapper {

  private final Analyzer standard = new StandardAnalyzer();

  WordAnalyzer() {
    super(PER_FIELD_REUSE_STRATEGY);
  }

  @Override
  protected Analyzer getWrappedAnalyzer(String field) {
    return standard;
  }

  @Override
  protected Reader wrapReader(String field, Reader text) {
    return new ColonsAsSpaces(text);
  }

  private static final class ColonsAsSpaces extends FilterReader {

    ColonsAsSpaces(Reader text) {
      super(text);
    }

    @Override
    public int read() throws IOException {
      int character = super.read();
      return character == ':' ? ' ' : character;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      for (int i = offset; i < offset + read; i++) {
        buffer[i] = buffer[i] == ':' ? ' ' : buffer[i];
      }
      return read;
    }
  }
}
