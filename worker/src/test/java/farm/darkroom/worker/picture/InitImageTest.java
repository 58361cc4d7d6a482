package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitImageTest {
  private static final Picture SLOPES = Samplers.slopes(40, 30);

  /** Sixteen by sixteen pixels without subsampling, and neither JFIF nor Adobe, as of cameras. */
  private static final String NO_JFIF =
      "/9j/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx"
          + "NDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy"
          + "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAQABADAREAAhEBAxEB/8QAFgABAQEAAAAA"
          + "AAAAAAAAAAAABgQH/8QAFxAAAwEAAAAAAAAAAAAAAAAAAAURIv/EABgBAQADAQAAAAAAAAAAAAAA"
          + "AAYDBAUH/8QAGxEAAgIDAQAAAAAAAAAAAAAAAAQFEgIxQQP/2gAMAwEAAhEDEQA/AK17izRz/JK3"
          + "AVHqaFK9rZohyircG8eroxdY4s0NPFK3CgipoYrWtmjV8Yq3Bkiro//Z";

  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwc"
          + "ICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EABcA"
          + "AQEBAQAAAAAAAAAAAAAAAAAHCAX/xAAfEAABAgYDAAAAAAAAAAAAAAAABqEEERMWQ2MSISL/2gAO"
          + "BEMATQBZAEsAAD8Am6OxlOuvY5C4SEry6L+aAR2MXXsc7kInK8vDAz+jsZD7r2OE5CV+HQNAI7GL"
          + "r2OVxOJyvw8MD//Z";

  private static final String YCCK = CMYK.replace("ZAAAAAAA/9s", "ZAAAAAAC/9s");

  @Test
  void ownFilesReadBackAsTheyWere() {
    Picture read = decode(Png.encode(SLOPES, Map.of(Png.PARAMETERS, "a cat")));
    assertThat(read.width()).isEqualTo(40);
    assertThat(read.rgb()).isEqualTo(SLOPES.rgb());
  }

  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_INT_RGB + ",png",
    BufferedImage.TYPE_4BYTE_ABGR + ",png",
    BufferedImage.TYPE_INT_RGB + ",bmp"
  })
  void losslessFormatsKeepEverySample(int type, String format) throws IOException {
    assertThat(decode(Samplers.writeByJdk(SLOPES, type, format)).rgb()).isEqualTo(SLOPES.rgb());
  }

  @Test
  void greyStaysAsItIsStored() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setPixels(0, 0, 2, 1, new int[] {50, 200});
    assertThat(decode(Samplers.write(grey, "png")).rgb())
        .containsExactly(50, 50, 50, 200, 200, 200);
  }

  @Test
  void sixteenBitsKeepTheUpperEight() throws IOException {
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setPixel(0, 0, new int[] {0x12ff});
    assertThat(decode(Samplers.write(deep, "png")).rgb()).containsExactly(0x12, 0x12, 0x12);
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(1, 0, 0xffffffff);
    byte[] expected = {0, 0, 0, -1, -1, -1};
    for (String format : new String[] {"png", "gif", "bmp"}) {
      assertThat(decode(Samplers.write(bits, format)).rgb()).isEqualTo(expected);
    }
  }

  @Test
  void jpegIsDecodedAsTheJdkDoesIt() throws IOException {
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    assertThat(decode(jpeg).rgb()).isEqualTo(Samplers.readByJdk(jpeg).rgb());
  }

  /** What Pillow makes of them at five places; the last has Adobe's mark of YCCK. */
  static Stream<Arguments> jpegsOfPillow() {
    return Stream.of(
        Arguments.of(
            "without JFIF",
            NO_JFIF,
            new int[] {3, 255, 0, 241, 252, 2, 0, 47, 8, 238, 44, 218, 110, 130, 59}),
        Arguments.of(
            "CMYK", CMYK, new int[] {0, 255, 0, 240, 255, 2, 0, 44, 2, 240, 44, 223, 112, 129, 62}),
        Arguments.of(
            "YCCK",
            YCCK,
            new int[] {255, 207, 30, 192, 0, 0, 255, 136, 255, 0, 54, 164, 236, 96, 141}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jpegsOfPillow")
  void coloursOfJpegAreThoseOfPillow(String name, String file, int[] expected) {
    byte[] rgb = decode(Base64.getDecoder().decode(file)).rgb();
    int[] found = new int[expected.length];
    int[] places = {0, 15, 15 * 16, 16 * 16 - 1, 9 * 16 + 7};
    for (int i = 0; i < found.length; i++) {
      found[i] = rgb[3 * places[i / 3] + i % 3] & 0xff;
    }
    assertThat(found).containsExactly(expected);
  }

  /** Where the stored picture's upper left corner lies in the upright one. */
  @ParameterizedTest
  @CsvSource({"1,0,0", "2,39,0", "3,39,29", "4,0,29", "5,0,0", "6,29,0", "7,29,39", "8,0,39"})
  void jpegIsTurnedUpright(int orientation, int x, int y) throws IOException {
    Picture stored = cornered();
    byte[] jpeg = Samplers.writeByJdk(stored, BufferedImage.TYPE_INT_RGB, "jpg");
    Picture upright = decode(withExif(jpeg, orientation));
    assertThat(upright.width()).isEqualTo(orientation < 5 ? 40 : 30);
    assertThat(upright.height()).isEqualTo(orientation < 5 ? 30 : 40);
    for (int corner = 0; corner < 4; corner++) {
      int cx = corner % 2 * (upright.width() - 1);
      int cy = corner / 2 * (upright.height() - 1);
      int red = upright.rgb()[3 * (cy * upright.width() + cx)] & 0xff;
      assertThat(red > 128).as("corner %d, %d", cx, cy).isEqualTo(cx == x && cy == y);
    }
  }

  /** Without IEND, within it, and with a wrong CRC at its end. */
  @ParameterizedTest
  @ValueSource(ints = {12, 6, 1})
  void aPngMayEndBehindItsPixels(int cut) {
    byte[] png = Png.encode(SLOPES, Map.of());
    byte[] damaged = Arrays.copyOf(png, png.length - cut);
    assertThat(decode(damaged).rgb()).isEqualTo(SLOPES.rgb());
    png[png.length - 1] ^= 1;
    assertThat(decode(png).rgb()).isEqualTo(SLOPES.rgb());
  }

  @ParameterizedTest
  @ValueSource(strings = {" tiff:Orientation=\"6\"/>", "><tiff:Orientation>6</tiff:Orientation>"})
  void orientationOfXmpCountsWhereExifHasNone(String words) throws IOException {
    String xmp = "<x:xmpmeta><rdf:Description" + words;
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    byte[] described = withSegment(jpeg, ("http://ns.adobe.com/xap/1.0/\0" + xmp).getBytes(UTF_8));
    assertThat(decode(described).width()).isEqualTo(30);
    assertThat(decode(withExif(described, 1)).width()).isEqualTo(40);
    assertThat(decode(Png.encode(SLOPES, Map.of("XML:com.adobe.xmp", xmp))).width()).isEqualTo(30);
  }

  /** ImageMagick's way to keep EXIF in a PNG; its text is compressed where it is long. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4d4d002a00000008\n00010112000300000001\n0006000000000000\n",
        "4578696600004d4d002a00000008000101120003000000010006000000000000",
        "49492a00080000000100120104000100000006000000 00000000",
        "4d4d002a0000000800010112000800000001000600000000",
        "4d4d002a0000000800010112000900000001000000060000",
      })
  void orientationInARawProfileCounts(String digits) {
    String profile = "\nexif\n      26\n" + digits;
    byte[] png = Png.encode(SLOPES, Map.of("Raw profile type exif", profile));
    assertThat(decode(png).width()).isEqualTo(30);
    assertThat(decode(withCompressedText(png)).width()).isEqualTo(30);
  }

  /** As Pillow, which reads the profile only where the file has no chunk of EXIF. */
  @Test
  void aChunkOfExifCountsMoreThanARawProfile() {
    String turned = "4d4d002a0000000800010112000300000001000600000000";
    byte[] png = Png.encode(SLOPES, Map.of("Raw profile type exif", "\nexif\n 26\n" + turned));
    assertThat(decode(png).width()).isEqualTo(30);
    assertThat(decode(withExifChunk(png, turned.replace("00060000", "00010000"))).width())
        .isEqualTo(40);
  }

  @Test
  void rawProfileThatIsNoneCountsForNothing() {
    String profile = "\nexif\n      26\nzz";
    byte[] png = Png.encode(SLOPES, Map.of("Raw profile type exif", profile));
    assertThat(decode(png).width()).isEqualTo(40);
    assertThat(decode(withCompressedText(png)).width()).isEqualTo(40);
  }

  private static byte[] withExifChunk(byte[] png, String digits) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngChunk.writeSignature(out);
    for (PngChunk chunk : PngChunk.of(png)) {
      if (chunk.type().equals("IDAT")) {
        new PngChunk("eXIf", HexFormat.of().parseHex(digits)).write(out);
      }
      chunk.write(out);
    }
    return out.toByteArray();
  }

  private static byte[] withCompressedText(byte[] png) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngChunk.writeSignature(out);
    for (PngChunk chunk : PngChunk.of(png)) {
      (chunk.type().equals("tEXt") ? compressed(chunk.body()) : chunk).write(out);
    }
    return out.toByteArray();
  }

  private static PngChunk compressed(byte[] text) {
    int keyword = new String(text, ISO_8859_1).indexOf('\0');
    byte[] stream = new byte[text.length + 64];
    Deflater deflater = new Deflater();
    deflater.setInput(text, keyword + 1, text.length - keyword - 1);
    deflater.finish();
    int length = deflater.deflate(stream);
    deflater.end();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(text, 0, keyword + 1);
    body.write(0);
    body.write(stream, 0, length);
    return new PngChunk("zTXt", body.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 255})
  void orientationsThatDoNotExistCountAsUpright(int orientation) throws IOException {
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    assertThat(decode(withExif(jpeg, orientation)).rgb()).isEqualTo(decode(jpeg).rgb());
  }

  /** As libjpeg takes them; the JDK's decoder refuses the first, and the second where JFIF is. */
  @ParameterizedTest
  @CsvSource({"0,true", "2,true", "2,false", "1,true", "1,false"})
  void adobesMarkOfColoursIsReadAsByPillow(int transform, boolean jfif) throws IOException {
    byte[] jpeg = Samplers.writeByJdk(SLOPES, BufferedImage.TYPE_INT_RGB, "jpg");
    int afterJfif = 4 + (jpeg[4] << Byte.SIZE | jpeg[5] & 0xff);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, jfif ? afterJfif : 2);
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14});
    out.writeBytes(adobe);
    out.write(jpeg, afterJfif, jpeg.length - afterJfif);
    assertThat(decode(out.toByteArray()).rgb()).isEqualTo(decode(jpeg).rgb());
  }

  /** A blue pixel at 1, 1; colours are red, blue, green and white. */
  @ParameterizedTest
  @CsvSource({"3,2,'',ff0000", "3,2,21f9040100000200,00ff00", "1,1,'',ff0000"})
  void aGifIsAsLargeAsItsScreenAndItsFrame(int width, int height, String control, String around) {
    String screen = "%02x00%02x00".formatted(width, height);
    String colours = "ff0000" + "0000ff" + "00ff00" + "ffffff";
    String frame = "2c0100010001000100" + "00" + "02024c01003b";
    String gif = "474946383961" + screen + "810000" + colours + control + frame;
    Picture read = decode(HexFormat.of().parseHex(gif));
    assertThat(read.width()).isEqualTo(Math.max(2, width));
    assertThat(read.height()).isEqualTo(2);
    byte[] rgb = read.rgb();
    int blue = 3 * (read.width() + 1);
    assertThat(HexFormat.of().formatHex(rgb, blue, blue + 3)).isEqualTo("0000ff");
    assertThat(HexFormat.of().formatHex(rgb, 0, blue)).isEqualTo(around.repeat(blue / 3));
  }

  @Test
  void aGifWhoseScreenIsTooLargeIsRefused() {
    String gif =
        "474946383961" + "ffffffff" + "000000" + "2c0000000001000100" + "00" + "02024c01003b";
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex(gif)))
        .isInstanceOf(FarmException.class)
        .hasMessage("image: found 65535 x 65535 pixels, allowed: 1 to 36000000 in all");
  }

  private static Picture decode(byte[] file) {
    return InitImage.decode(file, PictureLimits.DEFAULT, "image");
  }

  /** Black, but for eight by eight red pixels in the upper left corner. */
  private static Picture cornered() {
    byte[] rgb = new byte[3 * 40 * 30];
    for (int i = 0; i < 64; i++) {
      rgb[3 * (i / 8 * 40 + i % 8)] = (byte) 255;
    }
    return new Picture(40, 30, rgb);
  }

  /** The JPEG with an APP1 segment of this body. */
  private static byte[] withSegment(byte[] jpeg, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (body.length + 2)});
    out.writeBytes(body);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  private static byte[] withExif(byte[] jpeg, int orientation) {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
