package farm.darkroom.worker;

/** The one who asked for a render, told of each step. Called by the rendering thread. */
@FunctionalInterface
public interface RenderWatch {

  /**
   * Step {@code done} of {@code of} is done; 0 before the first.
   *
   * @throws RenderStopped to end the render here; the renderer lets it through and frees what it
   *     holds
   */
  void step(int done, int of);

  /** Before the first step: the pictures will be of this size, in pixels. */
  default void size(int width, int height) {}
}
