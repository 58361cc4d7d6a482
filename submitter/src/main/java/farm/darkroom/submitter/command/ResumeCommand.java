package farm.darkroom.submitter.command;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaPublishedJobs.Published;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.steer.Cancelling;
import farm.darkroom.submitter.steer.Target;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom resume}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Take back what 'cancel' did: jobs that are not stored go on the queue again.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom resume night", "  darkroom resume 9k9c61p53yeeac1kecqb19qrjv"})
public final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "JOB|BATCH", description = "a job's id or a batch's name")
  private String name;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events();
        StopOrders orders = new KafkaStopOrders(farm.kafka(), clock)) {
      Target target = Target.of(name, events, store);
      List<JobEvent> gone =
          new Cancelling(orders, events, clock).resume(target.order(), target.ids());
      int published = gone.isEmpty() ? 0 : publish(farm, target, gone);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%s resumed: %d jobs published again%n", target.order().key(), published);
      out.flush();
    }
    return 0;
  }

  private static int publish(Farm farm, Target target, List<JobEvent> gone) {
    Set<String> ids = gone.stream().map(JobEvent::jobId).collect(Collectors.toSet());
    Collection<Published> jobs =
        new KafkaPublishedJobs(farm.kafka(), farm.queue()).find(ids).values();
    Optional<String> batch =
        target.order().scope() == Scope.BATCH
            ? Optional.of(target.order().name())
            : Optional.empty();
    Map<Lane, List<Posting>> lanes = new EnumMap<>(Lane.class);
    jobs.forEach(
        job -> lanes.computeIfAbsent(job.lane(), l -> new ArrayList<>()).add(job.posting()));
    try (JobPublisher publisher = farm.publisher()) {
      lanes.forEach((lane, postings) -> publisher.publish(lane, batch, postings));
    }
    return jobs.size();
  }
}
