package dev.freshet;

import dev.freshet.start.FreshetCommand;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;

/** Runs the command that the first argument names; without one, the service. */
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
    System.exit(FreshetCommand.run(arguments));
  }
}
