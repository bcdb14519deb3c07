package dev.freshet.console;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers of a service in states that a test cannot bring about in a moment. */
final class Answers {

  private static final String HISTORY =
      """
      {"stepSeconds": 5, "steps": [
        {"at": "2026-11-20T10:00:00Z", "events": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}},
        {"at": "2026-11-20T10:00:05Z", "events": 120, "documents": 80, "stages": {
          "captured": {"count": 120, "p50Millis": 8, "p95Millis": 20, "maxMillis": 31},
          "received": {"count": 120, "p50Millis": 2, "p95Millis": 4, "maxMillis": 9},
          "embedded": {"count": 120, "p50Millis": 25, "p95Millis": 60, "maxMillis": 90},
          "searchable": {"count": 120, "p50Millis": 6, "p95Millis": 12, "maxMillis": 20},
          "total": {"count": 120, "p50Millis": 42, "p95Millis": 96, "maxMillis": 140}},
          "searches": {"count": 10, "p50Millis": 7, "p95Millis": 15, "maxMillis": 15}},
        {"at": "2026-11-20T10:00:10Z", "events": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}}]}
      """;

  private static final String TABLES =
      """
      [{"table": "public.products", "documents": 1204, "segments": 3411, "deleted": 12, "failed": 1,
        "newestCommittedAt": "2026-11-20T10:00:05Z", "lastIndexedAt": "2026-11-20T10:00:05.1Z"},
       {"table": "public.reviews", "documents": 98231, "segments": 104200, "deleted": 0, "failed": 0,
        "newestCommittedAt": null, "lastIndexedAt": null}]
      """;

  private static String freshness(String status, String block, String consumption, String alarms) {
    return """
        {"version": "0.2.0", "status": %s, "targetMillis": 5000,
         "searchModes": ["vector", "keyword", "hybrid"], "freshness": %s, "watermark": {"lsn": "0/16B3748", "epoch": 0, "exact": true,
          "failedDocuments": 1, "except": [{"documentId": "public.products/7", "table": "public.products",
            "key": "7", "lsn": "0/16B3700", "reason": "missing-column", "detail": "no column subtitle",
            "failedAt": "2026-11-20T10:00:00Z"}]},
         "alarms": %s, "notKnown": [], "waiters": 2, "consumption": %s,
         "feed": {"connected": true, "description": "connected to RabbitMQ", "remarks": [],
           "waiting": 3, "deadLetters": 1,
           "retained": {"slot": "freshet", "status": "extended", "bytes": 3221225472}},
         "ignoredTables": [{"table": "public.carts", "reason": "lacks-columns", "partitionOf": null,
           "changes": 1204, "newestAt": "2026-11-20T10:00:05Z"}],
         "source": {"epoch": 0, "others": [], "uncoveredKeys": [], "restartSeenAt": null, "lastHeardAt": "2026-11-20T10:00:05Z"},
         "tables": %s}
        """
        .formatted(status, block, alarms, consumption, TABLES);
  }

  /** Changes come in. */
  static final Map<String, String> BUSY =
      Map.of(
          "freshness/history",
          HISTORY,
          "freshness",
          freshness(
              """
              {"word": "fresh", "figure": "0.1 s", "reason": "95 in 100 of the newest changes were searchable within 0.1 s of their commit, except 1 that was given up", "remedy": null}
              """,
              """
              {"asOfLsn": "0/16B3748", "asOfTime": "2026-11-20T10:00:05Z", "exact": true,
               "lagMillis": 42, "pending": 3, "deadLettered": 1, "failedDocuments": 1,
               "silentSince": null, "note": null}
              """,
              """
              {"state": "running", "since": "2026-11-20T09:00:00Z", "reason": null, "inFlight": 3}
              """,
              "[]"),
          "documents/public.products/101/explain",
          """
          {"documentId": "public.products/101", "state": "indexed", "verdict": "found",
           "reason": "It is hit 1 of 10.", "rank": 1, "k": 10, "score": 0.71, "lastScore": 0.55,
           "segment": 0, "freshness": null}
          """);

