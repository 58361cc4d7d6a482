package farm.darkroom.infra.jvm;

import farm.darkroom.infra.box.Rehearsal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The command of a JVM that has this one's classes and starts in half the time: from an archive of
 * what a farm loads, which is made once and again when a class changed. Tests start hundreds. Who
 * comes while another JVM makes it does without.
 */
public final class QuickJava {
  private static final Path HOME = Path.of("target", "quick-java").toAbsolutePath();
  private static final Path ARCHIVE = HOME.resolve("farm.jsa");
  private static final List<String> SHORT_LIVED =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /**
   * Where it was made for: to move it, as Java does for its safety, takes a tenth of a second and
   * memory that processes could share.
   */
  private static final List<String> IN_PLACE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  private static final long LONGEST_SECONDS = 180;
  private static final int ATTEMPTS = 2;
  private static List<String> quick = List.of();

  private QuickJava() {}

  /**
   * Up to and with the class path; a main class and its arguments are to follow. It has the quick
   * compiler alone and one thread for garbage.
   */
  public static synchronized List<String> command(List<String> options) {
    if (quick.isEmpty()) {
      quick = prepared();
    }
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(SHORT_LIVED);
    command.addAll(options);
    command.addAll(quick.isEmpty() ? List.of("-cp", classPath().text()) : quick);
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** What starts a JVM from the archive; nothing while another JVM makes it. */
  private static List<String> prepared() {
    try {
      Files.createDirectories(HOME);
      try (FileChannel door =
              FileChannel.open(
                  HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = door.tryLock()) {
        return lock == null ? List.of() : options(classPath());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static List<String> options(ClassPath classes) throws IOException, InterruptedException {
    Path stamp = HOME.resolve("stamp");
    String now = classes.fingerprint();
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(now)) {
      Files.deleteIfExists(stamp);
      Files.deleteIfExists(ARCHIVE);
      classes.pack();
      for (int i = 0; i < ATTEMPTS && !Files.exists(ARCHIVE); i++) {
        rehearse(classes.packed());
      }
      Files.writeString(stamp, now);
    }
    List<String> options = new ArrayList<>();
    if (Files.exists(ARCHIVE)) {
      options.addAll(List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xshare:auto"));
      options.addAll(IN_PLACE);
      options.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    }
    options.addAll(List.of("-cp", classes.packed()));
    return options;
  }

  /** A JVM that cannot archive leaves none; then everything starts as it does without. */
  private static void rehearse(String classPath) throws IOException, InterruptedException {
    Path made = HOME.resolve("new.jsa");
    Files.deleteIfExists(made);
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(SHORT_LIVED);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:ArchiveClassesAtExit=" + made,
            "-XX:ErrorFile=" + HOME.resolve("crash.log"),
            "-Dai.djl.offline=true",
            "-DOPT_OUT_TRACKING=true",
            "-Ddarkroom.home=..",
            "-cp",
            classPath,
            Rehearsal.class.getName()));
    Process rehearsal =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(HOME.resolve("rehearsal.log").toFile())
            .start();
    if (!rehearsal.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      rehearsal.destroyForcibly().waitFor();
    }
    if (rehearsal.exitValue() == 0 && Files.exists(made)) {
      Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static ClassPath classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    String all = surefire == null ? System.getProperty("java.class.path") : surefire;
    List<Path> entries =
        List.of(all.split(File.pathSeparator)).stream()
            .map(Path::of)
            .filter(Files::exists)
            .collect(Collectors.toList());
    return new ClassPath(entries, HOME);
  }
}
