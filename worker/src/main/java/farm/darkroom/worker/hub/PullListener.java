package farm.darkroom.worker.hub;

/** Is told of a download's progress. Called from several threads. */
public interface PullListener {

  /**
   * The files are known.
   *
   * @param bytes of all files
   * @param here bytes that are here already
   */
  void begun(long bytes, long here);

  /** More bytes came. */
  void received(long bytes);

  /** Something went wrong, and is tried again. */
  default void trouble(String why) {}

  /** Bytes that were counted must come again. */
  default void lost(long bytes) {
    received(-bytes);
  }
}
