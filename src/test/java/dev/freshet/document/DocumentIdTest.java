package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentIdTest {

  private static final TableId TABLE = new TableId("public", "order_lines");

  @Test
  void keyColumnsAreJoinedWithCommas() {
    assertThat(new DocumentId(TABLE, List.of("9007199254740993", "2")))
        .hasToString("public.order_lines/9007199254740993,2");
  }

  @Test
  void commasAndBackslashesInsideAKeyAreEscapedAndReadBack() {
    for (List<String> key :
        List.of(
            List.of("a,b", "c"),
            List.of("a", "b,c"),
            List.of("\\", ","),
            List.of("", ""),
            List.of("a\\,b"),
            List.of("日本, 🎉"))) {
      var id = new DocumentId(TABLE, key);
      assertThat(DocumentId.of(TABLE, id.joinedKey())).isEqualTo(id);
    }
    assertThat(new DocumentId(TABLE, List.of("a,b", "c\\d")).joinedKey()).isEqualTo("a\\,b,c\\\\d");
  }
}
