package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.RecordName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job that the queue gave up, and that was not submitted again since.
 *
 * @param id the job's, or a name that a worker gave to a record that was no job
 * @param event the job's last one, which says why; empty when no worker lived to say it
 */
public record DeadJob(String id, DeadLetter letter, Optional<JobEvent> event) {
  private static final int LONGEST_REASON = 1000;

  /** A record of the queue, as {@link farm.darkroom.common.queue.Lease#record} says it. */
  private static final Pattern PLACE = Pattern.compile("(?<partition>.+)@(?<offset>\\d{1,18})");

  public DeadJob {
    requireNonNull(letter, "letter");
    requireNonNull(event, "event");
  }

  /**
   * The dead jobs among these letters, oldest first: stored ones, cancelled ones and those that
   * were queued again after they died are not dead.
   *
   * @param latest the last event of every job
   */
  public static List<DeadJob> among(List<DeadLetter> letters, Map<String, JobEvent> latest) {
    Map<String, DeadJob> dead = new LinkedHashMap<>();
    for (DeadLetter letter : letters) {
      String id = RecordName.of(letter.key(), letter.payload());
      dead.remove(id);
      dead.put(id, new DeadJob(id, letter, Optional.ofNullable(latest.get(id))));
    }
    return dead.values().stream().filter(DeadJob::stands).toList();
  }

  /** Empty for a record that was no job. */
  public Optional<JobId> jobId() {
    return Optional.of(id).filter(JobId::isId).map(JobId::new);
  }

  /** Why, in one line. */
  public String reason() {
    String why = event.flatMap(JobEvent::reason).orElseGet(this::silence);
    return Found.printable(why.replace("\n", "; "), LONGEST_REASON);
  }

  /** The queue gave it up by itself, since the worker that had it died or stood still. */
  private String silence() {
    String times = "handed out " + Counted.of(letter.deliveryCount(), "time");
    return event
        .filter(last -> last.state() == JobState.STARTED && !isOfOtherRecord(last))
        .flatMap(JobEvent::worker)
        .map(
            worker -> times + ", the limit; " + began(worker) + " and never said what became of it")
        .orElse(times + ", and no worker said what became of it");
  }

  private String began(String worker) {
    return worker + " began attempt " + event.map(JobEvent::attempt).orElse(0);
  }

  public Optional<FailureKind> kind() {
    return event.flatMap(JobEvent::kind);
  }

  /**
   * Whether it may be on the queue once more: a worker that had its last delivery said so, or that
   * it failed there, and was to publish it again. Who died between that and the end of its lease
   * leaves a letter of a job that lives. So does who died after another worker had taken up what
   * was published again, or an earlier copy that is begun and not over. Where the broker did not
   * say how often a job was handed out, the letter is believed.
   */
  public boolean mayBeRequeued() {
    return event
        .filter(last -> last.state() != JobState.DEAD)
        .filter(last -> isOfOtherRecord(last) ? mayBeRepublished(last) : isLastWord(last))
        .isPresent();
  }

  /** What was said last of an earlier record was said before this one was published. */
  private boolean mayBeRepublished(JobEvent last) {
    return last.state() == JobState.STARTED || !isOfEarlierRecord(last);
  }

  private boolean isLastWord(JobEvent last) {
    return letter.deliveryCount() > 0
        && last.worker().isPresent()
        && last.attempt() >= letter.deliveryCount()
        && (last.state() == JobState.QUEUED || last.state() == JobState.FAILED);
  }

  /** The job's end, as an event. */
  public JobEvent asEvent() {
    return new JobEvent(
        id,
        JobState.DEAD,
        letter.at(),
        event.flatMap(JobEvent::batch),
        event.flatMap(JobEvent::worker),
        letter.deliveryCount(),
        kind(),
        Optional.of(reason()));
  }

  private boolean stands() {
    return event.map(this::isLaterThan).orElse(true);
  }

  private boolean isLaterThan(JobEvent last) {
    return switch (last.state()) {
      case DEAD -> true;
      case STORED, CANCELLED -> false;
      case QUEUED, STARTED, FAILED -> !last.at().isAfter(letter.at()) || isOfThisRecord(last);
    };
  }

  /**
   * Whether a worker said it of the record that died: one that stood still meanwhile, or was cut
   * off, says it afterwards. Where nobody says which record it was, the deliveries tell: a job that
   * lives again is handed out from 1 on; one that died at its first delivery was rejected by
   * whoever had it, who said so before.
   */
  private boolean isOfThisRecord(JobEvent last) {
    if (last.record().isPresent() && letter.record().isPresent()) {
      return !isOfOtherRecord(last);
    }
    return letter.deliveryCount() > 1 && last.attempt() == letter.deliveryCount();
  }

  /** Whether a worker said it of another record than the one that died. */
  private boolean isOfOtherRecord(JobEvent last) {
    return last.record().isPresent()
        && letter.record().isPresent()
        && !last.record().equals(letter.record());
  }

  /**
   * Whether the record of which it was said lay before the one that died, as far as one can say.
   */
  private boolean isOfEarlierRecord(JobEvent last) {
    Matcher its = PLACE.matcher(last.record().orElse(""));
    Matcher mine = PLACE.matcher(letter.record().orElse(""));
    return its.matches()
        && mine.matches()
        && its.group("partition").equals(mine.group("partition"))
        && Long.parseLong(its.group("offset")) < Long.parseLong(mine.group("offset"));
  }
}
