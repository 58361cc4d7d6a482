package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The results of a render.
 *
 * @param outputs as many as the job asked for, in order
 * @param details how they were rendered, for the record
 */
public record RenderResult(List<Output> outputs, RenderDetails details) {

  public RenderResult {
    outputs = List.copyOf(outputs);
    requireNonNull(details, "details");
  }
}
