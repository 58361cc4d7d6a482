package farm.darkroom.infra.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.submit.Submission;
import farm.darkroom.submitter.submit.SubmitRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The farm's submitter, which is killed when it has published so many jobs of its file. */
@Command(name = "chaos-submitter")
final class ChaosSubmitter implements Callable<Integer> {
  @Option(names = "--file", required = true)
  private Path file;

  @Option(names = "--batch", required = true)
  private String batch;

  @Option(names = "--killed-after", required = true)
  private int killedAfter;

  @Mixin private FarmOptions options;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosSubmitter()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<RenderJob> jobs = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      jobs.add(RenderJob.fromJson(line.getBytes(UTF_8)));
    }
    Farm farm = options.farm();
    try (S3ResultStore store = farm.store();
        EventLog events = farm.events();
        JobPublisher publisher = new Doomed(farm.publisher(), killedAfter)) {
      new Submission(store, events, publisher, Clock.systemUTC())
          .submit(SubmitRequest.of(jobs, Optional.of(batch)));
    }
    return 0;
  }

  /** Publishes one job after the other, and dies. */
  private record Doomed(JobPublisher real, int after) implements JobPublisher {
    @Override
    public void publish(Lane lane, List<Posting> postings) {
      for (int i = 0; i < postings.size(); i++) {
        if (i == after) {
          Fate.send("KILL", ProcessHandle.current().pid());
        }
        real.publish(lane, List.of(postings.get(i)));
      }
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
