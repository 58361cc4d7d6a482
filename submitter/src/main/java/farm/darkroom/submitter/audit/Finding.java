package farm.darkroom.submitter.audit;

import static java.util.Objects.requireNonNull;

/**
 * A violation of the farm's guarantees, or something odd.
 *
 * @param job its id, or what a record or an object is called that is no job's
 */
public record Finding(String job, String what) {

  public Finding {
    requireNonNull(job, "job");
    requireNonNull(what, "what");
  }
}
