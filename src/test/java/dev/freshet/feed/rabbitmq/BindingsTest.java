package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindingsTest {

  @ParameterizedTest
  @CsvSource({
    "public.products.#, public.products, true",
    "public.products.#, public.products.a.b, true",
    "public.products.#, public.products2, false",
    "public.products.#, '', false",
    "#, '', true",
    "#, public.products, true",
    "public.*, public.products, true",
    "public.*, public, false",
    "public.*, public.products.a, false",
    "*.products, public.products, true",
    "#.products, products, true",
    "public.#.end, public.a.b.end, true",
    "public.#.end, public.a.b, false",
    "public.#.#, public, true",
    "'', '', true",
    "public., public., true"
  })
  void keysMatchAsATopicExchangeMatchesThem(String pattern, String key, boolean matches) {
    assertThat(Bindings.of(List.of(pattern)).match(key)).isEqualTo(matches);
  }
}
