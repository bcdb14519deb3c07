package dev.freshet.sink.http;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many documents one call may have. The service is asked what it takes, and asked again after a
 * failure, when another one may answer. After a failure documents go one by one, and then in twice
 * as many each time: a call of many may be what takes too long. For one thread.
 */
final class BatchLimit {

  private static final int MOST = 256;

  /** What a service embeds in a few seconds. A longer document goes alone. */
  private static final int MOST_CHARACTERS = 256 * 1024;

  private final LlamaIndexService service;
  private OptionalInt offered = OptionalInt.empty();
  private int documents = MOST;

  BatchLimit(LlamaIndexService service) {
    this.service = service;
  }

  /** Divides what is to be sent into calls, in order. */
  List<List<Upsert>> divide(List<Upsert> upserts) {
    int most = upserts.size() < 2 || documents < 2 ? 1 : Math.min(documents, offered());
    var calls = new ArrayList<List<Upsert>>();
    var call = new ArrayList<Upsert>();
    int characters = 0;
    for (Upsert upsert : upserts) {
      int length = upsert.rendered().content().length();
      if (!call.isEmpty() && (call.size() == most || characters + length > MOST_CHARACTERS)) {
        calls.add(List.copyOf(call));
        call.clear();
        characters = 0;
      }
      call.add(upsert);
      characters += length;
    }
    if (!call.isEmpty()) {
      calls.add(List.copyOf(call));
    }
    return calls;
  }

  private int offered() {
    if (offered.isEmpty()) {
      offered = OptionalInt.of(service.mostDocuments());
    }
    return offered.getAsInt();
  }

  void succeeded() {
    documents = Math.min(MOST, documents * 2);
  }

  void failed() {
    offered = OptionalInt.empty();
    documents = 1;
  }
}
