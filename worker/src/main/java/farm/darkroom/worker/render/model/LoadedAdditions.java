package farm.darkroom.worker.render.model;

import farm.darkroom.common.job.ControlNetChoice;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.IpAdapterChoice;
import farm.darkroom.common.job.IpAdapterScale;
import farm.darkroom.common.job.T2iAdapters;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.AdapterImage;
import farm.darkroom.sdxl.pipeline.AdapterImages;
import farm.darkroom.sdxl.pipeline.Control;
import farm.darkroom.sdxl.pipeline.ControlImage;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.ImagePrompt;
import farm.darkroom.sdxl.pipeline.IpAdapter;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.unet.PictureScale;
import farm.darkroom.sdxl.vae.Raster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The open embeddings, ControlNets, T2I-Adapters and IP-Adapters that a job adds to its requests.
 * It owns none of them.
 *
 * @param pinned files of weights, which are hashed while the first picture renders
 */
public record LoadedAdditions(
    List<TextualInversion> inversions,
    List<ControlNet> controlNets,
    List<T2iAdapter> t2iAdapters,
    List<IpAdapter> ipAdapters,
    List<PinnedWeights> pinned) {

  public LoadedAdditions {
    inversions = List.copyOf(inversions);
    controlNets = List.copyOf(controlNets);
    t2iAdapters = List.copyOf(t2iAdapters);
    ipAdapters = List.copyOf(ipAdapters);
    pinned = List.copyOf(pinned);
  }

  /**
   * Waits for the hashes, and returns the files with them.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when one cannot be read
   */
  public List<WeightFile> weights() {
    return pinned.stream().flatMap(part -> part.files().stream()).distinct().toList();
  }

  /**
   * The ControlNets as the engine takes them.
   *
   * @param choices as many as there are ControlNets
   * @param pictures those of each, in the same order
   */
  public List<Control> controls(List<ControlNetChoice> choices, List<List<Raster>> pictures) {
    List<Control> controls = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      ControlNetChoice choice = choices.get(i);
      List<ControlImage> images = images(choice, pictures.get(i));
      controls.add(new Control(controlNets.get(i), images, choice.controlModes()));
    }
    return controls;
  }

  private static List<ControlImage> images(ControlNetChoice choice, List<Raster> pictures) {
    List<ControlImage> images = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      images.add(
          new ControlImage(pictures.get(i), choice.scaleOf(i), choice.startOf(i), choice.endOf(i)));
    }
    return images;
  }

  /**
   * The T2I-Adapters as the engine takes them.
   *
   * @param wanted as many as there are T2I-Adapters
   * @param pictures theirs, in the same order
   */
  public AdapterImages adapterImages(T2iAdapters wanted, List<Raster> pictures) {
    List<AdapterImage> adapterImages = new ArrayList<>();
    for (int i = 0; i < wanted.choices().size(); i++) {
      double scale = wanted.choices().get(i).conditioningScale();
      adapterImages.add(new AdapterImage(t2iAdapters.get(i), pictures.get(i), scale));
    }
    return new AdapterImages(adapterImages, wanted.conditioningFactor());
  }

  /**
   * The IP-Adapters as the engine takes them.
   *
   * @param choices as many as there are IP-Adapters
   * @param read gives a picture
   */
  public List<ImagePrompt> imagePrompts(
      List<IpAdapterChoice> choices, Function<ImageReference, Raster> read) {
    List<ImagePrompt> prompts = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      prompts.addAll(imagePrompts(ipAdapters.get(i), choices.get(i), read));
    }
    return prompts;
  }

  /** Pictures with masks are attended to one by one, the others together. */
  private static List<ImagePrompt> imagePrompts(
      IpAdapter adapter, IpAdapterChoice choice, Function<ImageReference, Raster> read) {
    List<Raster> images = choice.images().stream().map(read).toList();
    if (choice.masks().isEmpty()) {
      PictureScale scale = scale(choice.scaleOf(0));
      return List.of(new ImagePrompt(adapter, images, scale, Optional.empty()));
    }
    List<ImagePrompt> prompts = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Raster mask = read.apply(choice.masks().get(i));
      PictureScale scale = scale(choice.scaleOf(i));
      prompts.add(new ImagePrompt(adapter, List.of(images.get(i)), scale, Optional.of(mask)));
    }
    return prompts;
  }

  static PictureScale scale(IpAdapterScale scale) {
    return new PictureScale(scale.everywhere(), scale.blocks());
  }
}
