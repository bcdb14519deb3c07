package dev.freshet.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SortableNumberTest {

  private static final List<String> NOTABLE =
      List.of(
          "0",
          "-0",
          "0.000",
          "1",
          "1.0",
          "10",
          "1e1",
          "-1",
          "-1.00",
          "0.1",
          "-0.1",
          "0.12",
          "0.123",
          "-0.12",
          "-0.123",
          "9",
          "99",
          "999",
          "-9",
          "-99",
          "9007199254740992",
          "9007199254740993",
          "9007199254740992.5",
          "1e400",
          "-1e400",
          "1e-400",
          "-1e-400");

  @Test
  void textsSortAsTheirNumbersDo() {
    var random = new Random(11);
    var numbers = new ArrayList<BigDecimal>();
    NOTABLE.forEach(number -> numbers.add(new BigDecimal(number)));
    for (int i = 0; i < 200; i++) {
      numbers.add(
          new BigDecimal(new BigInteger(random.nextInt(80), random), random.nextInt(60) - 30)
              .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1)));
    }
    for (BigDecimal left : numbers) {
      for (BigDecimal right : numbers) {
        assertThat(Integer.signum(SortableNumber.of(left).compareTo(SortableNumber.of(right))))
            .as("%s and %s", left, right)
            .isEqualTo(left.compareTo(right));
      }
    }
  }
}
