package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.OutputFolder;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.dataset.DatasetExport;
import farm.darkroom.submitter.dataset.DatasetWriter;
import farm.darkroom.submitter.dataset.ExportReport;
import farm.darkroom.submitter.dataset.ImageFolderWriter;
import farm.darkroom.submitter.dataset.WebDatasetWriter;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header =
        "Write a batch's pictures as a dataset; run again, it continues where it" + " stopped.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom export night --output night",
      "  darkroom export night --format webdataset --shard 500 --output shards"
    })
public final class ExportCommand implements Callable<Integer> {
  /** What the dataset looks like on disk. */
  private enum Format {
    IMAGEFOLDER,
    WEBDATASET
  }

  @Parameters(paramLabel = "BATCH", description = "the batch's name")
  private String batch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "default: the batch's name with -dataset")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "imagefolder (Hugging Face's) or webdataset (default imagefolder)")
  private Format format = Format.IMAGEFOLDER;

  @Option(
      names = "--shard",
      paramLabel = "N",
      description = "with webdataset: jobs per shard (default 1000)")
  private Integer shard;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    DatasetWriter writer = writer();
    PrintWriter err = spec.commandLine().getErr();
    Path folder =
        output == null ? Path.of(batch + "-dataset") : OutputFolder.checked("--output", output);
    try (ResultStore store = options.farm().store()) {
      ExportReport report = DatasetExport.of(store, batch, err::println).write(writer, folder);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s in %s, %d of them new%n",
          Counted.of(report.samples(), "sample"), folder, report.samples() - report.kept());
      out.flush();
      if (report.missing() > 0) {
        err.printf("no result yet: %d of %s%n", report.missing(), Counted.of(report.jobs(), "job"));
      }
      if (report.leftOut() > 0) {
        err.println(
            Counted.of(report.leftOut(), "result") + " left out: this format cannot hold latents");
      }
      return report.damaged() + report.strays() == 0 ? 0 : 1;
    }
  }

  private DatasetWriter writer() {
    if (shard != null && format != Format.WEBDATASET) {
      throw new ParameterException(
          spec.commandLine(), "--shard: allowed only with --format webdataset");
    }
    if (shard != null && shard < 1) {
      throw new ParameterException(
          spec.commandLine(), "--shard: found " + shard + ", allowed: 1 or more");
    }
    return switch (format) {
      case IMAGEFOLDER -> new ImageFolderWriter();
      case WEBDATASET ->
          new WebDatasetWriter(shard == null ? WebDatasetWriter.DEFAULT_JOBS_PER_SHARD : shard);
    };
  }
}
