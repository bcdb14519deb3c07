package dev.freshet.embedding;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of all-MiniLM-L6-v2 without the truncation at 128 tokens that its file asks for.
 *
 * <p>Word pieces are not looked for in words of more than 100 characters: however long, such a word
 * is one unknown token. Here it is read as pieces of 32 characters, so that base64, or a language
 * without blanks, leaves a trace in the vector.
 *
 * <p>Safe for use by many threads. It lives as long as the process, so it has no close.
 */
public final class MiniLmTokenizer {

  /** Starts each sequence that the model reads. */
  static final long CLASSIFICATION = 101;

  /** Ends each sequence that the model reads. */
  static final long SEPARATOR = 102;

  /** How many tokens the model reads beside those of the text. */
  static final int SPECIAL_TOKENS = 2;

  private static final String RESOURCE = "/all-minilm-l6-v2-tokenizer.json";
  private static final int LONGEST_WORD = 100;
  private static final int PIECE = 32;
  private static final char FIRST_HANGUL = '\uac00';
  private static final char LAST_HANGUL = '\ud7a3';

  private final HuggingFaceTokenizer tokenizer;

  /** Unpacks and loads a native library, which takes half a second. */
  public MiniLmTokenizer() {
    this.tokenizer = NativeLibraries.load(MiniLmTokenizer::open);
  }

  private static HuggingFaceTokenizer open() {
    try (InputStream json = MiniLmTokenizer.class.getResourceAsStream(RESOURCE)) {
      if (json == null) {
        throw new IllegalStateException("the class path lacks " + RESOURCE);
      }
      return HuggingFaceTokenizer.newInstance(
          json, Map.of("truncation", "false", "padding", "false", "modelMaxLength", "256"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  /** The text's token ids, all of them, without the special ones. */
  long[] tokenize(String text) {
    return tokenizer.encode(breakLongWords(text), false, false).getIds();
  }

  /** How many tokens each of the texts has, without the special ones. */
  int[] count(List<String> texts) {
    List<String> broken = texts.stream().map(MiniLmTokenizer::breakLongWords).toList();
    return Arrays.stream(tokenizer.batchEncode(broken, false, false))
        .mapToInt(encoding -> encoding.getIds().length)
        .toArray();
  }

  private static String breakLongWords(String text) {
    StringBuilder broken = new StringBuilder(0);
    int copied = 0;
    int start = 0;
    int length = 0;
    for (int end = 0; end <= text.length(); end++) {
      if (end < text.length() && isWordPart(text.charAt(end))) {
        length += decomposedLength(text.charAt(end));
        continue;
      }
      if (length > LONGEST_WORD) {
        broken.append(text, copied, start);
        appendPieces(broken, text, start, end);
        copied = end;
      }
      start = end + 1;
      length = 0;
    }
    return copied == 0 ? text : broken.append(text, copied, text.length()).toString();
  }

  /** The tokenizer takes accents off, and takes Korean syllables apart. */
  private static int decomposedLength(char character) {
    return character >= FIRST_HANGUL && character <= LAST_HANGUL ? 3 : 1;
  }

  private static boolean isWordPart(char character) {
    return !Character.isWhitespace(character)
        && !Character.isSpaceChar(character)
        && !isPunctuation(character);
  }

  /** As BERT has it: Unicode's punctuation, and every ASCII sign. */
  private static boolean isPunctuation(char character) {
    return switch (Character.getType(character)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL ->
          character < 128;
      default -> false;
    };
  }

  private static void appendPieces(StringBuilder broken, String text, int start, int end) {
    int from = start;
    while (from < end) {
      int to = Math.min(from + PIECE, end);
      if (to < end && Character.isLowSurrogate(text.charAt(to))) {
        to--;
      }
      broken.append(text, from, to).append(' ');
      from = to;
    }
  }
}
