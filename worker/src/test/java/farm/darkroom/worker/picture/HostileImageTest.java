package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Init images come from strangers: whatever they hold, one clear INVALID_JOB. */
class HostileImageTest {
  private static final Picture SLOPES = Samplers.slopes(64, 48);
  private static final int BLOWN_UP = 64 << 20;
  private static byte[] bomb;

  @BeforeAll
  static void makeBomb() throws IOException {
    bomb = deflated(BLOWN_UP);
  }

  @Test
  void hugeDimensionsAreRefusedBeforeDecoding() throws IOException {
    byte[] png = png(60_000, 60_000, new byte[100]);
    assertThat(refusal(png))
        .hasMessage("image inputs/x: found 60000 x 60000 pixels, allowed: 1 to 36000000 in all");
    byte[] bmp = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "bmp");
    ByteBuffer.wrap(bmp)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(18, 50_000)
        .putInt(22, 50_000);
    refusal(bmp);
  }

  @Test
  void tooManyBytesAreRefused() {
    byte[] png = Png.encode(SLOPES, Map.of());
    PictureLimits tight = new PictureLimits(100, 100_000_000);
    FarmException refusal =
        catchThrowableOfType(FarmException.class, () -> InitImage.decode(png, tight, "image"));
    assertThat(refusal).hasMessageContaining("more than the 100 allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zTXt", "iTXt", "iCCP"})
  void compressedTextIsNeverBlownUp(String type) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(type.equals("iTXt") ? new byte[] {'a', 0, 1, 0, 0, 0} : new byte[] {'a', 0, 0});
    body.writeBytes(bomb);
    byte[] png = withChunk(Png.encode(SLOPES, Map.of()), new PngChunk(type, body.toByteArray()));
    assertThat(decodeInLittleMemory(png).rgb()).isEqualTo(SLOPES.rgb());
  }

  @Test
  void pixelsBeyondThePictureAreLeftAlone() throws IOException {
    assertThat(decodeInLittleMemory(png(2, 2, bomb)).rgb()).isEqualTo(new byte[12]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void cutOffFilesAreRefused(String format) throws IOException {
    byte[] file = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, format);
    decode(file);
    for (int part = 1; part < 10; part++) {
      assertThat(refusal(Arrays.copyOf(file, file.length * part / 10)))
          .hasMessageFindingMatch("is cut off|Invalid block length");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RIFF1234WEBPVP8 ,WebP",
    "II*\u00000000,TIFF",
    "0000ftypavif,AVIF",
    "<svg xmlns,no picture"
  })
  void otherFormatsAreNamed(String start, String said) {
    assertThat(refusal(start.getBytes(ISO_8859_1)))
        .hasMessageContaining(said)
        .hasMessageContaining("PNG, JPEG, BMP and GIF");
  }

  @Test
  void emptyFileIsReported() {
    assertThat(refusal(new byte[0]))
        .hasMessage(
            "image inputs/x: it is empty, allowed: PNG, JPEG, BMP and GIF (convert it first)");
  }

  @Test
  void jpegWithThousandsOfScansIsRefused() throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    many.write(jpeg, 0, jpeg.length - 2);
    for (int scan = 0; scan < 1000; scan++) {
      many.writeBytes(new byte[] {(byte) 0xff, (byte) 0xda, 0, 2});
    }
    assertThat(refusal(many.toByteArray())).hasMessageContaining("1001 scans");
  }

  /** Four components are said to be there, and three described. */
  @Test
  void frameThatIsNotWhatItSaysIsRefused() throws IOException {
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    for (int i = 0; i < jpeg.length - 9; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
        jpeg[i + 9] = 4;
      }
    }
    assertThat(refusal(jpeg)).hasMessageContaining("cannot be decoded");
  }

  /** Each either decodes or is refused; no other exception, no endless loop. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void flippedBytesNeverEscape(String format) throws IOException {
    byte[] file = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, format);
    Random random = new Random(11);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = file.clone();
      for (int flip = 0; flip < 3; flip++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
      }
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  private static boolean isRefused(byte[] file) {
    try {
      decode(file);
      return false;
    } catch (FarmException e) {
      return true;
    }
  }

  private static Picture decode(byte[] file) {
    return InitImage.decode(file, PictureLimits.DEFAULT, "image inputs/x");
  }

  private static Picture decodeInLittleMemory(byte[] file) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    Picture picture = decode(file);
    long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    assertThat(after - before).isLessThan(BLOWN_UP / 8);
    return picture;
  }

  private static FarmException refusal(byte[] file) {
    FarmException refusal = catchThrowableOfType(FarmException.class, () -> decode(file));
    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_JOB);
    assertThat(refusal).hasMessageStartingWith("image inputs/x: ").hasMessageNotContainingAny("\n");
    return refusal;
  }

  private static byte[] png(int width, int height, byte[] pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngChunk.writeSignature(out);
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    new PngChunk("IHDR", header).write(out);
    new PngChunk("IDAT", pixels).write(out);
    new PngChunk("IEND", new byte[0]).write(out);
    return out.toByteArray();
  }

  private static byte[] withChunk(byte[] png, PngChunk extra) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int afterHeader = 8 + 25;
    out.write(png, 0, afterHeader);
    extra.write(out);
    out.write(png, afterHeader, png.length - afterHeader);
    return out.toByteArray();
  }

  private static byte[] deflated(int zeros) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      byte[] block = new byte[1 << 20];
      for (int written = 0; written < zeros; written += block.length) {
        deflater.write(block);
      }
    }
    return out.toByteArray();
  }
}
