package farm.darkroom.infra;

import farm.darkroom.infra.supervisor.Devices;
import farm.darkroom.infra.supervisor.WorkerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Makes one {@link farm.darkroom.infra.supervisor.WorkerSpec} for each device, with all other
 * arguments of {@code worker} passed on.
 *
 * @param base what the workers' names begin with
 * @param devices may name one several times
 */
record DeviceWorkers(ParseResult typed, String base, List<String> devices) {
  private static final String HEALTH_PORT = "--health-port";
  private static final String THREADS = "--threads";
  private static final Set<String> OWN =
      Set.of("--devices", "--device", "--name", HEALTH_PORT, "--with-parent");

  List<WorkerSpec> specs() {
    List<String> names = Devices.names(base, devices);
    return IntStream.range(0, devices.size())
        .mapToObj(i -> new WorkerSpec(names.get(i), arguments(i)))
        .toList();
  }

  private List<String> arguments(int index) {
    List<String> arguments = new ArrayList<>(List.of("--device", devices.get(index)));
    typed.matchedOptions().stream()
        .filter(option -> !OWN.contains(option.longestName()))
        .forEach(option -> arguments.addAll(again(option)));
    Integer port = typed.matchedOptionValue(HEALTH_PORT, null);
    if (port != null) {
      arguments.addAll(List.of(HEALTH_PORT, Integer.toString(port == 0 ? 0 : port + index)));
    }
    if (sharesTheCpu(index)) {
      arguments.addAll(List.of(THREADS, Integer.toString(share())));
    }
    return arguments;
  }

  /** The option as it was typed. */
  private static List<String> again(OptionSpec option) {
    String name = option.longestName();
    return option.arity().max() == 0
        ? List.of(name)
        : option.originalStringValues().stream().flatMap(value -> Stream.of(name, value)).toList();
  }

  /** Several workers that each used all cores would slow each other down. */
  private boolean sharesTheCpu(int index) {
    return devices.get(index).equals("cpu")
        && onCpu() > 1
        && !typed.hasMatchedOption(THREADS)
        && System.getenv("DARKROOM_THREADS") == null;
  }

  private int share() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / (int) onCpu());
  }

  private long onCpu() {
    return devices.stream().filter("cpu"::equals).count();
  }
}
