package dev.freshet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this Freshet was built from, as the build has written it beside this class.
 *
 * @param version null where something else than Maven has built it
 * @param commit the hash of the Git commit, with {@code -dirty} behind it where files were changed;
 *     null where the build did not know it
 * @param committedAt when that commit was made; null where the build did not know it
 */
public record BuildOrigin(
    @Nullable String version, @Nullable String commit, @Nullable Instant committedAt) {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}(-dirty)?");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
  private static final BuildOrigin PRESENT = read();

  /** That of the running process. */
  public static BuildOrigin present() {
    return PRESENT;
  }

  private static BuildOrigin read() {
    var properties = new Properties();
    try (InputStream file = BuildOrigin.class.getResourceAsStream("build.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return of(properties);
  }

  /** What the build does not know is empty, or still a placeholder. */
  static BuildOrigin of(Properties properties) {
    String commit = properties.getProperty("commit", "").strip();
    return new BuildOrigin(
        properties.getProperty("version"),
        COMMIT.matcher(commit).matches() ? commit : null,
        time(properties.getProperty("time", "").strip()));
  }

  /** As git tells it: the seconds since 1970. */
  private static @Nullable Instant time(String text) {
    return SECONDS.matcher(text).matches() ? Instant.ofEpochSecond(Long.parseLong(text)) : null;
  }

  /** For people: {@code 0.1.0 (commit 7e0f90ccb99d, of 2026-11-28T20:17:33Z)}. */
  public String sentence() {
    var known = new ArrayList<String>();
    if (commit != null) {
      known.add("commit " + commit.replaceFirst("^([0-9a-f]{12})[0-9a-f]+", "$1"));
    }
    if (committedAt != null) {
      known.add("of " + committedAt);
    }
    return (version == null ? "(not packaged)" : version)
        + (known.isEmpty() ? "" : " (" + String.join(", ", known) + ")");
  }
}
