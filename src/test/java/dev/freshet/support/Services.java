package dev.freshet.support;

import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The real servers that integration tests talk to: those that the environment names, else
 * containers that live as long as the test run. Tests share them, so each makes names of its own.
 */
public final class Services {

  private static final String JDBC_URL_VARIABLE = "FRESHET_TEST_JDBC_URL";
  private static final String RABBITMQ_URL_VARIABLE = "FRESHET_TEST_RABBITMQ_URL";

  private Services() {}

  /** A PostgreSQL with pgvector; the URL carries the credentials. */
  public static String jdbcUrl() {
    return fromEnvironment(JDBC_URL_VARIABLE).orElseGet(Services::containerJdbcUrl);
  }

  /** A RabbitMQ; the URL carries the credentials. */
  public static String rabbitmqUrl() {
    return fromEnvironment(RABBITMQ_URL_VARIABLE).orElseGet(Services::containerRabbitmqUrl);
  }

  private static Optional<String> fromEnvironment(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(url -> !url.isBlank());
  }

  private static String containerJdbcUrl() {
    requireDocker();
    PostgreSQLContainer postgres = PostgresHolder.STARTED;
    String separator = postgres.getJdbcUrl().contains("?") ? "&" : "?";
    return postgres.getJdbcUrl()
        + separator
        + "user="
        + postgres.getUsername()
        + "&password="
        + postgres.getPassword();
  }

  private static String containerRabbitmqUrl() {
    requireDocker();
    RabbitMQContainer rabbitmq = RabbitmqHolder.STARTED;
    return "amqp://%s:%s@%s:%d/"
        .formatted(
            rabbitmq.getAdminUsername(),
            rabbitmq.getAdminPassword(),
            rabbitmq.getHost(),
            rabbitmq.getAmqpPort());
  }

  private static void requireDocker() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "integration tests need PostgreSQL with pgvector, and RabbitMQ: run scripts/test, or start"
              + " Docker, or set %s and %s".formatted(JDBC_URL_VARIABLE, RABBITMQ_URL_VARIABLE));
    }
  }

  private static final class PostgresHolder {

    static final PostgreSQLContainer STARTED = start();

    private static PostgreSQLContainer start() {
      var image =
          DockerImageName.parse("pgvector/pgvector:pg17").asCompatibleSubstituteFor("postgres");
      // Change capture tests need the logical log; the others do not mind it.
      var container =
          new PostgreSQLContainer(image).withCommand("postgres", "-c", "wal_level=logical");
      container.start();
      return container;
    }
  }

  private static final class RabbitmqHolder {

    static final RabbitMQContainer STARTED = start();

    private static RabbitMQContainer start() {
      var container = new RabbitMQContainer(DockerImageName.parse("rabbitmq:4"));
      container.start();
      return container;
    }
  }
}
