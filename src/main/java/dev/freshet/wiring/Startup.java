package dev.freshet.wiring;

import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;

/** Starts indexing once the HTTP server answers, so that health can be asked from the beginning. */
@Singleton
final class Startup implements ApplicationEventListener<ServerStartupEvent> {

  private final IndexingLoop loop;

  Startup(IndexingLoop loop) {
    this.loop = loop;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    loop.start();
  }
}
