package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the build itself trusts. */
class BuildTest {

  private static final Pattern ADVISORY = Pattern.compile("CVE-\\d{4}-\\d+|GHSA(-\\w{4}){3}");

  @Test
  void theMavenThatTheWrapperFetchesHasAChecksum() throws IOException {
    assertThat(Files.readString(Path.of(".mvn/wrapper/maven-wrapper.properties")))
        .containsPattern("(?m)^distributionSha256Sum=[0-9a-f]{64}$");
  }

  @Test
  void whatTheImageIsBuiltFromIsThereAndNotIgnored() throws IOException {
    List<String> sources =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from"))
            .map(line -> line.split(" ", -1))
            .flatMap(words -> Stream.of(words).skip(1).limit(words.length - 2L))
            .toList();

    assertThat(sources).contains("src", "openapi").allMatch(file -> Files.exists(Path.of(file)));
    assertThat(Files.readAllLines(Path.of(".dockerignore")))
        .containsAll(sources.stream().map(file -> "!" + file).toList());
  }

  @Test
  void everyVersionThatTheBuildRefusesNamesItsAdvisory() throws IOException {
    assertThat(Files.readAllLines(Path.of("advisories.xml")))
        .filteredOn(line -> line.contains("<exclude>"))
        .hasSizeGreaterThan(10)
        .allMatch(line -> ADVISORY.matcher(line).find());
    assertThat(Files.readString(Path.of("pom.xml"))).contains("advisories.xml");
  }
}
