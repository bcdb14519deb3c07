package dev.freshet.api.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call. Keys stand in it as their SHA-256 only; several of one role are for the time in
 * which one replaces another.
 *
 * @param enabled {@code false} switches access control off on purpose; null where nothing is said,
 *     and then it is on as soon as there is a key
 * @param adminKeySha256 of keys that may do everything
 * @param readKeySha256 of keys that may only read
 * @param allowedHosts further names under which the service is called while no key is needed, and
 *     of pages elsewhere that may change something
 * @param trustedProxies addresses of proxies whose forwarded headers count, or networks of them
 */
@ConfigurationProperties("freshet.access")
record AccessConfiguration(
    @Nullable String enabled,
    @Bindable(defaultValue = "") List<String> adminKeySha256,
    @Bindable(defaultValue = "") List<String> readKeySha256,
    @Bindable(defaultValue = "") List<String> allowedHosts,
    @Bindable(defaultValue = "") List<String> trustedProxies) {

  /** How to get a key and its hash, for messages and {@code docs/security.md}. */
  static final String HOW_TO_MAKE_A_KEY =
      "key=freshet_$(openssl rand -hex 32); printf %s \"$key\" | sha256sum";

  private static final String OFF = "false";
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  AccessConfiguration {
    enabled = enabled == null || enabled.isBlank() ? null : enabled.strip();
    adminKeySha256 = hashes("freshet.access.admin-key-sha256", adminKeySha256);
    readKeySha256 = hashes("freshet.access.read-key-sha256", readKeySha256);
    allowedHosts = present(allowedHosts);
    trustedProxies = present(trustedProxies);
    if (enabled != null && !enabled.equals("true") && !enabled.equals(OFF)) {
      // As a Boolean, every misspelt "true" would be false.
      throw new IllegalArgumentException(
          "freshet.access.enabled is '" + enabled + "'; write true or false");
    }
    if ("true".equals(enabled) && adminKeySha256.isEmpty() && readKeySha256.isEmpty()) {
      throw new IllegalArgumentException(
          "freshet.access.enabled is true, but there is no key; make one with: "
              + HOW_TO_MAKE_A_KEY
              + " and set freshet.access.admin-key-sha256 to what is printed");
    }
  }

  /** Whether everybody may do everything. */
  boolean isOpen() {
    return isSwitchedOff() || (adminKeySha256.isEmpty() && readKeySha256.isEmpty());
  }

  /** Whether it is open because somebody said so. */
  boolean isSwitchedOff() {
    return OFF.equals(enabled);
  }

  private static List<String> hashes(String key, List<String> given) {
    List<String> hashes =
        present(given).stream().map(hash -> hash.toLowerCase(Locale.ROOT)).toList();
    for (String hash : hashes) {
      if (!SHA_256.matcher(hash).matches()) {
        // The value is not quoted: it may be the key itself.
        throw new IllegalArgumentException(
            key
                + " holds something that is not a SHA-256 in hexadecimal; make a key and its hash with: "
                + HOW_TO_MAKE_A_KEY);
      }
    }
    return hashes;
  }

  /** A variable that is set to nothing is a list with an empty text. */
  private static List<String> present(List<String> given) {
    return given.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
  }
}
