package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataValueTest {

  @ParameterizedTest
  @CsvSource({"1e131000, 131001", "1e-131000, 131001", "-1.5, 2", "0.001, 4", "12.30, 4", "0, 1"})
  void aNumberHasItsPlainDigits(String number, long digits) {
    assertThat(MetadataValue.digits(DecimalNode.valueOf(new BigDecimal(number)))).isEqualTo(digits);
  }

  @Test
  void aNumberOfManyDigitsBecomesAText() {
    assertThat(MetadataValue.of(DecimalNode.valueOf(new BigDecimal("1e131000"))))
        .isEqualTo(TextNode.valueOf("1E+131000"));
    BigInteger long401 = BigInteger.TEN.pow(400);
    assertThat(MetadataValue.of(BigIntegerNode.valueOf(long401)))
        .isEqualTo(TextNode.valueOf(long401.toString()));
    assertThat(MetadataValue.of(DoubleNode.valueOf(Double.NaN))).isEqualTo(TextNode.valueOf("NaN"));
  }

  @Test
  void anyOtherNumberStaysAsItIs() {
    var exact = DecimalNode.valueOf(new BigDecimal("12.30"));
    assertThat(MetadataValue.of(exact)).isSameAs(exact);
    assertThat(MetadataValue.of(IntNode.valueOf(7))).isEqualTo(IntNode.valueOf(7));
  }

  @Test
  void aNumberInsideAnArrayIsNoException() {
    var array = JsonNodeFactory.instance.arrayNode().add(new BigDecimal("1e131000"));
    assertThat(MetadataValue.of(array).path(0).isTextual()).isTrue();
  }
}
