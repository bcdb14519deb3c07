package dev.freshet.store.lucene;

import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.NoteLedger;
import java.util.Optional;

/** The notes beside the index's commits. */
final class LuceneNotes implements NoteLedger {

  private static final String KEY = "freshet.note.";

  private final IndexFolder folder;

  LuceneNotes(IndexFolder folder) {
    this.folder = folder;
  }

  @Override
  public Optional<String> read(String name) {
    return folder.ask(committed -> CommitTexts.read(committed, KEY + name));
  }

  @Override
  public void write(String name, String text) {
    commit(committed -> writer -> CommitTexts.write(writer, KEY + name, text));
  }

  @Override
  public String claim(String name, String text) {
    var standing = new String[] {text};
    commit(
        committed -> {
          Optional<String> known = CommitTexts.read(committed, KEY + name);
          standing[0] = known.orElse(text);
          return known.isPresent()
              ? writer -> {}
              : writer -> CommitTexts.write(writer, KEY + name, text);
        });
    return standing[0];
  }

  private void commit(IndexFolder.Planner planner) {
    try {
      folder.commit(planner);
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("a note compares no revision", e);
    }
  }
}
