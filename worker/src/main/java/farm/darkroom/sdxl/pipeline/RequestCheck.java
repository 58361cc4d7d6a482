package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.Schedulers;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CLIPTextConfig;
import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.text.TextEncoder;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.IpAttention;
import farm.darkroom.sdxl.unet.PictureScale;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks requests against a model's configs and tokenizers. Reads no weights and needs no libtorch.
 * Not thread-safe.
 */
public final class RequestCheck {
  private final Snapshot snapshot;
  private final UNetConfig unet;
  private final Map<String, CLIPTextConfig> encoders = new LinkedHashMap<>();
  private final Map<String, Object> schedulerConfig;

  private RequestCheck(Snapshot snapshot) {
    this.snapshot = requireNonNull(snapshot, "snapshot");
    this.unet = UNetConfig.of(snapshot.component(Component.UNET));
    for (String name : snapshot.textEncoders()) {
      encoders.put(name, CLIPTextConfig.of(snapshot.component(name)));
    }
    this.schedulerConfig = snapshot.schedulerFields();
  }

  /**
   * Opens the check for a model.
   *
   * @throws SdxlException when its UNet or a text encoder is none that the engine has
   */
  public static RequestCheck of(Snapshot snapshot) {
    return new RequestCheck(snapshot);
  }

  /** Whether the model itself sees the mask of inpainting. */
  public boolean isInpainting() {
    return unet.isInpainting();
  }

  /** Whether the model itself sees the picture that it edits. */
  public boolean isEditing() {
    return unet.isEditing();
  }

  /**
   * Holds a request's source, steps, texts and perturbed layers against the model; its ControlNets,
   * adapters and words have checks of their own.
   *
   * @throws SdxlException as {@link StableDiffusionXLPipeline#start}
   */
  public void check(Request request) {
    source(unet, request);
    request.sampling().guidance().perturbed().ifPresent(own -> own.layers().check(unet));
    SchedulerConfig config = SchedulerConfig.of(schedulerConfig, request.sampling().scheduler());
    try (Scheduler scheduler = Schedulers.unable(config)) {
      PreparedScheduler.of(request, scheduler);
    }
    encoders.forEach(
        (name, encoder) -> PromptEncoder.checkClipSkip(request.prompts(), name, encoder));
  }

  /** A model for inpainting takes nothing else, nor does one that edits, which none other does. */
  static void source(UNetConfig unet, Request request) {
    if (unet.isInpainting() && !(request.source() instanceof PictureSource.Masked)) {
      throw new SdxlException(
          "the model is for inpainting (%d input channels) and takes a picture with a mask only: image and mask_image"
              .formatted(unet.inChannels()));
    }
    boolean edited = request.source() instanceof PictureSource.Edited;
    if (unet.isEditing() && !edited) {
      throw new SdxlException(
          "the model edits pictures by instruction (%d input channels) and takes nothing else: image and image_guidance_scale, 1.5 for example"
              .formatted(unet.inChannels()));
    }
    if (edited && !unet.isEditing()) {
      throw new SdxlException(
          "image_guidance_scale: the model does not edit pictures by instruction (%d input channels, not %d)"
              .formatted(unet.inChannels(), 2 * unet.outChannels()));
    }
    if (request.source() instanceof PictureSource.Masked masked) {
      masked.crop(request.size());
    }
  }

  /**
   * Checks added tokens against every encoder and its tokenizer.
   *
   * @throws SdxlException for a token that is taken, or vectors that an encoder cannot read
   */
  public void check(List<TextualInversion> words) {
    if (!words.isEmpty()) {
      snapshot.textEncoders().forEach(name -> TextEncoder.checkWords(snapshot, name, words));
    }
  }

  /**
   * Checks that an IP-Adapter is for the UNet, and all there, and so is its scale.
   *
   * @throws SdxlException naming file, tensor, found and expected
   */
  public void check(IpAdapterFile adapter, PictureScale scale) {
    IpAdapter.check(adapter, unet);
    new IpAttention(unet).check(scale);
  }

  /**
   * Checks that a T2I-Adapter fits the UNet that it is to steer, and pictures of these sides.
   *
   * @param component as {@link T2iAdapter#component} gives it
   * @param height empty: the picture's own, brought to what fits
   * @param width the same
   * @throws SdxlException naming both sides
   */
  public void check(Component component, Optional<Integer> height, Optional<Integer> width) {
    T2iAdapterConfig config = T2iAdapterConfig.of(component);
    config.check(component, unet);
    height.ifPresent(side -> config.checkSide(component, "height", side));
    width.ifPresent(side -> config.checkSide(component, "width", side));
  }

  /**
   * Checks that a ControlNet fits the UNet that it is to control, and knows the kinds of pictures.
   *
   * @param component as {@link ControlNet#component} gives it
   * @param controlModes as in {@link Control}
   * @throws SdxlException naming both sides
   */
  public void check(Component component, List<Integer> controlModes) {
    ControlNetConfig config = ControlNetConfig.of(component);
    ControlNet.check(component, config, unet);
    config.check(controlModes);
  }
}
