package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.changeevent.Lsn;
import dev.freshet.endtoend.ReadYourWrites.Token;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetProcess;
import dev.freshet.support.FreshetServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar is killed under load, and started again. */
@BesideOthers
class FreshnessRestartIT {

  private static final Duration START = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void afterKillMinusNineTheWatermarkIsWhereItWasAndTokensHold() throws Exception {
    try (var shop = new CapturedShop(8)) {
      var traffic = new ShopTraffic(shop.products());
      Lsn known;
      try (var killed = start(shop)) {
        shop.capture();
        awaitWatermark(killed);
        try (var writers = new Writers(shop.source(), 100, traffic)) {
          List<String> findings = rounds(shop, killed, 5);
          writers.requireHealthy();
          assertThat(findings).isEqualTo(List.of());
          known = watermark(killed);
          killed.kill();
        }
      }
      try (var again = start(shop)) {
        assertThat(awaitWatermark(again)).isGreaterThanOrEqualTo(known);
        try (var writers = new Writers(shop.source(), 100, traffic)) {
          for (int look = 0; look < 20; look++) {
            Lsn now = watermark(again);
            assertThat(now).isGreaterThanOrEqualTo(known);
            known = now;
          }
          List<String> findings = rounds(shop, again, 10);
          writers.requireHealthy();
          assertThat(findings).isEqualTo(List.of());
        }
        assertThat(again.log()).doesNotContain(" ERROR ");
      }
      shop.requireHealthy();
    }
  }

  private FreshetProcess start(CapturedShop shop) throws Exception {
    var environment = new HashMap<>(shop.environment());
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx512m -XX:TieredStopAtLevel=1");
    return FreshetProcess.start(folder, environment);
  }

  /** The first one that it tells; none lies before what was told before the kill. */
  /** The first one that it tells. */
  private static Lsn awaitWatermark(FreshetProcess freshet) {
    return await()
        .atMost(START)
        .ignoreExceptions()
        .until(() -> watermark(freshet), Objects::nonNull);
  }

  private static Lsn watermark(FreshetProcess freshet) {
    return Lsn.parse(answer(freshet, "/freshness").json().at("/freshness/asOfLsn").asText());
  }

  private static List<String> rounds(CapturedShop shop, FreshetProcess freshet, int rounds)
      throws Exception {
    try (var application =
        new ReadYourWrites(shop.source(), path -> answer(freshet, path), Token.LSN)) {
      for (int round = 0; round < rounds; round++) {
        application.round();
      }
      return application.findings();
    }
  }

  private static Answer answer(FreshetProcess freshet, String path) {
    try {
      // The process is given 10 seconds to answer.
      String answer = freshet.get(path.replace("timeout=30s", "timeout=8s"));
      assertThat(answer).as(path).isNotEmpty();
      return new Answer(Integer.parseInt(answer.substring(0, 3)), answer.substring(4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
