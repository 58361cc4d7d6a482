package farm.darkroom.worker.command;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.OutputFolder;
import farm.darkroom.common.Terminal;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.LocalRender;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.render.input.LocalInputs;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom render JOB.json}, or several jobs. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Render jobs here, without a farm.",
    description =
        "Writes 0.png (with \"output_type\": \"latent\" 0.safetensors) and so on, and"
            + " record.json. A job without a seed gets one, which the record holds. In a"
            + " .jsonl file each line is a job, whose files go into a folder named after its"
            + " id.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo '{\"model\": \"demo\", \"prompt\": \"a red cube\"}' > job.json",
      "  darkroom render job.json --output pictures",
      "  darkroom render - --dtype bfloat16 --threads 2 < job.json",
      "  darkroom render jobs.jsonl --batch 4",
      "  darkroom render job.json --preview now.png"
    })
public final class RenderCommand implements Callable<Integer> {
  /** Seeds stay small enough to be typed again, and to survive JSON readers that use doubles. */
  private static final int SEED_BITS = 32;

  @Parameters(
      paramLabel = "JOB.json",
      description =
          "the job; - reads it from standard input; a file ending in .jsonl has one job"
              + " a line")
  private String file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "darkroom-render",
      description = "where the files go (default ${DEFAULT-VALUE})")
  private Path output;

  @Mixin private BatchOption batch;

  @ArgGroup(exclusive = false)
  private FilePreviews previews;

  @Mixin private EngineOptions engine;

  @Spec private CommandSpec spec;

  /**
   * @throws FarmException in one line, for the user
   */
  @Override
  public Integer call() {
    int pictures = batch.pictures();
    OutputFolder.checked("--output", output);
    JobFile jobs = new JobFile(file);
    PrintWriter err = spec.commandLine().getErr();
    try (Renderer renderer =
            engine.renderer(
                System.getenv(), new LocalInputs(), Clock.systemUTC(), FilePreviews.vae(previews));
        StepLine line = new StepLine(err, Terminal.isThere(), System::nanoTime)) {
      RenderListener watch = previews == null ? line : previews.watch(output, line, err);
      LocalRender render = new LocalRender(renderer, watch, pictures);
      RenderedJobs rendered = new RenderedJobs(spec.commandLine().getOut(), err, line);
      if (jobs.hasLines()) {
        List<RenderJob> all = jobs.readLines().stream().map(RenderCommand::seeded).toList();
        JobFile.warn(all, err);
        render.renderAll(all, output, rendered.in(output));
        return rendered.allDone() ? 0 : 1;
      }
      RenderJob job = seeded(jobs.read());
      JobFile.warn(List.of(job), err);
      rendered.print(render.render(job, output), output);
      return 0;
    } catch (UncheckedIOException e) {
      throw FarmException.invalidJob(output + ": cannot be written: " + DiskReason.of(e));
    }
  }

  private static RenderJob seeded(RenderJob job) {
    long drawn = new SecureRandom().nextLong() >>> (Long.SIZE - SEED_BITS);
    return job.seed().isPresent() ? job : job.withSeed(drawn);
  }
}
