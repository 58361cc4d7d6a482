package farm.darkroom.worker.render.input;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.SizeConditioning;
import farm.darkroom.common.job.SourceImage;
import farm.darkroom.sdxl.pipeline.ModelSizes;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.worker.picture.InitImage;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.PictureLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Brings the pictures that a job starts from into the engine's form. */
public record Sources(Inputs inputs) {
  public Sources {
    requireNonNull(inputs, "inputs");
  }

  /**
   * What the job's images start from.
   *
   * @throws farm.darkroom.common.FarmException as {@link Inputs#read}, and INVALID_JOB when a file
   *     is no picture
   */
  public PictureSource of(RenderJob job) {
    return job.source()
        .map(
            source ->
                job.edits() ? new PictureSource.Edited(read(source.image())) : changed(source))
        .orElseGet(PictureSource.Noise::new);
  }

  private PictureSource changed(SourceImage source) {
    Raster image = read(source.image());
    Optional<Raster> mask = source.maskImage().map(this::read);
    OptionalInt crop = source.paddingMaskCrop().map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return mask.<PictureSource>map(
            painted -> new PictureSource.Masked(image, painted, source.strength(), crop))
        .orElseGet(() -> new PictureSource.Picture(image, source.strength()));
  }

  /**
   * The pictures of each of a job's ControlNets, in their order.
   *
   * @throws farm.darkroom.common.FarmException as {@link #of}
   */
  public List<List<Raster>> controls(RenderJob job) {
    return job.additions().controlnet().stream()
        .map(choice -> choice.images().stream().map(this::read).toList())
        .toList();
  }

  /**
   * The pictures of a job's T2I-Adapters, in their order.
   *
   * @throws farm.darkroom.common.FarmException as {@link #of}
   */
  public List<Raster> adapterImages(RenderJob job) {
    return job.additions().t2iAdapters().choices().stream()
        .map(choice -> read(choice.image()))
        .toList();
  }

  /**
   * One of a job's pictures.
   *
   * @throws farm.darkroom.common.FarmException as {@link #of}
   */
  public Raster read(ImageReference image) {
    Picture picture = InitImage.decode(inputs.read(image), PictureLimits.DEFAULT, image.text());
    return new Raster(new Size(picture.height(), picture.width()), 3, picture.rgb());
  }

  /**
   * The size of a job's pictures; its own are read where it leaves that open.
   *
   * @param model the sizes of the model's pictures
   * @throws farm.darkroom.common.FarmException as {@link #of}, and INVALID_JOB when a picture is
   *     too small to give it
   */
  public Size size(RenderJob job, ModelSizes model) {
    return size(job.framing(), () -> open(of(job), controls(job), adapterImages(job), model));
  }

  /**
   * The size that a refiner works at which starts from the finished picture: a crop that was
   * painted lies in the job's image by then, which has a size of its own.
   *
   * @param size of the job's pictures
   * @param refiner the sizes of the refiner's pictures
   * @throws farm.darkroom.common.FarmException as {@link #of}, and INVALID_JOB when the image is
   *     too small
   */
  public Size refined(RenderJob job, Size size, ModelSizes refiner) {
    if (job.refiner().flatMap(RefinerChoice::denoisingStart).isPresent()) {
      return size;
    }
    boolean overlaid = job.source().flatMap(SourceImage::paddingMaskCrop).isPresent();
    return overlaid && of(job) instanceof PictureSource.Changed changed
        ? refined(changed.image(), refiner)
        : whole("image", size, refiner);
  }

  /**
   * The size at which a finished picture is refined.
   *
   * @throws FarmException INVALID_JOB when it is too small a picture
   */
  public static Size refined(Raster picture, ModelSizes refiner) {
    return whole("image", picture.size(), refiner);
  }

  /**
   * The size of a job's pictures where its own are read already.
   *
   * @param source as {@link #of} gives it
   * @param controls as {@link #controls} gives them
   * @param adapterImages as {@link #adapterImages} gives them
   * @param model the sizes of the model's pictures
   * @throws farm.darkroom.common.FarmException INVALID_JOB when a picture is too small to give it
   */
  public static Size size(
      SizeConditioning framing,
      PictureSource source,
      List<List<Raster>> controls,
      List<Raster> adapterImages,
      ModelSizes model) {
    return size(framing, () -> open(source, controls, adapterImages, model));
  }

  /** The size that the job asks for, or {@code absent} for what it leaves open. */
  private static Size size(SizeConditioning framing, Supplier<Size> absent) {
    if (framing.height().isPresent() && framing.width().isPresent()) {
      return new Size(framing.height().get(), framing.width().get());
    }
    Size other = absent.get();
    return new Size(framing.height().orElse(other.height()), framing.width().orElse(other.width()));
  }

  /**
   * The size of a job that names none: an init image keeps its own, down to whole latents, as in
   * StableDiffusionXLImg2ImgPipeline and StableDiffusionXLControlNetInpaintPipeline, and so does
   * the first of {@code controls} where there is no init image, as in
   * StableDiffusionXLControlNetPipeline, and the first of {@code adapterImages}, down to what
   * T2I-Adapters take; inpainting without ControlNet and all else has the model's.
   *
   * @throws FarmException INVALID_JOB when that is too small a picture
   */
  private static Size open(
      PictureSource source,
      List<List<Raster>> controls,
      List<Raster> adapterImages,
      ModelSizes model) {
    if (source instanceof PictureSource.Picture picture) {
      return whole("image", picture.image().size(), model);
    }
    if (!adapterImages.isEmpty()) {
      return whole("t2i_adapter[0].image", adapterImages.get(0).size(), model.halved());
    }
    if (controls.isEmpty()) {
      return model.standard();
    }
    return source instanceof PictureSource.Masked masked
        ? whole("image", masked.image().size(), model)
        : whole("controlnet[0].image", controls.get(0).get(0).size(), model);
  }

  private static Size whole(String field, Size picture, ModelSizes model) {
    Size size = model.within(picture);
    if (size.height() == 0 || size.width() == 0) {
      int least = model.vaeScaleFactor();
      throw FarmException.invalidJob(
          "$.%s: found a picture of %d x %d, allowed: at least %d x %d, or a job with height and width"
              .formatted(field, picture.width(), picture.height(), least, least));
    }
    return size;
  }
}
