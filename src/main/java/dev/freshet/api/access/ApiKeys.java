package dev.freshet.api.access;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reactivestreams.Publisher;

/**
 * Knows a key by its SHA-256, and what it allows. A random key needs no slower hash: nobody can try
 * 2^128 of them.
 */
@Singleton
final class ApiKeys implements TokenValidator<HttpRequest<?>> {

  private static final int SHOWN_DIGITS = 8;

  /** Roles by the hash, in hexadecimal. */
  private final Map<String, List<String>> rolesByHash = new LinkedHashMap<>();

  ApiKeys(AccessConfiguration configuration) {
    configuration.readKeySha256().forEach(hash -> rolesByHash.put(hash, List.of(Role.READ)));
    configuration
        .adminKeySha256()
        .forEach(hash -> rolesByHash.put(hash, List.of(Role.READ, Role.ADMIN)));
  }

  @Override
  public Publisher<Authentication> validateToken(String key, HttpRequest<?> request) {
    return authenticate(key).map(Publishers::just).orElseGet(Publishers::empty);
  }

  /** Takes as long for every key, so that the time of an answer tells nothing of the known ones. */
  private Optional<Authentication> authenticate(String key) {
    byte[] sent = sha256(key);
    Authentication found = null;
    for (var known : rolesByHash.entrySet()) {
      if (MessageDigest.isEqual(HexFormat.of().parseHex(known.getKey()), sent)) {
        found = Authentication.build(name(known.getKey()), known.getValue());
      }
    }
    return Optional.ofNullable(found);
  }

  /** Enough of the hash to tell keys apart in a log, and too little to find one. */
  private static String name(String hash) {
    return "key-" + hash.substring(0, SHOWN_DIGITS);
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
