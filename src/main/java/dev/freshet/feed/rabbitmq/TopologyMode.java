package dev.freshet.feed.rabbitmq;

/** What Freshet does about the exchanges and queues before it consumes. */
enum TopologyMode {

  /** Declares what is missing, and uses what exists as it is. */
  DECLARE,

  /** Declares nothing; looks at what exists, and says what is missing. */
  CHECK,

  /** Declares nothing and looks at nothing. */
  NONE
}
