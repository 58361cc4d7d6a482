package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One topic of a lane. The jobs of one track come in order; the tracks of a lane are served in
 * turn, so that what was put on different tracks gets on side by side.
 *
 * @param number from 1; the first track's topic is named as the lane alone
 */
record Track(QueueNames names, Lane lane, int number) implements Comparable<Track> {
  private static final Pattern SUFFIX = Pattern.compile("(high|normal|low)(?:\\.([1-9]\\d{0,3}))?");
  private static final Comparator<Track> ORDER =
      Comparator.comparing(Track::lane).thenComparing(Track::number);

  /** Such as {@code darkroom.default.normal} and {@code darkroom.default.normal.2}. */
  String topic() {
    String lanes = names.topic(lane);
    return number == 1 ? lanes : lanes + "." + number;
  }

  /** The track of a topic; empty if it does not belong to this queue. */
  static Optional<Track> of(QueueNames names, String topic) {
    String prefix = names.group() + ".";
    Matcher suffix =
        SUFFIX.matcher(topic.startsWith(prefix) ? topic.substring(prefix.length()) : "");
    if (!suffix.matches()) {
      return Optional.empty();
    }
    int number = suffix.group(2) == null ? 1 : Integer.parseInt(suffix.group(2));
    Lane lane = Lane.of(suffix.group(1));
    return Optional.of(new Track(names, lane, number)).filter(t -> t.topic().equals(topic));
  }

  @Override
  public int compareTo(Track other) {
    return ORDER.compare(this, other);
  }
}
