package farm.darkroom.sdxl.unet;

/**
 * How often ControlNets are used in a step.
 *
 * @param passes of ControlNets, whose outputs are there for the whole step
 * @param images that they see in all, whose features stay for a whole job
 */
public record ControlViews(int passes, int images) {
  /** No ControlNet. */
  public static final ControlViews NONE = new ControlViews(0, 0);
}
