package farm.darkroom.submitter.command;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.watch.BatchCounts;
import farm.darkroom.submitter.watch.JobStateTracker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Batches that no event mentions, because all of their jobs were already stored, or submitted in
 * other batches.
 *
 * @param read those that were looked at
 * @param unread how many more there are
 */
record BatchesWithoutEvents(List<BatchCounts> read, int unread) {
  /** Each costs a manifest, and a question for each of its jobs. */
  private static final int MOST_READ = 20;

  /** Jobs that are asked for at most: seconds at a store that is near. */
  private static final int MOST_ASKED = 2_000;

  private static final int LONGEST = 128;

  /**
   * Asks the store.
   *
   * @param heard batches that events tell of
   * @param jobs the last event of each
   * @param complaints takes a line for each whose manifest is damaged
   * @throws FarmException STORE_UNAVAILABLE
   */
  static BatchesWithoutEvents of(
      ResultStore store,
      Collection<BatchCounts> heard,
      Collection<JobEvent> jobs,
      Consumer<String> complaints) {
    Set<String> names = heard.stream().map(BatchCounts::batch).collect(Collectors.toSet());
    List<String> unheard =
        new Manifests(store).names().stream().filter(name -> !names.contains(name)).toList();
    Reading reading = new Reading(store, jobs, complaints);
    unheard.stream().limit(MOST_READ).forEach(reading::read);
    int others = Math.max(0, unheard.size() - MOST_READ);
    return new BatchesWithoutEvents(reading.read, others + reading.passedOver);
  }

  /** The batches read so far. */
  private static final class Reading {
    private final ResultStore store;
    private final Collection<JobEvent> jobs;
    private final Consumer<String> complaints;
    private final List<BatchCounts> read = new ArrayList<>();
    private int passedOver;
    private int asked;

    Reading(ResultStore store, Collection<JobEvent> jobs, Consumer<String> complaints) {
      this.store = store;
      this.jobs = jobs;
      this.complaints = complaints;
    }

    void read(String name) {
      try {
        new Manifests(store).find(name).ifPresent(batch -> ask(name, batch));
      } catch (FarmException e) {
        if (e.kind() == FailureKind.STORE_UNAVAILABLE) {
          throw e;
        }
        complaints.accept(
            "batch '%s': %s".formatted(Found.printable(name, LONGEST), e.getMessage()));
      }
    }

    private void ask(String name, BatchManifest batch) {
      List<String> ids = batch.ids();
      if (asked + ids.size() > MOST_ASKED) {
        passedOver++;
        return;
      }
      asked += ids.size();
      JobStateTracker standings = new JobStateTracker(ids);
      standings.apply(jobs);
      standings.ask(store);
      read.add(new BatchCounts(name, standings.counts(), Optional.empty()));
    }
  }
}
