package dev.freshet.canary;

import dev.freshet.changeevent.TableId;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a probe row is sent through, and how often.
 *
 * @param interval between two probes; null for none
 * @param table where the probe is written: captured, bound and mapped
 * @param timeout a probe that takes longer has failed
 */
@Context
@ConfigurationProperties("freshet.canary")
public record CanaryConfiguration(
    @Nullable Duration interval,
    @Bindable(defaultValue = "public.freshet_canary") String table,
    @Bindable(defaultValue = "30s") Duration timeout) {

  public CanaryConfiguration {
    if (interval != null && (interval.isNegative() || interval.isZero())) {
      throw new IllegalArgumentException(
          "freshet.canary.interval must be positive; write it as 1m, or leave it out for none");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "freshet.canary.timeout must be positive; write it as 30s");
    }
    if (!table.matches("[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "freshet.canary.table is not a schema.table of letters, digits and underscores; write it as"
              + " public.freshet_canary");
    }
  }

  TableId tableId() {
    return TableId.parse(table);
  }
}
