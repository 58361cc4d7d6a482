package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Names;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.submitter.submit.DerivedSeeds;
import farm.darkroom.submitter.submit.JobsFile;
import farm.darkroom.submitter.submit.LocalFiles;
import farm.darkroom.submitter.sweep.JobLines;
import farm.darkroom.submitter.sweep.Seeding;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Collects the jobs that the flags and a file describe, with seeds filled in. */
record JobSource(JobFlags flags, Optional<String> file, int count) {
  private static final int MOST = 1_000_000;

  JobSource {
    if (count < 1 || count > MOST) {
      throw FarmException.invalidJob("--count: found " + count + ", allowed: 1 to " + MOST);
    }
  }

  /**
   * @throws FarmException INVALID_JOB that says what is wrong, and where
   */
  List<RenderJob> read(LocalFiles files, Optional<String> batch) {
    batch.ifPresent(Names::requireBatch);
    if (file.isEmpty() && !flags.hasPrompt()) {
      throw FarmException.invalidJob(
          "found no job, allowed: --prompt TEXT, --file FILE or --job ID");
    }
    List<RenderJob> jobs =
        file.map(name -> new JobsFile(name).read(flags.defaults(), files::stored))
            .orElseGet(
                () -> new JobLines(flags.toJson(), files::stored).expand(flags.toJson()).toList());
    if ((long) jobs.size() * count > MOST) {
      throw FarmException.invalidJob(
          "found %s and --count %d, allowed: %d jobs in one submission"
              .formatted(Counted.of(jobs.size(), "job"), count, MOST));
    }
    DerivedSeeds derived = new DerivedSeeds(batch.orElse(""));
    SecureRandom random = new SecureRandom();
    return jobs.stream().flatMap(job -> seeding(job, derived, random).seeded(job, count)).toList();
  }

  private Seeding seeding(RenderJob job, DerivedSeeds derived, SecureRandom random) {
    return file.isPresent() ? new Seeding(() -> derived.next(job)) : Seeding.random(random);
  }
}
