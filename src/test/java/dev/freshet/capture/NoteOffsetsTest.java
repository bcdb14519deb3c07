package dev.freshet.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.support.ForwardingNotes;
import dev.freshet.support.InMemoryNotes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.junit.jupiter.api.Test;

class NoteOffsetsTest {

  private final InMemoryNotes notes = new InMemoryNotes();
  private boolean available = true;

  private final OffsetNote note =
      new OffsetNote(
          new ForwardingNotes(notes) {
            @Override
            public void write(String name, String text) {
              if (!available) {
                throw new UnavailableException("away");
              }
              super.write(name, text);
            }
          },
          "slot");

  @Test
  void anOffsetIsFoundByTheNextRun() throws Exception {
    start().set(Map.of(bytes("key"), bytes("{\"lsn\":7,\"lsn_commit\":9}")), (e, r) -> {}).get();

    assertThat(note.position()).contains(new Lsn(9));
    assertThat(start().get(List.of(bytes("key"))).get())
        .containsEntry(bytes("key"), bytes("{\"lsn\":7,\"lsn_commit\":9}"));
  }

  /** What the memory has is confirmed to PostgreSQL when the engine ends. */
  @Test
  void whatCannotBeNotedIsNotKeptInMemoryEither() throws Exception {
    NoteOffsets offsets = start();
    available = false;

    assertThatThrownBy(
            () -> offsets.set(Map.of(bytes("key"), bytes("{\"lsn\":7}")), (e, r) -> {}).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnavailableException.class);
    assertThat(offsets.get(List.of(bytes("key"))).get().get(bytes("key"))).isNull();
  }

  @Test
  void aSnapshotThatIsUnderWayIsSeenInTheNote() {
    note.write(Map.of("key", "{\"lsn\":7,\"snapshot\":\"INITIAL\",\"snapshot_completed\":false}"));
    assertThat(note.isWithinSnapshot()).isTrue();

    note.write(Map.of("key", "{\"lsn\":7,\"snapshot\":\"INITIAL\",\"snapshot_completed\":true}"));
    assertThat(note.isWithinSnapshot()).isFalse();
  }

  private NoteOffsets start() {
    var offsets = new NoteOffsets();
    offsets.configure(
        new StandaloneConfig(
            Map.of(
                "bootstrap.servers",
                "unused:1",
                "key.converter",
                JsonConverter.class.getName(),
                "value.converter",
                JsonConverter.class.getName(),
                "offset.storage.file.filename",
                "unused",
                NoteOffsets.KEY,
                NoteOffsets.hold(note))));
    offsets.start();
    return offsets;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