  /** All that can be wrong is wrong. */
  static final Map<String, String> TROUBLED =
      Map.of(
          "freshness/history",
          HISTORY,
          "freshness",
          freshness(
              """
              {"word": "stuck", "figure": "a batch is not taken", "reason": "the sink does not answer",
               "remedy": "mend what it names; Freshet tries again by itself"}
              """,
              """
              {"asOfLsn": "0/16B3748", "asOfTime": "2026-11-20T10:00:05Z", "exact": false,
               "lagMillis": null, "pending": null, "deadLettered": 1, "failedDocuments": 1,
               "silentSince": "2026-11-20T10:01:00Z",
               "note": "the source is silent, so its newest commit is not known"}
              """,
              """
              {"state": "stalled", "since": "2026-11-20T10:02:00Z", "reason": "the sink does not answer",
               "inFlight": 12}
              """,
              """
              [{"cause": "consumption-stalled", "since": "2026-11-20T10:02:00Z",
                "description": "the sink does not answer",
                "remedy": "mend what it names; Freshet tries again by itself"},
               {"cause": "heartbeat-stopped", "since": "2026-11-20T10:01:00Z",
                "description": "heartbeats came from the source, and nothing has come since",
                "remedy": "look whether Debezium runs"}]
              """),
          "dead-letters",
          """
          {"deadLetters": [{"id": "a1", "table": "public.products", "key": "7", "operation": "upsert",
            "position": null, "lsn": "0/16B3700", "reason": "missing-column", "detail": "no column subtitle",
            "failedAt": "2026-11-20T10:00:00Z", "receivedAt": "2026-11-20T10:00:00Z",
            "routingKey": "public.products", "bytes": 412}], "waiting": 1, "complete": true}
          """,
          "documents/public.products/101",
          """
          {"documentId": "public.products/101", "table": "public.products", "key": "101", "state": "failed",
           "position": "x", "lsn": "0/16B3748", "txId": 754, "committedAt": "2026-11-20T10:00:00Z",
           "capturedAt": "2026-11-20T10:00:00.008Z", "receivedAt": "2026-11-20T10:00:00.011Z",
           "embeddedAt": "2026-11-20T10:00:00.040Z", "indexedAt": "2026-11-20T10:00:00.052Z", "segments": 3,
           "embedded": 1, "contentHash": "2f20ae798f76", "model": "all-minilm-l6-v2", "waitsFor": [],
           "failure": {"reason": "missing-column", "detail": "no column subtitle", "position": "y",
             "lsn": "0/16B3800", "failedAt": "2026-11-20T10:00:10Z", "olderSearchable": true,
             "replay": "POST /dead-letters/replay?table=public.products&key=101"},
           "received": {"position": "z", "lsn": "0/16B3900", "txId": 755,
             "committedAt": "2026-11-20T10:00:20Z", "receivedAt": "2026-11-20T10:00:20.010Z"}}
          """,
          "documents/public.products/101/explain",
          """
          {"documentId": "public.products/101", "state": "failed", "verdict": "below-k",
           "reason": "It would be hit 12, and 10 were asked for.", "rank": 12, "k": 10, "score": 0.71,
           "lastScore": 0.75, "segment": 0, "freshness": null}
          """);

  private static final String CHANGES =
      """
      {"changes": [
        {"table": "public.products", "key": "101", "operation": "upsert", "outcome": "indexed",
         "reason": null, "lsn": "0/16B3748", "txId": 754, "committedAt": "2026-11-20T10:00:05Z",
         "settledAt": "2026-11-20T10:00:05.042Z"},
        {"table": "public.products", "key": "7", "operation": null, "outcome": "dead-lettered",
         "reason": "missing-column", "lsn": "0/16B3700", "txId": 753,
         "committedAt": "2026-11-20T10:00:00Z", "settledAt": "2026-11-20T10:00:00.100Z"}]}
      """;

  /** A service that lets rows be changed. */
  static final Map<String, String> PLAYGROUND =
      Map.of(
          ".",
          """
          {"endpoints": {"GET /playground": "the tables"}}
          """,
          "playground",
          """
          {"psql": "psql", "tables": [{"table": "public.products", "columns": ["title"]}]}
          """,
          "playground/rows/public.products",
          """
          {"table": "public.products", "key": "101", "values": {"title": "Ember stove"}}
          """);

  /** So many changes, the newest first. */
  static String changes(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                """
                {"table": "public.products", "key": "%d", "operation": "upsert", "outcome": "indexed",
                 "reason": null, "lsn": "0/16B3748", "txId": 754,
                 "committedAt": "2026-11-20T10:00:05Z", "settledAt": "2026-11-20T10:00:05.042Z"}
                """
                    .formatted(count - number))
        .collect(Collectors.joining(",", "{\"changes\": [", "]}"));
  }

  /** A service that gives this status, and is well otherwise. */
  static Map<String, String> saying(String word, String figure, String reason) {
    return Map.of(
        "freshness",
        freshness(
            """
            {"word": "%s", "figure": "%s", "reason": "%s", "remedy": null}
            """
                .formatted(word, figure, reason),
            """
            {"asOfLsn": "0/16B3748", "asOfTime": "2026-11-20T10:00:05Z", "exact": true,
             "lagMillis": null, "pending": 12400, "deadLettered": 0, "failedDocuments": 0,
             "silentSince": null, "note": null}
            """,
            """
            {"state": "running", "since": "2026-11-20T09:00:00Z", "reason": null, "inFlight": 3}
            """,
            "[]"),
        "freshness/history",
        HISTORY,
        "changes/recent",
        CHANGES);
  }

  /** A sink that searches by vectors only. */
  static Map<String, String> vectorOnly() {
    var answers = new HashMap<>(saying("fresh", "0.1 s", "all is well"));
    answers.computeIfPresent(
        "freshness",
        (path, answer) -> answer.replace("[\"vector\", \"keyword\", \"hybrid\"]", "[\"vector\"]"));
    return answers;
  }

  private Answers() {}
}
