package dev.freshet.store.lucene;

import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.NoteLedger;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

  @Override
  public boolean replace(String name, String expected, String text) {
    var replaced = new boolean[1];
    commit(
        committed -> {
          replaced[0] =
              CommitTexts.read(committed, KEY + name).filter(expected::equals).isPresent();
          return replaced[0] ? writer -> CommitTexts.write(writer, KEY + name, text) : writer -> {};
        });
    return replaced[0];
  }

  @Override
  public void remove(String name) {
    commit(committed -> writer -> CommitTexts.remove(writer, KEY + name));
  }

  @Override
  public SortedMap<String, String> startingWith(String prefix) {
    return folder.ask(
        committed -> {
          var notes = new TreeMap<String, String>();
          CommitTexts.startingWith(committed, KEY + prefix)
              .forEach((key, text) -> notes.put(key.substring(KEY.length()), text));
          return notes;
        });
  }

  private void commit(IndexFolder.Planner planner) {
    try {
      folder.commit(planner);
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("a note compares no revision", e);
    }
  }
}
