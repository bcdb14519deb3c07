package dev.freshet.store.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.FreshetException;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFailuresTest {

  private static final class Failure extends JdbiException {

    private static final long serialVersionUID = 1L;

    Failure(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static FreshetException translated(String state) {
    return SqlFailures.translate(new Failure("secret", new SQLException("reason", state)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05", "22003", "23502", "23514", "23P01", "54000", "54001"})
  void whatFailsWithTheSameRowEachTimeIsTheRowsFault(String state) {
    assertThat(translated(state))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(RejectionReason.REFUSED_BY_SINK);
              assertThat(rejected.detail()).contains(state);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "25006", "28P01", "3D000", "3F000", "40001", "40P01", "23505", "23503", "42P01",
        "42501", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P03", "58030", "XX000"
      })
  void whatAnotherTimeOrAnOperatorMendsIsTheInfrastructures(String state) {
    assertThat(translated(state))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(state)
        .hasMessageContaining("reason");
  }

  @Test
  void aConnectionThatCannotBeMadeNamesItsSetting() {
    assertThat(translated("08001"))
        .hasMessageEndingWith("; see freshet.jdbc.url (FRESHET_JDBC_URL)");
    assertThat(translated("53300")).hasMessageNotContaining("FRESHET_JDBC_URL");
  }

  @Test
  void aConnectionThatIsNotThereIsTheInfrastructures() {
    assertThat(SqlFailures.translate(new Failure("", new SQLException("closed"))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aDefectIsNotTriedForEverAndQuotesNothing() {
    var trace = new StringWriter();
    FreshetException translated =
        SqlFailures.translate(new Failure("no argument factory for secret", null));
    translated.printStackTrace(new PrintWriter(trace));

    assertThat(translated)
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.INTERNAL_ERROR));
    assertThat(trace.toString()).doesNotContain("secret");
  }
}
