package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What of the machine's memory this process may take, as Linux says it in /proc and /sys: free
 * memory, the limits of control groups of either version, and {@code ulimit -v}. Pages of files do
 * not count as taken, because the kernel drops them when memory is short.
 *
 * @param root of the file system
 */
record HostMemory(Path root) {
  private static final long KIB = 1024;

  /** A cgroup limit at or above it is none. */
  private static final long ENDLESS = 1L << 60;

  /** What libtorch's libraries and its threads' stacks take of the address space. */
  private static final long ENGINE_ADDRESSES = 1_000_000_000L;

  HostMemory {
    requireNonNull(root, "root");
  }

  /** Anonymous memory of this process: tensors, weights, the Java heap. */
  long anonymous() {
    return status("RssAnon").orElse(0);
  }

  /**
   * The tightest bound that there is.
   *
   * @param mapped bytes of files that a render maps, which count for {@code ulimit -v} alone
   */
  Budget budget(long mapped) {
    long held = anonymous();
    return Stream.of(Stream.of(free(held)), groups(held), addresses(held, mapped).stream())
        .flatMap(bounds -> bounds)
        .reduce(Budget::orLess)
        .orElseThrow();
  }

  private Budget free(long held) {
    long available =
        field(lines("proc/meminfo"), "MemAvailable")
            .orElseGet(() -> Runtime.getRuntime().maxMemory());
    return new Budget(held + available, "the machine's free memory", false);
  }

  /** {@code ulimit -v} bounds what is mapped, files and reserves included. */
  private Optional<Budget> addresses(long held, long mapped) {
    OptionalLong limit =
        lines("proc/self/limits").stream()
            .filter(line -> line.startsWith("Max address space"))
            .map(line -> line.substring("Max address space".length()).strip().split("\\s+")[0])
            .filter(soft -> soft.chars().allMatch(Character::isDigit))
            .mapToLong(Long::parseLong)
            .findFirst();
    if (limit.isEmpty()) {
      return Optional.empty();
    }
    long engine = status("RssFile").orElse(0) > ENGINE_ADDRESSES / 5 ? 0 : ENGINE_ADDRESSES;
    long left = limit.getAsLong() - status("VmSize").orElse(0) - mapped - engine;
    return Optional.of(new Budget(held + left, "ulimit -v", false));
  }

  private Stream<Budget> groups(long held) {
    List<Budget> budgets = new ArrayList<>();
    for (String line : lines("proc/self/cgroup")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        budgets.addAll(groups(Path.of("sys/fs/cgroup"), parts[2], Version.TWO, held));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        budgets.addAll(groups(Path.of("sys/fs/cgroup/memory"), parts[2], Version.ONE, held));
      }
    }
    return budgets.stream();
  }

  /** The files of a control group, which changed their names. */
  private enum Version {
    ONE(
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file",
        "total_active_file"),
    TWO("memory.max", "memory.current", "inactive_file", "active_file");

    private final String limit;
    private final String usage;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> droppable;

    Version(String limit, String usage, String... droppable) {
      this.limit = limit;
      this.usage = usage;
      this.droppable = List.of(droppable);
    }
  }

  /** A limit holds for all groups below it; in a container the group's own path may be hidden. */
  private List<Budget> groups(Path mount, String name, Version version, long held) {
    List<Budget> budgets = new ArrayList<>();
    Path top = root.resolve(mount);
    Path named = top.resolve("." + name).normalize();
    Path group = named.startsWith(top) ? named : top;
    while (group.startsWith(top)) {
      group(group, version, held).ifPresent(budgets::add);
      group = group.getParent();
    }
    return budgets;
  }

  private Optional<Budget> group(Path folder, Version version, long held) {
    OptionalLong limit = number(folder.resolve(version.limit));
    OptionalLong usage = number(folder.resolve(version.usage));
    if (limit.isEmpty() || usage.isEmpty() || limit.getAsLong() >= ENDLESS) {
      return Optional.empty();
    }
    List<String> stat = read(folder.resolve("memory.stat"));
    long files =
        version.droppable.stream()
            .flatMap(key -> stat.stream().filter(line -> line.startsWith(key + " ")))
            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1).strip()))
            .sum();
    long left = limit.getAsLong() - Math.max(0, usage.getAsLong() - files);
    return Optional.of(new Budget(held + left, "the control group's memory limit", false));
  }

  private OptionalLong status(String key) {
    return field(lines("proc/self/status"), key);
  }

  /** A line such as {@code RssAnon: 12 kB}, in bytes. */
  private static OptionalLong field(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
        .findFirst();
  }

  private static OptionalLong number(Path file) {
    return read(file).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && line.chars().allMatch(Character::isDigit))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private List<String> lines(String file) {
    return read(root.resolve(file));
  }

  private static List<String> read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
