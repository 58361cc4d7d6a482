package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no safetensors files, as they lie about. */
class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void missingFileIsReported() {
    Path gone = folder.resolve("gone.safetensors");
    assertThatThrownBy(() -> SafetensorsFile.open(gone))
        .isInstanceOf(SdxlException.class)
        .hasMessage(gone + ": no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "version https://git-lfs.github.com/spec/v1 | a pointer of git-lfs",
        "PK archive/data.pkl and so on | a pickle of PyTorch",
        "<!doctype html><html>404</html> | a web page",
        "hello | not a safetensors file (5 bytes)",
        "something that is longer | not a safetensors file (24 bytes)",
        "{\"lora\":{}} | not a safetensors file (11 bytes)",
      })
  void whatItLooksLikeIsSaid(String content, String expected) throws IOException {
    refused(content.getBytes(StandardCharsets.UTF_8), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "no json | its header is no JSON: ",
        "[] | its header is no JSON object",
        "{'a':{'shape':[1],'data_offsets':[0,4]}} | a has no dtype in the header",
        "{'a':{'dtype':'F32','shape':[1]}} | a has no data_offsets in the header",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | a lies at [0,4] of the data",
        "{'a':{'dtype':'F32','shape':[1e30],'data_offsets':[0,0]}} | has the impossible shape [1.0E30]",
      })
  void headerThatIsNoneIsRefused(String header, String expected) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    refused(bytes.array(), expected);
  }

  @Test
  void aFileThatIsCutOffInItsHeaderIsSaidToBe() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(70).put("{\"a".getBytes(StandardCharsets.UTF_8));
    refused(bytes.array(), "it is cut off: found 11 bytes, its header alone has 70");
  }

  @Test
  void tensorsThatShareBytesAreRefused() throws IOException {
    String header =
        """
        {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\
        "b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""";
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    refused(bytes.array(), "b overlaps a; tensors must not share bytes");
  }

  /** Python's library takes neither gaps nor a rest. */
  @Test
  void bytesThatBelongToNoTensorAreRefused() throws IOException {
    String header =
        """
        {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\
        "b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}""";
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 7).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    refused(bytes.array(), "its tensors take 5 bytes of the data, which has 7");
  }

  @Test
  void folderIsNoFile() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).isInstanceOf(SdxlException.class);
  }

  private void refused(byte[] content, String expected) throws IOException {
    Path file = Files.write(folder.resolve("x.safetensors"), content);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(SdxlException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
    assertThatThrownBy(() -> SafetensorsFile.list(file)).hasMessageContaining(expected);
  }
}
