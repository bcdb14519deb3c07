package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.hostile.SecondSourceContract;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.sink.IndexSink;
import org.junit.jupiter.api.AfterEach;

/** The second source before the LlamaIndex service, which is never told of it. */
class HttpSecondSourceTest extends SecondSourceContract {

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @Override
  protected DocumentLedger ledger() {
    return fixture.ledger;
  }

  @Override
  protected IndexSink sink() {
    return fixture.sink;
  }

  @AfterEach
  void theServiceHearsNothingOfIt() {
    assertThat(fixture.service.calls())
        .allSatisfy(call -> assertThat(call.body()).doesNotContain("b1", "b2", "b3"));
    fixture.close();
  }
}
