package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.LeaseSettings;
import farm.darkroom.common.kafka.QueueLayout;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Create a queue's topics and the bucket if they are missing, and check both.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom init --kafka broker:9092 --s3-endpoint http://minio:9000",
      "  darkroom init --queue posters --kafka-properties my.properties"
    })
public final class InitCommand implements Callable<Integer> {
  @Option(
      names = "--tracks",
      paramLabel = "N",
      description =
          "tracks of each lane: as many batches progress side by side (default 8);"
              + " running workers notice new ones within seconds")
  private Optional<Integer> tracks = Optional.empty();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "partitions of each track's topic; with one, every worker can reach every job"
              + " (default 1)")
  private Optional<Integer> partitions = Optional.empty();

  @Option(
      names = "--replication",
      paramLabel = "N",
      description = "copies of each topic (default: the broker's)")
  private Optional<Short> replication = Optional.empty();

  @Option(
      names = "--lease-seconds",
      paramLabel = "N",
      description =
          "how long a job stays with a worker that has gone silent (default: unchanged,"
              + " 30 for a new queue); running workers notice a change within seconds")
  private Optional<Integer> leaseSeconds = Optional.empty();

  @Option(
      names = "--delivery-limit",
      paramLabel = "N",
      description =
          "how often a job is handed out before it becomes a dead letter (default:"
              + " unchanged, 5 for a new queue); running workers notice a change within seconds")
  private Optional<Integer> deliveryLimit = Optional.empty();

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    QueueNames names = new QueueNames(farm.queue());
    PrintWriter out = spec.commandLine().getOut();
    try (FarmTopics topics = farm.topics();
        S3ResultStore store = farm.store()) {
      TopicPlan plan = plan();
      QueueLayout before = topics.layout(names);
      List<String> created = topics.create(names, plan);
      LeaseSettings leases = topics.verify(names);
      out.printf(
          "queue %s: %s; leases of %d s, delivery limit %d%n",
          farm.queue(),
          created.isEmpty() ? "already exists" : "created " + String.join(", ", shown(created)),
          leases.leaseTime().toSeconds(),
          leases.deliveryLimit());
      kept(before).forEach(what -> out.printf("queue %s: %s%n", farm.queue(), what));
      boolean made = store.bucket().createIfMissing();
      store.bucket().verify();
      out.printf("bucket %s: %s%n", farm.s3().bucket(), made ? "created" : "already exists");
      out.flush();
    }
    return 0;
  }

  /** A lane's further tracks as a number. */
  private static List<String> shown(List<String> created) {
    List<String> shown = new ArrayList<>(created);
    shown.removeIf(topic -> topic.matches(".*\\.\\d+"));
    int others = created.size() - shown.size();
    if (others > 0) {
      shown.add(Counted.of(others, "more track"));
    }
    return shown;
  }

  /** What the queue had before and keeps, although another number was typed. */
  private List<String> kept(QueueLayout before) {
    List<String> kept = new ArrayList<>();
    tracks
        .filter(typed -> typed < before.tracks())
        .ifPresent(
            typed ->
                kept.add(
                    "keeps its %d tracks; --tracks adds some, and takes none away"
                        .formatted(before.tracks())));
    partitions
        .filter(typed -> differs(typed, before.partitions()))
        .ifPresent(typed -> kept.add(kept(before.partitions(), "partitions", "--partitions")));
    replication
        .filter(typed -> differs(typed.intValue(), before.replication()))
        .ifPresent(typed -> kept.add(kept(before.replication(), "copies", "--replication")));
    return kept;
  }

  private static boolean differs(int typed, Set<Integer> found) {
    return found.stream().anyMatch(number -> number != typed);
  }

  private static String kept(Set<Integer> found, String what, String option) {
    return "topics that already existed keep their number of %s, %s; %s is for new ones"
        .formatted(
            what, found.stream().map(String::valueOf).collect(Collectors.joining(", ")), option);
  }

  private TopicPlan plan() {
    TopicPlan plan = TopicPlan.DEFAULT;
    plan = tracks.map(plan::withTracks).orElse(plan);
    plan = partitions.map(plan::withPartitions).orElse(plan);
    plan = replication.map(plan::withReplication).orElse(plan);
    plan = leaseSeconds.map(Duration::ofSeconds).map(plan::withLeaseTime).orElse(plan);
    return deliveryLimit.map(plan::withDeliveryLimit).orElse(plan);
  }
}
