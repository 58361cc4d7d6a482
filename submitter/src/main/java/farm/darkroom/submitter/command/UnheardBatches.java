package farm.darkroom.submitter.command;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.watch.BatchTally;
import farm.darkroom.submitter.watch.Standings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Batches of which no event tells, since their jobs were stored, or of other batches, before they
 * were submitted.
 *
 * @param read those that were looked at
 * @param unread how many more there are
 */
record UnheardBatches(List<BatchTally> read, int unread) {
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
  static UnheardBatches of(
      ResultStore store,
      Collection<BatchTally> heard,
      Collection<JobEvent> jobs,
      Consumer<String> complaints) {
    Manifests manifests = new Manifests(store);
    Set<String> names = heard.stream().map(BatchTally::batch).collect(Collectors.toSet());
    List<String> unheard =
        manifests.names().stream().filter(name -> !names.contains(name)).toList();
    List<BatchTally> read = new ArrayList<>();
    int unread = Math.max(0, unheard.size() - MOST_READ);
    int asked = 0;
    for (String name : unheard.subList(0, unheard.size() - unread)) {
      try {
        Optional<BatchManifest> batch = manifests.find(name);
        int more = batch.map(found -> found.ids().size()).orElse(0);
        if (asked + more > MOST_ASKED) {
          unread++;
        } else {
          asked += more;
          batch.ifPresent(found -> read.add(tally(name, found, store, jobs)));
        }
      } catch (FarmException e) {
        if (e.kind() == FailureKind.STORE_UNAVAILABLE) {
          throw e;
        }
        complaints.accept(
            "batch '%s': %s".formatted(Found.printable(name, LONGEST), e.getMessage()));
      }
    }
    return new UnheardBatches(read, unread);
  }

  private static BatchTally tally(
      String name, BatchManifest batch, ResultStore store, Collection<JobEvent> jobs) {
    Standings standings = new Standings(batch.ids());
    standings.note(jobs);
    standings.ask(store);
    return new BatchTally(name, standings.tally(), Optional.empty());
  }
}
