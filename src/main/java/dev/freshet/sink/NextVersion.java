package dev.freshet.sink;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.RenderedDocument;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.ledger.StoredDocument;
import org.jspecify.annotations.Nullable;

/**
 * A document's next version beside the stored one.
 *
 * @param document empty when {@link #absent}
 * @param contentHash SHA-256 of the text, in hexadecimal; empty when absent
 * @param metadataHash SHA-256 of the metadata, in hexadecimal; empty when absent
 * @param mapping what has made the document; null when absent
 * @param stored what is stored; null when nothing is
 * @param anew whether to write the whole document again, even if the store seems to have it
 */
public record NextVersion(
    DocumentState state,
    RenderedDocument document,
    String contentHash,
    String metadataHash,
    @Nullable TableMapping mapping,
    @Nullable StoredDocument stored,
    boolean anew) {

  static NextVersion of(DocumentState state, Reconciliation reconciliation) {
    StoredDocument before = reconciliation.stored(state.id()).orElse(null);
    if (!state.complete()) {
      var nothing = new RenderedDocument("", JsonNodeFactory.instance.objectNode());
      return new NextVersion(state, nothing, "", "", null, before, false);
    }
    TableMapping mapping = reconciliation.mapping(state.id());
    RenderedDocument document = mapping.render(state.values());
    return new NextVersion(
        state,
        document,
        Fingerprint.of(document.content()),
        Fingerprint.of(document.metadata()),
        mapping,
        before,
        reconciliation.isAnew(state.id()));
  }

  public DocumentId id() {
    return state.id();
  }

  /** Whether no search may find the document: it is gone, or some of its values are not known. */
  public boolean absent() {
    return !state.complete();
  }

  /** The revision that the commit expects; 0 when nothing is stored. */
  public long storedRevision() {
    return stored == null ? 0 : stored.revision();
  }

  /** What has made the document; {@link Rendering#UNKNOWN} when absent. */
  public Rendering renderedBy(Renderings renderings) {
    return mapping == null ? Rendering.UNKNOWN : renderings.of(mapping);
  }

  /**
   * Whether the stored version is a document of the same text and metadata, and may be relied on.
   */
  public boolean sameAsStored() {
    return !absent()
        && !anew
        && stored != null
        && stored.state().complete()
        && stored.contentHash().equals(contentHash)
        && stored.metadataHash().equals(metadataHash);
  }
}
