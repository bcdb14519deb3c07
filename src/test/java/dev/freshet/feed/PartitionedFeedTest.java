package dev.freshet.feed;

import java.util.List;

/** A feed of several partitions keeps the same contract as one of a single partition. */
class PartitionedFeedTest extends ChangeFeedContract {

  @Override
  protected ChangeFeed createFeed() {
    return new PartitionedFeed();
  }

  @Override
  protected String routingKey() {
    return "public.products";
  }

  @Override
  protected List<String> deadLetterBodies() {
    return ((PartitionedFeed) feed()).deadLetterBodies();
  }
}
