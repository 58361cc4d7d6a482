package farm.darkroom.worker.picture;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.input.PictureFormat;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads pictures from outside (init images, masks, control images) as diffusers' {@code load_image}
 * does: turned upright by EXIF, then RGB.
 */
public final class InitImage {
  private InitImage() {}

  /**
   * Decodes PNG, JPEG, BMP or GIF (its first frame).
   *
   * @param name what the picture is, for messages: {@code image inputs/3f2a}
   * @throws FarmException INVALID_JOB when it is too large, of another format, cut off or damaged
   */
  public static Picture decode(byte[] bytes, PictureLimits limits, String name) {
    try {
      return decode(bytes, limits);
    } catch (FarmException e) {
      throw new FarmException(e.kind(), name + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new FarmException(FailureKind.INVALID_JOB, name + ": " + reason(e), e);
    }
  }

  /** The JDK's decoders answer hostile bytes with whatever their parsing ran into. */
  private static String reason(Throwable found) {
    if (found.getCause() != null) {
      return reason(found.getCause());
    }
    if (found instanceof EOFException) {
      return "it is cut off";
    }
    String words = Objects.requireNonNullElse(found.getMessage(), found.getClass().getSimpleName());
    return "cannot be decoded: " + words.lines().findFirst().orElse("");
  }

  private static Picture decode(byte[] bytes, PictureLimits limits) throws IOException {
    if (bytes.length > limits.maxBytes()) {
      throw FarmException.invalidJob(
          "%d bytes are more than the %d allowed".formatted(bytes.length, limits.maxBytes()));
    }
    PictureFormat format = PictureFormat.of(bytes);
    StrippedImage stripped = StrippedImage.of(bytes, format);
    Picture picture =
        stripped.inks().isPresent()
            ? stripped
                .inks()
                .get()
                .rgb(read(stripped.bytes(), format, limits, reader -> reader.readRaster(0, null)))
            : Samples.of(read(stripped.bytes(), format, limits, reader -> reader.read(0)));
    Picture whole = format == PictureFormat.GIF ? onCanvas(bytes, picture, limits) : picture;
    return Orientation.of(stripped).map(o -> o.upright(whole)).orElse(whole);
  }

  private static Picture onCanvas(byte[] gif, Picture frame, PictureLimits limits) {
    GifCanvas canvas = GifCanvas.of(gif);
    checkSize(canvas.width(), canvas.height(), limits);
    return canvas.with(frame);
  }

  /** Reads one thing from a file, such as its size or its pixels. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T read(
      byte[] bytes, PictureFormat format, PictureLimits limits, Reading<T> reading)
      throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    List<String> warnings = new ArrayList<>();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0), limits);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      T image = reading.of(reader);
      refuseCutOff(warnings);
      return image;
    } finally {
      reader.dispose();
    }
  }

  private static void checkSize(int width, int height, PictureLimits limits) {
    if (width < 1 || height < 1 || (long) width * height > limits.maxPixels()) {
      throw FarmException.invalidJob(
          "found %d x %d pixels, allowed: 1 to %d in all"
              .formatted(width, height, limits.maxPixels()));
    }
  }

  /** A cut-off JPEG is only a warning to its decoder, which fills the rest with grey. */
  private static void refuseCutOff(List<String> warnings) {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw FarmException.invalidJob("it is cut off: " + warning);
      }
    }
  }
}
