package dev.freshet.start;

import dev.freshet.playground.Playground;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The playground beside the service: says what to do next, and how far the index is. */
final class PlaygroundCompanion implements Companion {

  private final Playground playground;
  private final Clock clock;
  private final Instant begin;
  private final Consumer<String> tell;

  /**
   * @param begin when the command was given
   * @param tell gets each line for the user
   */
  PlaygroundCompanion(Playground playground, Clock clock, Instant begin, Consumer<String> tell) {
    this.playground = playground;
    this.clock = clock;
    this.begin = begin;
    this.tell = tell;
  }

  @Override
  public Map<String, Object> settings() {
    return playground.settings();
  }

  @Override
  public List<Object> beans() {
    return List.of(playground.rows());
  }

  @Override
  public void serviceAnswers(int port) {
    String url = "http://127.0.0.1:" + port;
    tell.accept("");
    tell.accept("  Change a row and watch it arrive:  " + url);
    tell.accept("  Change rows by SQL:                " + playground.rows().psql());
    tell.accept(
        "  Search:                            curl '"
            + url
            + "/search?q=something+warm+to+wear&k=3'");
    tell.accept("");
    var progress = new FirstIndexing(url, playground.rows().count(), clock, begin, tell);
    var thread = new Thread(progress, "playground-progress");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    playground.close();
  }
}
