package farm.darkroom.sdxl.pipeline;

/** A model that works beside a pipeline's own, and that requests of several pipelines may share. */
public sealed interface SideModel extends AutoCloseable permits ControlNet, T2iAdapter, IpAdapter {

  /** Bytes of its weights while they stay on the device. */
  long weightBytes();

  @Override
  void close();
}
