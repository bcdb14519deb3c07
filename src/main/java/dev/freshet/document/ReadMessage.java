package dev.freshet.document;

import dev.freshet.changeevent.SourceProgress;

/** What a message does to the index, and how far it shows the source's stream to be. */
public record ReadMessage(MappingResult result, SourceProgress progress) {}
