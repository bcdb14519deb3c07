package dev.freshet.wiring;

import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts indexing once the HTTP server answers, so that health can be asked from the beginning. */
@Singleton
final class Startup implements ApplicationEventListener<ServerStartupEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private final IndexingLoop loop;
  private final Optional<SampleEvents> samples;

  Startup(IndexingLoop loop, Optional<SampleEvents> samples) {
    this.loop = loop;
    this.samples = samples;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    loop.start();
    String url = event.getSource().getURL().toString();
    LOG.info("Freshet answers at {}/search?q=…, {}/health and {}/prometheus", url, url, url);
    samples.ifPresent(
        folder ->
            LOG.info(
                "Indexing {} sample events; try {}/search?q=something+warm+to+wear",
                folder.publish(),
                url));
  }
}
