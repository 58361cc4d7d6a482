package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Lane;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The names of a queue's topics and of its share group. */
public record QueueNames(String queue) {
  public static final String DEFAULT_QUEUE = "default";
  public static final String EVENTS = "darkroom.events";
  public static final String PROGRESS = "darkroom.progress";
  public static final String CONTROL = "darkroom.control";
  private static final String DEAD_LETTERS = "dlq.darkroom.";
  private static final Pattern LANE =
      Pattern.compile("darkroom\\..+\\.(high|normal|low)(?:\\.\\d+)?");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9]([a-z0-9_.-]{0,98}[a-z0-9])?");

  public QueueNames {
    if (!QUEUE.matcher(queue).matches()) {
      throw new FarmException(
          FailureKind.QUEUE_UNAVAILABLE,
          "queue '%s' is no queue name: 1 to 100 of a-z, 0-9, '.', '_' and '-', with a letter or"
                  .formatted(queue)
              + " digit at both ends");
    }
  }

  /** The topic of a lane's first track, such as {@code darkroom.default.high}. */
  public String topic(Lane lane) {
    return "darkroom." + queue + "." + lane.label();
  }

  /** The topics of all lanes' first tracks, most urgent first. */
  public List<String> topics() {
    return topics(1);
  }

  /** The topics of all lanes, with this many tracks each. */
  List<String> topics(int tracks) {
    return Arrays.stream(Lane.values())
        .flatMap(lane -> IntStream.rangeClosed(1, tracks).mapToObj(n -> new Track(this, lane, n)))
        .map(Track::topic)
        .toList();
  }

  /** The tracks of this queue among {@code topics}, lane by lane and in order. */
  List<Track> tracks(Collection<String> topics) {
    return topics.stream().flatMap(topic -> Track.of(this, topic).stream()).sorted().toList();
  }

  /** The lane that a topic of any queue belongs to; empty when it belongs to none. */
  public static Optional<Lane> laneOf(String topic) {
    Matcher lane = LANE.matcher(topic);
    return lane.matches() ? Optional.of(Lane.of(lane.group(1))) : Optional.empty();
  }

  /** The share group of the queue's workers. */
  public String group() {
    return "darkroom." + queue;
  }

  /** Where the broker puts what the queue gave up; it insists on the prefix {@code dlq.}. */
  public String deadLetters() {
    return DEAD_LETTERS + queue;
  }

  /** The queue whose dead letters lie in {@code topic}; empty when it is no such topic. */
  static Optional<QueueNames> ofDeadLetters(String topic) {
    return topic.startsWith(DEAD_LETTERS)
            && QUEUE.matcher(topic.substring(DEAD_LETTERS.length())).matches()
        ? Optional.of(new QueueNames(topic.substring(DEAD_LETTERS.length())))
        : Optional.empty();
  }
}
