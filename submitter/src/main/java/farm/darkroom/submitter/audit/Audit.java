package farm.darkroom.submitter.audit;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.ParallelFetch;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobStateReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds what was submitted against what became of it: submitted = stored + dead + cancelled, plus
 * what is still open; no record without its images, no image without a record. It changes nothing,
 * and every call reads again. Not thread-safe.
 */
public final class Audit {
  private final ResultStore store;
  private final JobStateReader reader;
  private final boolean pictures;

  /**
   * @param pictures whether every picture is read and held against its record; else only its size
   */
  public Audit(ResultStore store, JobStateReader reader, boolean pictures) {
    this.store = requireNonNull(store, "store");
    this.reader = requireNonNull(reader, "reader");
    this.pictures = pictures;
  }

  /**
   * Audits the given jobs.
   *
   * @param submitted ids, or the names of records that are no jobs
   * @param idle whether the queue was seen empty after the last of them was submitted: then nobody
   *     will finish what is not finished now
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, STORE_UNAVAILABLE
   */
  public AuditReport of(Collection<String> submitted, boolean idle) {
    Tallying tallying = tally(submitted, idle, reader.read());
    tallying.compareConditions();
    return tallying.report();
  }

  private Tallying tally(Collection<String> submitted, boolean idle, JobStateReader.States states) {
    Tallying tallying = new Tallying(states, idle);
    Set<String> all = new LinkedHashSet<>(submitted);
    try (ParallelFetch fetching = new ParallelFetch()) {
      fetching.inOrder(all, this::files).forEach(tallying::add);
    }
    return tallying;
  }

  /**
   * Audits all jobs that were published on a queue, as {@link #of} does, and every other job in the
   * store: it must be finished, or known to the event log as a job of another queue.
   */
  public AuditReport ofQueue(Collection<String> published, boolean idle) {
    JobStateReader.States states = reader.read();
    AuditReport known = tally(published, idle, states).report();
    List<Finding> violations = new ArrayList<>(known.violations());
    List<Finding> remarks = new ArrayList<>(known.remarks());
    List<String> keys = store.list(StoreKeys.JOBS).stream().map(ResultStore.Entry::key).toList();
    keys.stream().filter(Audit::isForeign).map(Audit::foreign).forEach(remarks::add);
    try (ParallelFetch fetching = new ParallelFetch()) {
      for (JobFiles files : fetching.inOrder(unpublishedJobs(keys, published), this::files)) {
        if (files.done()) {
          remarks.add(new Finding(files.job(), "is stored, and was not published on this queue"));
          violations.addAll(files.faults());
        } else if (files.images() > 0 && states.jobs().containsKey(files.job())) {
          remarks.add(
              new Finding(
                  files.job(), "has images, no record, and was not published on this queue"));
        } else if (files.images() > 0) {
          violations.add(
              new Finding(files.job(), "has images, no record, and nobody submitted it"));
        }
      }
    }
    return new AuditReport(known.endings(), violations, remarks);
  }

  private JobFiles files(String job) {
    return JobId.isId(job)
        ? JobFiles.read(store, job, pictures)
        : new JobFiles(job, false, 0, List.of(), Optional.empty());
  }

  /** Keys that end in a slash are the folder markers of S3 consoles, and are not reported. */
  private static boolean isForeign(String key) {
    return !key.endsWith("/") && StoreKeys.jobOf(key).filter(JobId::isId).isEmpty();
  }

  private static Finding foreign(String key) {
    return new Finding(key, "is no job's; darkroom neither reads nor deletes it");
  }

  private static Set<String> unpublishedJobs(List<String> keys, Collection<String> published) {
    Set<String> unpublishedJobs =
        keys.stream()
            .flatMap(key -> StoreKeys.jobOf(key).stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    unpublishedJobs.removeAll(new HashSet<>(published));
    return unpublishedJobs;
  }

  /** Collects the outcomes and findings of one audit. Not thread-safe. */
  private static final class Tallying {
    private final Map<String, JobEvent> events;
    private final Set<String> dead;
    private final boolean idle;
    private final Map<JobOutcome, Integer> endings = new EnumMap<>(JobOutcome.class);
    private final List<Finding> violations = new ArrayList<>();
    private final List<Finding> remarks = new ArrayList<>();
    private final MixedConditions conditions = new MixedConditions();

    Tallying(JobStateReader.States states, boolean idle) {
      this.events = states.jobs();
      this.dead = states.dead().stream().map(DeadJob::id).collect(Collectors.toSet());
      this.idle = idle;
    }

    void add(JobFiles files) {
      Optional<JobState> last = Optional.ofNullable(events.get(files.job())).map(JobEvent::state);
      JobOutcome ending = ending(files, last);
      endings.merge(ending, 1, Integer::sum);
      violations.addAll(files.faults());
      files.record().ifPresent(conditions::add);
      switch (ending) {
        case STORED -> stored(files, last);
        case DEAD, CANCELLED -> leftovers(files, ending);
        case OPEN -> {}
        case LOST -> lost(files, last);
      }
    }

    /**
     * Reports mixed conditions. Only meaningful for one batch, since a farm changes its models over
     * time.
     */
    void compareConditions() {
      remarks.addAll(conditions.findings());
    }

    private JobOutcome ending(JobFiles files, Optional<JobState> last) {
      if (files.done()) {
        return JobOutcome.STORED;
      }
      if (dead.contains(files.job()) || wasPurged(files)) {
        return JobOutcome.DEAD;
      }
      if (last.filter(state -> state == JobState.CANCELLED).isPresent()) {
        return JobOutcome.CANCELLED;
      }
      return idle ? JobOutcome.LOST : JobOutcome.OPEN;
    }

    /**
     * Whether {@code dead purge} deleted the job's dead letter: only submitters publish DEAD events
     * without a worker's id.
     */
    private boolean wasPurged(JobFiles files) {
      return Optional.ofNullable(events.get(files.job()))
          .filter(event -> event.state() == JobState.DEAD && event.worker().isEmpty())
          .isPresent();
    }

    private void stored(JobFiles files, Optional<JobState> last) {
      if (idle && last.filter(state -> state == JobState.STORED).isEmpty()) {
        remarks.add(new Finding(files.job(), "is stored, and its last event says " + label(last)));
      }
    }

    /** Reports images without a record. If the job is submitted again, a worker will adopt them. */
    private void leftovers(JobFiles files, JobOutcome ending) {
      if (files.images() > 0) {
        remarks.add(
            new Finding(
                files.job(),
                "is %s, and a worker had stored %s of it before"
                    .formatted(ending.label(), Counted.of(files.images(), "image"))));
      }
    }

    private void lost(JobFiles files, Optional<JobState> last) {
      violations.add(
          new Finding(
              files.job(),
              "is lost: no record, no dead letter, the queue is empty, its last event says "
                  + label(last)
                  + (JobId.isId(files.job()) ? "; " + again(files.job()) : "")));
      if (files.images() > 0) {
        violations.add(new Finding(files.job(), "has images and no record"));
      }
    }

    /** A lost job can be published again, since the queue's topics retain every job. */
    private static String again(String job) {
      return "'submit --job %s' puts it on the queue again".formatted(job);
    }

    private static String label(Optional<JobState> last) {
      return last.map(JobState::label).orElse("nothing");
    }

    AuditReport report() {
      return new AuditReport(endings, violations, remarks);
    }
  }
}
