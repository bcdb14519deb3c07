package dev.freshet.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.FreshetServer.Answer;
import dev.freshet.support.SourceDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes a row of its own and asks for it at once: it commits, takes {@code
 * pg_current_wal_lsn()}, and searches with it. Its row has a word that no other has, and it
 * searches for that word, and for the nearest vector of the row's own text by an exact comparison
 * with all: an answer without the row was not fresh, whatever its ranking.
 */
final class ReadYourWrites implements AutoCloseable {

  private static final String TABLE = "public.products";

  /** Each has ids, and thereby words, of its own. */
  private static final AtomicLong IDS = new AtomicLong(1_000_000);

  private final Connection connection;
  private final Function<String, Answer> freshet;
  private final Random random;
  private final List<String> findings = new ArrayList<>();
  private final Latencies waits = new Latencies();
  private final Token token;
  private long id = IDS.addAndGet(1_000_000);
  private @Nullable String word;
  private int found;

  /** What it says of its commit when it searches. */
  enum Token {
    /** Nothing: the search answers with what there is. */
    NONE,

    /** {@code pg_current_wal_lsn()}; the commits of others follow it. */
    LSN,

    /** {@code pg_current_xact_id()}, with which only documents can be asked for. */
    TRANSACTION,

    /** The LSN, and a logical message after it: on a quiet source nothing else would follow. */
    LSN_AND_NUDGE
  }

  /**
   * @param freshet answers a path
   */
  ReadYourWrites(SourceDatabase source, Function<String, Answer> freshet, Token token)
      throws SQLException {
    this.connection = source.connect();
    this.freshet = freshet;
    this.token = token;
    this.random = new Random(id);
    connection.setAutoCommit(false);
  }

  /** What was wrong; empty when every search answered as it had to. */
  List<String> findings() {
    return findings;
  }

  /** How many searches had to show a row, and did. */
  int found() {
    return found;
  }

  /** From the commit's return to the answer of the first question. */
  Latencies waits() {
    return waits;
  }

  /** One write, and every question about it. */
  void round() throws SQLException {
    int chance = random.nextInt(100);
    if (word == null || chance < 20) {
      insert();
    } else if (chance < 75) {
      update();
    } else if (chance < 85) {
      changeKey();
    } else {
      delete();
    }
  }

  private void insert() throws SQLException {
    id++;
    word = newWord();
    requirePresent(
        commit(
            "INSERT INTO products VALUES (%d, '%s', '%s', 1, 1)".formatted(id, word, text(word))));
  }

  private void update() throws SQLException {
    String former = word;
    word = newWord();
    Commit commit =
        commit(
            "UPDATE products SET title = '%s', description = '%s' WHERE id = %d"
                .formatted(word, text(word), id));
    requirePresent(commit);
    requireAbsent(former, commit);
  }

  private void changeKey() throws SQLException {
    long former = id++;
    Commit commit = commit("UPDATE products SET id = %d WHERE id = %d".formatted(id, former));
    requirePresent(commit);
    requireState(former, "deleted", commit);
  }

  private void delete() throws SQLException {
    String former = word;
    word = null;
    Commit commit = commit("DELETE FROM products WHERE id = " + id);
    if (token == Token.TRANSACTION || random.nextBoolean()) {
      requireState(id, "deleted", commit);
      requireAbsent(former, commit);
    } else {
      requireAbsent(former, commit);
      requireState(id, "deleted", commit);
    }
  }

  /** What the application knows of its commit, and when that returned. */
  private record Commit(long txId, String lsn, long at) {}

  private Commit commit(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
      String txId = value(statement, "SELECT pg_current_xact_id()");
      connection.commit();
      long at = System.nanoTime();
      String lsn = value(statement, "SELECT pg_current_wal_lsn()");
      if (token == Token.LSN_AND_NUDGE) {
        statement.execute("SELECT pg_logical_emit_message(true, 'freshet', '')");
      }
      connection.commit();
      return new Commit(Long.parseLong(txId), lsn, at);
    }
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Whichever question comes first waits: each has to be it now and then. */
  private void requirePresent(Commit commit) {
    var questions = new ArrayList<Runnable>();
    questions.add(() -> requireHit(keyword(word), commit));
    questions.add(() -> requireHit(vector(word), commit));
    Collections.shuffle(questions, random);
    int place = token == Token.TRANSACTION ? 0 : random.nextInt(3);
    questions.add(place, () -> requireState(id, "indexed", commit));
    questions.remove(0).run();
    waits.add(Duration.ofNanos(System.nanoTime() - commit.at()));
    questions.forEach(Runnable::run);
  }

  private void requireHit(String question, Commit commit) {
    Answer answer = search(question, commit);
    if (hits(answer).stream().noneMatch(this::isMine)) {
      findings.add("%s without %s/%d: %s".formatted(question, TABLE, id, answer));
    } else {
      found++;
    }
  }

  private boolean isMine(JsonNode hit) {
    return hit.path("documentId").asText().equals(TABLE + "/" + id)
        && hit.path("text").asText().contains(word);
  }

  private void requireAbsent(String former, Commit commit) {
    Answer answer = search(keyword(former), commit);
    if (answer.status() != 200 || !hits(answer).isEmpty()) {
      findings.add("%s is still there: %s".formatted(former, answer));
    }
  }

  private Answer search(String question, Commit commit) {
    String waiting =
        switch (token) {
          case NONE, TRANSACTION -> "";
          case LSN, LSN_AND_NUDGE -> "&timeout=30s&minLsn=" + FreshetServer.encode(commit.lsn());
        };
    return freshet.apply("/search?" + question + waiting);
  }

  private void requireState(long document, String state, Commit commit) {
    String waiting = token == Token.NONE ? "" : "?timeout=30s&txId=" + commit.txId();
    Answer answer = freshet.apply("/documents/%s/%d%s".formatted(TABLE, document, waiting));
    if (answer.status() != 200 || !answer.json().path("state").asText().equals(state)) {
      findings.add("%d is not %s: %s".formatted(document, state, answer));
    }
  }

  private static List<JsonNode> hits(Answer answer) {
    var hits = new ArrayList<JsonNode>();
    if (answer.status() == 200) {
      answer.json().path("hits").forEach(hits::add);
    }
    return hits;
  }

  private static String keyword(String word) {
    return "mode=keyword&q=" + word;
  }

  /** The text of its only segment, whose vector is the nearest that there can be. */
  private static String vector(String word) {
    return "mode=vector&exact=true&k=5&q="
        + FreshetServer.encode("Title: %s\n\n%s".formatted(word, text(word)));
  }

  private static String text(String word) {
    return "Only this row says " + word + ".";
  }

  private String newWord() {
    var letters = new StringBuilder("w");
    random.ints(14, 'a', 'z' + 1).forEach(letter -> letters.append((char) letter));
    return letters.toString();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
