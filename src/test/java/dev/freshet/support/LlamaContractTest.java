package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.support.RecordedLlamaService.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaContractTest {

  @Test
  void anUpsertAsTheContractSaysIsKept() {
    assertThatCode(() -> check("POST", "/upsert", "{'id':'1','content':'','metadata':{'a':null}}"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':1,'content':'','metadata':{}}",
        "{'id':'1','metadata':{}}",
        "{'id':'1','content':'','metadata':null}",
        "{'id':'1','content':'','metadata':{},'table':'t'}",
        ""
      })
  void anyOtherUpsertBreaksIt(String body) {
    assertThatThrownBy(() -> check("POST", "/upsert", body)).isInstanceOf(AssertionError.class);
  }

  @Test
  void anUnknownPathBreaksIt() {
    assertThatThrownBy(() -> check("POST", "/delete/1", "")).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> check("DELETE", "/delete/a/b", "")).isInstanceOf(AssertionError.class);
  }

  private static void check(String method, String path, String body) {
    var headers = Map.of("Content-Type", "application/json");
    LlamaContract.assertKept(List.of(new Call(method, path, headers, body.replace('\'', '"'))));
  }
}
