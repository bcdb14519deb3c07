package dev.freshet.feed;

/**
 * A part of a feed whose messages come in the order in which they were sent; between two partitions
 * there is no order. All changes of one row are in the same partition, as Kafka ensures by the
 * message's key.
 *
 * @param name as the feed calls it
 */
public record Partition(String name) {

  /** The one of a feed that has no other, such as a queue or a replication slot. */
  public static final Partition ONLY = new Partition("only");

  @Override
  public String toString() {
    return name;
  }
}
