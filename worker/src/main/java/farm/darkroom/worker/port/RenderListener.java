package farm.darkroom.worker.port;

import farm.darkroom.worker.picture.Picture;

/** Watches a render step by step. Called by the rendering thread. */
@FunctionalInterface
public interface RenderListener {

  /**
   * Step {@code done} of {@code of} is done; 0 before the first.
   *
   * @throws RenderStopped to end the render here; the renderer lets it through and frees what it
   *     holds
   */
  void step(int done, int of);

  /** Before the first step: the pictures will be of this size, in pixels. */
  default void size(int width, int height) {}

  /**
   * Before a step: whether {@link #preview} is to be called after it. Of several pictures side by
   * side, the first is asked for.
   *
   * @param step of one picture in one model, from 1
   */
  default boolean wantsPreview(int step) {
    return false;
  }

  /**
   * A small picture of what the latents are about to become. The render waits for the call, so it
   * must not wait for anybody. What it throws is ignored, and the preview lost.
   */
  default void preview(Picture picture) {}
}
