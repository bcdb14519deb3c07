package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.index.Condition;
import dev.freshet.index.Condition.Comparison;
import dev.freshet.index.Condition.Contains;
import dev.freshet.index.Condition.In;
import dev.freshet.index.Condition.IsNull;
import dev.freshet.index.Condition.OfColumn;
import dev.freshet.index.FilterValue;
import java.math.BigDecimal;
import java.util.List;

/** A condition in the form of LlamaIndex's {@code MetadataFilters}. */
final class MetadataFilters {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MetadataFilters() {}

  /** The outermost object is a {@code MetadataFilters}, even for a single comparison. */
  static ObjectNode of(Condition condition) {
    return group("and", condition.parts().map(MetadataFilters::part).toList());
  }

  private static ObjectNode group(String condition, List<ObjectNode> filters) {
    ObjectNode group = JSON.objectNode();
    group.put("condition", condition);
    group.withArray("filters").addAll(filters);
    return group;
  }

  private static ObjectNode part(OfColumn condition) {
    if (condition instanceof Comparison one) {
      String operator = one.operator() == Condition.Operator.EQUAL ? "==" : one.operator().sign();
      return filter(one.column(), operator, json(one.value()));
    }
    if (condition instanceof In one) {
      ArrayNode values = JSON.arrayNode();
      one.values().forEach(value -> values.add(json(value)));
      return filter(one.column(), "in", values);
    }
    if (condition instanceof Contains one) {
      return filter(one.column(), "contains", json(one.element()));
    }
    if (condition instanceof IsNull one) {
      return empty(one.column());
    }
    return group("not", List.of(empty(condition.column())));
  }

  /** LlamaIndex's word for a field that is not there, is null, or is an empty array. */
  private static ObjectNode empty(String column) {
    return filter(column, "is_empty", JSON.nullNode());
  }

  private static ObjectNode filter(String column, String operator, JsonNode value) {
    ObjectNode filter = JSON.objectNode();
    filter.put("key", column).put("operator", operator).set("value", value);
    return filter;
  }

  private static JsonNode json(FilterValue value) {
    if (value instanceof FilterValue.Decimal number) {
      BigDecimal exact = number.number();
      return exact.scale() <= 0
          ? BigIntegerNode.valueOf(exact.toBigIntegerExact())
          : DecimalNode.valueOf(exact);
    }
    return value instanceof FilterValue.Truth truth
        ? BooleanNode.valueOf(truth.value())
        : TextNode.valueOf(value.toString());
  }
}
