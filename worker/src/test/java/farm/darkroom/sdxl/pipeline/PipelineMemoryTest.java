package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Quantisation;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineMemoryTest {
  private static final Snapshot BASE = Snapshot.open(Path.of("demo-model/base"));
  private static final Size SIZE = new Size(128, 128);

  private static PipelineMemory memory(Dtype dtype) {
    return PipelineMemory.of(BASE, BASE.component("vae"), Precision.of(dtype));
  }

  /** In float32 a convolution of 3 by 3 is there plain and packed. */
  @Test
  void weightsAreAllThatLiesInTheFiles() {
    long elements = tensors().mapToLong(StoredTensor::elements).sum();
    long convolutions =
        tensors()
            .filter(tensor -> tensor.shape().size() == 4 && tensor.shape().get(2) == 3)
            .mapToLong(StoredTensor::elements)
            .sum();
    assertThat(memory(Dtype.FLOAT32).weights()).isEqualTo(4 * (elements + convolutions));
    assertThat(memory(Dtype.BFLOAT16).weights()).isEqualTo(2 * elements);
  }

  private static Stream<StoredTensor> tensors() {
    return Stream.of("text_encoder", "text_encoder_2", "unet", "vae")
        .flatMap(name -> BASE.component(name).checkpoint().tensors().values().stream());
  }

  @Test
  void int8TakesAByteForAWeightOfATransformerBlock() {
    long blocks =
        BASE.component("unet").checkpoint().tensors().values().stream()
            .filter(tensor -> tensor.name().contains("transformer_blocks."))
            .filter(tensor -> tensor.shape().size() == 2)
            .mapToLong(tensor -> 3 * tensor.elements() - 8 * tensor.shape().get(0))
            .sum();
    PipelineMemory int8 =
        PipelineMemory.of(
            BASE, BASE.component("vae"), new Precision(Dtype.FLOAT32, Quantisation.INT8));
    assertThat(int8.weights()).isEqualTo(memory(Dtype.FLOAT32).weights() - blocks);
  }

  @Test
  void pictureHasTheStagesThatItGoesThrough() {
    PipelineMemory memory = memory(Dtype.FLOAT32);
    assertThat(names(memory.stages(shape(SIZE, true, true), Optional.empty())))
        .containsExactly("text", "encode", "denoise", "decode");
    assertThat(names(memory.stages(shape(SIZE, false, false), Optional.empty())))
        .containsExactly("text", "denoise");
  }

  @Test
  void tilesHoldTheMemoryOfTheVaeWhateverThePicture() {
    PipelineMemory memory = memory(Dtype.FLOAT32);
    long whole = decode(memory, new Size(2048, 2048), false).tensors();
    long tiled = decode(memory, new Size(2048, 2048), true).tensors();
    long largest = decode(memory, new Size(4096, 4096), true).tensors();
    assertThat(tiled).isLessThan(whole / 50);
    long bytesOfPicture = 3L * (4096 * 4096 - 2048 * 2048);
    assertThat(largest - tiled).isLessThan(2 * bytesOfPicture);
  }

  @Test
  void weightsThatComeByGroupAreFewAtOnceAndManyInAll() {
    StageMemory denoise =
        memory(Dtype.FLOAT32).stages(shape(SIZE, true, true), Optional.empty()).get(2);
    assertThat(denoise.passing()).isLessThan(denoise.weights() / 5);
    assertThat(denoise.streamed()).isGreaterThan(8.0 * denoise.weights());
    assertThat(denoise.laidOut()).isLessThan(denoise.passing());
  }

  /** A GPU gets weights as they are, and lays them out on the way. */
  @Test
  void nothingIsLaidOutOnAGpu() {
    Precision gpu = new Precision(Dtype.FLOAT32, Quantisation.NONE, true);
    PipelineMemory memory = PipelineMemory.of(BASE, BASE.component("vae"), gpu);
    assertThat(memory.stages(shape(SIZE, true, true), Optional.empty()))
        .allSatisfy(stage -> assertThat(stage.laidOut()).isZero());
  }

  private static StageMemory decode(PipelineMemory memory, Size size, boolean tiled) {
    Optional<Tiling> tiling = tiled ? Optional.of(memory.vae().tiling()) : Optional.empty();
    List<StageMemory> stages = memory.stages(shape(size, false, true), tiling);
    return stages.get(stages.size() - 1);
  }

  private static PictureShape shape(Size size, boolean encodes, boolean decodes) {
    return new PictureShape(size, 1, 2, encodes, decodes, 10, 77);
  }

  private static List<String> names(List<StageMemory> stages) {
    return stages.stream().map(StageMemory::name).toList();
  }
}
