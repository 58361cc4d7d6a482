package farm.darkroom.common.queue;

import java.util.List;

/** The dead letters of one queue. Thread-safe. */
public interface DeadLetters {

  /**
   * All dead letters, oldest first.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  List<DeadLetter> list();

  /**
   * The latest dead letters, oldest first.
   *
   * @param count how many at most, 1 and more
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  List<DeadLetter> last(int count);

  /**
   * Deletes those that {@link #list} gave last, or all where it was not called: one that comes
   * meanwhile stays.
   *
   * @return how many
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  long purge();
}
