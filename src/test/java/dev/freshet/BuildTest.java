package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
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
  void everyVersionThatTheBuildRefusesNamesItsAdvisory() throws IOException {
    assertThat(Files.readAllLines(Path.of("advisories.xml")))
        .filteredOn(line -> line.contains("<exclude>"))
        .hasSizeGreaterThan(10)
        .allMatch(line -> ADVISORY.matcher(line).find());
    assertThat(Files.readString(Path.of("pom.xml"))).contains("advisories.xml");
  }
}
