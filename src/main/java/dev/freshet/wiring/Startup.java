package dev.freshet.wiring;

import dev.freshet.indexing.IndexingLoop;
import dev.freshet.job.JobRunner;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.net.URL;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts indexing, and the jobs, once the HTTP server answers, so that health can be asked from the
 * beginning.
 */
@Singleton
final class Startup implements ApplicationEventListener<ServerStartupEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private static final Set<String> EVERY_ADDRESS =
      Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "[0:0:0:0:0:0:0:0]");

  private final IndexingLoop loop;
  private final JobRunner jobs;
  private final Optional<SampleEvents> samples;

  Startup(IndexingLoop loop, JobRunner jobs, Optional<SampleEvents> samples) {
    this.loop = loop;
    this.jobs = jobs;
    this.samples = samples;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    Optional<Integer> events = samples.map(SampleEvents::publish);
    loop.start();
    jobs.start();
    String url = clickable(event.getSource().getURL());
    LOG.info("Freshet answers at {} (search: /search?q=…, health: /health)", url);
    events.ifPresent(
        count ->
            LOG.info(
                "Indexing {} sample events; try {}/search?q=something+warm+to+wear", count, url));
  }

  /** Every address of this machine is none that a browser can open. */
  static String clickable(URL url) {
    String host = EVERY_ADDRESS.contains(url.getHost()) ? "localhost" : url.getHost();
    return url.getProtocol() + "://" + host + ":" + url.getPort();
  }
}
