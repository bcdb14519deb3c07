package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.support.ScriptedSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IsolatingSinkTest {

  private static final Outcome DONE = new Outcome.Indexed(1, 1, null);

  private final List<DocumentChange> changes =
      new ArrayList<>(IntStream.range(0, 64).mapToObj(ScriptedSink::delete).toList());

  private static List<Outcome> apply(IndexSink sink, List<DocumentChange> changes) {
    return new IsolatingSink(sink)
        .apply(changes, Collections.nCopies(changes.size(), Optional.empty()));
  }

  @Test
  void aHealthyBatchIsAppliedAtOnce() {
    var sink = new ScriptedSink(batch -> ScriptedSink.each(batch, DONE));
    assertThat(apply(sink, changes)).hasSize(64).containsOnly(DONE);
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void oneFaultyChangeIsFoundAndTheOthersGoOn() {
    DocumentChange faulty = changes.get(41);
    var sink =
        new ScriptedSink(
            batch -> {
              if (batch.contains(faulty)) {
                throw new RejectedException(RejectionReason.REFUSED_BY_SINK, "no");
              }
              return ScriptedSink.each(batch, DONE);
            });
    List<Outcome> outcomes = apply(sink, changes);
    assertThat(outcomes.get(41))
        .isEqualTo(new Outcome.Rejected(RejectionReason.REFUSED_BY_SINK, "no"));
    outcomes.remove(41);
    assertThat(outcomes).hasSize(63).containsOnly(DONE);
    // The batch, and two halves on each of log2(64) levels.
    assertThat(sink.batches()).hasSize(1 + 2 * 6);
  }

  /** Both the faulty message and any innocent one: the batch, and once for each halving. */
  @Test
  void noMessageTakesPartInMoreThanLog2ExtraAttempts() {
    for (int size = 1; size <= 65; size++) {
      List<DocumentChange> batch = IntStream.range(0, size).mapToObj(ScriptedSink::delete).toList();
      int extra = (int) Math.ceil(Math.log(size) / Math.log(2) - 1e-9);
      for (DocumentChange faulty : batch) {
        assertThat(mostAttempts(batch, List.of(faulty)))
            .as("%s messages", size)
            .isLessThanOrEqualTo(1 + extra);
      }
      assertThat(mostAttempts(batch, batch)).isLessThanOrEqualTo(1 + extra);
    }
  }

  /** How often the sink got the message that it got most often. */
  private static int mostAttempts(List<DocumentChange> batch, List<DocumentChange> bad) {
    Set<DocumentChange> faulty = Collections.newSetFromMap(new IdentityHashMap<>());
    faulty.addAll(bad);
    var sink =
        new ScriptedSink(
            part -> {
              if (part.stream().anyMatch(faulty::contains)) {
                throw new RejectedException(RejectionReason.REFUSED_BY_SINK, "no");
              }
              return ScriptedSink.each(part, DONE);
            });
    List<Outcome> outcomes = apply(sink, batch);
    assertThat(outcomes.stream().map(outcome -> outcome instanceof Outcome.Rejected).toList())
        .isEqualTo(batch.stream().map(faulty::contains).toList());
    var attempts = new IdentityHashMap<DocumentChange, Integer>();
    sink.batches().forEach(part -> part.forEach(one -> attempts.merge(one, 1, Integer::sum)));
    assertThat(attempts).hasSameSizeAs(batch);
    return Collections.max(attempts.values());
  }

  @Test
  void aDefectInTheSinkRejectsOnlyTheChangeThatShowsIt() {
    DocumentChange faulty = changes.get(0);
    var sink =
        new ScriptedSink(
            batch -> {
              if (batch.contains(faulty)) {
                throw new IllegalStateException("defect");
              }
              return ScriptedSink.each(batch, DONE);
            });
    assertThat(apply(sink, changes.subList(0, 2)).get(0))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.INTERNAL_ERROR));
  }

  @Test
  void aSinkThatIsDownBlamesNoChange() {
    var sink =
        new ScriptedSink(
            batch -> {
              throw new UnavailableException("down");
            });
    assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> apply(sink, changes));
    assertThat(sink.batches()).hasSize(1);
  }
}
