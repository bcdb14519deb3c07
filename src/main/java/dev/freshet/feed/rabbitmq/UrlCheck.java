package dev.freshet.feed.rabbitmq;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Refuses a broker URL that is none, before anything else reads it: the framework's own message
 * would quote it, and the password with it.
 */
@Context
@Requires(property = "freshet.feed", value = "rabbitmq", defaultValue = "rabbitmq")
@Requires(property = UrlCheck.KEY)
final class UrlCheck {

  static final String KEY = "rabbitmq.uri";

  UrlCheck(@Property(name = KEY) String url) {
    try {
      String scheme = new URI(url).getScheme();
      if (!"amqp".equals(scheme) && !"amqps".equals(scheme)) {
        throw new IllegalArgumentException(
            "RABBITMQ_URL (rabbitmq.uri) must begin with amqp:// or amqps://");
      }
    } catch (URISyntaxException e) {
      throw unreadable(e.getIndex());
    }
  }

  /** Without the cause: its message holds the URL. */
  private static IllegalArgumentException unreadable(int index) {
    return new IllegalArgumentException(
        "RABBITMQ_URL (rabbitmq.uri) is not a URL, from character "
            + index
            + " on; in a user or password write special characters percent-encoded, such as %5E for ^");
  }
}
