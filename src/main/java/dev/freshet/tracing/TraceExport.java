package dev.freshet.tracing;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether, and where, spans are exported: as OpenTelemetry's environment variables say. Exporting
 * is off unless they ask for it.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">
 *     Environment Variable Specification</a>
 */
final class TraceExport {

  /**
   * Others than the specification's: the JDK's HTTP client speaks no gRPC, metrics go elsewhere.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of("otel.service.name", "freshet", "otel.exporter.otlp.protocol", "http/protobuf");

  private static final Map<String, String> TRACES_ONLY =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private TraceExport() {}

  /** A setting by the name of its environment variable; null where it is not set. */
  interface Settings extends UnaryOperator<@Nullable String> {}

  /** A variable without a value counts as one that is not set, as the specification wants it. */
  static boolean isWanted(Settings environment) {
    String exporter = environment.apply("OTEL_TRACES_EXPORTER");
    boolean named =
        isSet(exporter)
            ? !"none".equals(exporter)
            : isSet(environment.apply("OTEL_EXPORTER_OTLP_ENDPOINT"))
                || isSet(environment.apply("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
    return named && !"true".equalsIgnoreCase(environment.apply("OTEL_SDK_DISABLED"));
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isBlank();
  }

  /**
   * Starts exporting.
   *
   * @param settings beside the environment's, which come first
   * @throws IllegalArgumentException when a variable has a value that does not work
   */
  static OpenTelemetrySdk start(Map<String, String> settings) {
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .addPropertiesSupplier(() -> DEFAULTS)
          .addPropertiesSupplier(() -> settings)
          .addPropertiesCustomizer(configured -> TRACES_ONLY)
          .disableShutdownHook()
          .build()
          .getOpenTelemetrySdk();
    } catch (ConfigurationException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "the OTEL_* variables do not work: "
              + e.getMessage()
              + "; Freshet exports by OTEL_TRACES_EXPORTER=otlp to OTEL_EXPORTER_OTLP_ENDPOINT, and"
              + " OTEL_TRACES_EXPORTER=none switches it off",
          e);
    }
  }
}
