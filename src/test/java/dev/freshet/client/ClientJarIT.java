package dev.freshet.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The jar of the client alone, as an application's test has it: beside Jackson, without Freshet.
 */
class ClientJarIT {

  private static final Path JAR =
      Path.of(System.getProperty("test.freshet.jar", "target/freshet.jar"))
          .resolveSibling("freshet-client.jar");

  @Test
  void itIsSmallAndHasTheClientOnly() throws Exception {
    assertThat(Files.size(JAR)).isLessThan(50_000);
    try (var jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(Object::toString).filter(name -> name.endsWith(".class")))
          .contains("dev/freshet/client/FreshetClient.class")
          .allMatch(name -> name.startsWith("dev/freshet/client/"))
          .noneMatch(name -> name.matches(".*(Await|Command|Options|Bundle|Question).*"));
    }
  }

  @Test
  void itAsksAServiceWithoutAnythingElseOfFreshet() throws Exception {
    URL[] urls =
        Stream.of(
                JAR.toUri().toURL(),
                of(ObjectMapper.class),
                of(JsonParser.class),
                of(JsonIgnore.class))
            .toArray(URL[]::new);
    try (var service = new ScriptedService();
        var classes = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      service.then(200, ScriptedService.document("unknown", "null"));
      Class<?> type = classes.loadClass(FreshetClient.class.getName());
      Object client =
          type.getMethod("of", String.class).invoke(null, "http://127.0.0.1:" + service.port());

      Object freshness =
          type.getMethod("awaitLsn", String.class, Duration.class)
              .invoke(client, "0/1F", Duration.ofSeconds(10));

      assertThat(freshness.toString()).contains("0/20");
    }
  }

  private static URL of(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
