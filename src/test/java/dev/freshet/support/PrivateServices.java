package dev.freshet.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** A PostgreSQL and a RabbitMQ of a test's own, which it may kill, starve and configure. */
public interface PrivateServices extends AutoCloseable {

  /**
   * Starts them: by {@code scripts/services} where the shared servers are of that kind, else as
   * containers where there is an engine, else by {@code scripts/services}.
   */
  static PrivateServices startOwn() throws IOException {
    return areScripted() || !DockerClientFactory.instance().isDockerAvailable()
        ? ScriptedServices.start()
        : PrivateContainers.start();
  }

  /**
   * Borrows servers that run, or starts them for all who borrow them: one test class at a time.
   * What it makes in them it takes away; closing starts what it has killed.
   */
  static PrivateServices borrow() throws IOException {
    return LentServices.get();
  }

  /** Whether this machine can run them. */
  static boolean canStart() throws IOException {
    return areScripted()
        || isRootOnDebian12()
        || DockerClientFactory.instance().isDockerAvailable();
  }

  private static boolean areScripted() {
    String services = System.getenv("FRESHET_TEST_SERVICES");
    return services != null && !services.isBlank();
  }

  /** What {@code scripts/services} needs. */
  private static boolean isRootOnDebian12() throws IOException {
    Path release = Path.of("/etc/os-release");
    if (!"root".equals(System.getProperty("user.name")) || !Files.exists(release)) {
      return false;
    }
    String text = Files.readString(release).replace("\"", "");
    return text.contains("\nID=debian\n") && text.contains("\nVERSION_ID=12\n");
  }

  String jdbcUrl() throws IOException;

  String rabbitmqUrl() throws IOException;

  void killPostgres() throws IOException;

  void startPostgres() throws IOException;

  void killRabbitmq() throws IOException;

  void startRabbitmq() throws IOException;

  /** What an administrator of the broker does. */
  void rabbitmqctl(String... arguments) throws IOException;

  @Override
  void close() throws IOException;

  /** The server's address in a URL of either kind. */
  static URI address(String url) {
    return URI.create(url.replaceFirst("^jdbc:", ""));
  }
}
