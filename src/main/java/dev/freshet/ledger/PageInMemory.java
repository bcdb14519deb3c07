package dev.freshet.ledger;

import java.util.ArrayList;
import java.util.List;

/** A page of documents in the making: rows of any size may not fill the memory. */
public final class PageInMemory {

  private static final long MOST_CHARACTERS = 4_000_000;

  private final int limit;
  private final List<StoredDocument> documents = new ArrayList<>();
  private long characters;

  /**
   * @param limit the most documents
   */
  public PageInMemory(int limit) {
    this.limit = limit;
  }

  /**
   * Adds a document.
   *
   * @param length how many characters its columns and its past have
   */
  public void add(StoredDocument document, long length) {
    documents.add(document);
    characters += length;
  }

  public boolean isFull() {
    return documents.size() >= limit || characters >= MOST_CHARACTERS;
  }

  public List<StoredDocument> documents() {
    return List.copyOf(documents);
  }
}
