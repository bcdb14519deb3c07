package dev.freshet.crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.support.RecordedLlamaService;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What a LlamaIndex service was sent; its ledger is in a folder. */
final class LlamaIndex implements TestIndex {

  private final RecordedLlamaService service = RecordedLlamaService.start();
  private final Path folder;

  LlamaIndex(Path folder) {
    this.folder = folder;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "FRESHET_SINK",
        "http",
        "LLAMA_SERVICE_URL",
        service.url().toString(),
        "FRESHET_HTTP_DOCUMENT_ID",
        "table-key",
        "FRESHET_DATA_DIR",
        folder.toString());
  }

  @Override
  public boolean canBeReadWhileFreshetRuns() {
    return true;
  }

  @Override
  public Object expected(ObjectNode row) {
    return Map.of("content", TestIndex.text(row), "metadata", row);
  }

  @Override
  public Map<String, Object> contents() {
    var contents = new TreeMap<String, Object>();
    service
        .documents()
        .forEach(
            (id, body) ->
                contents.put(
                    id,
                    Map.of(
                        "content", body.path("content").asText(),
                        "metadata", body.path("metadata"))));
    service.forgetCalls();
    return contents;
  }

  @Override
  public void close() {
    service.close();
  }
}
