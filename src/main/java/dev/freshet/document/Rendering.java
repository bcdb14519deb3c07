package dev.freshet.document;

import java.util.Set;
import java.util.TreeSet;

/**
 * What has made a document of its row: the mapping and the splitter, as a short text. Where two
 * renderings are equal, the same row becomes the same document with the same segments.
 *
 * @param text a fingerprint, and which columns the ledger has of such a document, as in {@code
 *     3f2a9c0d1e2b4a5f:all}; empty where it is not known, or nothing was made
 */
public record Rendering(String text) {

  /** Of a document that does not say what has made it, and of one that nothing was made of. */
  public static final Rendering UNKNOWN = new Rendering("");

  /** Each document names its own, and a table has few in its life: 64 bits tell them apart. */
  private static final int CHARACTERS = 16;

  private static final String ALL = "all";

  /**
   * The rendering by this mapping.
   *
   * @param splitter the settings of the splitter, as a text; empty where texts are not split here
   */
  static Rendering of(TableMapping mapping, String splitter) {
    return new Rendering(
        fingerprint(mapping.recipe() + "; segments " + splitter) + ":" + kept(mapping));
  }

  /** The ledger keeps the columns that a mapping uses. */
  private static String kept(TableMapping mapping) {
    if (!mapping.takesAll()) {
      return fingerprint(names(mapping.named()));
    }
    return mapping.excluded().isEmpty() ? ALL : ALL + "-" + fingerprint(names(mapping.excluded()));
  }

  private static String names(Set<String> columns) {
    return new TreeSet<>(columns).toString();
  }

  private static String fingerprint(String text) {
    return Fingerprint.of(text).substring(0, CHARACTERS);
  }

  public boolean known() {
    return !text.isEmpty();
  }

  private String kept() {
    return text.substring(text.indexOf(':') + 1);
  }

  /** Whether the ledger has the same columns of such a document as of one by this mapping. */
  boolean keepsTheSameAs(TableMapping mapping) {
    return kept().equals(kept(mapping));
  }

  /**
   * Whether the ledger has every column of such a document that the mapping takes without naming
   * it. True of a mapping that names each of its columns.
   */
  public boolean keepsAllOf(TableMapping mapping) {
    return !mapping.takesAll() || kept().equals(ALL) || keepsTheSameAs(mapping);
  }

  @Override
  public String toString() {
    return text;
  }
}
