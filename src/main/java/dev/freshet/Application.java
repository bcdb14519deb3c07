package dev.freshet;

import dev.freshet.client.AwaitCommand;
import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Starts the service, or runs the command that the first argument names. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Freshet",
            version = "0.1.0",
            description =
                "Keeps a vector index as fresh as the database: takes row changes, and answers"
                    + " searches. Every error is an RFC 9457 problem document: 401 without a known"
                    + " API key where keys are used, 403 when the key may only read."),
    security = @SecurityRequirement(name = "key"))
@SecurityScheme(
    name = "key",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description =
        "An API key of the role `read`, or `admin` for what changes something. Needed unless access"
            + " control is off.")
public final class Application {

  private Application() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("await")) {
      // Without the framework, so that a script waits for the index only.
      System.exit(AwaitCommand.run(List.of(arguments).subList(1, arguments.length)));
    }
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Micronaut.build(arguments).banner(false).start();
  }
}
