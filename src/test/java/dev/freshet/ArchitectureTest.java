package dev.freshet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what {@code docs/architecture.md} says of the structure. */
@AnalyzeClasses(packages = "dev.freshet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/freshet");

  /** As {@code docs/architecture.md} shows them: a package uses only those before it. */
  private static final List<String> ORDER =
      List.of(
          "alarm",
          "client",
          "playground",
          "start",
          "logging",
          "words",
          "feed",
          "changeevent",
          "document",
          "ledger",
          "index",
          "store",
          "source",
          "capture",
          "embedding",
          "search",
          "freshness",
          "canary",
          "sink",
          "indexing",
          "deadletter",
          "job",
          "tracing",
          "api",
          "wiring");

  @ArchTest
  static void aPackageUsesOnlyThoseBeforeIt(JavaClasses classes) {
    for (int i = 0; i + 1 < ORDER.size(); i++) {
      noClasses()
          .that()
          .resideInAPackage(inside(ORDER.get(i)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ORDER.subList(i + 1, ORDER.size()).stream()
                  .map(ArchitectureTest::inside)
                  .toArray(String[]::new))
          .check(classes);
    }
  }

  private static String inside(String name) {
    return "dev.freshet." + name + "..";
  }

  @Test
  void theOrderAndTheDocumentationNameEveryPackage() throws IOException {
    String documentation = Files.readString(Path.of("docs/architecture.md"));
    try (Stream<Path> folders = Files.list(SOURCES)) {
      assertThat(folders.filter(Files::isDirectory).map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrderElementsOf(ORDER)
          .allSatisfy(name -> assertThat(documentation).contains("| `" + name + "` |"));
    }
  }

  @ArchTest
  static final ArchRule adaptersUseNoOtherAdapter =
      slices().matching("dev.freshet.(*).(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule portsKnowNoAdapter =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.freshet.feed", "dev.freshet.sink", "dev.freshet.store", "dev.freshet.search")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.freshet.feed.*..",
              "dev.freshet.sink.*..",
              "dev.freshet.store.*..",
              "dev.freshet.search.*..");

  @ArchTest
  static final ArchRule theCoreKnowsNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.freshet.changeevent",
              "dev.freshet.document",
              "dev.freshet.feed",
              "dev.freshet.sink",
              "dev.freshet.sink.local",
              "dev.freshet.ledger",
              "dev.freshet.index",
              "dev.freshet.store",
              "dev.freshet.search")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.micronaut..",
              "com.rabbitmq..",
              "java.sql..",
              "org.jdbi..",
              "org.apache.lucene..");

  /**
   * Its words are Lucene's: every store finds the same ones, and no analyzer of our own is better.
   */
  @ArchTest
  static final ArchRule theWordsKnowLuceneAndNoFramework =
      noClasses()
          .that()
          .resideInAPackage("dev.freshet.words")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "java.sql..", "org.jdbi..");

  @ArchTest
  static final ArchRule onlyTracingKnowsOpenTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.freshet.tracing")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  /** Not even the root, which stands outside the order. */
  @ArchTest
  static final ArchRule nothingUsesTheWiring =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.freshet.wiring..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.freshet.wiring..");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      classes()
          .should()
          .haveNameNotMatching(".*(Manager|Helper|Impl|Utils?|Info|Data|Dto)$")
          .andShould()
          .resideOutsideOfPackages("..util..", "..common..", "..helper..", "..dto..", "..model..");

  @ArchTest
  static final ArchRule dependenciesComeThroughTheConstructor =
      noFields().should().beAnnotatedWith("jakarta.inject.Inject");

  @ArchTest
  static void everyPackageSaysWhatLivesThere(JavaClasses classes) throws IOException {
    for (Path folder : foldersWithClasses()) {
      Path description = folder.resolve("package-info.java");
      assertThat(description).exists();
      assertThat(Files.readString(description)).startsWith("/**").contains("@NullMarked");
    }
    assertThat(classes).isNotEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<Path> foldersWithClasses() throws IOException {
    return sources().stream().map(Path::getParent).distinct().toList();
  }
}
