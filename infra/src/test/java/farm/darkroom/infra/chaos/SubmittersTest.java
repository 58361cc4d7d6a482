package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.infra.Darkroom;
import farm.darkroom.infra.Typed;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Submitters that are killed in mid-file, and several at once. */
@Tag("chaos")
@Timeout(300)
class SubmittersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  @TempDir private Path folder;

  @Test
  void concurrentSubmittersLoseAndDoubleNothing() throws Exception {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN)) {
      Path file = file("night.jsonl", SmallJobs.of(0, 60, 2));
      for (int after : List.of(0, 23, 59)) {
        Child doomed =
            start(
                farm, ChaosSubmitter.class, "doomed-" + after, file, "--killed-after", "" + after);
        assertThat(doomed.endsWithin(PATIENCE)).isTrue();
        assertThat(doomed.exitCode()).isEqualTo(137);
      }
      List<Child> submitters = new ArrayList<>();
      submitters.add(submit(farm, "first", file));
      submitters.add(submit(farm, "second", file));
      submitters.add(submit(farm, "third", file("more.jsonl", SmallJobs.of(50, 60, 2))));
      farm.worker("w1");
      farm.worker("w2");
      for (Child submitter : submitters) {
        assertThat(submitter.endsWithin(PATIENCE)).isTrue();
        assertThat(submitter.exitCode()).as(submitter.output()).isZero();
      }
      Set<String> ids = new LinkedHashSet<>(SmallJobs.ids(SmallJobs.of(0, 110, 2)));
      farm.awaitEnd(ids, PATIENCE);
      assertThat(farm.batch("night")).containsExactlyInAnyOrderElementsOf(ids);
      AuditReport report = farm.audited();
      assertThat(report.submitted()).isEqualTo(110);
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(110);
      assertThat(report.remarks()).isEmpty();
      Typed again = farm.type("submit", "--file", file.toString(), "--batch", "night");
      assertThat(again.err()).contains("0 queued, 60 stored already");
    }
  }

  private Child submit(ChaosFarm farm, String name, Path file) {
    return start(farm, Darkroom.class, name, file, "submit");
  }

  private Child start(ChaosFarm farm, Class<?> main, String name, Path file, String... flags) {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(List.of("--file", file.toString(), "--batch", "night"));
    arguments.addAll(farm.flags());
    return farm.jvm().start(name, main, arguments, folder);
  }

  private Path file(String name, List<RenderJob> jobs) throws IOException {
    String lines =
        jobs.stream().map(job -> job.toJson().toString()).collect(Collectors.joining("\n"));
    return Files.writeString(folder.resolve(name), lines);
  }
}
