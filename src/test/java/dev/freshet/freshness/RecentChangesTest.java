package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentChangesTest {

  private final RecentChanges recent = new RecentChanges();

  @Test
  void theNewestHundredAreKeptNewestFirst() {
    for (int key = 1; key <= 150; key++) {
      recent.add(change(String.valueOf(key)));
    }

    assertThat(recent.all()).hasSize(RecentChanges.MOST);
    assertThat(recent.all().get(0).key()).isEqualTo("150");
    assertThat(recent.all().get(99).key()).isEqualTo("51");
  }

  private static RecentChanges.Change change(String key) {
    return new RecentChanges.Change(
        "public.products", key, "upsert", "indexed", null, null, null, null, Instant.EPOCH);
  }
}
