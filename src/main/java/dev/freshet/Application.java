package dev.freshet;

import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Starts the service. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Freshet",
            version = "0.1.0",
            description =
                "Keeps a vector index as fresh as the database: takes row changes, and answers"
                    + " searches. Every error is an RFC 9457 problem document."))
public final class Application {

  private Application() {}

  public static void main(String[] arguments) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Micronaut.build(arguments).banner(false).start();
  }
}
