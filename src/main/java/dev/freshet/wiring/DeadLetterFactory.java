package dev.freshet.wiring;

import dev.freshet.deadletter.BackgroundReplay;
import dev.freshet.deadletter.DeadLetterConfiguration;
import dev.freshet.deadletter.DeadLetterService;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.UnroutedMessages;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.sink.IndexSink;
import dev.freshet.source.SourceOwnership;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What replays dead letters, and what it shares with the loop. */
@Factory
final class DeadLetterFactory {

  /** Not a sink for whoever asks for one, and not closed here: the sink itself is a bean too. */
  @Singleton
  @Bean(typed = ExclusiveSink.class)
  ExclusiveSink exclusiveSink(IndexSink sink) {
    return new ExclusiveSink(sink);
  }

  @Singleton
  @Bean(preDestroy = "close")
  BackgroundReplay backgroundReplay(DeadLetterService desk, Clock clock) {
    return new BackgroundReplay(desk, clock);
  }

  /** Where a feed keeps no such messages. */
  @Singleton
  @Requires(missingBeans = UnroutedMessages.class)
  UnroutedMessages unroutedMessages() {
    return UnroutedMessages.NONE;
  }

  @Singleton
  DeadLetterService deadLetterDesk(
      DeadLetters deadLetters,
      MessageReader reader,
      SourceOwnership sources,
      ExclusiveSink sink,
      DocumentLedger ledger,
      DeadLetterConfiguration configuration,
      MeterRegistry registry,
      Clock clock) {
    return new DeadLetterService(
        deadLetters, reader, sources, sink, ledger.failures(), configuration, registry, clock);
  }
}
