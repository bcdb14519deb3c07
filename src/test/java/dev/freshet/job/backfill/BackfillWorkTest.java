package dev.freshet.job.backfill;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobOutput;
import dev.freshet.job.Progress;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillWorkTest {

  private static final JsonNode REQUEST =
      JsonNodeFactory.instance.objectNode().put("table", "public.goods");
  private static final Progress AT_A_PAGE =
      Progress.START.at(JsonNodeFactory.instance.objectNode().putNull("after"), 0);

  private static BackfillWork refusedBy(SourceRefusedException refusal) {
    var rows =
        (SourceRows)
            Proxy.newProxyInstance(
                SourceRows.class.getClassLoader(),
                new Class<?>[] {SourceRows.class},
                (proxy, method, arguments) -> {
                  throw refusal;
                });
    return new BackfillWork(rows, new NoOutput());
  }

  private static final class NoOutput implements JobOutput {

    @Override
    public List<Outcome> write(List<ChangeMessage> messages) {
      throw new AssertionError("nothing was read");
    }

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      throw new AssertionError("nothing was read");
    }
  }

  @Test
  void aRefusalThatMayPassRefusesTheRequestAndLetsTheJobWait() {
    BackfillWork work = refusedBy(SourceRefusedException.passing("it is a standby", null));

    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> work.require(REQUEST))
        .withMessage("it is a standby");
    for (Progress before : List.of(Progress.START, AT_A_PAGE)) {
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> work.step(REQUEST, before))
          .withMessage("it is a standby");
    }
  }

  @Test
  void anyOtherRefusalEndsTheJob() {
    BackfillWork work = refusedBy(new SourceRefusedException("no such table"));

    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> work.step(REQUEST, AT_A_PAGE))
        .withMessage("no such table");
  }
}
