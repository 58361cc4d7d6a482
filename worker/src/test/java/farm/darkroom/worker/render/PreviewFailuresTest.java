package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.PreviewedJobs.PLAN;
import static farm.darkroom.worker.render.PreviewedJobs.job;
import static farm.darkroom.worker.render.PreviewedJobs.renderer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.BrightTiny;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.TestFolders;
import farm.darkroom.worker.render.plan.Planning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong beside previews, and costs no picture. */
class PreviewFailuresTest {
  private static final SdxlRenderer ROUGH = renderer(TestSettings.ONE_THREAD, Optional.empty());
  @TempDir private static Path models;
  private static String tiny;

  @BeforeAll
  static void write() throws IOException {
    tiny = BrightTiny.write(models.resolve("tiny")).toString();
  }

  @AfterAll
  static void close() {
    ROUGH.close();
  }

  @Test
  void watchThatFailsCostsThePreviewAlone() {
    RenderJob job = job("'seed': 1");
    List<Throwable> thrown =
        List.of(new IllegalStateException("full"), new OutOfMemoryError("PNG"));
    for (Throwable failure : thrown) {
      RenderResult result = ROUGH.render(job, PLAN, new Failing(failure));
      assertThat(Rendered.bytes(result))
          .containsExactlyElementsOf(Rendered.bytes(ROUGH.render(job, PLAN, (done, of) -> {})));
    }
  }

  /** Cannot show a thing. */
  private record Failing(Throwable failure) implements RenderListener {
    @Override
    public void step(int done, int of) {}

    @Override
    public boolean wantsPreview(int step) {
      return true;
    }

    @Override
    public void preview(Picture picture) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void memoryThatPreviewsTookIsNotThePlans(int pictures) {
    RenderJob job = job("'seed': 1");
    ShortOnce watch = new ShortOnce();
    try (SdxlRenderer renderer = renderer(TestSettings.ONE_THREAD, Optional.of(tiny))) {
      RenderPlan plan = renderer.plan(job);
      RenderResult result =
          pictures == 1
              ? renderer.render(job, plan, watch)
              : renderer
                  .renderTogether(List.of(new RenderRequest(job, watch)), plan, pictures)
                  .get(0)
                  .orThrow();
      assertThat(result.outputs()).hasSize(1);
      assertThat(renderer.plan(job)).isEqualTo(plan);
    }
    assertThat(watch.widths).containsExactly(96, 12, 12, 12, 12);
  }

  /** Memory runs out after the second step, once. */
  private static final class ShortOnce implements RenderListener {
    private final List<Integer> widths = new ArrayList<>();
    private boolean wasShort;

    @Override
    public void step(int done, int of) {
      if (done == 2 && !wasShort) {
        wasShort = true;
        throw new OutOfMemoryError("no more");
      }
    }

    @Override
    public boolean wantsPreview(int step) {
      return true;
    }

    @Override
    public void preview(Picture picture) {
      widths.add(picture.width());
    }
  }

  @Test
  void autoencoderThatDoesNotFitBesideThePlanIsDoneWithout() {
    RenderJob job = job("'seed': 1");
    Planning planning =
        new Planning(TestSettings.ONE_THREAD, TestFolders.demo(), new LocalInputs());
    long peak = planning.table(job).rows().get(0).peakBytes();
    EngineSettings tight =
        new EngineSettings(
            "cpu", Dtype.FLOAT32, 1, Optional.empty(), Optional.of(peak + 1_000_000));
    Gallery gallery = new Gallery();
    try (SdxlRenderer renderer = renderer(tight, Optional.of(tiny))) {
      assertThat(renderer.plan(job)).isEqualTo(PLAN);
      renderer.render(job, PLAN, gallery);
    }
    assertThat(gallery.shown).hasSize(3).allMatch(shown -> shown.width() == 12);
  }

  @Test
  void autoencoderThatCannotMakePreviewsIsRefusedAtOnce() {
    assertThatThrownBy(() -> renderer(TestSettings.ONE_THREAD, Optional.of("demo")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageMatching(
            "--preview-vae demo: .*config.json: _class_name is \"AutoencoderKL\"; supported:"
                + " AutoencoderTiny");
    assertThatThrownBy(() -> renderer(TestSettings.ONE_THREAD, Optional.of("foo")))
        .hasMessageStartingWith("--preview-vae foo: not installed here");
  }
}
