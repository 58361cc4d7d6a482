package farm.darkroom.sdxl.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the module archive from which libtorch compiles the kernels: a stored zip as {@code
 * torch.jit.save} writes it, whose one class {@code __torch__.Kernels} has methods and no state.
 */
final class KernelArchive {
  private static final List<String> SOURCES =
      List.of(
          "core",
          "winograd",
          "enlarged",
          "weights",
          "transfer",
          "lora",
          "clip",
          "vision",
          "unet",
          "vae",
          "pipeline",
          "schedulers");
  private static final String HEADER =
      """
      class Kernels(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;

  private KernelArchive() {}

  /** All kernels, with linear layers and transfers as {@code products} does them. */
  static byte[] bytes(MatmulKernels products) {
    StringBuilder source = new StringBuilder(HEADER);
    products.sources().forEach(name -> source.append(resource(name)).append('\n'));
    SOURCES.forEach(name -> source.append(resource(name)).append('\n'));
    return zip(source.toString());
  }

  private static String resource(String name) {
    try (InputStream in = KernelArchive.class.getResourceAsStream("kernels/" + name + ".py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] zip(String source) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      entry(zip, "m/data.pkl", modulePickle());
      entry(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      entry(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
      entry(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Pickle protocol 2: {@code Kernels.__new__} with state {"training": False}. */
  private static byte[] modulePickle() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    out.writeBytes("c__torch__\nKernels\n".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {')', (byte) 0x81, '}', 'X', 8, 0, 0, 0});
    out.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {(byte) 0x89, 's', 'b', '.'});
    return out.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
