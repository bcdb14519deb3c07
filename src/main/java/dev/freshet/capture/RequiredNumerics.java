package dev.freshet.capture;

import dev.freshet.source.postgresql.Numerics;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.data.VariableScaleDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.util.Properties;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lets a numeric that is NOT NULL be NaN or infinite: Debezium's exact decimals have no form for
 * that, and make NULL of it, which would end the engine where the schema refuses it. All else is as
 * Debezium has it. Debezium makes it by its class's name.
 */
public final class RequiredNumerics implements CustomConverter<SchemaBuilder, RelationalColumn> {

  /** Debezium's length of a numeric that has no precision. */
  private static final int ANY_LENGTH = 131_089;

  @Override
  public void configure(Properties settings) {}

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    if (column.isOptional() || !"numeric".equalsIgnoreCase(column.typeName())) {
      return;
    }
    if (column.scale().isEmpty() || column.length().orElse(ANY_LENGTH) == ANY_LENGTH) {
      Schema schema = VariableScaleDecimal.optionalSchema();
      registration.register(
          VariableScaleDecimal.builder().optional(),
          value -> {
            BigDecimal number = number(value);
            return number == null
                ? null
                : VariableScaleDecimal.fromLogical(
                    schema, new SpecialValueDecimal(Numerics.withoutZeros(number)));
          });
    } else {
      int scale = column.scale().getAsInt();
      registration.register(
          Decimal.builder(scale).optional(),
          value -> {
            BigDecimal number = number(value);
            return number == null ? null : number.setScale(scale);
          });
    }
  }

  /** Null where it is none. */
  private static @Nullable BigDecimal number(@Nullable Object value) {
    if (value instanceof SpecialValueDecimal decimal) {
      return decimal.getDecimalValue().orElse(null);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    return value instanceof Number number ? new BigDecimal(number.toString()) : null;
  }
}
