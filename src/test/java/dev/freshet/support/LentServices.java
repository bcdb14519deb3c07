package dev.freshet.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Private services that several test classes use one after the other, because a start takes as long
 * as many a test. They stop with this JVM.
 */
final class LentServices {

  private static @Nullable PrivateServices running;

  private LentServices() {}

  static synchronized PrivateServices get() throws IOException {
    PrivateServices services = running;
    if (services == null) {
      PrivateServices started = PrivateServices.startOwn();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started)));
      running = started;
      services = started;
    }
    return new Lent(services);
  }

  private static void stop(PrivateServices services) {
    try {
      services.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whoever borrows them gives them back running. */
  private record Lent(PrivateServices services) implements PrivateServices {

    @Override
    public String jdbcUrl() throws IOException {
      return services.jdbcUrl();
    }

    @Override
    public String rabbitmqUrl() throws IOException {
      return services.rabbitmqUrl();
    }

    @Override
    public void killPostgres() throws IOException {
      services.killPostgres();
    }

    @Override
    public void startPostgres() throws IOException {
      services.startPostgres();
    }

    @Override
    public void killRabbitmq() throws IOException {
      services.killRabbitmq();
    }

    @Override
    public void startRabbitmq() throws IOException {
      services.startRabbitmq();
    }

    @Override
    public void rabbitmqctl(String... arguments) throws IOException {
      services.rabbitmqctl(arguments);
    }

    @Override
    public void close() throws IOException {
      services.startPostgres();
      services.startRabbitmq();
    }
  }
}
