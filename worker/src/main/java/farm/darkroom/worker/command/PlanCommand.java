package farm.darkroom.worker.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.plan.MemorySize;
import farm.darkroom.worker.render.plan.PlanRow;
import farm.darkroom.worker.render.plan.PlanTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom plan JOB.json}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show how a job would be rendered here and how much memory it takes.",
    description =
        "Lists every way to render the job, the preferred one first: where the weights"
            + " are, whether the VAE works in tiles, the peak of memory, how much longer a"
            + " picture takes than with everything resident, and whether it fits. Nothing is"
            + " loaded. Exit code 1: nothing fits.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom plan job.json",
      "  darkroom plan job.json --dtype bfloat16 --memory-limit 6GB --json"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final int NOTHING_FITS = 1;

  @Parameters(paramLabel = "JOB.json", description = "the job; - reads it from standard input")
  private String file;

  @Option(names = "--json", description = "print JSON, with bytes instead of rounded sizes")
  private boolean json;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "plan for N pictures that share a forward pass, as workers with the same flag"
              + " render them if memory allows (default ${DEFAULT-VALUE})")
  private int batch;

  @Mixin private EngineOptions engine;
  @Spec private CommandSpec spec;

  /**
   * @throws FarmException in one line, for the user
   */
  @Override
  public Integer call() {
    WorkerSettings.requireBatch(batch);
    RenderJob written = new JobFile(file).read();
    RenderJob job = written.seed().isPresent() ? written : written.withSeed(0);
    JobFile.warn(List.of(job), spec.commandLine().getErr());
    engine.check(System.getenv(), new LocalInputs()).check(job);
    PlanTable table = engine.planning(System.getenv(), new LocalInputs()).table(job, batch);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(table).toPrettyString());
    } else {
      print(table, out);
    }
    out.flush();
    return table.chosen().isPresent() ? 0 : NOTHING_FITS;
  }

  private static void print(PlanTable table, PrintWriter out) {
    int width = table.rows().stream().mapToInt(row -> row.name().length()).max().orElse(0);
    String line = "%-" + width + "s  %9s  %8s  %s%n";
    out.printf(Locale.ROOT, line, "plan", "memory", "slowdown", "fits");
    for (PlanRow row : table.rows()) {
      out.printf(
          Locale.ROOT,
          line,
          row.name(),
          MemorySize.text(row.peakBytes()),
          String.format(Locale.ROOT, "%.2fx", row.slowdown()),
          fits(table, row));
    }
    out.println(table.why());
  }

  private static String fits(PlanTable table, PlanRow row) {
    if (table.chosen().filter(row::equals).isPresent()) {
      return "yes  <- chosen";
    }
    return row.fits() ? "yes" : "no";
  }

  private static ObjectNode toJson(PlanTable table) {
    ObjectNode root = Json.object();
    root.put("memory_bytes", table.budget().bytes());
    root.put("memory_source", table.budget().source());
    ArrayNode plans = root.putArray("plans");
    table.rows().forEach(row -> plans.add(toJson(row)));
    table
        .chosen()
        .ifPresentOrElse(
            row -> root.put("chosen", table.rows().indexOf(row)), () -> root.putNull("chosen"));
    return root.put("why", table.why());
  }

  private static ObjectNode toJson(PlanRow row) {
    ObjectNode plan = Json.object();
    plan.put("residency", row.plan().residency().label());
    row.tilePixels()
        .ifPresentOrElse(
            side -> plan.put("vae_tile_pixels", side), () -> plan.putNull("vae_tile_pixels"));
    plan.put("peak_bytes", row.peakBytes());
    plan.put("slowdown", Math.round(row.slowdown() * 100) / 100.0);
    return plan.put("fits", row.fits());
  }
}
