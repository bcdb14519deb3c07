package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:postgresql://db:5432/shop | jdbc:postgresql://db:5432/shop",
        "jdbc:postgresql://a:1,b:2/shop?targetServerType=primary | jdbc:postgresql://a:1,b:2/shop?…",
        "jdbc:postgresql://db/shop?user=u&password=s3cret | jdbc:postgresql://db/shop?…",
        "jdbc:postgresql://db/shop?password=s3cret&sslmode=require | jdbc:postgresql://db/shop?sslmode=require&…",
        "jdbc:postgresql://db/shop?sslmode=verify-full | jdbc:postgresql://db/shop?sslmode=verify-full",
        "jdbc:postgresql://db/shop?sslmode=s3cret | jdbc:postgresql://db/shop?…",
        "jdbc:postgresql://u:s3cret@db/shop | jdbc:postgresql://db/shop",
        "amqp://guest:guest@localhost:5672/ | amqp://localhost:5672/",
        "amqps://user:s3c@ret@mq:5671/v%2Fhost | amqps://mq:5671/v%2Fhost",
        "amqp://user:s3cret@[::1]:5672 | amqp://[::1]:5672",
        "http://localhost:8000 | http://localhost:8000",
        "http://localhost:8000/ | http://localhost:8000/",
        "https://key:s3cret@llama.example/hooks/s3cret?key=s3cret | https://llama.example/…?…",
        "HTTPS://llama.example/s3cret | HTTPS://llama.example/…",
      })
  void theHostStaysAndTheSecretGoes(String url, String shown) {
    assertThat(MaskedUrl.of(url)).contains(shown);
  }

  /** Signs that ought to be encoded, and values that are no URL: nothing of them is safe. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cret",
        "user:s3cret@db",
        "amqp://user:s3/cret@mq/",
        "amqp://user:s3?cret@mq/",
        "amqp://user:s3#cret@mq/",
        "amqp://user:s3cret",
        "amqp://user:12/345@mq:5672/",
        "jdbc:postgresql://db/shop?password=s3@cret",
        "jdbc:postgresql://db/shop?user=u&password=a#s3cret",
        "jdbc:postgresql:shop?password=s3cret",
        "http://localhost:8000/s3cret@x",
        "http://local host:8000/",
        "http://u:s3\ncret/@localhost/",
      })
  void whatCannotBeToldApartIsHidden(String url) {
    assertThat(MaskedUrl.of(url)).isEmpty();
  }
}
