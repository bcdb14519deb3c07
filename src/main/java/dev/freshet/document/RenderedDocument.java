package dev.freshet.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A document's text and metadata, complete.
 *
 * @param content what is split and embedded; may be empty
 * @param metadata the row's metadata columns, NULLs included
 */
public record RenderedDocument(String content, ObjectNode metadata) {}
