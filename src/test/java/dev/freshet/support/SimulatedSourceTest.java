package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.feed.ChangeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The oracle of the crash tests is tried itself. */
class SimulatedSourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SimulatedSource source = SimulatedSource.leavingOutLargeValues(7);
  private final List<ChangeMessage> messages = history(source);

  private static List<ChangeMessage> history(SimulatedSource source) {
    var messages = new ArrayList<>(source.snapshot());
    for (int i = 0; i < 2_000; i++) {
      messages.addAll(source.next());
    }
    messages.addAll(source.write("public.articles", 1_000));
    return messages;
  }

  @Test
  void itsMessagesAppliedInOrderGiveItsRows() {
    var entries = new ArrayList<Corpus.Entry>();
    for (ChangeMessage message : messages) {
      entries.add(new Corpus.Entry("x/1-x-" + message.routingKey() + ".json", "", message));
    }
    var keys = new HashMap<String, List<String>>();
    SimulatedSource.TABLES.forEach(table -> keys.put(table, List.of("id")));
    assertThat(ExpectedRows.after(entries, keys)).isEqualTo(source.rows()).isNotEmpty();
  }

  @Test
  void itHasEveryKindOfEvent() {
    var kinds = new HashSet<String>();
    for (ChangeMessage message : messages) {
      String text = new String(message.body(), StandardCharsets.UTF_8);
      kinds.add(text.equals("default") ? text : event(message).path("op").asText());
      message.headers().keySet().forEach(kinds::add);
      if (text.contains(SimulatedSource.UNAVAILABLE)) {
        kinds.add("left out");
      }
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "c",
            "u",
            "d",
            "r",
            "t",
            "default",
            "left out",
            "__debezium.oldkey",
            "__debezium.newkey");
  }

  @Test
  void theSameSeedGivesTheSameHistory() {
    var again = SimulatedSource.leavingOutLargeValues(7);
    assertThat(history(again)).hasSameSizeAs(messages);
    assertThat(again.rows()).isEqualTo(source.rows());
    assertThat(SimulatedSource.withCompleteRows(8).snapshot()).isNotEmpty();
  }

  @Test
  void positionsOfOneDocumentNeverGoBack() {
    Map<String, Long> newest = new HashMap<>();
    for (ChangeMessage message : messages) {
      JsonNode event = event(message);
      JsonNode row = event.path("after").isObject() ? event.path("after") : event.path("before");
      if (row.isObject()) {
        long position = position(event);
        Long before = newest.put(message.routingKey() + row.path("id"), position);
        assertThat(before == null || before <= position).as(event.toString()).isTrue();
      }
    }
  }

  private static long position(JsonNode event) {
    try {
      JsonNode sequence = MAPPER.readTree(event.path("source").path("sequence").asText());
      return (sequence.get(0).isNull() ? sequence.get(1) : sequence.get(0)).asLong();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode event(ChangeMessage message) {
    try {
      String text = new String(message.body(), StandardCharsets.UTF_8);
      return MAPPER.readTree(text.equals("default") ? "{}" : text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
