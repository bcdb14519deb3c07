package dev.freshet.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers of a service in states that a test cannot bring about in a moment. */
final class Answers {

  private static final String HISTORY =
      """
      {"stepSeconds": 5, "steps": [
        {"at": "2026-11-20T10:00:00Z", "events": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}},
        {"at": "2026-11-20T10:00:05Z", "events": 145, "changes": 120, "documents": 80, "stages": {
          "captured": {"count": 120, "p50Millis": 8, "p95Millis": 20, "maxMillis": 31},
          "received": {"count": 120, "p50Millis": 2, "p95Millis": 4, "maxMillis": 9},
          "embedded": {"count": 120, "p50Millis": 25, "p95Millis": 60, "maxMillis": 90},
          "searchable": {"count": 120, "p50Millis": 6, "p95Millis": 12, "maxMillis": 20},
          "total": {"count": 120, "p50Millis": 42, "p95Millis": 96, "maxMillis": 140}},
          "searches": {"count": 10, "p50Millis": 7, "p95Millis": 15, "maxMillis": 15}},
        {"at": "2026-11-20T10:00:10Z", "events": 5, "changes": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}}]}
      """;

  /** Only heartbeats come. */
  static final String IDLE_HISTORY =
      """
      {"stepSeconds": 5, "steps": [
        {"at": "2026-11-20T10:00:05Z", "events": 5, "changes": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}},
        {"at": "2026-11-20T10:00:10Z", "events": 5, "changes": 0, "documents": 0, "stages": {},
          "searches": {"count": 0, "p50Millis": 0, "p95Millis": 0, "maxMillis": 0}}]}
      """;

  /** The tables are read for the first time. */
  static final String FIRST_HISTORY =
      IDLE_HISTORY.replace(
          "\"changes\": 0, \"documents\": 0", "\"changes\": 90, \"documents\": 90");

  /** A change that waited through the first indexing, and one of a moment. */
  static final String UNEVEN_HISTORY =
      """
      {"stepSeconds": 5, "steps": [%s, %s]}
      """
          .formatted(step("10:00:05", 45_000), step("10:00:10", 400));

  private static String step(String time, int millis) {
    String lag =
        """
        {"count": 1, "p50Millis": %1$d, "p95Millis": %1$d, "maxMillis": %1$d}"""
            .formatted(millis);
    return """
        {"at": "2026-11-20T%s Z", "events": 6, "changes": 1, "documents": 1,
         "stages": {"captured": null, "embedded": %s, "total": %s}, "searches": null}
        """
        .replace("s Z", "sZ")
        .formatted(time, lag, lag);
  }

  private static final String TABLES =
      """
      [{"table": "public.products", "documents": 1204, "segments": 3411, "deleted": 12, "failed": 1,
        "backfillOffered": false, "newestCommittedAt": "2026-11-20T10:00:05Z", "lastIndexedAt": "2026-11-20T10:00:05.1Z"},
       {"table": "public.reviews", "documents": 98231, "segments": 104200, "deleted": 0, "failed": 0,
        "backfillOffered": false, "newestCommittedAt": null, "lastIndexedAt": null}]
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

  /** A service whose index has nothing of a table that has rows. */
  static Map<String, String> offeringBackfill() {
    return Map.of(
        "freshness",
        busyFreshness().replaceFirst("\"backfillOffered\": false", "\"backfillOffered\": true"));
  }

  static final Map<String, String> JOBS =
      Map.of(
          "jobs",
          """
          {"jobs": [
            {"id": "b", "kind": "backfill", "request": {"table": "public.products", "rate": 50}, "state": "running",
              "createdAt": "2026-11-20T10:00:00Z", "startedAt": "2026-11-20T10:00:00Z", "endedAt": null, "done": 1200,
              "total": 5000, "perSecond": 40.2, "remainingSeconds": 95, "counts": {"indexed": 1190, "rejected": 10},
              "report": null, "problem": null},
            {"id": "a", "kind": "drift-check", "request": {"table": "public.products", "repair": false}, "state": "done",
              "createdAt": "2026-11-20T09:00:00Z", "startedAt": "2026-11-20T09:00:00Z",
              "endedAt": "2026-11-20T09:01:00Z", "done": 10000, "total": 10000, "perSecond": 166.7,
              "remainingSeconds": null, "counts": {"missing": 1, "orphaned": 0, "different": 0},
              "report": {"basis": "watermark", "missing": {"count": 1, "examples": ["77"]},
                "orphaned": {"count": 0, "examples": []}, "different": {"count": 0, "examples": []}, "remarks": []},
              "problem": null}]}
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

  /** What the playground's form gets for its change. */
  static final String COMMIT =
      """
      {"documentId": "public.products/101", "lsn": "0/16B3790", "txId": 754,
       "committedAt": "2026-11-20T10:00:05Z"}
      """;

  /** A change of which its document, a hit and the list of changes tell. */
  static final Map<String, String> CHANGED = changed();

  private static Map<String, String> changed() {
    var answers = new HashMap<>(BUSY);
    answers.putAll(PLAYGROUND);
    answers.put("changes/recent", CHANGES);
    answers.put(
        "documents/public.products/101",
        """
        {"documentId": "public.products/101", "table": "public.products", "key": "101", "state": "indexed",
         "position": "x", "lsn": "0/16B3748", "txId": 754, "committedAt": "2026-11-20T10:00:05Z",
         "capturedAt": "2026-11-20T10:00:05.004Z", "receivedAt": "2026-11-20T10:00:05.006Z",
         "embeddedAt": "2026-11-20T10:00:05.010Z", "indexedAt": "2026-11-20T10:00:05.022Z", "segments": 1,
         "embedded": 1, "contentHash": "2f20ae798f76", "model": "all-minilm-l6-v2", "waitsFor": [],
         "failure": null, "received": null}
        """);
    answers.put(
        "search",
        """
        {"hits": [{"documentId": "public.products/101", "table": "public.products", "key": "101",
          "segment": 0, "text": "Ember stove", "score": 0.7, "metadata": {}, "lsn": "0/16B3748",
          "txId": 754, "committedAt": "2026-11-20T10:00:05Z", "indexedAt": "2026-11-20T10:00:05.022Z"}],
         "truncated": null, "freshness": {"asOfLsn": "0/16B3748", "lagMillis": 0}}
        """);
    return answers;
  }

  static String busyFreshness() {
    return Objects.requireNonNull(BUSY.get("freshness"));
  }

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
