package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The description of the API is whole; {@link dev.freshet.support.ApiContract} holds answers
 * against it.
 */
class OpenApiTest {

  private static final Path FILE = Path.of("openapi/freshet.yaml");

  /** What is for browsers and for the platform. */
  private static final Pattern UNDESCRIBED =
      Pattern.compile("GET /(|console/.*|openapi|prometheus.*|health/.*|.*\\{name}.*)");

  private static final SwaggerParseResult PARSED = parsed();

  private static SwaggerParseResult parsed() {
    var options = new ParseOptions();
    options.setResolve(true);
    return new OpenAPIV3Parser().readLocation(FILE.toString(), null, options);
  }

  private static OpenAPI description() {
    return Objects.requireNonNull(PARSED.getOpenAPI());
  }

  @Test
  void theDescriptionCanBeReadWithoutAComplaint() {
    assertThat(PARSED.getMessages()).isNullOrEmpty();
  }

  @Test
  void everyRouteIsDescribedAndNothingElse() {
    var described = new TreeSet<String>();
    description()
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .keySet()
                    .forEach(method -> described.add(method + " " + path)));
    try (var context =
        ApplicationContext.run(
            Map.of("freshet.feed", "memory", "freshet.sink", "http", "rabbitmq.enabled", false))) {
      var routes = new TreeSet<String>();
      context
          .getBean(Router.class)
          .uriRoutes()
          .map(OpenApiTest::call)
          .filter(call -> !call.startsWith("HEAD ") && !UNDESCRIBED.matcher(call).matches())
          .forEach(routes::add);
      assertThat(routes).isEqualTo(described);
    }
  }

  private static String name(Parameter parameter) {
    String reference = parameter.get$ref();
    return reference == null
        ? parameter.getName()
        : Objects.requireNonNull(
                description()
                    .getComponents()
                    .getParameters()
                    .get(reference.replaceFirst(".*/", "")))
            .getName();
  }

  private static String call(UriRouteInfo<?, ?> route) {
    return route.getHttpMethodName()
        + " "
        + route.getUriMatchTemplate().toPathString().replaceAll(":[^}]*}", "}");
  }

  @Test
  void theDescriptionKnowsEveryParameterOfASearch() {
    PathItem search = Objects.requireNonNull(description().getPaths().get("/search"));

    assertThat(search.getGet().getParameters().stream().map(OpenApiTest::name).toList())
        .containsExactlyElementsOf(SearchController.PARAMETERS);
  }
}
