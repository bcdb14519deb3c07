package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  private static final Path COMMITTED = Path.of("openapi/freshet.yaml");
  private static final Path GENERATED = Path.of("target/classes/META-INF/swagger/freshet.yml");

  @Test
  void theCommittedSpecificationIsTheGeneratedOne() throws Exception {
    assertThat(Files.readString(COMMITTED))
        .as("renew it: ./mvnw compile && cp %s %s", GENERATED, COMMITTED)
        .isEqualTo(Files.readString(GENERATED));
  }

  @Test
  void theSpecificationKnowsEveryParameterOfASearch() {
    var specification = new OpenAPIV3Parser().read(COMMITTED.toString());

    var parameters =
        Objects.requireNonNull(specification.getPaths().get("/search"))
            .getGet()
            .getParameters()
            .stream()
            .map(Parameter::getName)
            .toList();
    assertThat(parameters).containsExactlyElementsOf(SearchController.PARAMETERS);
  }
}
