package dev.freshet.index;

import static dev.freshet.store.StoreFixtures.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.Fingerprint;
import dev.freshet.ledger.StateJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlierMetadataTest {

  private static ObjectNode json(String json) {
    return StateJson.object(json.replace('\'', '"'));
  }

  private static Map<String, ColumnVersion> columns(String json) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    json(json)
        .properties()
        .forEach(
            column -> columns.put(column.getKey(), new ColumnVersion(column.getValue(), at(1))));
    return columns;
  }

  @Test
  void booleansArraysAndNullsComeBack() {
    String row = "{'id':1,'new':true,'tags':['a'],'owner':null,'price':1.10}";
    ObjectNode flat = json("{'id':1,'new':'true','tags':'[\\'a\\']','price':1.10}");

    assertThat(EarlierMetadata.of(flat, columns(row), Fingerprint.of(json(row))))
        .isEqualTo(json(row));
  }

  @Test
  void aColumnThatIsTextOnlyStaysOutOfTheMetadata() {
    String row = "{'id':1,'body':'long','note':null}";
    ObjectNode metadata = json("{'id':1}");

    assertThat(EarlierMetadata.of(json("{'id':1}"), columns(row), Fingerprint.of(metadata)))
        .isEqualTo(metadata);
  }

  @Test
  void aValueThatTheLedgerDoesNotKnowStaysAsItIs() {
    assertThat(EarlierMetadata.of(json("{'n':1.5}"), Map.of(), "hash"))
        .isEqualTo(json("{'n':1.5}"));
    assertThat(EarlierMetadata.of(JsonNodeFactory.instance.objectNode(), Map.of(), "")).isEmpty();
  }
}
