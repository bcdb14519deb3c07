package dev.freshet.document;

/**
 * Tells by what a table's documents are made now.
 *
 * @param splitter the settings of the splitter, as a text; empty where texts are not split here
 */
public record Renderings(String splitter) {

  /** Where another service splits the texts. */
  public static final Renderings UNSPLIT = new Renderings("");

  /** The present rendering of the documents that this mapping makes. */
  public Rendering of(TableMapping mapping) {
    return Rendering.of(mapping, splitter);
  }
}
