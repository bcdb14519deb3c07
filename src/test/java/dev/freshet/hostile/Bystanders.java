package dev.freshet.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.ledger.DocumentLedger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Good messages among the bad, of a table that no bad one names. */
final class Bystanders {

  private static final TableId TABLE = TableId.parse("public.bystanders");
  private static final int ROWS = 50;
  private static final int ONE_IN = 10;

  private int written;

  /** The messages with good ones among them. */
  List<ChangeMessage> among(List<ChangeMessage> messages) {
    var all = new ArrayList<ChangeMessage>();
    for (int i = 0; i < messages.size(); i++) {
      if (i % ONE_IN == 0) {
        all.add(next());
      }
      all.add(messages.get(i));
    }
    return all;
  }

  private ChangeMessage next() {
    written++;
    String body =
        """
        {"op":"u","after":{"id":%d,"title":"row %d"},
         "source":{"schema":"public","table":"bystanders","lsn":%d}}"""
            .formatted(written % ROWS, written, written);
    return new ChangeMessage(TABLE.toString(), Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** Each is stored in the version that was written last. */
  void assertIndexed(DocumentLedger ledger) {
    for (int version = Math.max(1, written - ROWS + 1); version <= written; version++) {
      var id = new DocumentId(TABLE, List.of(String.valueOf(version % ROWS)));
      var stored = ledger.read(Set.of(id), Set.of()).documents().get(id);
      assertThat(stored).as("%s", id).isNotNull();
      assertThat(stored.state().columns().get("title").value().asText())
          .isEqualTo("row " + version);
    }
  }
}
