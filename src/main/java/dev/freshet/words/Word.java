package dev.freshet.words;

/**
 * A word in a text.
 *
 * @param text folded, of at most 255 UTF-16 units
 * @param position from 1; a whole such as {@code wi-fi} has that of its first part
 */
public record Word(String text, int position) {}
