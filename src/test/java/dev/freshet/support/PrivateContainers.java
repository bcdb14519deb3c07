package dev.freshet.support;

import com.github.dockerjava.api.model.PortBinding;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** Private servers in containers, whose ports stay the same when they are killed and started. */
final class PrivateContainers implements PrivateServices {

  private static final int POSTGRES_PORT = 5432;
  private static final int AMQP_PORT = 5672;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PostgreSQLContainer postgres;
  private final RabbitMQContainer rabbitmq;

  private PrivateContainers(PostgreSQLContainer postgres, RabbitMQContainer rabbitmq) {
    this.postgres = postgres;
    this.rabbitmq = rabbitmq;
  }

  static PrivateContainers start() throws IOException {
    var postgres =
        new PostgreSQLContainer(
                DockerImageName.parse("pgvector/pgvector:pg17")
                    .asCompatibleSubstituteFor("postgres"))
            .withCommand("postgres", "-c", "wal_level=logical");
    var rabbitmq = new RabbitMQContainer(DockerImageName.parse("rabbitmq:4"));
    bind(postgres, POSTGRES_PORT);
    bind(rabbitmq, AMQP_PORT);
    var services = new PrivateContainers(postgres, rabbitmq);
    postgres.start();
    rabbitmq.start();
    return services;
  }

  /** A mapped port of Docker's choice is another one after each start. */
  private static void bind(GenericContainer<?> container, int port) {
    int free = FreePorts.next();
    container.withCreateContainerCmdModifier(
        create -> create.getHostConfig().withPortBindings(PortBinding.parse(free + ":" + port)));
  }

  @Override
  public String jdbcUrl() {
    String url = postgres.getJdbcUrl();
    return "%s%suser=%s&password=%s"
        .formatted(
            url, url.contains("?") ? "&" : "?", postgres.getUsername(), postgres.getPassword());
  }

  @Override
  public String rabbitmqUrl() {
    return "amqp://%s:%s@%s:%d/"
        .formatted(
            rabbitmq.getAdminUsername(),
            rabbitmq.getAdminPassword(),
            rabbitmq.getHost(),
            rabbitmq.getAmqpPort());
  }

  @Override
  public void killPostgres() {
    kill(postgres);
  }

  @Override
  public void startPostgres() {
    start(postgres, POSTGRES_PORT);
  }

  @Override
  public void killRabbitmq() {
    kill(rabbitmq);
  }

  @Override
  public void startRabbitmq() {
    start(rabbitmq, AMQP_PORT);
  }

  @Override
  public void rabbitmqctl(String... arguments) throws IOException {
    var words = new ArrayList<>(List.of("rabbitmqctl"));
    words.addAll(List.of(arguments));
    try {
      var result = rabbitmq.execInContainer(words.toArray(String[]::new));
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(words + " failed:\n" + result.getStderr());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGKILL to every process of the container. */
  private static void kill(GenericContainer<?> container) {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  private static void start(GenericContainer<?> container, int port) {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> answers(container.getHost(), container.getMappedPort(port)));
  }

  private static boolean answers(String host, int port) throws IOException {
    try (var socket = new Socket(host, port)) {
      return socket.isConnected();
    }
  }

  @Override
  public void close() {
    postgres.stop();
    rabbitmq.stop();
  }
}
