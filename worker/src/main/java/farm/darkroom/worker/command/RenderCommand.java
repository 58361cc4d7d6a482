package farm.darkroom.worker.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.worker.LocalRender;
import farm.darkroom.worker.Renderer;
import farm.darkroom.worker.render.LocalInputs;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom render JOB.json}. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    header = "Render one job here, with no farm.",
    description = {
      "Writes 0.png (with \"output_type\": \"latent\" 0.safetensors) and so on, and record.json.",
      "A job without a seed gets one; it stands in the record."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo '{\"model\": \"demo\", \"prompt\": \"a red cube\", \"guidance_scale\": 4}' > job.json",
      "  darkroom render job.json --output pictures",
      "  darkroom render - --dtype bfloat16 --threads 2 < job.json"
    })
public final class RenderCommand implements Callable<Integer> {
  /** Seeds stay small enough to be typed again, and to survive JSON readers that use doubles. */
  private static final int SEED_BITS = 32;

  @Parameters(paramLabel = "JOB.json", description = "the job; - reads it from standard input")
  private String file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "darkroom-render",
      description = "where the files go (default ${DEFAULT-VALUE})")
  private Path output;

  @Mixin private EngineOptions engine;

  @Spec private CommandSpec spec;

  /**
   * @throws FarmException in one line, for whoever typed it
   */
  @Override
  public Integer call() {
    RenderJob job = seeded(new JobFile(file).read());
    PrintWriter out = spec.commandLine().getOut();
    try (Renderer renderer =
            engine.renderer(System.getenv(), new LocalInputs(), Clock.systemUTC());
        StepLine line = new StepLine(spec.commandLine().getErr(), System.console() != null)) {
      RenderRecord record = new LocalRender(renderer, line).render(job, output);
      line.close();
      record.warnings().forEach(spec.commandLine().getErr()::println);
      print(record, out);
      return 0;
    } catch (UncheckedIOException e) {
      throw FarmException.invalidJob(output + ": cannot be written: " + e.getCause().getMessage());
    }
  }

  private void print(RenderRecord record, PrintWriter out) {
    for (StoredImage image : record.images()) {
      out.println(output.resolve(image.key()));
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%d steps, %.3f s/step, %.2f it/s",
            record.timings().steps(),
            record.timings().secondsPerStep(),
            record.timings().stepsPerSecond()));
    out.flush();
  }

  private static RenderJob seeded(RenderJob job) {
    long drawn = new SecureRandom().nextLong() >>> (Long.SIZE - SEED_BITS);
    return job.seed().isPresent() ? job : job.withSeed(drawn);
  }
}
