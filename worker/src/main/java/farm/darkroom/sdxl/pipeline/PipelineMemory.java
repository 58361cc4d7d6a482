package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.memory.Ledger;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.text.CLIPTextModel;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.ControlNetModel;
import farm.darkroom.sdxl.unet.ControlViews;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.unet.UNetStepMemory;
import farm.darkroom.sdxl.vae.Autoencoder;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.vae.VaeMemory;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a snapshot's pipeline takes of memory, from its configs and the headers of its files:
 * nothing is loaded, no libtorch is needed. Tensors are counted kernel by kernel; docs/memory.md
 * has what was measured.
 *
 * @param controls the ControlNets that work beside the UNet, each once
 * @param views how often they are used, and with how many pictures
 * @param adapters the IP-Adapters whose pictures the UNet attends to
 * @param t2iAdapters the T2I-Adapters that steer the UNet
 * @param mapped bytes of all weights as they lie in the files
 */
public record PipelineMemory(
    UNetConfig unet,
    AutoencoderConfig vae,
    List<CLIPTextModel> encoders,
    List<ControlNetConfig> controls,
    ControlViews views,
    List<IpAdapterMemory> adapters,
    List<T2iAdapterMemory> t2iAdapters,
    Precision precision,
    Dtype vaeDtype,
    long mapped) {
  /**
   * Float32 copies of a weight while it is merged: itself, the network's delta, the sum, and DoRA's
   * rows and their squares.
   */
  private static final int MERGED = 5;

  private static final int TEXTS = 2;
  private static final int LAYER_TENSORS = 12;

  public PipelineMemory {
    encoders = List.copyOf(encoders);
    controls = List.copyOf(controls);
    adapters = List.copyOf(adapters);
    t2iAdapters = List.copyOf(t2iAdapters);
  }

  /**
   * Reads a snapshot. Its configs are held against its files first: what a wrong config would take
   * is nobody's question.
   *
   * @param vae the snapshot's or the user's own
   * @param precision as in {@link Engine}, for all
   * @throws farm.darkroom.sdxl.SdxlException naming what in it is not sound
   */
  public static PipelineMemory of(Snapshot snapshot, Component vae, Precision precision) {
    Component unet = snapshot.component(Component.UNET);
    UNetConfig config = UNetConfig.of(unet);
    WeightCheck.check(unet.checkpoint(), UNet2DConditionModel.groups(config));
    WeightCheck.check(vae.checkpoint(), Autoencoder.groups(vae));
    List<Component> texts = snapshot.textEncoders().stream().map(snapshot::component).toList();
    return new PipelineMemory(
        config,
        AutoencoderConfig.of(vae),
        texts.stream().map(component -> encoder(snapshot, component)).toList(),
        List.of(),
        ControlViews.NONE,
        List.of(),
        List.of(),
        precision,
        Components.vaeDtype(vae, precision.dtype()),
        Stream.concat(Stream.of(unet, vae), texts.stream()).mapToLong(PipelineMemory::bytes).sum());
  }

  private static CLIPTextModel encoder(Snapshot snapshot, Component component) {
    CLIPTextModel model = CLIPTextModel.of(snapshot, component);
    WeightCheck.check(component.checkpoint(), model.groups());
    return model;
  }

  private static long bytes(Component component) {
    return component.checkpoint().tensors().values().stream().mapToLong(StoredTensor::bytes).sum();
  }

  /**
   * This memory with IP-Adapters added.
   *
   * @param files theirs, each once for every picture that it looks at
   */
  public PipelineMemory with(List<IpAdapterFile> files) {
    List<IpAdapterFile> adapterFiles = files.stream().distinct().toList();
    long more =
        adapterFiles.stream()
            .mapToLong(file -> bytes(file.adapter()) + bytes(file.encoder()))
            .sum();
    return new PipelineMemory(
        unet,
        vae,
        encoders,
        controls,
        views,
        adapterFiles.stream()
            .map(file -> IpAdapterMemory.of(file, Collections.frequency(files, file)))
            .toList(),
        t2iAdapters,
        precision,
        vaeDtype,
        mapped + more);
  }

  /**
   * This memory with ControlNets added.
   *
   * @param views how often they are used in all, and with how many pictures
   * @throws farm.darkroom.sdxl.SdxlException for a component that is none
   */
  public PipelineMemory with(List<Component> controlNets, ControlViews views) {
    return new PipelineMemory(
        unet,
        vae,
        encoders,
        controlNets.stream().map(ControlNetConfig::of).toList(),
        views,
        adapters,
        t2iAdapters,
        precision,
        vaeDtype,
        mapped + controlNets.stream().mapToLong(PipelineMemory::bytes).sum());
  }

  /**
   * This memory with T2I-Adapters added.
   *
   * @param t2iAdapters theirs, by the number of pictures that each looks at
   * @throws farm.darkroom.sdxl.SdxlException for a component that is none
   */
  public PipelineMemory with(Map<Component, Integer> t2iAdapters) {
    return new PipelineMemory(
        unet,
        vae,
        encoders,
        controls,
        views,
        adapters,
        t2iAdapters.entrySet().stream()
            .map(each -> new T2iAdapterMemory(T2iAdapterConfig.of(each.getKey()), each.getValue()))
            .toList(),
        precision,
        vaeDtype,
        mapped + t2iAdapters.keySet().stream().mapToLong(PipelineMemory::bytes).sum());
  }

  /** This memory with the VAE in float32. */
  public PipelineMemory withFloat32Vae() {
    return new PipelineMemory(
        unet,
        vae,
        encoders,
        controls,
        views,
        adapters,
        t2iAdapters,
        precision,
        Dtype.FLOAT32,
        mapped);
  }

  /**
   * The stages of a picture, in order.
   *
   * @param tiling of the VAE; empty: it takes pictures whole
   */
  public List<StageMemory> stages(PictureShape picture, Optional<Tiling> tiling) {
    VaeMemory coder = new VaeMemory(vae, precision.as(vaeDtype), tiling);
    Size size = picture.size();
    List<StageMemory> stages = new ArrayList<>();
    stages.add(text(picture));
    adapters.forEach(adapter -> stages.add(adapter.stage(unet, precision)));
    t2iAdapters.forEach(adapter -> stages.add(adapter.stage(size, precision)));
    if (picture.encodes()) {
      stages.add(coder.encode(size));
    }
    stages.add(denoise(picture));
    if (picture.decodes()) {
      stages.add(coder.decode(size));
    }
    return List.copyOf(stages);
  }

  /** What sizes its pictures have. */
  public ModelSizes sizes() {
    return new ModelSizes(unet.sampleSize(), vae.vaeScaleFactor());
  }

  /** Bytes of all weights in compute dtype. */
  public long weights() {
    PictureShape all = new PictureShape(sizes().standard(), 1, 2, true, true, 1, 1);
    return stages(all, Optional.empty()).stream().mapToLong(StageMemory::weights).sum();
  }

  /** Bytes needed besides the weights while networks are merged into the largest of them. */
  public long merging() {
    long elements =
        Stream.concat(
                UNet2DConditionModel.groups(unet).stream(),
                encoders.stream().flatMap(encoder -> encoder.groups().stream()))
            .flatMap(group -> group.weights().stream())
            .mapToLong(WeightSpec::elements)
            .max()
            .orElse(0);
    return MERGED * Float.BYTES * elements;
  }

  private StageMemory denoise(PictureShape picture) {
    int factor = vae.vaeScaleFactor();
    Ledger step =
        UNetStepMemory.count(
            unet,
            picture.batchSize() * picture.predictions(),
            picture.size().height() / factor,
            picture.size().width() / factor,
            picture.tokens() + adapters.stream().mapToInt(IpAdapterMemory::tokens).sum(),
            views);
    List<WeightGroup> each = new ArrayList<>(UNet2DConditionModel.stepGroups(unet));
    long features = t2iAdapters.stream().mapToLong(own -> own.features(picture.size())).sum();
    controls.forEach(control -> each.addAll(ControlNetModel.groups(control)));
    return StageMemory.of(
        "denoise",
        new StageMemory.Groups(
            UNet2DConditionModel.conditioningGroups(unet), each, picture.steps()),
        precision,
        (step.peak() + features) * precision.dtype().bytes(),
        picture.steps() * step.work());
  }

  private StageMemory text(PictureShape picture) {
    List<WeightGroup> groups = encoders.stream().flatMap(e -> e.groups().stream()).toList();
    long elements = encoders.stream().mapToLong(e -> elements(e, picture.tokens())).sum();
    long parameters = groups.stream().mapToLong(WeightGroup::parameters).sum();
    double work = 2.0 * TEXTS * picture.tokens() * parameters;
    StageMemory.Groups once = new StageMemory.Groups(List.of(), groups, 1);
    return StageMemory.of("text", once, precision, elements * precision.dtype().bytes(), work);
  }

  /** Every layer's output is kept, because {@code clip_skip} may select any. */
  private static long elements(CLIPTextModel encoder, long tokens) {
    long rows = TEXTS * tokens * encoder.config().hiddenSize();
    return rows * (encoder.config().numHiddenLayers() + LAYER_TENSORS);
  }
}
