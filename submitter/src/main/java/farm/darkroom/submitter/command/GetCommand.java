package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.OutputFolder;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.ParallelFetch;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.fetch.FetchResult;
import farm.darkroom.submitter.fetch.Results;
import farm.darkroom.submitter.fetch.Results.Download;
import farm.darkroom.submitter.submit.Manifests;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom get}. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "@|bold darkroom get|@ [OPTIONS] (JOB | --batch=NAME)",
    header = "Download the images and records of finished jobs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom get 0h3v9k2m7q4t8w1x5z6r0s3n2p --output cube",
      "  darkroom get --batch night --output night"
    })
public final class GetCommand implements Callable<Integer> {
  /** One of the two. */
  private static final class What {
    @Parameters(paramLabel = "JOB", description = "a job's id", arity = "1")
    private String job;

    @Option(names = "--batch", paramLabel = "NAME", description = "all finished jobs of a batch")
    private String batch;
  }

  @ArgGroup(multiplicity = "1")
  private What what;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "default: a folder named after the job or batch; each job of a batch gets a"
              + " folder of its own")
  private Path output;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (output != null) {
      OutputFolder.checked("--output", output);
    }
    Optional<JobId> job = Optional.ofNullable(what.job).map(GetCommand::id);
    try (ResultStore store = options.farm().store()) {
      Results results = new Results(store);
      return job.map(id -> getJob(results, id)).orElseGet(() -> getBatch(results));
    }
  }

  private static JobId id(String typed) {
    try {
      return JobId.parse(typed);
    } catch (FarmException e) {
      throw new FarmException(
          e.kind(), e.getMessage() + "; a batch is named with --batch: --batch " + typed, e);
    }
  }

  private int getJob(Results results, JobId id) {
    Results.Result result =
        results
            .find(id)
            .orElseThrow(
                () ->
                    FarmException.invalidJob(
                        "job " + id + " has no result yet; 'darkroom status " + id + "' says why"));
    return print(results.download(result, folder(id.text()))) ? 0 : 1;
  }

  private int getBatch(Results results) {
    List<BatchManifest.Entry> entries =
        new Manifests(results.store()).require(what.batch).entries();
    Path folder = folder(what.batch);
    int missing = 0;
    boolean whole = true;
    try (ParallelFetch fetching = new ParallelFetch()) {
      for (Optional<Download> files :
          fetching.inOrder(entries, entry -> download(results, entry.id(), folder))) {
        missing += files.isEmpty() ? 1 : 0;
        whole &= files.isEmpty() || print(files.get());
      }
    }
    if (missing > 0) {
      spec.commandLine()
          .getErr()
          .printf("no result yet: %d of %s%n", missing, Counted.of(entries.size(), "job"));
    }
    return missing == 0 && whole ? 0 : 1;
  }

  /** Empty when the job is not done. */
  private static Optional<Download> download(Results results, JobId id, Path folder) {
    FetchResult<Results.Result> result = FetchResult.of(() -> results.find(id));
    return result
        .damage()
        .map(damage -> new Download(List.of(), List.of(damage)))
        .or(() -> result.found().map(job -> results.download(job, folder.resolve(id.text()))));
  }

  private Path folder(String name) {
    return output == null ? Path.of(name) : output;
  }

  /** Whether nothing was damaged. */
  private boolean print(Download download) {
    PrintWriter out = spec.commandLine().getOut();
    download.files().forEach(out::println);
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    download.damage().forEach(err::println);
    return download.damage().isEmpty();
  }
}
