package farm.darkroom.infra.box;

import farm.darkroom.infra.Darkroom;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/**
 * What a farm usually does, once, on one that goes again. A JVM that is to archive its classes when
 * it ends ({@code -XX:ArchiveClassesAtExit}) is given this to do: every command starts quicker with
 * such an archive. What does not work here only leaves the archive smaller.
 */
public final class Rehearsal {
  private static final String PLAYER = "rehearsal";
  private static final long LONGEST_SECONDS = 60;
  private final Path folder;
  private final Path farm;

  private Rehearsal(Path folder, Path farm) {
    this.folder = folder;
    this.farm = farm;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("darkroom-rehearsal");
        FarmBox box = FarmBox.start(folder.path(), 0, 0)) {
      List<String> lines = new ArrayList<>();
      box.variables().forEach((name, value) -> lines.add(name + "=" + value));
      Path farm = Files.write(folder.path().resolve("farm.env"), lines);
      new Rehearsal(folder.path(), farm).play();
    }
    System.exit(0);
  }

  private void play() throws InterruptedException {
    FutureTask<Integer> worker = start("worker", "--name", PLAYER, "--threads", "1");
    run("submit", "--prompt=a red cube", "--steps=2", "--width=64", "--height=64", "--batch=one");
    await(start("watch", "one"));
    run("status", "one");
    run("queues");
    run("workers");
    run("get", "--batch", "one", "--output", folder.resolve("got").toString());
    run("export", "one", "--output", folder.resolve("exported").toString());
    run("audit");
    run("dead", "list");
    run("cancel", "one");
    run("resume", "one");
    run("worker", "drain", PLAYER);
    await(worker);
  }

  private FutureTask<Integer> start(String... typed) {
    FutureTask<Integer> command = command(typed);
    Thread thread = new Thread(command, typed[0]);
    thread.setDaemon(true);
    thread.start();
    return command;
  }

  private static void await(FutureTask<Integer> command) throws InterruptedException {
    try {
      command.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      command.cancel(true);
    }
  }

  private void run(String... typed) {
    command(typed).run();
  }

  /**
   * Made by the one who asks, not by the thread that runs it. JDK 17 crashes while it archives
   * where two threads have made the same lambda and its class cannot be archived, as picocli's.
   */
  private FutureTask<Integer> command(String... typed) {
    List<String> arguments = new ArrayList<>(List.of(typed));
    arguments.addAll(List.of("--farm", farm.toString()));
    PrintWriter nobody = new PrintWriter(Writer.nullWriter());
    CommandLine command = Darkroom.commandLine().setOut(nobody).setErr(nobody);
    return new FutureTask<>(() -> command.execute(arguments.toArray(String[]::new)));
  }
}
