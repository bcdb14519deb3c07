package dev.freshet.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.UnavailableException;

/**
 * What jobs of one kind do, in steps. A step that was begun and whose progress was not kept is done
 * again, after a crash too: it must do no harm twice.
 */
public interface JobWork {

  JobKind kind();

  /**
   * Looks at a request before it becomes a job.
   *
   * @throws JobFailedException when it cannot be done, and how to mend it
   * @throws UnavailableException when the source or the index does not answer now
   */
  void require(JsonNode request) throws JobFailedException;

  /**
   * Does the next step: some hundred rows or documents, a second or two.
   *
   * @param request what was asked for, as {@link Job#request}
   * @param before where the last step left off; {@link Progress#START} at first
   * @return where this step leaves off
   * @throws UnavailableException when the source or the index does not answer now; the job waits
   *     and repeats the step
   * @throws JobFailedException when no repetition can help
   * @throws InterruptedException when the job is to stop; the step is repeated another time
   */
  Progress step(JsonNode request, Progress before) throws JobFailedException, InterruptedException;
}
