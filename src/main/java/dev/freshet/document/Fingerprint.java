package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/** SHA-256 of texts and metadata, in hexadecimal: equal content has equal fingerprints. */
public final class Fingerprint {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Fingerprint() {}

  public static String of(String text) {
    return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The fingerprint of an object, whatever the order of its fields. */
  public static String of(JsonNode object) {
    var sorted = new TreeMap<String, JsonNode>();
    object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
    return of(MAPPER.valueToTree(sorted).toString());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
