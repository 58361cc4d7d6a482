package farm.darkroom.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/darkroom}, with a Java and a Maven that only say that they were called. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "scripts", "darkroom");

  @TempDir Path root;

  @BeforeEach
  void aClone() throws IOException {
    executable("scripts/darkroom", Files.readString(SCRIPT));
    Files.createFile(root.resolve("pom.xml"));
    for (String module : List.of("common", "submitter", "worker", "infra")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    executable("bin/java", "#!/bin/sh\necho java \"$@\" in $LC_ALL\n");
    executable(
        "bin/mvn",
        """
        #!/bin/sh
        mkdir -p infra/target repository
        touch infra/target/infra-1.jar repository/a.jar repository/b.jar
        echo "$PWD/repository/a.jar:$PWD/repository/b.jar" > infra/target/dependencies.txt
        """);
  }

  @Test
  void builtClassesAreReused() throws Exception {
    assertThat(run()).contains("darkroom: building", "repository/b.jar farm.darkroom.infra");
    assertThat(run()).doesNotContain("building").contains("repository/b.jar farm.darkroom.infra");
  }

  @Test
  void archiveHoldsTheClassesOfARender() throws Exception {
    javaThatArchives("render");
    run();
    assertThat(archive()).hasContent("render");
    assertThat(run()).contains("-XX:SharedArchiveFile=" + archive().toRealPath());
  }

  /** As on a machine for which there is no libtorch. */
  @Test
  void archiveHoldsTheClassesOfHelpWhereNothingIsRendered() throws Exception {
    javaThatArchives("--help");
    run();
    assertThat(archive()).hasContent("--help");
  }

  private Path archive() {
    return root.resolve("infra/target/darkroom.jsa");
  }

  /** Archives the classes of one command, and fails on all others that are to be archived. */
  private void javaThatArchives(String command) throws IOException {
    executable(
        "bin/java",
        """
        #!/bin/sh
        echo java "$@"
        file=$(echo "$@" | sed -n 's/.*ArchiveClassesAtExit=\\([^ ]*\\).*/\\1/p')
        [ -z "$file" ] && exit 0
        case " $* " in *" %1$s "*) echo "%1$s" > "$file" ;; *) exit 1 ;; esac
        """
            .formatted(command));
  }

  /** Another user's Maven repository, or one that was cleaned. */
  @Test
  void missingJarTriggersABuild() throws Exception {
    assertThat(run()).contains("darkroom: building");
    Files.delete(root.resolve("repository/b.jar"));
    assertThat(run()).contains("darkroom: building");
    assertThat(root.resolve("repository/b.jar")).exists();
  }

  /** As a full disk leaves it. */
  @Test
  void emptyClassPathTriggersABuild() throws Exception {
    assertThat(run()).contains("darkroom: building");
    Files.writeString(root.resolve("infra/target/classpath.txt"), "");
    assertThat(run()).contains("darkroom: building", "repository/b.jar farm.darkroom.infra");
  }

  /**
   * Java would read prompts and file names as ASCII, as it does where cron or a container runs it.
   */
  @Test
  void argumentsAreReadAsUtf8WithoutALocaleAndWithOneThatIsNotInstalled() throws Exception {
    assertThat(run(Map.of("LC_ALL", "C"))).endsWith("in C.UTF-8\n");
    assertThat(run(Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", ""))).endsWith("in C.UTF-8\n");
    assertThat(run(Map.of("LC_ALL", "xx_XX.UTF-8"))).endsWith("in C.UTF-8\n");
  }

  @Test
  void oldJavaIsRefusedBeforeBuilding() throws Exception {
    for (String version : List.of("1.8.0_402", "11.0.2")) {
      Files.writeString(root.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
      assertThat(run())
          .hasLineCount(1)
          .contains("bin/java is Java " + (version.startsWith("1.8") ? "8;" : "11;"), "JDK 17");
    }
  }

  @Test
  void onlyNewJavaGetsFlagsAgainstItsWarnings() throws Exception {
    Files.writeString(root.resolve("release"), "A=\"b\"\nJAVA_VERSION=\"25.0.3\"\n");
    assertThat(run())
        .contains("--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow");
    for (String version : List.of("17.0.15", "21", "23.0.1")) {
      Files.writeString(root.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
      assertThat(run()).doesNotContain("native-access").contains("farm.darkroom.infra");
    }
  }

  @Test
  void shortCommandsUseTheArchiveWhereItWasMadeFor() throws Exception {
    Files.writeString(root.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    assertThat(run()).contains("-XX:ArchiveRelocationMode=0");
    assertThat(run("worker", Map.of()))
        .contains("infra.Darkroom worker")
        .doesNotContain("Relocation");
    Files.writeString(root.resolve("release"), "JAVA_VERSION=\"26\"\n");
    assertThat(run()).contains("infra.Darkroom status").doesNotContain("Relocation");
  }

  @Test
  void missingBuildPermissionIsReportedInOneLine() throws Exception {
    Files.createFile(root.resolve("infra/target"));
    assertThat(run()).hasLineCount(1).contains("you may not write there: use a clone of your own");
  }

  private void executable(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** All that it said, on both outputs. */
  private String run() throws IOException, InterruptedException {
    return run(Map.of());
  }

  private String run(Map<String, String> environment) throws IOException, InterruptedException {
    return run("status", environment);
  }

  private String run(String command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("scripts/darkroom").toString(), command)
            .redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder
        .environment()
        .merge("PATH", root.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isBetween(0, 1);
    return said;
  }
}
