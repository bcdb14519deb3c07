package dev.freshet.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.api.JobAnswers.JobAnswer;
import dev.freshet.api.JobAnswers.JobList;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.job.Job;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobKind;
import dev.freshet.job.Jobs;
import dev.freshet.job.backfill.BackfillWork;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Starts, lists, pauses, resumes and cancels jobs. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobController {

  private static final String ID = "[A-Za-z0-9-]{1,40}";

  private final Jobs jobs;

  JobController(Jobs jobs) {
    this.jobs = jobs;
  }

  @Post("/backfills")
  HttpResponse<JobAnswer> backfill(HttpRequest<?> request) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("table", "where", "rate"));
    ObjectNode wanted = ofTable(parameters);
    parameters.text("where").ifPresent(where -> wanted.put("where", where));
    if (parameters.text("rate").isPresent()) {
      wanted.put("rate", parameters.integer("rate", 1, BackfillWork.FASTEST, 1));
    }
    return start(JobKind.BACKFILL, wanted);
  }

  @Post("/drift-checks")
  HttpResponse<JobAnswer> driftCheck(HttpRequest<?> request) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("table", "repair"));
    return start(JobKind.DRIFT_CHECK, ofTable(parameters).put("repair", parameters.flag("repair")));
  }

  @Post("/reindexes")
  HttpResponse<JobAnswer> reindex(HttpRequest<?> request) {
    return start(
        JobKind.REINDEX, ofTable(QueryParameters.of(request.getParameters(), List.of("table"))));
  }

  private static ObjectNode ofTable(QueryParameters parameters) {
    String table =
        parameters
            .table("table")
            .orElseThrow(
                () ->
                    QueryParameters.bad(
                        "table", "'table' is missing; name one, as in table=public.products"))
            .toString();
    return JsonNodeFactory.instance.objectNode().put("table", table);
  }

  private HttpResponse<JobAnswer> start(JobKind kind, ObjectNode wanted) {
    try {
      Job job = jobs.start(kind, wanted);
      return HttpResponse.<JobAnswer>accepted(URI.create("/jobs/" + job.id()))
          .body(JobAnswer.of(job));
    } catch (JobFailedException e) {
      throw new ProblemException(
          Problem.of(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
  }

  @Get("/jobs")
  JobList list(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return new JobList(jobs.all().stream().map(JobAnswer::of).toList());
  }

  @Get("/jobs/{id:[^/]+}")
  JobAnswer read(HttpRequest<?> request, String id) {
    return of(request, id, jobs::find);
  }

  @Post("/jobs/{id:[^/]+}/pause")
  JobAnswer pause(HttpRequest<?> request, String id) {
    return of(request, id, jobs::pause);
  }

  @Post("/jobs/{id:[^/]+}/resume")
  JobAnswer resume(HttpRequest<?> request, String id) {
    return of(request, id, jobs::resume);
  }

  @Post("/jobs/{id:[^/]+}/cancel")
  JobAnswer cancel(HttpRequest<?> request, String id) {
    return of(request, id, jobs::cancel);
  }

  private JobAnswer of(HttpRequest<?> request, String id, Function<String, Optional<Job>> call) {
    QueryParameters.of(request.getParameters(), List.of());
    return Optional.of(id)
        .filter(text -> text.matches(ID))
        .flatMap(call)
        .map(JobAnswer::of)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.of(HttpStatus.NOT_FOUND, "there is no job '" + id + "'")));
  }
}
