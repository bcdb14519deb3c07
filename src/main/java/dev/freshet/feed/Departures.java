package dev.freshet.feed;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What leaves a feed without being settled by whoever takes its messages: expired, pushed out by a
 * length limit, delivered too often, rejected by somebody else, purged.
 */
public interface Departures {

  /** Of a feed from which nothing else leaves. */
  Departures NONE = record -> Account.COMPLETE;

  /**
   * Hands over the messages that left and of which the feed keeps a copy, each once: when the call
   * on it returns the copy is gone, and when that throws, this throws the same and the copy stays.
   * The account is complete only if every message that left before this call, as far as the feed
   * can tell, was handed over.
   */
  Account account(Consumer<DeadLetter> record);

  /** These losses are written down elsewhere, and need not be told again. */
  default void noted(List<Loss> losses) {}

  /**
   * What is known of the messages that left.
   *
   * @param open one sentence on why not all of them are known yet; null where they are
   * @param blind one sentence on why the feed cannot tell of some, until somebody mends that; null
   *     where it can
   * @param losses messages of which nothing tells what they were
   */
  record Account(@Nullable String open, @Nullable String blind, List<Loss> losses) {

    public static final Account COMPLETE = new Account(null, null, List.of());

    public static Account open(String why) {
      return new Account(why, null, List.of());
    }

    public static Account blind(String why) {
      return new Account(null, why, List.of());
    }

    public Account {
      losses = List.copyOf(losses);
    }
  }
}
