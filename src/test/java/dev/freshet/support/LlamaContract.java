package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.freshet.support.RecordedLlamaService.Call;
import java.nio.file.Path;
import java.util.List;

/** The LlamaIndex service's contract, {@code openapi/llamaindex-service.yaml}. */
public final class LlamaContract {

  private static final OpenApiInteractionValidator VALIDATOR =
      OpenApiInteractionValidator.createFor(
              Path.of("openapi/llamaindex-service.yaml").toAbsolutePath().toString())
          .build();

  private LlamaContract() {}

  /** Asserts that each call is one that the contract knows. */
  public static void assertKept(List<Call> calls) {
    for (Call call : calls) {
      ValidationReport report = VALIDATOR.validateRequest(request(call));
      assertThat(report.getMessages()).as("%s", call).isEmpty();
    }
  }

  private static Request request(Call call) {
    var request = new SimpleRequest.Builder(call.method(), call.path());
    call.headers().forEach(request::withHeader);
    return call.body().isEmpty() ? request.build() : request.withBody(call.body()).build();
  }
}
