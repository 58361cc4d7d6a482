package farm.darkroom.common.queue;

import java.util.List;

/** The dead letters of one queue. Thread-safe. */
public interface DeadLetters {

  /**
   * All of them, oldest first.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  List<DeadLetter> list();

  /**
   * Deletes those that are there at the time of the call.
   *
   * @return how many
   */
  long purge();
}
