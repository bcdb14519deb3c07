package dev.freshet.changeevent;

/** What a message says of a row, and of the source's stream. */
public record DecodedMessage(ChangeEvent event, SourceProgress progress) {}
