package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing else runs the benchmarks when what they call is renamed. */
class BenchScriptsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path BENCH = ROOT.resolve("scripts/bench");
  private static final Pattern IMPORT = Pattern.compile("(?m)^from (\\w+) import ([\\w, ]+)$");
  private static final Pattern CLASS =
      Pattern.compile("farm\\.darkroom(?:\\.[a-z0-9]+)+\\.[A-Z]\\w+");

  /** From each other; what is not a script of this folder is a library's. */
  @ParameterizedTest
  @MethodSource("scripts")
  void importWhatIsThere(Path script) throws IOException {
    for (MatchResult line : IMPORT.matcher(Files.readString(script)).results().toList()) {
      Path source = BENCH.resolve(line.group(1) + ".py");
      if (Files.exists(source)) {
        String names = Files.readString(source);
        for (String name : line.group(2).split(", *")) {
          assertThat(names).containsPattern("(?m)^(def " + name + "\\(|" + name + " = )");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void nameClassesThatAreThere(Path script) throws IOException {
    for (MatchResult name : CLASS.matcher(Files.readString(script)).results().toList()) {
      String file = name.group().replace('.', '/') + ".java";
      assertThat(Stream.of("common", "submitter", "worker", "infra"))
          .as(name.group())
          .anyMatch(module -> exists(module, file));
    }
  }

  @Test
  void areFound() {
    assertThat(scripts()).contains(BENCH.resolve("engine.py"), BENCH.resolve("memory"));
  }

  private static boolean exists(String module, String file) {
    return Stream.of("src/main/java", "src/test/java")
        .anyMatch(folder -> Files.exists(ROOT.resolve(module).resolve(folder).resolve(file)));
  }

  private static List<Path> scripts() {
    try (Stream<Path> files = Files.list(BENCH)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
