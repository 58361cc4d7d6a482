package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.control.Redrive;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
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

/** {@code darkroom dead redrive}. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "@|bold darkroom dead redrive|@ [OPTIONS] (JOB | --all | --reason=KIND)",
    header = "Put dead jobs back on their lanes; records that are no jobs stay dead.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dead redrive --all", "  darkroom dead redrive --reason WORKER_UNFIT"})
public final class DeadRedriveCommand implements Callable<Integer> {
  /** One of the three. */
  private static final class Which {
    @Parameters(paramLabel = "JOB", arity = "1", description = "an id that 'dead list' shows")
    private String id;

    @Option(names = "--all", description = "all of the queue")
    private boolean all;

    @Option(
        names = "--reason",
        paramLabel = "KIND",
        description = "those that died of this: ${COMPLETION-CANDIDATES}")
    private FailureKind kind;

    boolean has(DeadJob job) {
      boolean named = id != null && job.id().equals(DeadCommand.named(id));
      return all || named || job.kind().filter(why -> why == kind).isPresent();
    }
  }

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    farm.verify();
    try (EventLog events = farm.events();
        JobPublisher publisher = farm.publisher();
        StopOrders orders = new KafkaStopOrders(farm.kafka(), clock)) {
      List<DeadJob> dead =
          new JobStateReader(events, farm.deadLetters())
              .read().dead().stream().filter(which::has).toList();
      if (dead.isEmpty() && which.id != null) {
        throw DeadCommand.notDead(which.id);
      }
      return print(new Redrive(events, publisher, clock, orders.standing()).redrive(dead));
    }
  }

  private int print(Redrive.Redriven done) {
    PrintWriter out = spec.commandLine().getOut();
    done.redriven().forEach(out::println);
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    done.refused().forEach(id -> err.println(id + " is no job, and stays dead"));
    done.cancelled()
        .forEach(
            (id, order) ->
                err.printf(
                    "%s stays dead: %s is cancelled; 'darkroom resume %s' takes that back%n",
                    id, order.label(), order.name()));
    err.println(Counted.of(done.redriven().size(), "job") + " redriven");
    boolean allThere = done.refused().isEmpty() && done.cancelled().isEmpty();
    return done.redriven().isEmpty() && !allThere ? 1 : 0;
  }
}
